"""Linear least squares: powers of a number as features, and the fit with a penalty."""

import numpy as np

from course.layers.base import wrong_shape


def polynomial_features(x: np.ndarray, degree: int) -> np.ndarray:
    """Return the columns ``1, x, x**2, ..., x**degree`` of points ``x`` (n,); shape (n, degree + 1)."""
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
    if x.ndim != 2:
        raise wrong_shape("x", x, "(N, D)")
    if y.shape != x.shape[:1]:
        raise wrong_shape("y", y, f"({len(x)},)")
    if not 0 < strength < np.inf:
        raise ValueError(f"strength must be above 0 and finite, got {strength}")
    gram = x.T @ x
    gram[np.diag_indices_from(gram)] += strength
    return np.linalg.solve(gram, x.T @ y)
