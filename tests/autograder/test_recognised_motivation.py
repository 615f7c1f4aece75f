"""Wrong answers to ``week1/01_motivation_and_depth`` as students write them: the right sentence comes all the same."""

from collections.abc import Callable
from math import acos, degrees

import numpy as np
import pytest

from autograder.expected import expected_outputs
from course import curvature, exercises, layers
from course.check import judge_names
from course.exercises.local import Local
from course.exercises.probe import run
from course.exercises.verdict import decide
from tests.autograder.conftest import KEYS

relu = lambda z: (z > 0) * z  # noqa: E731


def conv_flipped_in_loops(x, w):
    n, c, height, width = x.shape
    f, _, k, _ = w.shape
    out = np.zeros((n, f, height - k + 1, width - k + 1))
    for i in range(out.shape[2]):
        for j in range(out.shape[3]):
            window = x[:, :, i : i + k, j : j + k].reshape(n, -1)
            out[:, :, i, j] = window @ np.flip(w, axis=(2, 3)).reshape(f, -1).T
    return out


def conv_without_the_last_place(x, w):
    k = w.shape[-1]
    out = np.zeros((len(x), len(w), x.shape[2] - k, x.shape[3] - k))
    for n, f, i, j in np.ndindex(out.shape):
        out[n, f, i, j] = (x[n, :, i : i + k, j : j + k] * w[f]).sum()
    return out


def conv_padded(x, w):
    p, k = w.shape[2] // 2, w.shape[2]
    x = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    out = np.zeros((len(x), len(w), x.shape[2] - k + 1, x.shape[3] - k + 1))
    for i, j in np.ndindex(out.shape[2:]):
        out[:, :, i, j] = np.einsum("ncab,fcab->nf", x[:, :, i : i + k, j : j + k], w)
    return out


def matrix_transposed(w, input_shape):
    columns = []
    for image in np.eye(int(np.prod(input_shape))).reshape(-1, *input_shape):
        k = w.shape[2]
        columns.append([(image[:, i : i + k, j : j + k] * kernel).sum() for kernel in w
                        for i in range(input_shape[1] - k + 1) for j in range(input_shape[2] - k + 1)])
    return np.array(columns)


def matrix_toeplitz_without_row_ends(w, input_shape):
    (filters, channels, k, _), (_, height, width) = w.shape, input_shape
    rows, columns = height - k + 1, width - k + 1
    matrix = np.zeros((filters, rows * columns, channels, height * width))
    row = np.zeros((filters, channels, height, width))
    row[:, :, :k, :k] = w
    row = row.reshape(filters, channels, -1)
    for place in range(rows * columns):
        matrix[:, place, :, place:] = row[:, :, : height * width - place]
    return matrix.reshape(filters * rows * columns, -1)


def backward_skip_as_one(grad_out, x, w1, w2):
    h = relu(x @ w1)
    dh = grad_out @ w2.T
    dh[h <= 0] = 0
    return np.ones(x.shape) + dh @ w1.T, x.T @ dh, h.T @ grad_out


def backward_without_mask_in_dx(grad_out, x, w1, w2):
    h = relu(x @ w1)
    return grad_out + grad_out @ (w1 @ w2).T, x.T @ ((grad_out @ w2.T) * np.sign(h)), h.T @ grad_out


def conv_loops_one_short(x, w):
    k = w.shape[-1]
    out = np.zeros((len(x), len(w), x.shape[2] - k + 1, x.shape[3] - k + 1))
    for i in range(x.shape[2] - k):
        for j in range(x.shape[3] - k):
            out[:, :, i, j] = np.einsum("ncab,fcab->nf", x[:, :, i : i + k, j : j + k], w)
    return out


def backward_with_means(grad_out, x, w1, w2):
    h = relu(x @ w1)
    dh = (grad_out @ w2.T) * np.sign(h)
    return grad_out + dh @ w1.T, (x.T @ dh) / x.shape[0], (h.T @ grad_out) / x.shape[0]


def diagnose_by_overfitting(train, test, shallow_train, shallow_test):
    return "overfitting" if test > shallow_test else "fine"


def diagnose_crosswise(train, test, shallow_train, shallow_test):
    if test <= shallow_test:
        return "fine"
    return "optimization" if train > shallow_test else "overfitting"


def diagnose_training_first(train, test, shallow_train, shallow_test):
    if train > shallow_train:
        return "optimization"
    return "overfitting" if test > shallow_test else "fine"


def pca_without_mean(x, k):
    values, vectors = np.linalg.eigh(x.T @ x)
    return vectors[:, np.argsort(values)[::-1][:k]]


def pca_first_eigenvectors(x, k):
    centred = x - np.mean(x, axis=0)
    _, vectors = np.linalg.eigh(centred.T @ centred)
    return vectors[:, :k]


def pca_rows(x, k):
    return np.linalg.svd(x - x.mean(axis=0))[2][:k]


def pca_all_eigenvectors(x, k):
    return np.linalg.eigh(np.cov(x.T))[1][:, ::-1]


def pca_all_of_vt(x, k):
    return np.linalg.svd(x - x.mean(axis=0))[2].T


def pca_covariance_of_the_points(x, k):
    return np.linalg.eigh(np.cov(x))[1][:, ::-1][:, :k]


def pca_transposed_data(x, k):
    centred = x - x.mean(axis=0)
    return np.linalg.svd(centred.T)[2][:k].T


def autoencoder_with_np_mean(x, encoder, decoder):
    error = x @ encoder @ decoder - x
    grad = 2 * error / error.size
    return (error**2).mean(), x.T @ grad @ decoder.T, (x @ encoder).T @ grad


def autoencoder_with_half(x, encoder, decoder):
    error = x @ encoder @ decoder - x
    return 0.5 * (error**2).sum(axis=1).mean(), x.T @ (error @ decoder.T) / len(x), (x @ encoder).T @ error / len(x)


def angles_by_arccos(a, b):
    (qa, _), (qb, _) = np.linalg.qr(a), np.linalg.qr(b)
    return np.arccos(np.linalg.svd(qa.T @ qb)[1])  # nan where rounding makes a cosine larger than 1


def angles_by_sine_of_cosine(a, b):
    cosines = np.linalg.svd(np.linalg.qr(a)[0].T @ np.linalg.qr(b)[0], compute_uv=False)
    return np.arcsin(np.sqrt(np.maximum(1 - cosines**2, 0)))


def angles_by_columns(a, b):
    a, b = a / np.sqrt((a**2).sum(axis=0)), b / np.sqrt((b**2).sum(axis=0))
    return np.array(sorted(acos(min(abs(u @ v), 1)) for u, v in zip(a.T, b.T, strict=True)))


def angles_of_normalised_columns(a, b):
    qa, qb = (m / np.linalg.norm(m, axis=0, keepdims=True) for m in (a, b))
    return np.sort(np.arcsin(np.clip(np.linalg.svd(qb - qa @ qa.T @ qb)[1], 0, 1)))


def angles_in_degrees(a, b):
    qa, qb = np.linalg.qr(a)[0], np.linalg.qr(b)[0]
    sines = np.linalg.svd(qb - qa @ qa.T @ qb)[1][::-1]
    return np.array([degrees(np.arcsin(min(s, 1))) for s in sines])


def line_to_the_sum(loss, a, b, steps):
    return np.array([loss(a + i / (steps - 1) * b) for i in range(steps)])


def line_by_arange(loss, a, b, steps):
    gap = 1 / (steps - 1)
    return np.array([loss(a + t * (b - a)) for t in np.arange(0, 1 + gap, gap)])


def line_without_b(loss, a, b, steps):
    return np.array([loss(a + i * (b - a) / steps) for i in range(steps)])


WRONG: list[tuple[str, Callable, str]] = [
    ("conv2d_forward", conv_flipped_in_loops, "kernel_flipped"),
    ("conv2d_forward", conv_without_the_last_place, "last_place_missing"),
    ("conv2d_forward", conv_padded, "padded_with_zeros"),
    ("conv2d_matrix", matrix_transposed, "matrix_transposed"),
    ("conv2d_matrix", matrix_toeplitz_without_row_ends, "rows_as_long_as_the_outputs"),
    ("residual_block", lambda x, w1, w2: relu(x + relu(x @ w1) @ w2), "relu_after_the_sum"),
    ("residual_block", lambda x, w1, w2: relu(x @ w1 + x) @ w2, "skip_before_the_activation"),
    ("residual_block", lambda x, w1, w2: relu(x @ w1 @ w2) + x, "relu_after_the_second_matrix"),
    ("residual_block", lambda x, w1, w2: x + np.where(x @ w1 > 0, 1, 0) @ w2, "step_for_relu"),
    ("residual_block_backward", backward_skip_as_one, "ones_for_the_skip"),
    ("residual_block_backward", backward_with_means, "averages_again"),
    ("conv2d_forward", conv_loops_one_short, "loops_one_short"),
    ("residual_block_backward", backward_without_mask_in_dx, "no_mask_on_the_way_to_x"),
    ("diagnose", diagnose_by_overfitting, "always_overfitting"),
    ("diagnose", diagnose_crosswise, "training_with_test_error"),
    ("diagnose", diagnose_training_first, "training_error_first"),
    ("pca_subspace", pca_without_mean, "not_centred"),
    ("pca_subspace", pca_first_eigenvectors, "smallest_eigenvalues"),
    ("pca_subspace", pca_rows, "basis_vectors_as_rows"),
    ("pca_subspace", pca_all_eigenvectors, "all_directions"),
    ("pca_subspace", pca_all_of_vt, "all_directions"),
    ("pca_subspace", pca_covariance_of_the_points, "left_singular_vectors"),
    ("pca_subspace", pca_transposed_data, "left_singular_vectors"),
    ("linear_autoencoder", autoencoder_with_np_mean, "mean_over_features_too"),
    ("linear_autoencoder", autoencoder_with_half, "with_a_half"),
    ("principal_angles", angles_by_arccos, "from_cosines"),
    ("principal_angles", angles_by_sine_of_cosine, "from_cosines"),
    ("principal_angles", angles_by_columns, "column_by_column"),
    ("principal_angles", angles_of_normalised_columns, "sines_with_lengths_divided_out"),
    ("principal_angles", angles_in_degrees, "in_degrees"),
    ("loss_along_line", line_to_the_sum, "a_not_subtracted"),
    ("loss_along_line", line_without_b, "end_missing"),
    ("loss_along_line", line_by_arange, "rounding_decides_about_the_end"),
]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("exercise", "answer", "named"), WRONG, ids=[f"{e}-{answer.__name__}-{named}" for e, answer, named in WRONG])
def test_a_students_wrong_answer_is_recognised(exercise, answer, named):
    verdict = judge_names(exercise, {exercise: answer})
    assert verdict.state == "wrong"
    assert verdict.misconception is not None
    assert verdict.misconception.id == named


@pytest.mark.parametrize(("module", "name"), [
    ("week1_motivation_and_depth", "diagnose"), ("week1_parameters_and_compression", "random_masks")])
def test_answers_written_down_for_one_seed_do_not_fit_another(module, name):
    key, exercise = KEYS[module], exercises.load()[name]
    right, given = key.names()[name], []
    run(exercise, Local({name: lambda *arguments: given.append(right(*arguments)) or given[-1]}), 11)
    for seed in range(1, 6):
        answers = iter(given)
        outcomes = run(exercise, Local({name: lambda *_: next(answers)}), seed)  # noqa: B023
        assert decide(exercise, outcomes, expected_outputs(exercise, key, seed), []).mark < 1


def test_an_answer_that_forgets_that_qr_gives_two_arrays_is_told():
    def angles(a, b):
        qa, qb = np.linalg.qr(a), np.linalg.qr(b)
        return np.arcsin(np.linalg.svd(qb - qa @ (qa.T @ qb))[1])

    verdict = judge_names("principal_angles", {"principal_angles": angles})
    assert "np.linalg.qr gives two arrays" in verdict.first_wrong.difference.detail


@pytest.mark.parametrize(("exercise", "text"), [
    ("conv2d_forward", "course.layers.conv2d_forward"),
    ("conv2d_matrix", "course.layers.conv2d_forward"),
    ("residual_block", "course.layers.Residual"),
    ("pca_subspace", "course.curvature.autoencoder_critical_point"),
    ("loss_along_line", "course.curvature.loss_along_line"),
])
def test_the_librarys_own_answer_does_not_count(exercise, text):
    answers = {
        "conv2d_forward": layers.conv2d_forward,
        "conv2d_matrix": lambda w, shape: layers.conv2d_forward(np.eye(int(np.prod(shape))).reshape(-1, *shape), w).reshape(int(np.prod(shape)), -1).T,
        "residual_block": lambda x, w1, w2: layers.Residual(layers.ReLU()).forward(x),
        "pca_subspace": lambda x, k: curvature.autoencoder_critical_point(x, range(k), k)[0],
        "loss_along_line": lambda loss, a, b, steps: curvature.loss_along_line(loss, a, b, steps)[1],
    }
    verdict = judge_names(exercise, {exercise: answers[exercise]})
    assert verdict.state == "wrong" and verdict.mark == 0.0
    assert f"{text} is what you are asked to write" in verdict.first_wrong.difference.detail
