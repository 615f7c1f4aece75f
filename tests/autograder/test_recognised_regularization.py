"""Wrong answers about softmax and regularization as students write them: the right sentence comes all the same."""

import numpy as np
import pytest

from course.check import judge_names
from tests.autograder.conftest import KEYS


def softmax_of_the_book(logits):
    return np.exp(logits) / np.sum(np.exp(logits), axis=1).reshape(-1, 1)


def log_of_the_book(logits):
    return np.log(softmax_of_the_book(logits))


def softmax_down(logits):
    e = np.exp(logits - np.amax(logits, 0))
    return e / sum(e)


def log_softmax_down(logits):
    z = logits - np.amax(logits, 0)
    return z - np.log(sum(np.exp(z)))


def log_softmax_shifted_once(logits):
    m = logits.max(axis=-1, keepdims=True)
    return logits - np.log(np.exp(logits - m).sum(axis=-1, keepdims=True))


def cross_entropy_with_epsilon(logits, labels):
    e = np.exp(logits - logits.max(1, keepdims=True))
    p = e / e.sum(1, keepdims=True)
    return -sum(np.log(p[n, labels[n]] + 1e-12) for n in range(len(labels))) / len(labels)


def cross_entropy_with_one_maximum(logits, labels):
    e = np.exp(logits - logits.max())
    return -np.mean(np.log((e / e.sum(axis=1, keepdims=True))[np.arange(len(labels)), labels]))


def gradient_with_one_maximum_and_without_n(logits, labels):
    e = np.exp(logits - logits.max())
    return e / e.sum(axis=1, keepdims=True) - np.eye(logits.shape[1])[labels]


def gradient_in_loops_without_n(logits, labels):
    out = np.zeros_like(logits)
    for n, row in enumerate(logits):
        e = np.exp(row - row.max())
        out[n] = e / e.sum()
        out[n, labels[n]] -= 1
    return out


def jacobian_in_loops(p):
    j = np.zeros((p.size, p.size))
    for a in range(p.size):
        for b in range(p.size):
            j[a, b] = p[a] if a == b else -p[a] * p[b]
    return j


def ridge_by_broadcasting(x, y, strength):
    return np.linalg.inv(x.T.dot(x) + strength).dot(x.T.dot(y))


def l2_by_search(params, strength):
    kept = [k for k in params if k.find("b") == -1]
    return strength / 2 * sum((params[k] ** 2).sum() for k in kept), {k: strength * v * (k in kept) for k, v in params.items()}


def l1_by_search(params, strength):
    kept = [k for k in params if k.find("b") == -1]
    return strength * sum(abs(params[k]).sum() for k in kept), {k: strength * np.sign(v) * (k in kept) for k, v in params.items()}


def l1_sign_by_comparison(params, strength):
    grads = {k: np.zeros(v.shape) if k[0] == "b" else strength * (2.0 * (v > 0) - 1) for k, v in params.items()}
    return strength * sum(abs(v).sum() for k, v in params.items() if k[0] != "b"), grads


def soft_by_a_factor(w, threshold):
    return np.clip(1 - threshold / abs(w), 0, None) * w


def dropout_that_scales_in_use(x, rate, rng, training=True):
    if not training:
        return x * (1 - rate), np.ones_like(x)
    mask = np.where(rng.uniform(size=x.shape) < rate, 0.0, 1 / (1 - rate))
    return mask * x, mask


WRONG = [
    ("softmax", {"softmax": softmax_of_the_book, "log_softmax": log_of_the_book}, "straight_from_the_formula"),
    ("softmax", {"softmax": softmax_down, "log_softmax": log_softmax_down}, "columns_for_rows"),
    ("softmax", {"log_softmax": log_softmax_shifted_once}, "log_of_shifted_and_unshifted"),
    ("cross_entropy", {"cross_entropy": cross_entropy_with_epsilon}, "small_constant_in_the_logarithm"),
    ("cross_entropy", {"softmax_cross_entropy_grad": gradient_in_loops_without_n}, "gradient_without_the_average"),
    # Wrong in two ways: the sentence is about the output that the card shows, which is the first.
    ("cross_entropy", {"cross_entropy": cross_entropy_with_one_maximum, "softmax_cross_entropy_grad": gradient_with_one_maximum_and_without_n},
     "gradient_without_the_average"),
    ("softmax_jacobian", {"softmax_jacobian": jacobian_in_loops}, "square_forgotten_on_the_diagonal"),
    ("polynomial_features", {"polynomial_features": lambda x, degree: np.vander(x, degree + 1)}, "highest_power_first"),
    ("ridge_fit", {"ridge_fit": ridge_by_broadcasting}, "penalty_on_every_entry"),
    ("penalties", {"l2_penalty": l2_by_search, "l1_penalty": l1_by_search}, "a_b_anywhere_in_the_name"),
    ("penalties", {"l1_penalty": l1_sign_by_comparison}, "minus_one_at_zero"),
    ("soft_threshold", {"soft_threshold": soft_by_a_factor}, "factor_by_division"),
    ("dropout_forward", {"dropout_forward": dropout_that_scales_in_use}, "scales_down_in_use_as_well"),
    ("dropout_backward", {"dropout_backward": lambda grad_out, mask: np.where(mask != 0, grad_out, 0)}, "scale_forgotten"),
]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("exercise", "answer", "named"), WRONG, ids=[named for _, _, named in WRONG])
def test_a_students_wrong_answer_is_recognised(exercise, answer, named):
    verdict = judge_names(exercise, KEYS["week3_softmax_and_regularization"].names() | answer)
    assert verdict.state == "wrong"
    assert verdict.misconception is not None
    assert verdict.misconception.id == named


@pytest.mark.slow
@pytest.mark.parametrize(("exercise", "key"), [("train_regularized", "week3_softmax_and_regularization"), ("train_digits", "week3_backprop")])
@pytest.mark.parametrize("returned", [None, np.zeros(3, dtype=int)], ids=["nothing", "labels"])
def test_a_training_that_returns_no_function_is_told_so(exercise, key, returned):
    verdict = judge_names(exercise, KEYS[key].names() | {exercise: lambda x, labels, rng: returned})
    assert verdict.mark == 0.0 and "return predict itself" in verdict.first_wrong.difference.detail
