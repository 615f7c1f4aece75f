"""Probes of ``week3/02_backprop``: what is asked of each answer, without an answer."""

from collections.abc import Callable, Iterator
from functools import cache
from itertools import combinations, pairwise
from typing import Any

import numpy as np

from course.exercises.backend import Failed
from course.exercises.moved_digits import digits, error_on_moved
from course.exercises.namespace import Handle
from course.exercises.probe import Case, exercise, parts, read_only

Outputs = Iterator[Case | tuple[str, Any]]


@exercise("dense_backward", needs=["dense_forward", "dense_backward"],
          answered_by=["course.layers.dense_forward", "course.layers.dense_backward", "course.layers.Dense"])
def dense_backward(student: Any, rng: np.random.Generator) -> Outputs:
    for name, (n, d, m) in {"a batch of 5": (5, 4, 3), "one sample": (1, 3, 2), "as many features as outputs": (4, 3, 3)}.items():
        x, w, b, grad = (rng.normal(size=shape) for shape in ((n, d), (d, m), (m,), (n, m)))
        forward = _pair(student.dense_forward.keep(x, read_only(w), b))
        yield Case(f"{name}: out", forward.item(0), weight=0.5)
        yield from parts(name, student.dense_backward(grad, forward.item(1, keep=True)), ("dx", "dw", "db"))
    batches = rng.normal(size=(2, 5, 4))
    w, b, grad = rng.normal(size=(4, 3)), rng.normal(size=3), rng.normal(size=(5, 3))
    first = _pair(student.dense_forward.keep(batches[0], w, b))
    second = _pair(student.dense_forward.keep(np.asfortranarray(batches[1]), 2 * w, b))
    yield "two caches alive at once: gradients of the first", student.dense_backward(grad, first.item(1, keep=True))
    yield "two caches alive at once: gradients of the second", student.dense_backward(grad, second.item(1, keep=True))


def _pair(forward: Any) -> Any:
    if isinstance(forward, Handle) and forward.description.startswith("an array"):
        return Failed("unusable", message="dense_forward returns an array, and not the pair (out, cache)")
    return forward


@exercise("relu_backward", needs=["relu_backward"],
          answered_by=[f"course.layers.{name}" for name in ("relu_backward", "relu_grad", "ReLU", "leaky_relu_grad", "LeakyReLU")])
def relu_backward(student: Any, rng: np.random.Generator) -> Outputs:
    grad, x = rng.normal(size=(2, 5, 4))
    yield "a batch", student.relu_backward(grad, x)
    x = rng.choice([-1.5, 0.0, 2.0], size=(3, 4))
    x[0, :3] = [-1.5, 0.0, 2.0]
    yield "some inputs are exactly 0", student.relu_backward(rng.normal(size=(3, 4)), read_only(x))
    grad, x = rng.normal(size=(2, 2, 3, 2, 2))
    yield "four axes, not contiguous", student.relu_backward(np.asfortranarray(grad) * 100, x.transpose(1, 0, 2, 3).swapaxes(0, 1))
    grad, x = rng.normal(size=(2, 6))
    x[:2], grad[:2] = [1e-9, -1e-9], [3.0, 4.0]
    yield "inputs very near 0", student.relu_backward(grad, x)


def _shaped_like(x: np.ndarray, f: Callable[[np.ndarray], float], text: str) -> Callable[[Any], float]:
    def function(point: Any) -> float:
        if np.shape(point) != x.shape:
            raise ValueError(f"f was given an array of shape {np.shape(point)}, and it takes shape {x.shape}")
        return float(f(np.asarray(point)))

    function.__doc__ = text
    return function


def _wavy(weights: np.ndarray) -> tuple[Callable[[np.ndarray], float], str]:
    return (lambda x: np.sum(weights * np.sin(x) + 0.5 * x**3)), "f(x) = sum(c * sin(x) + x**3 / 2)"


@exercise("numerical_gradient", needs=["numerical_gradient"],
          answered_by=["course.gradient_check.numerical_gradient", "course.gradient_check.differences.Slopes"])
def numerical_gradient(student: Any, rng: np.random.Generator) -> Outputs:
    points = {
        "a vector": rng.normal(size=5),
        "a matrix that may not be written to": read_only(rng.normal(size=(2, 3))),
        "a number: shape ()": np.array(rng.uniform(1.5, 2.5)),  # curved there, so that one side alone is never enough
        "integers": rng.integers(1, 5, size=4),
        "three axes, a transposed view": rng.normal(size=(2, 3, 2)).transpose(2, 0, 1),
    }
    for name, x in points.items():
        f, text = _wavy(rng.uniform(1, 3, size=x.shape))
        yield Case(name, student.numerical_gradient(_shaped_like(x, f, text), x), rtol=0.0, atol=1e-7)
    x = rng.normal(size=(3, 2))
    matrix = rng.normal(size=(3, 3))
    f = _shaped_like(x, lambda x: np.sum((matrix @ x) ** 2), "f(x) = sum((a @ x)**2)")
    yield Case("entries that act together", student.numerical_gradient(f, x, h=1e-4), rtol=0.0, atol=1e-7)
    yield Case("the h that is passed", _follows_h(student, rng.normal(size=3), 0.1), finding=True)


def _follows_h(student: Any, x: np.ndarray, h: float) -> str | Failed:
    steps = []

    def f(point: np.ndarray) -> float:
        steps.append(float(np.max(np.abs(point - x))))
        return np.sum(point**2)

    result = student.numerical_gradient(_shaped_like(x, f, "f(x) = sum(x**2)"), x, h=h)
    if isinstance(result, Failed):
        return result
    taken = [step for step in steps if step > 0]
    if not taken:
        return "f is asked at x only"
    # Two points or more each way are right as well, so that h itself is not the only step.
    return "the steps follow h" if h / 4 < min(taken) and max(taken) < 4 * h else "the steps do not follow h"


@exercise("relative_error", needs=["relative_error"], answered_by=["course.gradient_check.relative_error"])
def relative_error(student: Any, rng: np.random.Generator) -> Outputs:
    a = rng.normal(size=(3, 4))
    yield "a small error in every entry", student.relative_error(a, a * (1 + 1e-3 * rng.uniform(1, 2, size=a.shape)))
    b = a.copy()
    b[1, 2] *= 1.5
    yield "one wrong entry among right ones", student.relative_error(read_only(a), b)
    a, b = np.zeros(6), np.zeros(6)
    a[:3] = rng.uniform(1, 2, size=3)
    b[:3] = a[:3] * (1 + rng.uniform(0.05, 0.1, size=3))
    yield "some entries are 0 in both", student.relative_error(a, b)
    a = 1e-11 * rng.uniform(1, 2, size=4)
    yield "tiny gradients", student.relative_error(a, a * rng.uniform(1.2, 1.5, size=4))
    a = -rng.uniform(1, 2, size=5)
    yield "negative entries, the second array larger", student.relative_error(a, a * rng.uniform(1.5, 2, size=5))
    a = rng.uniform(1, 2, size=(4, 2))
    yield "opposite signs in one entry", student.relative_error(a, np.where(np.arange(8).reshape(4, 2) == 3, -0.3 * a, a))
    some, more, holes = *rng.uniform(1, 2, size=(2, 4)), np.array([0.0, 1.0, 0.0, 1.0])
    for name, a, b in (("0 in the first only", some * holes, some), ("0 in the second only", some, some * holes),
                       ("all entries are 0", np.zeros(3), np.zeros(3))):  # that alone gives 1, 1 and 0, whoever computes it
        yield f"{name}; and then no 0", [student.relative_error(a, b), student.relative_error(some, more)]
    a = np.array([2, 5, 4, 7])
    yield "integers", student.relative_error(a, a + rng.integers(1, 3, size=4))


# Each draw costs four messages to the student's process, so there are no more than it takes. Of one entry lost in eight a draw
# misses the error with a probability of 0.005: the median of 7 misses it once in 10**8 times. A right gradient is near 0 and one
# that is turned or doubled far from it whatever is drawn.
ONE_DRAW, FEW_DRAWS, DRAWS = 1, 3, 7
TINY, LARGE = 1e-5, 1e-3


def _errors(student: Any, rng: np.random.Generator, *asked: tuple[Any, Any, np.ndarray, int]) -> list[list[Any]]:
    """Ask for the errors of several gradients, each (f, grad, x, draws), in an order that nobody can count on."""
    calls = [(i, seed) for i, (*_, draws) in enumerate(asked) for seed in rng.integers(2**31, size=draws).tolist()]
    errors: list[list[Any]] = [[] for _ in asked]
    for k in rng.permutation(len(calls)):
        i, seed = calls[k]
        f, grad, x, _ = asked[i]
        errors[i].append(student.directional_check(f, grad, x, np.random.default_rng(seed)))
    return errors


def _median(errors: list[Any]) -> str | Failed:
    """Say where the median of some errors lies."""
    failed = next((e for e in errors if isinstance(e, Failed)), None)
    if failed is not None:
        return failed
    if not all(isinstance(e, (int, float, np.number)) or (isinstance(e, np.ndarray) and e.shape == ()) for e in errors):
        return "not a number"
    numbers = np.array([float(e) for e in errors])
    if np.isnan(numbers).any():
        return "nan"
    if (numbers < 0).any():
        return "sometimes negative"
    median = float(np.median(numbers))
    return "below 1e-5" if median < TINY else "above 1e-3" if median > LARGE else "between 1e-5 and 1e-3"


def _told_apart(right_errors: list[Any], wrong_errors: list[Any]) -> str | Failed:
    right, wrong = _median(right_errors), _median(wrong_errors)
    if isinstance(right, Failed) or isinstance(wrong, Failed):
        return right if isinstance(right, Failed) else wrong
    return f"the error of the right gradient is {right}, that of the wrong one {wrong}"


def _gradient(x: np.ndarray, g: Callable[[np.ndarray], np.ndarray], text: str) -> Callable[[Any], np.ndarray]:
    def gradient(point: Any) -> np.ndarray:
        if np.shape(point) != x.shape:
            raise ValueError(f"grad was given an array of shape {np.shape(point)}, and it takes shape {x.shape}")
        return g(np.asarray(point))

    gradient.__doc__ = text
    return gradient


@exercise("directional_check", needs=["directional_check"], hidden_seeds=1, answered_by=["course.gradient_check.check_gradients"])
def directional_check(student: Any, rng: np.random.Generator) -> Outputs:
    def told_apart(f: Any, x: np.ndarray, right: Any, wrong: Any, wrong_text: str, draws: int) -> str | Failed:
        return _told_apart(*_errors(student, rng, (f, _gradient(x, right, "the right gradient"), x, FEW_DRAWS),
                                    (f, _gradient(x, wrong, wrong_text), x, draws)))

    for shape in ((4,), (2, 3), (2, 2, 2)):
        x, c = rng.normal(size=shape), rng.uniform(1, 3, size=shape)
        f = _shaped_like(x, lambda x, c=c: np.sum(c * np.sin(x) + x**3 / 3 + 2 * x), "f(x) = sum(c * sin(x) + x**3 / 3 + 2 x)")
        right = lambda x, c=c: c * np.cos(x) + x**2 + 2  # noqa: E731
        wrong: dict[str, tuple[Callable[[np.ndarray], np.ndarray], int]] = {
            "the sign turned": (lambda x, g=right: -g(x), ONE_DRAW),
            "everything doubled": (lambda x, g=right: 2 * g(x), ONE_DRAW),
            "one entry lost": (lambda x, g=right: np.where(np.arange(x.size).reshape(x.shape) == 1, 0.0, g(x)), DRAWS),
        }
        accepted, *rejected = _errors(student, rng, (f, _gradient(x, right, "the right gradient"), read_only(x), FEW_DRAWS),
                                      *((f, _gradient(x, bad, name), x, draws) for name, (bad, draws) in wrong.items()))
        for name, errors in zip(wrong, rejected, strict=True):
            yield Case(f"shape {shape}, {name}", _told_apart(accepted, errors), weight=1 / 3, finding=True)
    # Curved: a difference to one side only is wrong by about h * 20 * |v|**2 here, a central one not at all.
    x, c = rng.normal(size=5), rng.uniform(1, 3, size=5)
    f = _shaped_like(x, lambda x: np.sum(c * x + 20 * (x - x0) ** 2), "f(x) = sum(c * x + 20 * (x - x0)**2)")
    x0 = x.copy()
    yield Case("a strongly curved function", told_apart(
        f, x, lambda x: c + 40 * (x - x0), lambda x: -c + 40 * (x - x0), "the sign of c turned", ONE_DRAW), finding=True)
    small = _shaped_like(x, lambda x: 1e-12 * np.sum(c * np.sin(x)), "f(x) = 1e-12 * sum(c * sin(x))")
    yield Case("a function with tiny slopes", told_apart(
        small, x, lambda x: 1e-12 * c * np.cos(x), lambda x: 2e-12 * c * np.cos(x), "everything doubled", DRAWS), finding=True)
    yield Case("two entries swapped, each of 21 pairs", _swaps_noticed(student, rng, rng.normal(size=7)), finding=True)
    flat = _shaped_like(x, lambda x: 3.0, "f(x) = 3")
    zeros, ones = (_gradient(x, lambda x, k=k: 0 * x + k, text) for k, text in ((0.0, "zeros"), (1.0, "ones")))
    yield Case("a constant function: both slopes are 0", _told_apart(
        *_errors(student, rng, (flat, zeros, x, ONE_DRAW), (flat, ones, x, ONE_DRAW))), finding=True)
    yield Case("all randomness comes from rng", _follows_rng(student, rng, x), finding=True)


def _swaps_noticed(student: Any, rng: np.random.Generator, x: np.ndarray) -> str | Failed:
    c = np.arange(1.0, 8.0)
    f = _shaped_like(x, lambda x: np.sum(c * x), "f(x) = sum(c * x)")
    swapped = [c.copy() for _ in range(21)]
    for s, (i, j) in zip(swapped, combinations(range(7), 2), strict=True):
        s[[i, j]] = s[[j, i]]
    accepted, *rejected = _errors(student, rng, (f, _gradient(x, lambda x: c + 0 * x, "c"), x, FEW_DRAWS), *(
        (f, _gradient(x, lambda x, s=s: s + 0 * x, "c with two entries swapped"), x, ONE_DRAW) for s in swapped))
    right, found = _median(accepted), [_median(errors) for errors in rejected]
    failed = next((e for e in (right, *found) if isinstance(e, Failed)), None)
    if failed is not None:
        return failed
    if right != "below 1e-5":  # then the swaps tell nothing
        return f"the error of the right gradient is {right}"
    # A draw misses a swap once in 20,000 times, so two in the same run hardly ever; directions of 1 and -1 miss every second one.
    noticed = sum(e in ("above 1e-3", "between 1e-5 and 1e-3") for e in found)
    many = "(nearly) all" if noticed >= 20 else "some" if noticed else "none"
    return f"{many} of the swaps are noticed; the error of the right gradient is {right}"


def _follows_rng(student: Any, rng: np.random.Generator, x: np.ndarray) -> str | Failed:
    c, seeds = np.arange(1.0, x.size + 1), rng.integers(2**31, size=3)
    f = _shaped_like(x, lambda x: np.sum(c * x), "f(x) = sum(c * x)")
    lost = _gradient(x, lambda x: np.where(np.arange(x.size) == 1, 0.0, c), "one entry lost")
    asked = rng.permutation([0, 0, 1, 2])
    errors = [student.directional_check(f, lost, x, np.random.default_rng(int(seeds[i]))) for i in asked]
    failed = next((e for e in errors if isinstance(e, Failed)), None)
    if failed is not None:
        return failed
    if not all(isinstance(e, (int, float, np.number)) or (isinstance(e, np.ndarray) and e.shape == ()) for e in errors):
        return "not a number came back"
    numbers = [float(e) for e in errors]
    if len(set(numbers)) == 1:
        return "the same direction for every generator"
    again = {numbers[k] for k in np.flatnonzero(asked == 0)}
    return "the same generator gives the same direction" if len(again) == 1 else (
        "the same generator gives another direction when it starts anew")


@exercise("max_pool2d_backward", needs=["max_pool2d_backward"],
          answered_by=["course.layers.max_pool2d_backward", "course.layers.MaxPool2d"])
def max_pool2d_backward(student: Any, rng: np.random.Generator) -> Outputs:
    shapes = {"2 x 2 windows": (2, 1, 4, 4, 2), "more columns than rows": (2, 3, 4, 6, 2), "3 x 3 windows": (1, 2, 6, 3, 3)}
    for name, (n, c, h, w, size) in shapes.items():
        x = rng.permutation(n * c * h * w).reshape(n, c, h, w) - 0.5 * n * c * h * w
        yield name, student.max_pool2d_backward(rng.normal(size=(n, c, h // size, w // size)), read_only(x), size)
    x = -1.0 - rng.permutation(64).reshape(1, 4, 4, 4)
    yield "all inputs negative", student.max_pool2d_backward(rng.normal(size=(1, 4, 2, 2)), np.asfortranarray(x), np.int64(2))


@exercise("conv2d_backward", needs=["conv2d_backward"],
          answered_by=[f"course.layers.{name}" for name in ("conv2d_backward", "convolution.conv2d_filter_gradient", "Conv2d", "Conv1d")])
def conv2d_backward(student: Any, rng: np.random.Generator) -> Outputs:
    shapes = {
        "3 x 3 kernels": (2, 2, 5, 5, 3, 3),
        "more columns than rows": (2, 1, 4, 6, 2, 3),
        "even 2 x 2 kernels": (1, 3, 4, 3, 2, 2),
        "1 x 1 kernels": (3, 2, 2, 3, 4, 1),
    }
    for name, (n, c, h, w, f, k) in shapes.items():
        x, kernels = rng.normal(size=(n, c, h, w)), rng.normal(size=(f, c, k, k))
        grad = rng.normal(size=(n, f, h - k + 1, w - k + 1))
        yield from parts(name, student.conv2d_backward(grad, read_only(x), np.asfortranarray(kernels)), ("dx", "dw"))


@exercise("unbroadcast", needs=["unbroadcast"])
def unbroadcast(student: Any, rng: np.random.Generator) -> Outputs:
    cases = {
        "a row repeated over the batch": ((4, 3), (3,)),
        "a column repeated along the rows": ((4, 3), (4, 1)),
        "a square, so that a wrong axis still fits": ((3, 3), (3,)),
        "an axis in front and an axis of length 1": ((2, 4, 3), (4, 1)),
        "an axis of length 1 in the middle": ((2, 3, 4), (2, 1, 4)),
        "one number": ((2, 3), ()),
        "one number with two axes": ((2, 3), (1, 1)),
    }
    for name, (shape, wanted) in cases.items():
        yield name, student.unbroadcast(read_only(rng.normal(size=shape)), wanted)
    grad = rng.normal(size=(2, 3))
    yield "nothing was repeated; and then one axis was", (student.unbroadcast(grad, (2, 3)), student.unbroadcast(grad, (2, 1)))


VALID = "a valid order"


@cache
def _long_chain() -> tuple[list[int], dict[int, list[int]]]:
    """Return the one valid order of a chain, and the parents."""
    ids = np.random.default_rng(0).permutation(100_000).tolist()
    return ids, {ids[0]: [], **{k: [p] for p, k in pairwise(ids)}}


def order_fault(order: Any, root: int, parents: dict[int, list[int]]) -> Any:
    """Say what is wrong with an order, or that nothing is; any valid order is as good as another."""
    if isinstance(order, Failed):
        return order
    if not isinstance(order, (list, tuple)) or not all(isinstance(node, (int, np.integer)) for node in order):
        return "not a list of ids came back"
    if not all(node in parents for node in order):  # before they make a set: the numbers could be such that this takes forever
        return "an id stands there that the root does not reach"
    named = set(order)
    if len(named) < len(order):
        return "an id stands twice"
    reachable, waiting = {root}, [root]
    while waiting:
        new = [p for p in parents[waiting.pop()] if p not in reachable]
        reachable.update(new)
        waiting += new
    if not named <= reachable:
        return "an id stands there that the root does not reach"
    if named < reachable:
        return "the root is missing" if root not in named else "an id is missing"
    seen: set[int] = set()
    for node in order:
        if not seen.issuperset(parents[node]):
            if node == root and node == order[0]:
                return "the root is not last"
            return "an id stands before one of its parents"
        seen.add(node)
    return VALID  # the root is last then: it comes after everything that it reaches


@exercise("topological_order", needs=["topological_order"], seconds=5.0, hidden_seeds=1)
def topological_order(student: Any, rng: np.random.Generator) -> Outputs:
    graphs: dict[str, tuple[int, dict[int, list[int]]]] = {
        "one id alone": (0, {0: [], 1: [0]}),
        "a diamond": (3, {0: [], 1: [0], 2: [0], 3: [1, 2]}),
        "a parent named twice": (2, {0: [], 1: [0, 0], 2: [1, 1]}),
        "ids that the root does not reach": (5, {7: [5], 5: [1], 1: [], 8: [], 9: [7, 8]}),
        "a short cut past a longer way": (0, {0: [1, 2], 2: [3], 3: [1], 1: []}),
        "a short cut, named the other way round": (0, {0: [2, 1], 2: [3], 3: [1], 1: []}),
        "named twice by one id, once by another": (3, {3: [2, 1], 2: [0], 1: [0, 0], 0: []}),
        "named twice by one id, once by another, the other way round": (3, {3: [1, 2], 2: [0], 1: [0, 0], 0: []}),
        "a ladder of 12 diamonds": (36, _ladder(12)),
        "a random graph of 40": (39, {i: sorted(set(rng.integers(0, i, size=3).tolist())) if i else [] for i in range(40)}),
    }
    first_fault: Any = VALID

    def asked(root: int, parents: dict[int, list[int]]) -> Any:
        ids = rng.permutation(max(1000, max(parents) + 1))[: max(parents) + 1].tolist()
        renamed = {ids[k]: [ids[p] for p in parents[k]] for k in rng.permutation(list(parents)).tolist()}
        # The student gets a copy: an answer that empties the lists must not empty those it is judged by.
        order = student.topological_order(ids[root], {k: list(ps) for k, ps in renamed.items()})
        return order_fault(order, ids[root], renamed)

    for name, (root, parents) in graphs.items():
        finding = asked(root, parents)
        first_fault = finding if first_fault == VALID else first_fault
        yield Case(name, finding, weight=0.0 if len(parents) == 2 else 1.0, finding=True)
    # What takes long is asked of an order that is right on the short graphs. Where each way through the ladder is gone by
    # itself, this takes ten seconds or more: longer than the limit, and not so long that nobody waits for the card.
    first_fault = asked(72, _ladder(24)) if first_fault == VALID else first_fault
    yield Case("a ladder of 24 diamonds, 17 million ways", first_fault, finding=True)
    if first_fault == VALID:
        ids, parents = _long_chain()
        order = student.topological_order(ids[-1], {k: ps.copy() for k, ps in parents.items()})
        right = isinstance(order, (list, tuple)) and set(map(type, order)) == {int} and list(order) == ids
        first_fault = VALID if right else order_fault(order, ids[-1], parents)
    yield Case("a chain of 100,000", first_fault, finding=True)


def _ladder(steps: int) -> dict[int, list[int]]:
    parents: dict[int, list[int]] = {0: []}
    for i in range(steps):
        parents |= {3 * i + 1: [3 * i], 3 * i + 2: [3 * i], 3 * i + 3: [3 * i + 1, 3 * i + 2]}
    return parents


def _graph(student: Any, name: str, build: Callable[..., Any], *arrays: Any, times: int = 1, weight: float = 1.0) -> Outputs:
    names = build.__code__.co_varnames[: len(arrays)]
    leaves = [student.Tensor(array) for array in arrays]
    for n, leaf, array in zip(names, leaves, arrays, strict=True):
        if isinstance(leaf, Handle) and np.ndim(array):  # a single number is shown itself
            leaf.named(n)
    out = build(*leaves) if all(isinstance(leaf, (Handle, Failed)) for leaf in leaves) else None
    if not isinstance(out, (Handle, Failed)):
        out = Failed("unusable", message="a Tensor was wanted, and something else came back")
    yield Case(f"{name}: value", out.data, weight=weight / 4)
    done = [out.backward() for _ in range(times)]
    failed = next((d for d in done if isinstance(d, Failed)), None)
    yield Case(f"{name}: gradient", failed or {f"{n}.grad": leaf.grad for n, leaf in zip(names, leaves, strict=True)}, weight=weight)


ONE_OPERATION: dict[str, Callable[..., Any]] = {
    "a * b": lambda a, b: a * b,
    "a.exp() * 3": lambda a: a.exp() * 3,
    "a.log() * 3": lambda a: a.log() * 3,
    "a ** 3": lambda a: a**3,
    "a / b": lambda a, b: a / b,
    "a ** b": lambda a, b: a**b,
}


@exercise("tensor", needs=["Tensor"], hidden_seeds=1)
def tensor(student: Any, rng: np.random.Generator) -> Outputs:
    a, b = rng.normal(size=(2, 3, 4))
    row, column, positive = rng.normal(size=4), rng.normal(size=(3, 1)), rng.uniform(0.5, 2, size=(3, 4))
    numbers = rng.permutation(np.arange(12, 20) / 10)  # short ones: the card shows them
    for name, build in ONE_OPERATION.items():
        yield from _graph(student, f"numbers: {name}", build, *map(np.array, numbers[: build.__code__.co_argcount]), weight=0.5)
    yield from _graph(student, "a + b * a", lambda a, b: a + b * a, a, b)
    yield from _graph(student, "(a - b) * b", lambda a, b: (a - b) * b, a, b)
    yield from _graph(student, "a * b", lambda a, b: a * b, a, b)
    yield from _graph(student, "a / b", lambda a, b: a / b, a, positive)
    yield from _graph(student, "(-a) * a", lambda a: (-a) * a, a)
    yield from _graph(student, "(a + r) * c, r a row and c a column", lambda a, r, c: (a + r) * c, a, row, column)
    yield from _graph(student, "arrays and numbers on the right", lambda a: ((a + b) * 3.0 - 1) / positive, a)
    yield from _graph(student, "numbers on the left", lambda a: 2 - (1 + 3.0 * a) * (2 / a), positive)
    yield from _graph(student, "arrays on the left", lambda r: (b + row * r) * (b - r) + positive / r, np.abs(row) + 0.5)
    yield from _graph(student, "a @ b", lambda a, w: a @ w, a, rng.normal(size=(4, 2)))
    yield from _graph(student, "a @ b, square", lambda a, w: a @ w, *rng.normal(size=(2, 3, 3)))
    yield from _graph(student, "a ** 3", lambda a: a**3, a)
    yield from _graph(student, "a ** -0.5", lambda a: a**-0.5, positive)
    yield from _graph(student, "a ** b, both tensors", lambda a, b: a**b, positive, b)
    yield from _graph(student, "a ** b, b a tensor of one number", lambda a, b: a**b, positive, np.array(rng.uniform(1.5, 2.5)))
    yield from _graph(student, "(a * a).sum() * a.sum()", lambda a: (a * a).sum() * a.sum(), a)
    yield from _graph(student, "(a * a).sum(0) * a.sum(axis=0)", lambda a: (a * a).sum(0) * a.sum(axis=0), a)
    yield from _graph(student, "(a * b).sum(axis=1) * b.sum(axis=0), square", lambda a, b: (a * b).sum(axis=1) * b.sum(axis=0), *rng.normal(size=(2, 3, 3)))
    yield from _graph(student, "b * a / a.sum(axis=-1, keepdims=True)", lambda a, b: b * a / a.sum(axis=-1, keepdims=True), positive, b)
    yield from _graph(student, "(a * a).sum(keepdims=True)", lambda a: (a * a).sum(keepdims=True), a)
    yield from _graph(student, "(a * a).mean() + a.mean(axis=1).sum()", lambda a: (a * a).mean() + a.mean(axis=1).sum(), a)
    yield from _graph(student, "(a - a.mean(axis=0, keepdims=True)) * a", lambda a: (a - a.mean(axis=0, keepdims=True)) * a, a)
    yield from _graph(student, "(a - a.mean(axis=-1, keepdims=True)) * a", lambda a: (a - a.mean(axis=-1, keepdims=True)) * a, a)
    yield from _graph(student, "(a * a).mean(keepdims=True)", lambda a: (a * a).mean(keepdims=True), a)
    yield from _graph(student, "(a * a).reshape(2, 6) @ a.reshape(6, 2)", lambda a: (a * a).reshape(2, 6) @ a.reshape(6, 2), a)
    yield from _graph(student, "a.exp() * a.log()", lambda a: a.exp() * a.log(), positive)
    kinked = np.where(rng.random(size=(3, 4)) < 0.3, 0.0, a)
    kinked.flat[:2] = [0.0, 1.0]
    yield from _graph(student, "a.relu() * b, some entries of a are 0", lambda a, b: a.relu() * b, kinked, b)
    yield from _graph(student, "a * a + a: a is used three times", lambda a: a * a + a, a, weight=2.0)
    leaf = student.Tensor(rng.normal(size=3))
    before, out = leaf.grad, leaf * leaf * 2.0
    done = out.backward()
    yield "the gradient before and after backward", done if isinstance(done, Failed) else (before, leaf.grad)
    yield from _graph(student, "a diamond", _diamond, np.array(rng.uniform(0.5, 1.5)), weight=2.0)
    number = np.array(rng.integers(5, 30) / 10)
    yield from _graph(student, "q = a * 3; (q + 1) * (q * q)", lambda a: _used_thrice(a, square_last=True), number)
    yield from _graph(student, "q = a * 3; (q * q) * (q + 1)", lambda a: _used_thrice(a, square_last=False), number)
    yield from _graph(student, "backward called three times", lambda a, b: (a * b).exp().sum(), a, 0.1 * b, times=3, weight=2.0)
    yield from _graph(student, "a chain of 500", _chain, np.array([0.3, -0.2]) + 0.1 * rng.random(2))
    yield from _graph(student, "a = a * 1.5; then a = a + a, 20 times", _doubled, np.array([1.0, -0.5]))
    yield from _graph(student, "integers become float64", lambda a: a * a / 2, rng.integers(1, 9, size=4))
    x, w, t = rng.normal(size=(5, 3)), rng.normal(size=(3, 2)), rng.normal(size=(5, 2))
    yield from _graph(student, "a small network", lambda w, c: (((student.Tensor(x) @ w + c).relu() - t) ** 2).mean(),
                      w, rng.normal(size=2), weight=2.0)


def _diamond(a: Any) -> Any:
    left = a * 2.0
    right = left.exp()
    return left * right + right


def _used_thrice(a: Any, square_last: bool) -> Any:
    q = a * 3.0
    rest = q + 1.0
    return rest * (q * q) if square_last else (q * q) * rest


def _doubled(a: Any) -> Any:
    # A sweep without an order goes each of the million ways by itself. It takes longer than the limit, and comes to an end.
    a = a * 1.5
    for _ in range(20):
        a = a + a
    return a


def _chain(a: Any) -> Any:
    return a.chain([["*", 0.99], ["+", 0.01]] * 250)


def _fits(result: Any, params: list[np.ndarray]) -> bool:
    """Say whether a result is a pair of lists of arrays shaped like these, before anything is computed with it."""
    return isinstance(result, (list, tuple)) and len(result) == 2 and all(
        isinstance(arrays, (list, tuple)) and len(arrays) == len(params)
        and all(isinstance(a, np.ndarray) and a.shape == p.shape for a, p in zip(arrays, params, strict=True)) for arrays in result)


@exercise("sgd_momentum_step", needs=["sgd_momentum_step"], answered_by=["course.optimizers.SGD"])
def sgd_momentum_step(student: Any, rng: np.random.Generator) -> Outputs:
    def lists(*shapes: tuple[int, ...]) -> list[list[np.ndarray]]:
        return [[np.array(rng.normal(size=s)) for s in shapes] for _ in range(3)]

    params, grads, velocity = lists((3, 2), (2,))
    yield from parts("a step on the way", student.sgd_momentum_step(params, grads, velocity, 0.1, 0.9), ("params", "velocity"))
    params, grads, velocity = lists((), (4,), (2, 1, 3))
    for array in params + velocity:
        read_only(array)
    yield from parts("shapes (), (4,) and (2, 1, 3)", student.sgd_momentum_step(params, grads, velocity, 0.5, 0.25), ("params", "velocity"))
    params, grads, velocity = lists((3,))
    yield from parts("momentum 0", student.sgd_momentum_step(params, grads, velocity, 0.3, 0.0), ("params", "velocity"))
    params, _, velocity = lists((2, 2), (2,))
    result: Any = (params, [0.0 * v for v in velocity])
    for _ in range(3):
        if not _fits(result, params):
            break
        result = student.sgd_momentum_step(result[0], [2.0 * p for p in result[0]], result[1], 0.05, 0.8)
    yield from parts("three steps from rest", result, ("params", "velocity"))


@exercise("train_digits", needs=["train_digits"], seconds=5.0, hidden_seeds=1,
          answered_by=["course.training.fit", "course.training.train_step", "course.optimizers.Adam", "course.datasets.load_digits"])
def train_digits(student: Any, rng: np.random.Generator) -> Outputs:
    x, labels = digits()
    order = rng.permutation(len(x))
    train, test = order[:1200], order[1200:]
    predict = student.train_digits(x[train], labels[train], np.random.default_rng(int(rng.integers(2**31))))
    error = error_on_moved(predict, x[test], labels[test], noise=1.6, bounds=(15, 30, 52), rng=rng)
    yield Case("error on shifted, noisy digits", error, finding=True)
