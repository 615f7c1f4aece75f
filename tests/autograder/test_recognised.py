"""Wrong answers as students write them, not as they are planted: the right sentence comes all the same."""

from collections import deque
from collections.abc import Callable
from itertools import cycle

import numpy as np
import pytest

from autograder.answer_key import AnswerKey
from autograder.expected import expected_outputs
from course.check import judge_names
from course.datasets import load_digits
from course.exercises import load
from course.exercises.local import Local
from course.exercises.probe import run
from course.exercises.verdict import decide


def relu_where(grad_out, x):
    dx = grad_out.copy()
    dx[x < 0] = 0
    return dx


def relu_mask_of_gradient(grad_out, x):
    return grad_out * (grad_out > 0)


def relu_chain_forgotten(grad_out, x):
    return np.where(x > 0, 1.0, 0.0)


def relu_same_array(grad_out, x):
    return grad_out


def gradient_forward_difference(f, x, h=1e-5):
    x = x.astype(float)
    grad = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        up = x.copy()
        up[i] = x[i] + h
        grad[i] = (f(up) - f(x)) / h
    return grad


def gradient_zeros_like(f, x, h=1e-5):
    grad = np.zeros_like(x)
    x = x.astype(float)
    for i in np.ndindex(x.shape):
        x[i] += h
        up = f(x)
        x[i] -= 2 * h
        down = f(x)
        x[i] += h
        grad[i] = (up - down) / (2 * h)
    return grad


def error_without_guard(a, b):
    return (abs(a - b) / np.maximum(abs(a), abs(b))).max()


def error_with_epsilon(a, b, eps=1e-8):
    return np.amax(abs(a - b) / np.maximum(eps, abs(a) + abs(b)))


def check_with_signs(f, grad, x, rng, h=1e-6):
    v = rng.integers(0, 2, size=x.shape) * 2.0 - 1
    numeric, analytic = (f(x + h * v) - f(x - h * v)) / (2 * h), (grad(x) * v).sum()
    return abs(numeric - analytic) / max(abs(numeric), abs(analytic), 1e-300)


def check_with_numpy_random(f, grad, x, rng, h=1e-5):
    v = np.random.randn(*x.shape)
    numeric, analytic = (f(x + h * v) - f(x - h * v)) / (2 * h), (grad(x) * v).sum()
    return abs(numeric - analytic) / max(abs(numeric), abs(analytic), 1e-300)


def pool_upsample(grad_out, x, size):
    return np.kron(grad_out, np.ones((size, size)))


def conv_assigns(grad_out, x, w):
    dx, dw, k = np.zeros_like(x), np.zeros_like(w), w.shape[-1]
    for n, f, i, j in np.ndindex(grad_out.shape):
        dx[n, :, i : i + k, j : j + k] += grad_out[n, f, i, j] * w[f]
        dw[f] += grad_out[n, f, i, j] * x[n, :, i : i + k, j : j + k]
    return dx, dw / x.shape[0]


def unbroadcast_leading(grad, shape):
    while grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    return grad.copy()


def unbroadcast_no_copy(grad, shape):
    while grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    for axis, n in enumerate(shape):
        if n == 1:
            grad = grad.sum(axis=axis, keepdims=True)
    return grad


def order_recursive(root, parents, seen=None):
    seen = set() if seen is None else seen
    seen.add(root)
    order = []
    for p in parents[root]:
        if p not in seen:
            order += order_recursive(p, parents, seen)
    return [*order, root]


def order_breadth_first(root, parents):
    queue, order = deque([root]), {}
    while queue:
        node = queue.popleft()
        if node not in order:
            order[node] = True
            queue.extend(parents[node])
    return list(order)[::-1]


def step_adds(params, grads, velocity, lr, momentum):
    velocity = [momentum * v + lr * g for v, g in zip(velocity, grads, strict=True)]
    return [p + v for p, v in zip(params, velocity, strict=True)], velocity


def step_in_place(params, grads, velocity, lr, momentum):
    for p, g, v in zip(params, grads, velocity, strict=True):
        v[:] = momentum * v - lr * g if v.ndim else v
        p += v
    return list(params), list(velocity)


def order_by_counting(root, parents):
    reach, queue = {root}, [root]
    for node in queue:
        new = dict.fromkeys(p for p in parents[node] if p not in reach)
        reach.update(new)
        queue.extend(new)
    count = {node: sum(node in parents[user] for user in reach) for node in reach}
    order, free = [], [root]
    while free:
        order.insert(0, free.pop())
        for parent in parents[order[0]]:
            count[parent] -= 1
            if count[parent] == 0:
                free.append(parent)
    return order


def error_that_skips_zeros(a, b):
    both = (a != 0) & (b != 0)
    return float(np.max(np.abs(a - b)[both] / np.maximum(abs(a), abs(b))[both], initial=0.0))


def gradient_central(f, x, h=1e-5):
    x, grad = np.array(x, dtype=float), np.zeros(np.shape(x))
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] += h
        down[i] -= h
        grad[i] = (f(up) - f(down)) / (2 * h)
    return grad


WRONG: list[tuple[str, str, Callable, str]] = [
    ("relu_backward", "relu_backward", relu_where, "passes_at_the_kink"),
    ("relu_backward", "relu_backward", relu_mask_of_gradient, "mask_from_the_gradient"),
    ("relu_backward", "relu_backward", relu_chain_forgotten, "derivative_alone"),
    ("relu_backward", "relu_backward", relu_same_array, "no_mask"),
    ("numerical_gradient", "numerical_gradient", gradient_forward_difference, "one_sided"),
    ("numerical_gradient", "numerical_gradient", gradient_zeros_like, "integer_result"),
    ("relative_error", "relative_error", error_without_guard, "zero_over_zero"),
    ("relative_error", "relative_error", error_with_epsilon, "divides_by_the_sum"),
    ("directional_check", "directional_check", check_with_signs, "plus_minus_one"),
    ("directional_check", "directional_check", check_with_numpy_random, "own_generator"),
    ("max_pool2d_backward", "max_pool2d_backward", pool_upsample, "gradient_everywhere"),
    ("conv2d_backward", "conv2d_backward", conv_assigns, "dw_averaged"),
    ("unbroadcast", "unbroadcast", unbroadcast_leading, "forgets_axes_of_length_one"),
    ("unbroadcast", "unbroadcast", unbroadcast_no_copy, "hands_back_the_argument"),
    ("topological_order", "topological_order", order_recursive, "calls_itself"),
    ("topological_order", "topological_order", order_breadth_first, "level_by_level"),
    ("sgd_momentum_step", "sgd_momentum_step", step_adds, "uphill"),
    ("sgd_momentum_step", "sgd_momentum_step", step_in_place, "in_place"),
    ("tensor", "unbroadcast", lambda grad, shape: grad + 0.0, "no_unbroadcast"),
    ("topological_order", "topological_order", order_by_counting, "counted_once_taken_off_twice"),
    ("relative_error", "relative_error", error_that_skips_zeros, "zero_in_either_counts_as_right"),
    ("numerical_gradient", "numerical_gradient", lambda f, x, h=1e-5: gradient_central(f, x), "always_the_same_step"),
]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("exercise", "name", "answer", "named"), WRONG, ids=[f"{w[0]}-{w[3]}" for w in WRONG])
def test_a_students_wrong_answer_is_recognised(exercise, name, answer, named, key: AnswerKey):
    names = key.names()
    names[name] = answer
    verdict = judge_names(exercise, names)
    assert verdict.state == "wrong"
    assert verdict.misconception is not None
    assert verdict.misconception.id == named


def adds_something_of_its_own(grad_out, x):
    return grad_out * (x > 0) + 0.1


def raises(*args):
    raise ValueError("no")


@pytest.mark.parametrize("answer", [adds_something_of_its_own, raises, lambda *args: "text"])
def test_an_answer_that_is_wrong_in_a_way_of_its_own_gets_no_sentence(answer, key: AnswerKey):
    verdict = judge_names("relu_backward", {**key.names(), "relu_backward": answer})
    assert verdict.state == "wrong" and verdict.misconception is None


@pytest.mark.parametrize("seed", range(5))
def test_no_fixed_sequence_of_errors_passes_for_a_directional_check(seed, key: AnswerKey):
    exercise = load()["directional_check"]
    expected = expected_outputs(exercise, key, seed)
    in_turn = [*([0.0] * 3 + [1.0] * 9) * 3, *[0.0] * 3, 1.0, *[0.0] * 3, *[1.0] * 7, *[0.0] * 3, *[1.0] * 21, 0.0, 1.0, 1.0, 1.0, 2.0, 3.0]
    for sequence in (in_turn, [0.0, 1.0], [0.0], [1.0]):
        errors = cycle(sequence)
        names = {"directional_check": lambda f, grad, x, rng, errors=errors: next(errors)}
        verdict = decide(exercise, run(exercise, Local(names), seed), expected, [])
        assert verdict.state == "wrong" and verdict.mark < 0.7


@pytest.mark.parametrize("exercise", ["train_digits", "train_regularized"])
def test_the_digits_cannot_be_looked_up(exercise):
    def neighbours(x, labels, rng):
        known, names = load_digits()
        return lambda pictures: names[[np.argmin(np.sum((known - p) ** 2, axis=1)) for p in pictures]]

    verdict = judge_names(exercise, {exercise: neighbours})
    assert verdict.mark == 0.0 and "load_digits" in verdict.first_wrong.difference.detail


@pytest.mark.parametrize("ask", [
    lambda f, grad, x, rng: grad(np.zeros((1000, *[1] * x.ndim), dtype=np.int8)),
    lambda f, grad, x, rng: f(np.zeros((1000, *[1] * x.ndim), dtype=np.int8)),
])
def test_a_function_that_a_check_passes_looks_at_the_shape_first(ask):
    verdict = judge_names("directional_check", {"directional_check": ask})
    assert "and it takes shape (4,)" in verdict.first_wrong.difference.detail


def test_nothing_is_computed_with_lists_of_other_lengths():
    flood = np.ones(20_000_000, dtype=np.int8)
    verdict = judge_names("sgd_momentum_step", {"sgd_momentum_step": lambda params, grads, velocity, lr, momentum: (flood, [])})
    assert verdict.mark == 0.0 and len(verdict.results) == 8


@pytest.mark.parametrize(("exercise", "wrong", "told"), [
    ("dense_backward", {"dense_forward": lambda x, w, b: x @ w + b}, "dense_forward returns an array, and not the pair (out, cache)"),
    ("tensor", {"Tensor.exp": lambda self: np.exp(self.data)}, "a Tensor was wanted, and something else came back"),
])
def test_something_of_another_kind_is_called_by_its_name(exercise, wrong, told, key: AnswerKey):
    names = key.names()
    for name, function in wrong.items():
        if name.startswith("Tensor."):
            setattr(names["Tensor"], name.partition(".")[2], function)
        else:
            names[name] = function
    first = judge_names(exercise, names).first_wrong
    assert first.difference.detail == told
