"""Linear maps: a stack of layers as one, powers of a number as features, and the least squares fit with a penalty."""

from collections.abc import Sequence
from functools import reduce

import numpy as np

from course.layers.base import as_float, floats, wrong_shape


def collapse_linear_layers(weights: Sequence[np.ndarray], biases: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return the one layer ``(w, b)`` that does what dense layers without activations do one after the other.

    Parameters
    ----------
    weights : sequence of ndarray, shapes (D, M), each with as many rows as the one before has columns
    biases : sequence of ndarray, shapes (M,)
    """
    if not weights or len(weights) != len(biases):
        raise ValueError(f"there must be at least one layer, and a bias for each weight; got {len(weights)} and {len(biases)}")

    def both(first: tuple[np.ndarray, np.ndarray], second: tuple[np.ndarray, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        return first[0] @ second[0], first[1] @ second[0] + second[1]

    nothing_yet = np.eye(len(weights[0])), np.zeros(len(weights[0]))
    return reduce(both, zip(weights, biases, strict=True), nothing_yet)


def polynomial_features(x: np.ndarray, degree: int) -> np.ndarray:
    """Return the columns ``1, x, x**2, ..., x**degree`` of points ``x`` (n,); shape (n, degree + 1)."""
    x = as_float(x)
    if x.ndim != 1:
        raise wrong_shape("x", x, "(n,)")
    if degree < 0:
        raise ValueError(f"degree must be at least 0, got {degree}")
    return np.vander(x, degree + 1, increasing=True)


def ridge_fit(x: np.ndarray, y: np.ndarray, strength: float) -> np.ndarray:
    """Return the ``w`` that minimises ``||x w - y||^2 + strength ||w||^2``, without an intercept.

    Parameters
    ----------
    x : ndarray, shape (N, D)
        N may be smaller than D.
    y : ndarray, shape (N,)
    strength : float
        Above 0.

    Returns
    -------
    w : ndarray, shape (D,)

    References
    ----------
    A. E. Hoerl and R. W. Kennard (1970), Ridge regression: biased estimation for nonorthogonal problems.
    """
    x, y = floats(x=x, y=y)
    if x.ndim != 2:
        raise wrong_shape("x", x, "(N, D)")
    if y.shape != x.shape[:1]:
        raise wrong_shape("y", y, f"({len(x)},)")
    if not 0 < strength < np.inf:
        raise ValueError(f"strength must be above 0 and finite, got {strength}")
    gram = x.T @ x
    gram[np.diag_indices_from(gram)] += strength
    return np.linalg.solve(gram, x.T @ y)
