"""Wrong answers to ``week2/01_activations_and_saddle_points`` as students write them: the right sentence comes all the same."""

import math

import numpy as np
import pytest

from autograder.answer_key import AnswerKey
from autograder.expected import expected_outputs
from course import curvature, exercises, layers, linear, training
from course.check import judge_names
from course.exercises.local import Local
from course.exercises.probe import run
from course.exercises.verdict import decide
from tests.notebooks.claims import source_of

SOURCE = source_of("week2", "01_activations_and_saddle_points")

leaky = lambda x, slope=0.01: np.maximum(0, x) + slope * np.minimum(0, x)  # noqa: E731


def leaky_grad_at_least(x, slope=0.01):
    dx = np.ones(x.shape)
    dx[x < 0] = slope
    return dx


def leaky_grad_of_relu(x, slope=0.01):
    return (x > 0) * 1.0


def softplus_textbook(x):
    return np.log(1.0 + np.exp(x))


def logistic(x):
    return np.where(x < 0, np.exp(np.minimum(x, 0)), 1) / (1 + np.exp(-abs(x)))


def logistic_textbook(x):
    return 1.0 / (1.0 + np.exp(-x))


def logistic_textbook_slope(x):
    p = 1.0 / (1.0 + np.exp(-x))
    return p - p**2


def logistic_with_where(x):
    return np.where(x >= 0, 1 / (1 + np.exp(-x)), np.exp(x) / (1 + np.exp(x)))


def logistic_with_where_slope(x):
    return logistic_with_where(x) * (1 - logistic_with_where(x))


def logistic_of_the_size(x):
    return 1 / (1 + np.exp(-np.fabs(x)))


def logistic_slope(x):
    p = logistic(x)
    return p * (1 - p)


def output_slope(y):
    return y - y**2


def tanh_slope_without_parentheses(x):
    return np.power(1 - np.tanh(x), 2)


def tanh_output_slope(a):
    return (1 + a) * (1 - a)


def collapse_backwards(weights, biases):
    w = weights[-1]
    for other in weights[-2::-1]:
        w = w @ other
    b = np.zeros(len(biases[0]))
    for layer, bias in zip(weights, biases, strict=True):
        b = b @ layer + bias
    return w.copy(), b


def collapse_forgetting_biases(weights, biases):
    w, b = weights[0].copy(), biases[0].copy()
    for other in weights[1:]:
        w, b = w @ other, b @ other
    return w, b


def xor_of_or(*_):
    return np.ones((2, 2)), np.array([0, -1]), np.array([1, -1]), 0


def xor_with_steps(*_):
    return np.array([[1, 1], [1, 1]]), np.array([-0.5, -1.5]), np.array([1, -1]), 0


def zeros_of_relu(activations):
    return [1 - (a > 0).mean() for a in activations]


def dead_when_the_mean_is_zero(a):
    return np.abs(a.mean(axis=0)) < 1e-15


def dead_by_any(a):
    return (a == 0).any(0)


def hessian_forward(f, x, h=1e-4):
    n, here = x.size, f(x)
    step = np.identity(n) * h
    return np.array([[f(x + step[i] + step[j]) - f(x + step[i]) - f(x + step[j]) + here for j in range(n)] for i in range(n)]) / h / h


def hessian_of_slopes(f, x, h=1e-4):
    def gradient(point):
        g = np.zeros(len(point))
        for i in range(len(point)):
            e = np.zeros(len(point))
            e[i] = h
            g[i] = (f(point + e) - f(point - e)) / 2 / h
        return g

    rows = []
    for i in range(len(x)):
        moved = x.copy()
        moved[i] += h
        rows.append((gradient(moved) - gradient(x)) / h)
    return np.stack(rows)


def hessian_with_steps_that_overwrite(f, x, h=1e-4):
    n = len(x)
    hessian = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            corners = {}
            for one in (1, -1):
                for other in (1, -1):
                    y = x.copy()
                    if one == other:
                        y[i] += one * h
                        y[j] += other * h
                    else:
                        y[i] = x[i] + one * h
                        y[j] = x[j] + other * h
                    corners[one, other] = f(y)
            hessian[i, j] = (corners[1, 1] - corners[1, -1] - corners[-1, 1] + corners[-1, -1]) / (4 * h * h)
    return hessian


def hessian_of_each_coordinate(f, x, h=1e-4):
    second = []
    for i in range(len(x)):
        up, down = x.copy(), x.copy()
        up[i] += h
        down[i] -= h
        second.append((f(up) + f(down) - 2 * f(x)) / h**2)
    return np.array(second)


def product_without_root(grad, x, v, h=1e-5):
    norm = sum(v * v)
    if norm == 0:
        return 0 * v
    u = v / norm
    return norm * (grad(x + h * u) - grad(x - h * u)) / 2 / h


def product_with_a_limit(grad, x, v, h=1e-5):
    norm = np.linalg.norm(v)
    if norm < 1e-7:
        return np.zeros(v.shape)
    u = v / norm
    return norm * (grad(x + h * u) - grad(x - h * u)) / 2 / h


def product_with_a_small_number(grad, x, v, h=1e-5):
    norm = np.linalg.norm(v)
    u = v / (norm + 1e-12 + 1e-7)
    return norm * (grad(x + h * u) - grad(x - h * u)) / 2 / h


def product_forward(grad, x, v, h=1e-5):
    norm = np.sqrt(v @ v)
    if norm == 0:
        return np.zeros_like(v)
    return norm * (grad(x + h / norm * v) - grad(x)) / h


def product_unscaled(grad, x, v, h=1e-5):
    return (grad(x + h * v) - grad(x - h * v)) / 2 / h


def index_of_negatives(hessian):
    return int((np.linalg.eigvalsh(hessian) < 0).sum())


def index_below_a_millionth(hessian):
    return len([v for v in np.linalg.eigvalsh(hessian) if v < -1e-6])


def index_of_entries(hessian):
    return sum(1 for entry in hessian.ravel() if entry < 0)


def kind_by_determinant(hessian):
    determinant = np.linalg.det(hessian)
    if determinant < 0:
        return "saddle"
    if determinant > 0:
        return "minimum" if hessian[0][0] > 0 else "maximum"
    return "degenerate"


def kind_by_signs(hessian):
    values = np.linalg.eigvalsh(hessian)
    tolerance = 1e-6 * max(abs(values))
    if min(values) >= -tolerance and max(values) > tolerance:
        return "minimum"
    if max(values) <= tolerance and min(values) < -tolerance:
        return "maximum"
    return "saddle" if max(values) > tolerance else "maximum"


def kind_zero_first(hessian):
    values = np.linalg.eigh(hessian)[0]
    if (abs(values) <= 1e-6 * abs(values).max()).any():
        return "degenerate"
    return "minimum" if (values > 0).all() else "maximum" if (values < 0).all() else "saddle"


def escape_always(hessian):
    return np.linalg.eigh(hessian)[1].T[0].copy()


def escape_by_size(hessian):
    values, vectors = np.linalg.eigh(hessian)
    if values.min() >= -1e-6 * abs(values).max():
        return None
    return vectors[:, abs(values).argmax()]


def point_of_raw_data(x, components, code_size):
    vectors = np.linalg.svd(x, full_matrices=True)[2]
    a = np.zeros((x.shape[1], code_size))
    for k, c in enumerate(components):
        a[:, k] = vectors[c]
    return a, a.T.copy()


def point_of(centred, components, code_size, rows=True):
    vectors = np.linalg.svd(centred)[2]
    a = np.zeros((centred.shape[1], code_size))
    for k, c in enumerate(components):
        a[:, k] = vectors[c] if rows else vectors[:, c]
    return a, a.T.copy()


def point_of_smallest(x, components, code_size):
    vectors = np.linalg.eigh(np.cov(x.T))[1]
    a = np.zeros((x.shape[1], code_size))
    for k, c in enumerate(components):
        a[:, k] = vectors[:, c]
    return a, a.T.copy()


def hessian_by_corners(f, x, h=1e-4, fixed=False, over=False, parentheses=True):
    n, h = len(x), 1e-4 if fixed else h
    out = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            corners = []
            for a, b in ((h, h), (h, -h), (-h, h), (-h, -h)):
                y = np.array(x)
                if over:
                    y[i], y[j] = x[i] + a, x[j] + b
                else:
                    y[i] += a
                    y[j] += b
                corners.append(f(y))
            change = corners[0] - corners[1] - corners[2] + corners[3]
            out[i, j] = change / (4 * h**2) if parentheses else change / 4 * h**2
    return out


def product_with_its_own_step(grad, x, v, h=1e-5):
    n = np.linalg.norm(v)
    return (grad(x + 1e-5 * v / n) - grad(x - 1e-5 * v / n)) * n / 2e-5 if n else np.zeros(len(v))


def escaping(pick):
    def escape(hessian):
        w, v = np.linalg.eigh(hessian)
        return pick(w, v) if w[0] < -1e-6 * np.abs(w).max() else None
    return escape


def largest_components(x, components, code_size):
    vt = np.linalg.svd(x - x.mean(axis=0))[2]
    return vt[:code_size].T, vt[:code_size]


WRONG = [
    ("softplus", (lambda x: np.maximum(x, 0), lambda x: (x > 0) * 1.0), "relu_itself"),
    ("tanh_", (lambda x: np.sinh(x) / np.cosh(x), lambda x: 1 - np.tanh(x)**2), "quotient_overflows"),
    ("xor_network", (lambda: (np.eye(2), np.zeros(2), np.ones(2), 0.0),), "linear_units"),
    ("xor_network", (lambda: (np.ones((2, 2)), np.array([0, -2]), np.array([1, -2]), 0),), "linear_units"),
    ("dead_units", (lambda a: a.max(axis=0) == 0,), "largest_is_zero"),
    ("numerical_hessian", (lambda f, x, h=1e-4: hessian_by_corners(f, x, fixed=True),), "step_written_into_the_code"),
    ("numerical_hessian", (lambda f, x, h=1e-4: hessian_by_corners(f, x, h, over=True),), "steps_overwrite_each_other"),
    ("numerical_hessian", (lambda f, x, h=1e-4: hessian_by_corners(f, x, h, parentheses=False),), "parentheses_forgotten"),
    ("hessian_vector_product", (product_with_its_own_step,), "step_written_into_the_code"),
    ("saddle_index", (lambda h: 0,), "always_zero"),
    ("saddle_index", (lambda h: int(np.sum(np.linalg.svd(h)[1] < 0)),), "always_zero"),
    ("escape_direction", (escaping(lambda w, v: w[0]),), "eigenvalue_alone"),
    ("escape_direction", (escaping(lambda w, v: (w[0], v[:, 0])),), "pair_of_both"),
    ("escape_direction", (escaping(lambda w, v: v),), "all_directions"),
    ("escape_direction", (escaping(lambda w, v: v[:, :1].T),), "as_a_column"),
    ("escape_direction", (escaping(lambda w, v: v[:, np.argmin(np.abs(w))]),), "nearest_to_zero"),
    ("autoencoder_critical_point", (largest_components,), "the_largest_always"),
    ("leaky_relu", (leaky, leaky_grad_at_least), "passes_at_the_kink"),
    ("leaky_relu", (leaky, leaky_grad_of_relu), "derivative_of_relu"),
    ("softplus", (softplus_textbook, logistic), "overflows"),
    ("softplus", (softplus_textbook, logistic_textbook), "overflows_here_and_warns_there"),
    ("squared_relu", (lambda x: np.where(x > 0, x * x, 0), lambda x: x + x), "derivative_without_mask"),
    ("sigmoid", (logistic, output_slope), "derivative_from_the_output"),
    ("sigmoid", (logistic_textbook, logistic_textbook_slope), "exp_overflows"),
    ("sigmoid", (logistic_with_where, logistic_with_where_slope), "exp_overflows"),
    ("sigmoid", (logistic_of_the_size, logistic_slope), "right_half_mirrored"),
    ("tanh_", (np.tanh, tanh_output_slope), "derivative_from_the_output"),
    ("tanh_", (np.tanh, tanh_slope_without_parentheses), "square_of_the_difference"),
    ("collapse_linear_layers", (collapse_forgetting_biases,), "last_bias_forgotten"),
    ("collapse_linear_layers", (collapse_backwards,), "product_reversed"),
    ("xor_network", (xor_of_or,), "or"),
    ("xor_network", (xor_with_steps,), "step_units"),
    ("zero_fraction", (zeros_of_relu,), "not_positive"),
    ("dead_units", (dead_by_any,), "silent_once"),
    ("dead_units", (dead_when_the_mean_is_zero,), "sum_is_zero"),
    ("numerical_hessian", (hessian_forward,), "one_sided"),
    ("numerical_hessian", (hessian_of_slopes,), "asymmetric"),
    ("numerical_hessian", (hessian_with_steps_that_overwrite,), "second_step_wipes_out_the_first"),
    ("numerical_hessian", (hessian_of_each_coordinate,), "diagonal_as_a_vector"),
    ("hessian_vector_product", (product_without_root,), "root_forgotten"),
    ("hessian_vector_product", (product_with_a_limit,), "short_taken_for_zero"),
    ("hessian_vector_product", (product_with_a_small_number,), "small_number_added"),
    ("hessian_vector_product", (product_forward,), "one_sided"),
    ("hessian_vector_product", (product_unscaled,), "step_not_scaled"),
    ("saddle_index", (index_of_negatives,), "no_threshold"),
    ("saddle_index", (index_below_a_millionth,), "threshold_does_not_scale"),
    ("saddle_index", (index_of_entries,), "negative_entries"),
    ("classify_critical_point", (kind_by_determinant,), "rule_from_school"),
    ("classify_critical_point", (kind_by_signs,), "never_degenerate"),
    ("classify_critical_point", (kind_zero_first,), "zeros_first"),
    ("escape_direction", (escape_always,), "always_a_direction"),
    ("escape_direction", (escape_by_size,), "steepest_of_all"),
    ("autoencoder_critical_point", (point_of_raw_data,), "not_centred"),
    ("autoencoder_critical_point", (point_of_smallest,), "smallest_first"),
    ("autoencoder_critical_point", (lambda x, c, p: point_of(x - np.mean(x), c, p),), "one_mean_for_all"),
    ("autoencoder_critical_point", (lambda x, c, p: point_of((x.T - np.mean(x, 1)).T, c, p),), "mean_of_each_sample"),
    ("autoencoder_critical_point", (lambda x, c, p: point_of((x - np.mean(x, 0)) / np.std(x, 0), c, p),), "standardised"),
    ("autoencoder_critical_point", (lambda x, c, p: point_of(x - np.mean(x, 0), c, p, rows=False),), "rows_for_columns"),
]
GRADIENTS = {name: f"{name.rstrip('_')}_grad" for name in ("leaky_relu", "softplus", "squared_relu", "sigmoid", "tanh_")}


def names_of(exercise, answers):
    return dict(zip((exercise, GRADIENTS.get(exercise)), answers, strict=False))


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("exercise", "answers", "named"), WRONG, ids=[f"{e}-{named}-{i}" for i, (e, _, named) in enumerate(WRONG)])
def test_a_students_wrong_answer_is_recognised(exercise, answers, named):
    verdict = judge_names(exercise, names_of(exercise, answers))
    assert verdict.state == "wrong"
    assert verdict.misconception is not None
    assert verdict.misconception.id == named


@pytest.mark.parametrize("name", ["zero_fraction", "dead_units", "saddle_index", "classify_critical_point"])
def test_answers_that_were_right_for_other_inputs_do_not_count(name):
    exercise, key = exercises.load()[name], AnswerKey(SOURCE)
    right, said = key.names()[name], []
    run(exercise, Local({name: lambda *args: said.append(right(*args)) or said[-1]}), 1)
    marks = []
    for seed in (2, 3, 4):
        again = iter(said)
        outcomes = run(exercise, Local({name: lambda *args, again=again: next(again)}), seed)
        marks.append(decide(exercise, outcomes, expected_outputs(exercise, key, seed), []).mark)
    assert max(marks) < 1 and np.mean(marks) < 0.5


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_warning_is_said_to_be_one():
    verdict = judge_names("sigmoid", names_of("sigmoid", (logistic_textbook, logistic_textbook_slope)))
    assert verdict.first_wrong.expected.name == "far from 0, without a warning: function"
    assert verdict.first_wrong.difference.detail == "a warning came on the way to the result: overflow encountered in exp"
    assert verdict.first_wrong.difference.general == "a warning came on the way to the result"
    assert verdict.mark > 0.75


XOR = (np.array([[1, 1], [1, 1]]), np.array([0, -1]), np.array([1, -2]), 0)


@pytest.mark.parametrize(("exercise", "answer", "said"), [
    ("xor_network", lambda: ([[1, 1], [1, 1]], *XOR[1:]), "w1 is a list; np.array makes an array of it"),
    ("xor_network", lambda: (*XOR[:3], [0]), "b2 is a list, and a number is wanted"),
    ("escape_direction", lambda h: None, "it is None, though there is a way down"),
    ("escape_direction", escape_always, "a direction, and nothing leads down"),
    ("escape_direction", escaping(lambda w, v: v[:, 0].tolist()), "it is a list, and one array of shape (n,) is wanted"),
    ("xor_network", lambda: None, "it is None, which is what a function without return gives"),
    ("autoencoder_critical_point", lambda x, components, code_size: None, "it is None, which is what a function without return gives"),
    ("hessian_vector_product", product_with_a_limit, "it is zeros, as if v were the zero vector; a short vector has a product too"),
])
def test_what_came_is_said_in_words_that_say_why_it_is_wrong(exercise, answer, said):
    verdict = judge_names(exercise, {exercise: answer})
    assert verdict.first_wrong.difference.detail == said


def test_a_scalar_function_does_not_do():
    verdict = judge_names("sigmoid", names_of("sigmoid", (lambda x: 1 / (1 + math.exp(-x)), output_slope)))
    assert verdict.state == "wrong" and "raised TypeError" in verdict.first_wrong.difference.detail


@pytest.mark.parametrize(("exercise", "answers", "text"), [
    ("leaky_relu", (layers.leaky_relu, layers.leaky_relu_grad), "course.layers.leaky_relu"),
    ("sigmoid", (lambda x: layers.Sigmoid().forward(x), layers.sigmoid_grad), "course.layers.Sigmoid"),
    ("collapse_linear_layers", (linear.collapse_linear_layers,), "course.linear.collapse_linear_layers"),
    ("zero_fraction", (training.zero_fraction,), "course.training.zero_fraction"),
    ("dead_units", (training.dead_units,), "course.training.dead_units"),
    ("numerical_hessian", (curvature.hessian_of_function,), "course.curvature.hessian_of_function"),
    ("hessian_vector_product", (curvature.hessian_vector_product,), "course.curvature.hessian_vector_product"),
    ("saddle_index", (curvature.saddle_index,), "course.curvature.saddle_index"),
    ("classify_critical_point", (curvature.classify_critical_point,), "course.curvature.classify_critical_point"),
    ("escape_direction", (lambda h: curvature.extreme_eigenpairs(lambda v: h @ v, len(h))[0][1],), "course.curvature.extreme_eigenpairs"),
    ("autoencoder_critical_point", (curvature.autoencoder_critical_point,), "course.curvature.autoencoder_critical_point"),
])
def test_the_librarys_own_answer_does_not_count(exercise, answers, text):
    verdict = judge_names(exercise, names_of(exercise, answers))
    assert verdict.state == "wrong" and verdict.mark == 0.0
    assert f"{text} is what you are asked to write" in verdict.first_wrong.difference.detail
