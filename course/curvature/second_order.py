"""Gradients, Hessians and Hessian-vector products by central differences."""

from collections.abc import Callable
from typing import Any

import numpy as np

from course.gradient_check import numerical_gradient

Function = Callable[[np.ndarray], Any]


def _point(x: Any) -> np.ndarray:
    point = np.asarray(x)
    if point.dtype.kind not in "fiub":
        raise TypeError(f"x must hold real numbers, got {point.dtype}")
    if not np.isfinite(point).all():
        raise ValueError("x must be finite, got nan or infinity")
    return point.astype(np.float64)


def gradient(f: Function, x: Any) -> np.ndarray:
    """Return the gradient of `f` at `x`, float64 of the shape of `x`, from ``2 n + 1`` values of `f`."""
    return numerical_gradient(f, _point(x))


def hessian_vector_product(grad: Function, x: Any, v: Any, h: float = 1e-5) -> np.ndarray:
    """Return the Hessian times `v` by two gradients.

    Parameters
    ----------
    grad : callable
        Takes an array shaped like `x`, returns the gradient there, of the same shape.
    x : array_like
        Any shape, n entries; left as it is.
    v : array_like
        n entries; of any length, zero too.
    h : float
        How far to step along ``v / norm(v)``; the error falls as ``h**2`` until rounding takes over.

    Returns
    -------
    ndarray of float64, shape (n,)

    References
    ----------
    Pearlmutter (1994), Fast exact multiplication by the Hessian: there without a difference.
    """
    point, v = _point(x), np.asarray(v, dtype=np.float64).reshape(-1)
    if v.size != point.size:
        raise ValueError(f"v must have {point.size} entries, as x has; got {v.size}")
    norm = float(np.linalg.norm(v))
    step = (h * v / norm if norm else v).reshape(point.shape)
    ahead, behind = (np.array(grad(point + s), dtype=np.float64).reshape(-1) for s in (step, -step))
    return (ahead - behind) * (norm / (2 * h))


def hessian(grad: Function, x: Any, h: float = 1e-5) -> np.ndarray:
    """Return the Hessian, float64 of shape (n, n), from ``2 n`` gradients; made symmetric."""
    n = _point(x).size
    found = np.array([hessian_vector_product(grad, x, v, h) for v in np.eye(n)]).reshape(n, n)
    return (found + found.T) / 2


def hessian_of_function(f: Function, x: Any, h: float = 1e-4) -> np.ndarray:
    """Return the Hessian, float64 of shape (n, n), from ``2 n (n + 1)`` values of `f` alone, with an error of ``h**2``."""
    point = _point(x)
    n = point.size
    unit = h * np.eye(n).reshape(n, *point.shape)
    found = np.empty((n, n))
    for i in range(n):
        for j in range(i + 1):
            corners = [float(f(point + a * unit[i] + b * unit[j])) for a in (1, -1) for b in (1, -1)]
            found[i, j] = found[j, i] = (corners[0] - corners[1] - corners[2] + corners[3]) / (4 * h * h)
    return found
