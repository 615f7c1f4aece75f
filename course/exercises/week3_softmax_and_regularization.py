"""Probes of ``week3/01_softmax_and_regularization``: what is asked of each answer, without an answer."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from course.exercises.backend import Failed
from course.exercises.moved_digits import digits, error_on_moved
from course.exercises.probe import Case, exercise, parts, read_only

Outputs = Iterator[Case | tuple[str, Any]]


LOSSES = [f"course.losses.{name}" for name in ("softmax", "log_softmax", "softmax_cross_entropy")]


@exercise("softmax", needs=["log_softmax", "softmax"], answered_by=LOSSES)
def softmax(student: Any, rng: np.random.Generator) -> Outputs:
    heights = np.array([[4000.0], [0.0], [-4000.0]]) + rng.uniform(-100, 100, size=(3, 1))
    far = np.array([1e4, 0.0, -1e4])
    batches = {
        "a batch": rng.normal(size=(5, 3)),
        "as many rows as classes": read_only(2 * rng.normal(size=(4, 4))),
        "one sample": rng.normal(size=(1, 4)),
        "all logits near 10,000": np.asfortranarray(1e4 + rng.normal(size=(3, 4))),
        "all logits near -10,000": -1e4 + rng.normal(size=(4, 3)),
        "rows at very different heights": heights + rng.normal(size=(3, 5)),
        "one class far ahead of the others": np.stack([rng.permutation(far) for _ in range(4)]) + rng.normal(size=(4, 3)),
    }
    for name, logits in batches.items():
        yield f"{name}: softmax", student.softmax(logits)
        yield f"{name}: log_softmax", student.log_softmax(logits)
    logits = (100 + 3 * rng.normal(size=(4, 3))).astype(np.float32)
    yield Case("float32 logits near 100: softmax", student.softmax(logits), rtol=1e-4, atol=1e-6)
    yield Case("float32 logits near 100: log_softmax", student.log_softmax(logits), rtol=1e-4, atol=1e-4)


@exercise("cross_entropy", needs=["cross_entropy", "softmax_cross_entropy_grad"], answered_by=LOSSES)
def cross_entropy(student: Any, rng: np.random.Generator) -> Outputs:
    batches: dict[str, tuple[np.ndarray, np.ndarray]] = {
        "a batch": (rng.normal(size=(5, 3)), np.array([2, 0, 1, 2, 2])),
        "as many rows as classes": (read_only(2 * rng.normal(size=(4, 4))), rng.permutation(4)),
        "one sample": (rng.normal(size=(1, 4)), np.array([1])),
        "the last class is missing from the batch": (rng.normal(size=(6, 5)), np.array([0, 3, 2, 0, 1, 3], dtype=np.int32)),
        "logits near 10,000 and near -10,000": (
            np.array([[1e4], [-1e4], [0.0]]) + rng.normal(size=(3, 4)), read_only(rng.integers(0, 4, size=3))),
        "certain, and wrong in one row of two": (
            np.asfortranarray(np.array([[1e4, 0, -1e4], [0, 1e4, -1e4]]) + rng.normal(size=(2, 3))), np.array([0, 2])),
    }
    for name, (logits, labels) in batches.items():
        yield f"{name}: loss", student.cross_entropy(logits, labels)
        yield f"{name}: gradient", student.softmax_cross_entropy_grad(logits, labels)


@exercise("softmax_jacobian", needs=["softmax_jacobian"], answered_by=["course.losses.softmax_jacobian"])
def softmax_jacobian(student: Any, rng: np.random.Generator) -> Outputs:
    p = rng.dirichlet(np.ones(4))
    yield "four classes", student.softmax_jacobian(p)
    share = rng.uniform(0.6, 0.9)
    yield "two classes", student.softmax_jacobian(read_only(np.array([share, 1 - share])))
    p = np.zeros(6)
    p[rng.permutation(6)[:3]] = rng.dirichlet(np.ones(3))
    yield "zeros among the probabilities", student.softmax_jacobian(p)
    yield "all classes alike", student.softmax_jacobian(np.full(5, 0.2))
    yield "every second entry of an array", student.softmax_jacobian(np.repeat(rng.dirichlet(np.ones(3)), 2)[::2])
    yield Case("certain of one class", student.softmax_jacobian(np.array([0.0, 1.0, 0.0])), weight=0.0)  # all zeros


@exercise("polynomial_features", needs=["polynomial_features"], answered_by=["course.linear.polynomial_features"])
def polynomial_features(student: Any, rng: np.random.Generator) -> Outputs:
    yield "degree 3", student.polynomial_features(rng.uniform(0.2, 2, size=5), 3)
    yield "as many points as columns", student.polynomial_features(read_only(rng.uniform(0.2, 2, size=5)), 4)
    yield "negative points, and 0", student.polynomial_features(np.array([-1.5, 0.0, rng.uniform(-1, -0.1), 0.5]), np.int64(5))
    yield "degree 1", student.polynomial_features(rng.normal(size=6)[::2], 1)
    yield "one point", student.polynomial_features(rng.uniform(0.5, 2, size=1), 2)
    yield Case("degree 0", student.polynomial_features(rng.normal(size=4), 0), weight=0.0)  # ones


@exercise("ridge_fit", needs=["ridge_fit"], answered_by=["course.linear.ridge_fit"])
def ridge_fit(student: Any, rng: np.random.Generator) -> Outputs:
    settings = {
        "more samples than features": (12, 3, 2.0),
        "fewer samples than features": (3, 5, 0.7),
        "as many samples as features": (4, 4, 1.5),
        "one feature": (6, 1, 3.0),
        "a strong penalty": (8, 3, 50.0),
        "a weak penalty": (10, 2, 0.05),
    }
    for name, (n, d, strength) in settings.items():
        x, y = rng.normal(size=(n, d)) + 1.0, rng.normal(size=n) + 2.0  # not centred: an intercept would show
        yield Case(name, student.ridge_fit(np.asfortranarray(x), read_only(y), strength), rtol=1e-6, atol=1e-9)


@exercise("penalties", needs=["l2_penalty", "l1_penalty"], answered_by=["course.losses.l2_penalty", "course.losses.l1_penalty"])
def penalties(student: Any, rng: np.random.Generator) -> Outputs:
    def normal(*shape: int) -> np.ndarray:
        return np.array(rng.normal(size=shape))

    zeros = normal(3, 4)
    zeros[0, :2] = 0.0
    nets = {
        "one layer": ({"w": normal(3, 2), "b": normal(2)}, 0.3),
        "two layers with biases": ({"w1": read_only(normal(4, 3)), "b1": normal(3), "w2": normal(3, 2), "b2": normal(2)}, 0.7),
        "some weights are 0": ({"w": zeros}, 1.5),
        "batch normalization: gamma and beta": ({"gamma": normal(4), "beta": read_only(normal(4)), "scale": normal()}, 0.4),
        "a b inside the name, and a capital one": ({"embedding": normal(2, 3), "bias": normal(3), "Bilinear": normal(2)}, 0.6),
    }
    for name, (params, strength) in nets.items():
        for which, penalty in (("L2", student.l2_penalty), ("L1", student.l1_penalty)):
            yield from parts(f"{name}, {which}", penalty(params, strength), ("penalty", "gradients"))


@exercise("soft_threshold", needs=["soft_threshold"], answered_by=["course.losses.soft_threshold"])
def soft_threshold(student: Any, rng: np.random.Generator) -> Outputs:
    def exactly(name: str, w: np.ndarray, threshold: float, weight: float = 1.0) -> Case:
        # No absolute tolerance: what should be 0 has to be 0.
        return Case(name, student.soft_threshold(w, threshold), weight, rtol=1e-9, atol=0.0)

    signs = np.array([1.0, -1.0, 1.0, -1.0, 1.0, -1.0])
    yield exactly("large and small weights of both signs", signs * rng.uniform([1, 1, 0.7, 0.7, 0, 0], [3, 3, 1, 1, 0.4, 0.4]), 0.5)
    yield exactly("a matrix", read_only(rng.normal(size=(4, 5))), 0.6)
    yield exactly("three axes, not contiguous", rng.normal(size=(2, 3, 4)).swapaxes(0, 2), 0.3)
    yield exactly("weights at the threshold itself, and 0", np.array([0.5, -0.5, 0.0, 2.5, -2.5]), 0.5)
    yield exactly("one number: shape ()", np.array(-rng.uniform(2, 3)), 1.25)
    w = np.append(rng.normal(size=4), 0.0)
    yield Case("threshold 0 changes nothing, and 0.2 does", [student.soft_threshold(w, 0.0), student.soft_threshold(w, 0.2)], rtol=1e-9, atol=0.0)
    yield exactly("a threshold above every weight", rng.uniform(-1, 1, size=5), 2.0, weight=0.0)  # zeros


SOUND = "as it should be"


def _taken_apart(result: Any, x: np.ndarray) -> tuple[np.ndarray, np.ndarray] | Any:
    """Return (out, mask), or what was returned instead of two arrays shaped like x."""
    if isinstance(result, Failed):
        return result
    if not isinstance(result, (list, tuple)) or len(result) != 2:
        return "not the pair (out, mask)"
    out, mask = result
    for name, array in (("out", out), ("the mask", mask)):
        if not isinstance(array, (np.ndarray, np.floating)) or np.shape(array) != x.shape or array.dtype.kind != "f":
            return f"{name} is no array of floats shaped like x"
        if not np.isfinite(array).all():
            return f"{name} is not finite"
    return np.asarray(out), np.asarray(mask)


def _values(result: Any, x: np.ndarray, rate: float) -> Any:
    pair = _taken_apart(result, x)
    if not isinstance(pair, tuple):
        return pair
    known = {"0 and 1 / (1 - rate)": 1 / (1 - rate), "0 and 1": 1.0, "0 and 1 / rate": 1 / rate, "0 and 1 - rate": 1 - rate,
             "0 and 1 / (1 - rate)**2": (1 - rate) ** -2}
    held = next((text for text, v in known.items() if np.all((pair[1] == 0) | np.isclose(pair[1], v, rtol=1e-9))), "other numbers")
    if not pair[1].any() or pair[1].all():
        return "the mask drops nothing" if pair[1].any() else "the mask drops everything"
    return f"the mask holds {held}"


def _product(result: Any, x: np.ndarray) -> Any:
    pair = _taken_apart(result, x)
    if not isinstance(pair, tuple):
        return pair
    if not pair[1].any() or pair[1].all():  # then out == x * mask would say nothing
        return "the mask drops nothing" if pair[1].any() else "the mask drops everything"
    return "out is x * mask" if np.allclose(pair[0], x * pair[1], rtol=1e-9, atol=0.0) else "out is not x * mask"


def _share(result: Any, x: np.ndarray, rate: float) -> Any:
    pair = _taken_apart(result, x)
    if not isinstance(pair, tuple):
        return pair
    dropped = float(np.mean(pair[1] == 0))
    margin = 6 * np.sqrt(rate * (1 - rate) / x.size)  # passed by a fair draw once in 500 million times
    if abs(dropped - rate) < margin:
        return "the share that is dropped is the rate"
    return "the share that is kept is the rate" if abs(1 - dropped - rate) < margin else "another share than the rate is dropped"


def _each_by_itself(student: Any, seeds: list[int]) -> Any:
    x, counts = np.ones((12, 9)), set()
    for seed in seeds:
        pair = _taken_apart(student.dropout_forward(x, 0.4, np.random.default_rng(seed)), x)
        if not isinstance(pair, tuple):
            return pair
        dropped = pair[1] == 0
        if not dropped.any() or dropped.all():
            return "all entries are treated alike"
        if np.all(dropped == dropped[0]):
            return "every row of the batch loses the same entries"
        if np.all(dropped == dropped[:, :1]):
            return "whole rows are dropped"
        counts.add(int(dropped.sum()))
    return SOUND if len(counts) > 1 else "the same number of entries is dropped each time"


def _follows_rng(student: Any, seeds: list[int]) -> Any:
    x, masks = np.ones((10, 10)), []
    for seed in [seeds[0], *seeds]:
        pair = _taken_apart(student.dropout_forward(x, 0.5, np.random.default_rng(seed)), x)
        if not isinstance(pair, tuple):
            return pair
        masks.append(pair[1])
    if all(np.array_equal(mask, masks[0]) for mask in masks):
        return "the same mask for every generator"
    return SOUND if np.array_equal(masks[0], masks[1]) else "the same generator gives another mask when it starts anew"


def _in_use(student: Any, x: np.ndarray, rate: float, seed: int) -> Any:
    trained = _taken_apart(student.dropout_forward(x, rate, np.random.default_rng(seed)), x)
    pair = _taken_apart(student.dropout_forward(x, rate, np.random.default_rng(seed), training=False), x)
    if not isinstance(trained, tuple) or not isinstance(pair, tuple):
        return pair if isinstance(trained, tuple) else trained
    if trained[1].all():
        return "nothing is dropped in training either"
    out, mask = pair
    if np.any(mask == 0):
        return "entries are dropped in use"
    if not np.allclose(out, x):
        return "out is not x in use"
    return SOUND if np.allclose(mask, 1) else "the mask is not all ones in use"


@exercise("dropout_forward", needs=["dropout_forward"], answered_by=["course.layers.dropout_forward", "course.layers.Dropout"])
def dropout_forward(student: Any, rng: np.random.Generator) -> Outputs:
    def call(x: np.ndarray, rate: float) -> Any:
        return student.dropout_forward(x, rate, np.random.default_rng(int(rng.integers(2**31))))

    for rate in (0.2, 0.75):
        x = rng.normal(size=(100, 150))
        result = call(x, rate)
        yield Case(f"rate {rate:g}: values of the mask", _values(result, x, rate), finding=True)
        yield Case(f"rate {rate:g}: out and mask fit together", _product(result, x), finding=True)
        yield Case(f"rate {rate:g}: how many are dropped", _share(result, x, rate), finding=True)
    x = np.maximum(rng.normal(size=(100, 150)), 0.0)
    yield Case("half of the inputs are 0: how many are dropped", _share(call(read_only(x), 0.3), x, 0.3), finding=True)
    x = np.asfortranarray(rng.normal(size=(20, 5, 30)))
    yield Case("three axes: values of the mask", _values(call(x, 0.4), x, 0.4), finding=True)
    seeds = rng.integers(2**31, size=12).tolist()
    yield Case("each entry by itself", _each_by_itself(student, seeds), finding=True)
    yield Case("all randomness comes from rng", _follows_rng(student, seeds[:3]), finding=True)
    yield Case("in use: training=False", _in_use(student, read_only(rng.normal(size=(30, 8))), 0.6, seeds[0]), finding=True)
    x = rng.normal(size=(3, 4))
    result = student.dropout_forward(x, 0.6, np.random.default_rng(0), training=False)
    yield Case("in use: new arrays", list(result) if isinstance(result, tuple) else result, weight=0.0)  # x and ones
    yield Case("rate 0", list(result) if isinstance(result := call(x, 0.0), tuple) else result, weight=0.0)  # x and ones


@exercise("dropout_backward", needs=["dropout_backward"], answered_by=["course.layers.dropout_backward", "course.layers.Dropout"])
def dropout_backward(student: Any, rng: np.random.Generator) -> Outputs:
    for name, shape, rate in (("rate 0.5", (5, 4), 0.5), ("rate 0.2", (6, 5), 0.2), ("three axes, rate 0.75", (4, 3, 3), 0.75)):
        kept = rng.random(shape) >= rate
        kept.flat[:2] = [True, False]
        yield name, student.dropout_backward(rng.normal(size=shape), read_only(kept / (1 - rate)))
    kept = rng.permutation(12).reshape(3, 4) >= 3
    grad, mask = np.asfortranarray(rng.normal(size=(3, 4))), kept / 0.75
    yield "the same mask twice", (student.dropout_backward(grad, mask), student.dropout_backward(2 * grad, mask))
    yield Case("a mask of ones, as in use", student.dropout_backward(rng.normal(size=(2, 3)), np.ones((2, 3))), weight=0.0)


@exercise("train_regularized", needs=["train_regularized"], seconds=5.0, hidden_seeds=1,
          answered_by=["course.training.fit", "course.training.train_step", "course.optimizers.SGD", "course.optimizers.Adam",
                       "course.datasets.load_digits"])
def train_regularized(student: Any, rng: np.random.Generator) -> Outputs:
    x, labels = digits()
    order = rng.permutation(len(x))
    train, test = order[:200], order[200:]
    noisy = x[train] + rng.normal(scale=2.0, size=(200, 64))
    predict = student.train_regularized(noisy, labels[train], np.random.default_rng(int(rng.integers(2**31))))
    error = error_on_moved(predict, x[test], labels[test], noise=2.0, bounds=(25, 38, 58), rng=rng)
    yield Case("error on shifted, noisy digits", error, finding=True)
