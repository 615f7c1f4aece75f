"""Where a gradient is wrong, when no mistake that touches all of it alike explains the measurements."""

from typing import Literal

import numpy as np

from course.gradient_check.search import Evidence

Kind = Literal["", "transposed", "flipped", "wrong sign", "constant factor", "missing term", "some rows", "some entries",
               "wrong places", "forgotten sum", "wrong shape", "not finite", "f is random", "argument not used", "grad missing"]
Finding = tuple[Kind, str]


def local(evidence: Evidence, analytic: np.ndarray, x: np.ndarray) -> Finding | None:
    """Say where the gradient is wrong if the rest of it is right."""
    wrong = np.zeros(analytic.size, dtype=bool)
    corrected = analytic.reshape(-1).astype(np.float64)
    for i in evidence.flat("wrong"):
        wrong[i], corrected[i] = True, evidence.entries[i].best.slope
    if not wrong.any() or wrong.all():
        return None
    claimed, count = analytic.reshape(-1), int(wrong.sum())
    relation = _relation(claimed[wrong], corrected[wrong])
    if not (evidence.complete or evidence.explained_by(corrected)):
        return _lines(evidence, analytic, wrong.reshape(analytic.shape), relation, known=False)
    if count > 1 and np.allclose(np.sort(claimed), np.sort(corrected), rtol=1e-3, atol=1e-6 * np.abs(corrected).max()):
        return "wrong places", f"the right numbers in the wrong places, at {count} of {wrong.size} entries"
    flat = x.reshape(-1)
    for name, side in (("negative", flat < 0), ("positive", flat > 0), ("not positive", flat <= 0)):
        if count > 2 and side[wrong].all() and not side.all() and not np.any(side & ~wrong & (claimed != 0)):
            return "some entries", f"wrong only where the argument is {name}, where it is {relation}"
    if (rows := _lines(evidence, analytic, wrong.reshape(analytic.shape), relation, known=True)) is not None:
        return rows
    lacking = corrected[wrong] - claimed[wrong]
    if count > 2 and np.ptp(lacking) < 1e-3 * np.abs(lacking).max():
        return "missing term", f"the same amount, {lacking.mean():.4g}, is missing at {count} of {wrong.size} entries"
    places = [str([int(k) for k in np.unravel_index(i, analytic.shape)]) for i in np.flatnonzero(wrong)]
    return "some entries", f"wrong at {count} of {wrong.size} entries, {_listed(places)}, where it is {relation}"


def _lines(evidence: Evidence, analytic: np.ndarray, mask: np.ndarray, relation: str, known: bool) -> Finding | None:
    """Find rows, or lines along another axis, that hold all that is wrong; `known`: every entry is known."""
    found = [(axis, np.asarray(mask.any(axis=_others(mask, axis)))) for axis in range(mask.ndim if mask.ndim > 1 else 0)]
    for axis, lines in sorted(found, key=lambda pair: pair[1].mean()):
        filled = mask.compress(lines, axis=axis).mean()
        if lines.all() or (known and (mask.sum() == 1 or filled < 0.5)):
            continue
        if known or _rest_is_right(evidence, analytic, lines, axis):
            word = "row" if axis == 0 else f"axis {axis}, index"
            if lines.mean() > 0.5:
                return "some rows", f"right only in {word} {_listed(np.flatnonzero(~lines).tolist())}; elsewhere {relation}"
            return "some rows", f"wrong only in {word} {_listed(np.flatnonzero(lines).tolist())}, where it is {relation}"
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


def _listed(items: list) -> str:
    return ", ".join(str(i) for i in items[:4]) + (f" and {len(items) - 4} more" if len(items) > 4 else "")
