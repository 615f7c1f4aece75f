"""Probes of ``week1/02_parameters_and_compression``: what is asked of each answer, without an answer."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from course.exercises.backend import Failed
from course.exercises.probe import Case, exercise, read_only

Outputs = Iterator[Case | tuple[str, Any]]


def _between(rng: np.random.Generator, low: int, high: int) -> int:
    return int(rng.integers(low, high + 1))


@exercise("conv_parameters", needs=["conv_parameters"], answered_by=["course.layers.conv_parameters", "course.layers.Conv2d"])
def conv_parameters(student: Any, rng: np.random.Generator) -> Outputs:
    c, f = _between(rng, 3, 20), _between(rng, 30, 60)
    yield "3 x 3 kernels", student.conv_parameters(c, f, 3)
    yield "1 x 1 kernels, fewer channels out than in", student.conv_parameters(f, c, 1)
    yield "7 x 7 kernels, no bias", student.conv_parameters(c, f, 7, bias=False)
    yield "two groups", student.conv_parameters(2 * c, 2 * f, 5, groups=2)
    yield "four groups, no bias, all by position", student.conv_parameters(4 * c, 4 * f, 3, 4, False)
    yield "as many groups as channels", student.conv_parameters(f, f, 3, groups=f)
    yield "numpy's integers", student.conv_parameters(np.int64(16 * c), np.int64(16 * f), np.int64(6), np.int64(2))


@exercise("conv_multiply_adds", needs=["conv_multiply_adds"], answered_by=["course.layers.conv_multiply_adds"])
def conv_multiply_adds(student: Any, rng: np.random.Generator) -> Outputs:
    c, f, h, w = _between(rng, 3, 20), _between(rng, 30, 60), _between(rng, 7, 14), _between(rng, 15, 30)
    yield "3 x 3 kernels on a square", student.conv_multiply_adds(c, f, 3, h, h)
    yield "more columns than rows", student.conv_multiply_adds(c, f, 5, h, w)
    yield "1 x 1 kernels", student.conv_multiply_adds(f, c, 1, w, h)
    yield "two groups", student.conv_multiply_adds(2 * c, 2 * f, 3, h, w, groups=2)
    yield "as many groups as channels, by position", student.conv_multiply_adds(f, f, 3, h, w, f)
    yield "numpy's integers", student.conv_multiply_adds(np.int64(16 * c), np.int64(16 * f), np.int64(7), np.int64(8 * h), np.int64(8 * w), np.int64(4))


COSTS = ("parameters", "multiply_adds", "dense_parameter_share", "dense_multiply_add_share")


def _costs(name: str, result: Any) -> Iterator[Case]:
    """Yield what is said about parameters, and what is said about multiply-adds, so that each earns its share."""
    for amount, share in (COSTS[0::2], COSTS[1::2]):
        yield Case(f"{name}: {amount} and {share}", {key: _entry(result, key) for key in (amount, share)})


def _entry(result: Any, key: str) -> Any:
    if isinstance(result, Failed):
        return result
    if not isinstance(result, dict):
        return Failed("unusable", message=f"a dict with the keys {', '.join(COSTS)} was wanted")
    return result.get(key, Failed("unusable", message=f"the dict has no entry {key!r}"))


@exercise("network_cost", needs=["network_cost"], answered_by=["course.architectures.network_cost"])
def network_cost(student: Any, rng: np.random.Generator) -> Outputs:
    c, f, k, m = _between(rng, 3, 9), _between(rng, 11, 19), _between(rng, 2, 5), _between(rng, 21, 40)
    h, w = _between(rng, 5, 9), _between(rng, 11, 15)
    plain = {"kind": "conv", "in_channels": c, "out_channels": f, "kernel_size": k, "out_height": h, "out_width": w}
    grouped = {"kind": "conv", "in_channels": 2 * f, "out_channels": 2 * m, "kernel_size": 3, "out_height": w, "out_width": h,
               "groups": 2, "bias": True}
    unbiased = {"kind": "conv", "in_channels": m, "out_channels": c, "kernel_size": 1, "out_height": h, "out_width": h, "bias": False}
    dense = {"kind": "dense", "inputs": f * m, "outputs": m, "bias": True}
    last = {"kind": "dense", "inputs": m, "outputs": c, "bias": False}
    norm = {"kind": "norm", "channels": f}
    yield from _costs("one convolution, groups and bias left out", student.network_cost([plain]))
    yield from _costs("two groups, and a 1 x 1 convolution without bias", student.network_cost([grouped, unbiased]))
    yield from _costs("two dense layers, one without bias", student.network_cost([dense, last]))
    yield from _costs("convolution, norm, convolution, norm, dense", student.network_cost(
        [plain, norm, {**grouped, "groups": np.int64(1)}, {**norm, "channels": np.int64(2 * m)}, dense]))
    yield from _costs("all kinds", student.network_cost([plain, norm, grouped, unbiased, dense, last]))
    nothing, norms = student.network_cost([]), student.network_cost([norm, norm])
    yield "norms alone, and no layers at all", [_entry(result, key) for result in (norms, nothing) for key in COSTS]


@exercise("magnitude_masks", needs=["magnitude_masks"], answered_by=["course.optimizers.magnitude_masks"])
def magnitude_masks(student: Any, rng: np.random.Generator) -> Outputs:
    def weights(*shapes: tuple[int, ...], scales: tuple[float, ...] = ()) -> list[np.ndarray]:
        return [np.array(scale * rng.normal(size=shape)) for shape, scale in zip(shapes, scales or [1.0] * len(shapes), strict=True)]

    yield "one matrix", student.magnitude_masks(weights((5, 4)), 0.4)
    yield "most of one matrix", student.magnitude_masks(weights((10, 4)), 0.9)
    wide = weights((6, 5), (5, 4), (4,), scales=(0.1, 1.0, 3.0))
    yield "arrays of different sizes and scales", student.magnitude_masks(wide, 0.6)
    several = [read_only(np.asfortranarray(w)) for w in weights((3, 2, 3, 3), (7, 3), ())]
    yield "four axes, and a single number", student.magnitude_masks(several, 0.25)
    yield "a share that has to be rounded up", student.magnitude_masks(weights((7,), (4,)), 0.7)  # 7.7 of 11
    yield "a share that has to be rounded down", student.magnitude_masks(weights((7,), (4,)), 0.3)  # 3.3 of 11
    few = weights((4, 3), (5,))
    yield "sparsity 0, 0.3 and 1", [student.magnitude_masks(few, sparsity) for sparsity in (0.0, 0.3, 1.0)]


@exercise("masked_sgd_step", needs=["masked_sgd_step"],
          answered_by=["course.optimizers.SGD", "course.optimizers.apply_masks"])
def masked_sgd_step(student: Any, rng: np.random.Generator) -> Outputs:
    def draw(shape: tuple[int, ...], share: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        size = int(np.prod(shape))
        mask = rng.permutation(np.arange(size) < round(share * size)).reshape(shape)
        return rng.normal(size=shape), rng.normal(size=shape), mask

    w, grad, mask = draw((5, 4), 0.5)
    yield "pruned weights are zero already", student.masked_sgd_step(w * mask, grad, mask, 0.1)
    w, grad, mask = draw((4, 6), 0.25)
    yield "pruned weights are not zero yet", student.masked_sgd_step(read_only(w), read_only(grad), read_only(mask), 0.3)
    w, grad, mask = draw((3, 2, 3, 3), 0.7)
    yield "four axes", student.masked_sgd_step(np.asfortranarray(w), grad, np.asfortranarray(mask), 0.05)
    w, grad, mask = draw((8,), 0.5)
    for _ in range(3):
        w = student.masked_sgd_step(w, grad, mask, 0.2)
    yield "three steps", w


FAIR, NOT_AS_MANY = "a fair draw", "not as many entries are kept"
TOO_FEW_WAYS = "some of the 20 ways to place three entries among six never come out"
DRAWS = 200


def _mask_fault(drawn: Any, masks: list[np.ndarray]) -> Any:
    """Say what is wrong with drawn masks, or that nothing is."""
    if isinstance(drawn, Failed):
        return drawn
    if not isinstance(drawn, (list, tuple)):
        return "not a list of arrays came back"
    if len(drawn) != len(masks):
        return f"{len(drawn)} masks came back for {len(masks)}"
    if not all(isinstance(mask, np.ndarray) for mask in drawn):
        return "not a list of arrays came back"
    if [mask.shape for mask in drawn] != [mask.shape for mask in masks]:
        return "the shapes are not those of the masks"
    if any(mask.dtype != bool for mask in drawn):
        return "the masks are not boolean"
    kept, wanted = ([int(mask.sum()) for mask in several] for several in (drawn, masks))
    if kept != wanted:
        return "as many entries are kept in all, but not in each array" if sum(kept) == sum(wanted) else NOT_AS_MANY
    return FAIR


def _pattern_left(drawn: np.ndarray, stairs: np.ndarray) -> str:
    """Say what is left of a mask's pattern that a fair draw would have destroyed, but for one time in a million."""
    if any(np.array_equal(np.roll(stairs, steps), drawn) for steps in range(stairs.size)):
        return "the entries stay together"
    if any(sorted(a.tolist()) == sorted(b.tolist()) for a, b in ((drawn, stairs), (drawn.T, stairs.T))):
        return "whole rows or columns are moved, and not single entries"
    if any(np.array_equal(drawn.sum(axis), stairs.sum(axis)) for axis in (0, 1)):
        return "every row or column keeps as many as it had"
    return FAIR


@exercise("random_masks", needs=["random_masks"], hidden_seeds=1, answered_by=["course.optimizers.random_masks"])
def random_masks(student: Any, rng: np.random.Generator) -> Outputs:
    def seed() -> int:
        return _between(rng, 0, 2**31 - 2)

    def draw(masks: list[np.ndarray], at: int) -> tuple[Any, Any]:
        drawn = student.random_masks(masks, np.random.default_rng(at))
        return drawn, _mask_fault(drawn, masks)

    # How many entries are kept is drawn, too: masks that were made without a look at the given ones do not fit.
    masks = [rng.permutation(np.arange(n) < kept).reshape(shape) for n, kept, shape in (
        (60, _between(rng, 8, 20), (10, 6)), (5, 5, (5,)), (36, _between(rng, 18, 28), (2, 2, 3, 3)), (12, 0, (3, 4)))]
    drawn, fault = draw([read_only(mask) for mask in masks], seed())
    if fault == FAIR and all(np.array_equal(d, m) for d, m in zip(drawn, masks, strict=True)):
        fault = "the places are those of the given masks"
    yield Case("how many of each array are kept", fault, finding=True)

    stairs = np.tri(_between(rng, 10, 12), dtype=bool)  # every row and every column keeps another number
    drawn, fault = draw([np.asfortranarray(stairs)], seed())
    yield Case("a mask with a pattern", _pattern_left(drawn[0], stairs) if fault == FAIR else fault, finding=True)

    full, first, fault = np.array([[True] * 3, [False] * 3]), seed(), FAIR
    for mask in (full, full.T) if rng.random() < 0.5 else (full.T, full):
        draws = [draw([mask], first + i) for i in range(DRAWS // 2)]
        fault = next((f for f in (fault, *(f for _, f in draws)) if f != FAIR), FAIR)
        if fault == FAIR and len({drawn[0].tobytes() for drawn, _ in draws}) < 15:  # fair draws miss six ways once in 10**10 runs
            fault = TOO_FEW_WAYS
    yield Case("a full row, and a full column", fault, finding=True)

    kept_of_20 = _between(rng, 4, 7)
    mask = rng.permutation(np.arange(20) < kept_of_20).reshape(_between(rng, 1, 2) * 2, -1)
    first = seed()
    draws = [draw([mask], first + i) for i in range(DRAWS)]
    fault = next((fault for _, fault in draws if fault not in (FAIR, NOT_AS_MANY)), FAIR)
    if fault == FAIR:
        kept = np.array([drawn[0].sum() for drawn, _ in draws])
        if kept.min() < kept_of_20 < kept.max():
            fault = "how many are kept changes from draw to draw"
        elif kept.min() < kept_of_20 == kept.max():
            fault = "in some draws too few are kept"
        elif np.any(kept != kept_of_20):
            fault = NOT_AS_MANY
        elif np.abs(np.mean([drawn[0] for drawn, _ in draws], axis=0) - kept_of_20 / 20).max() > 0.2:  # six standard deviations
            fault = "some places are kept far more often than others"
    yield Case("every place is kept equally often", fault, finding=True)

    at, mask = seed(), rng.permutation(np.arange(48) < _between(rng, 14, 18)).reshape(_between(rng, 2, 4) * 2, -1)
    two = [mask, mask.copy()]  # alike, so that the same draw shows, whatever is made of the mask
    (once, fault), (again, second), (other, third) = draw(two, at), draw(two, at), draw(two, at + 1)
    fault = next((f for f in (fault, second, third) if f != FAIR), FAIR)
    if fault == FAIR:
        if any(not np.array_equal(a, b) for a, b in zip(once, again, strict=True)):
            fault = "the same generator gives other masks when it starts anew"
        elif all(np.array_equal(a, b) for a, b in zip(once, other, strict=True)):
            fault = "another generator gives the same masks"
        elif np.array_equal(once[0], once[1]):
            fault = "two arrays of one shape get the same places"
    yield Case("all randomness comes from rng", fault, finding=True)


@exercise("max_pool2d", needs=["max_pool2d"], answered_by=["course.layers.max_pool2d", "course.layers.MaxPool2d"])
def max_pool2d(student: Any, rng: np.random.Generator) -> Outputs:
    yield "2 x 2 windows", student.max_pool2d(rng.normal(size=(2, 3, 4, 4)), 2)
    yield "more columns than rows", student.max_pool2d(read_only(rng.normal(size=(2, 1, 4, 8))), 2)
    yield "3 x 3 windows", student.max_pool2d(np.asfortranarray(rng.normal(size=(1, 2, 9, 6))), np.int64(3))
    yield "all inputs negative", student.max_pool2d(-1 - rng.random(size=(3, 2, 4, 6)), 2)
    yield "a single window", student.max_pool2d(rng.normal(size=(3, 3, 5, 4)).transpose(3, 2, 0, 1), 3)


@exercise("distinguishable_boards", needs=["distinguishable_boards"])
def distinguishable_boards(student: Any, rng: np.random.Generator) -> Outputs:
    places = rng.permutation(64)[: _between(rng, 12, 24)]
    one_stone = np.zeros((len(places), 8, 8))
    one_stone.reshape(len(places), 64)[np.arange(len(places)), places] = 1.0
    yield "one stone on an empty board", student.distinguishable_boards(one_stone, 2)
    drawn = rng.choice([-1.0, 0.0, 1.0], size=(_between(rng, 70, 90), 4, 2), p=[0.5, 0.3, 0.2])
    yield "stones of both sides, some boards twice", student.distinguishable_boards(read_only(np.concatenate([drawn, drawn[:7]])), 2)
    yield "the opponent's stones alone", student.distinguishable_boards(rng.integers(-3, 0, size=(60, 4, 4)), np.int64(2))
    near = rng.integers(0, 6, size=(_between(rng, 50, 60), 2, 6)) / 2**40 + 0.25  # exact, and nearer than any rounding keeps apart
    yield "numbers that lie close together", student.distinguishable_boards(np.asfortranarray(near), 2)
    few = rng.integers(0, 2, size=(_between(rng, 60, 80), 3, 2)).astype(float)
    yield "windows of one square", student.distinguishable_boards(few, 1)
    yield "more columns than rows", student.distinguishable_boards(rng.integers(0, 12, size=(_between(rng, 90, 120), 3, 6)), 3)
