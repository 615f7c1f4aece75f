"""What kind of mistake explains the measurements: each hypothesis is a gradient that would agree with them."""

import itertools
from collections.abc import Callable, Iterator, Mapping

import numpy as np

from course.gradient_check.places import Finding, Kind, local, missing
from course.gradient_check.search import Evidence


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
    size, sign = abs(factor), "of the wrong sign and " if factor < 0 else ""
    for name, n in sizes.items():
        if n > 1 and abs(size / n - 1) < 1e-3:
            return "constant factor", f"{sign}{n:g} times too large, which is {name}: is a division by it missing?"
        if n > 1 and abs(size * n - 1) < 1e-3:
            return "constant factor", f"{sign}{n:g} times too small, which is {name}: is it divided by once too often?"
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
