"""What kind of mistake explains the measurements: each hypothesis is a gradient that would agree with them."""

import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import Literal

import numpy as np

from course.gradient_check.search import Evidence

Kind = Literal["", "transposed", "flipped", "wrong sign", "constant factor", "missing term", "some rows", "some entries",
               "wrong places", "forgotten sum", "wrong shape", "not finite", "f is random", "argument not used", "grad missing"]
Finding = tuple[Kind, str]


def diagnose(evidence: Evidence, analytic: np.ndarray, x: np.ndarray, sizes: Mapping[str, float],
             terms: Mapping[str, np.ndarray], one_sample: Callable[[], str]) -> Finding:
    """Name the mistake in a gradient that was found wrong.

    Parameters
    ----------
    evidence : Evidence
        Measured slopes and entries.
    analytic, x : ndarray
        The gradient under test and the point.
    sizes : mapping
        Numbers that a forgotten or doubled division leaves behind, by name: ``{"the batch size": 64}``.
    terms : mapping
        Arrays like `x` that may have been left out, by name.
    one_sample : callable
        Returns which single sample the gradient depends on, or an empty text; asked only when needed.
    """
    if evidence.slopes.is_random():
        return "f is random", "f returns another number when it is asked again: let it draw the same random numbers anew"
    if np.any(analytic) and (sample := one_sample()) != "":
        return "forgotten sum", f"only the {sample} sample counts: the sum over the batch is forgotten"
    return everywhere(evidence, analytic, sizes, terms) or local(evidence, analytic, x) or missing(evidence, analytic)


def everywhere(evidence: Evidence, analytic: np.ndarray, sizes: Mapping[str, float],
               terms: Mapping[str, np.ndarray]) -> Finding | None:
    """Name a mistake that touches all entries alike; a handful of random directions is enough to tell."""
    directions, slopes = evidence.measured()
    if not np.any(slopes) and np.any(analytic):
        return "argument not used", "f does not change with its argument: does it use the array that it is given?"
    if not np.any(analytic):
        return "missing term", "the gradient is zero everywhere"
    if (factor := constant_factor(directions, slopes, analytic, evidence)) is not None:
        return named_factor(factor, sizes)
    for kind, name, candidate in rearranged(analytic):
        if not np.array_equal(candidate, analytic) and evidence.explained_by(candidate):
            return kind, name
    for name, term in terms.items():
        if term.shape != analytic.shape or not np.any(along := directions @ term.reshape(-1)) or len(slopes) < 3:
            continue
        share = float(along @ (slopes - directions @ analytic.reshape(-1)) / (along @ along))
        if evidence.explained_by(analytic + share * term):
            times = "" if abs(share - 1) < 1e-3 else f"{share:.4g} times "
            return "missing term", f"a term is missing: {times}{name}"
    return None


def constant_factor(directions: np.ndarray, slopes: np.ndarray, analytic: np.ndarray,
                    evidence: Evidence) -> float | None:
    """Return c if the gradient is c times the right one."""
    claimed = directions @ analytic.reshape(-1)
    if not np.any(slopes) or not np.any(claimed):
        return None
    inverse = float(claimed @ slopes / (claimed @ claimed))
    return 1 / inverse if inverse and evidence.explained_by(inverse * analytic) else None


def named_factor(factor: float, sizes: Mapping[str, float]) -> Finding:
    """Put a factor into words."""
    if abs(factor + 1) < 1e-3:
        return "wrong sign", "wrong sign: it is -1 times the right gradient"
    size = abs(factor)
    sign = "minus " if factor < 0 else ""
    for name, n in sizes.items():
        if n > 1:
            if abs(size / n - 1) < 1e-3:
                return "constant factor", f"too large by {sign}{n:g}, {name}: is a division by it missing?"
            if abs(size * n - 1) < 1e-3:
                return "constant factor", f"too small by {sign}{n:g}, {name}: is it divided by once too often?"
    return "constant factor", f"it is {factor:.4g} times the right gradient"


def rearranged(g: np.ndarray) -> Iterator[tuple[Kind, str, np.ndarray]]:
    """Yield the gradient with its entries in other places, of the same shape."""
    for axes in itertools.permutations(range(g.ndim)) if g.ndim <= 4 else ():
        if axes != tuple(range(g.ndim)) and tuple(g.shape[a] for a in axes) == g.shape:
            yield "transposed", "transposed" if g.ndim == 2 else f"transposed: axes {axes} are right", g.transpose(axes)
    if g.ndim == 2:
        yield "transposed", "reshaped where a transpose is needed", g.reshape(g.shape[::-1]).T
        yield "transposed", "transposed and then reshaped", g.T.reshape(g.shape)
    for axis in range(g.ndim):
        yield "flipped", f"back to front along axis {axis}", np.flip(g, axis)
    if g.ndim > 2:
        yield "flipped", "back to front along the last two axes: is the kernel turned?", np.flip(g, (-2, -1))


def local(evidence: Evidence, analytic: np.ndarray, x: np.ndarray) -> Finding | None:
    """Say where the gradient is wrong if the rest of it is right."""
    wrong = np.zeros(analytic.size, dtype=bool)
    corrected = analytic.reshape(-1).astype(np.float64)
    for i in evidence.flat("wrong"):
        wrong[i], corrected[i] = True, evidence.entries[i].best.slope
    if not wrong.any() or wrong.all():
        return None
    known = evidence.complete or evidence.explained_by(corrected)
    mask = wrong.reshape(analytic.shape)
    if known and np.allclose(np.sort(analytic, axis=None), np.sort(corrected), rtol=1e-3, atol=1e-6 * np.abs(corrected).max()):
        return "wrong places", f"the right numbers in the wrong places, at {int(wrong.sum())} of {wrong.size} entries"
    relation = _relation(analytic.reshape(-1)[wrong], corrected[wrong])
    there = f", where it is {relation}"
    if known:
        flat, count = x.reshape(-1), int(wrong.sum())
        for name, side in (("negative", flat < 0), ("positive", flat > 0), ("not positive", flat <= 0)):
            if count > 2 and np.all(side[wrong]) and not np.any(side & ~wrong & (analytic.reshape(-1) != 0)):
                if np.any(~side):
                    return "some entries", f"wrong only where the argument is {name}{there}"
    for axis in sorted(range(analytic.ndim) if analytic.ndim > 1 else (), key=lambda a: np.any(mask, _others(mask, a)).mean()):
        lines = np.any(mask, _others(mask, axis))
        filled = mask[(slice(None),) * axis + (lines,)].mean()
        if lines.all() or (known and (wrong.sum() == 1 or filled < 0.5)):
            continue
        if known or _rest_is_right(evidence, analytic, lines, axis):
            word = "row" if axis == 0 else f"axis {axis}, index"
            if lines.mean() > 0.5:
                return "some rows", f"right only in {word} {_listed(np.flatnonzero(~lines).tolist())}; elsewhere {relation}"
            return "some rows", f"wrong only in {word} {_listed(np.flatnonzero(lines).tolist())}{there}"
    if known:
        lacking = corrected[wrong] - analytic.reshape(-1)[wrong]
        if wrong.sum() > 2 and np.ptp(lacking) < 1e-3 * np.abs(lacking).max():
            return "missing term", f"the same amount, {lacking.mean():.4g}, is missing at {wrong.sum()} of {wrong.size} entries"
        places = [_place(i, analytic.shape) for i in np.flatnonzero(wrong).tolist()]
        return "some entries", f"wrong at {len(places)} of {wrong.size} entries, {_listed(places)}{there}"
    return None


def _rest_is_right(evidence: Evidence, analytic: np.ndarray, lines: np.ndarray, axis: int) -> bool:
    """Measure two random directions that leave the wrong rows alone."""
    rest = np.broadcast_to(~np.expand_dims(lines, _others(analytic, axis)), analytic.shape).reshape(-1)
    rng = np.random.default_rng(0)
    judged = [evidence.slopes.judge(slice(None), rng.normal(size=rest.size) * rest) for _ in range(2)]
    return all(j.verdict != "wrong" for j in judged)


def missing(evidence: Evidence, analytic: np.ndarray) -> Finding:
    """Describe what is left over when no simpler mistake explains it."""
    wrong = evidence.flat("wrong")
    claimed, numeric = analytic.reshape(-1)[wrong], np.array([evidence.entries[i].best.slope for i in wrong])
    if len(wrong) > 1 and not np.any(claimed):
        return "missing term", "a term is missing: it is 0 where it should not be"
    rest = np.full(analytic.size, np.nan)
    rest[wrong] = numeric - claimed
    if evidence.complete and analytic.ndim > 1 and len(wrong) > analytic.size / 2:
        grid = np.nan_to_num(rest.reshape(analytic.shape))
        if np.allclose(grid, grid.mean(0), atol=1e-4 * np.abs(grid).max()):
            return "missing term", "a term is missing that is the same for every row: a mean or a sum over the batch?"
    return "missing term", "a term is missing, or one is wrong: nothing simpler explains the difference"


def _others(array: np.ndarray, axis: int) -> tuple[int, ...]:
    return tuple(a for a in range(array.ndim) if a != axis)


def _relation(claimed: np.ndarray, right: np.ndarray) -> str:
    if not np.any(claimed):
        return "0 and should not be"
    if np.all(np.abs(right) <= 1e-6 * np.abs(claimed).max()):
        return "not 0 and should be"
    factor = float(claimed @ right / (right @ right))
    return f"{factor:.4g} times the right value" if np.allclose(claimed, factor * right, rtol=1e-3) else "off by varying amounts"


def _place(flat: int, shape: tuple[int, ...]) -> str:
    return "[" + ", ".join(str(int(i)) for i in np.unravel_index(flat, shape)) + "]"


def _listed(items: list) -> str:
    return ", ".join(str(i) for i in items[:4]) + (f" and {len(items) - 4} more" if len(items) > 4 else "")
