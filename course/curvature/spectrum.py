"""Eigenvalues of a Hessian: the index of a critical point, its kind, the way down, the extremes by Lanczos."""

from collections.abc import Callable
from typing import Any, Literal

import numpy as np

from course.generators import Rng, generator

ZERO = 1e-6  # eigenvalues within this share of the largest one count as zero
Kind = Literal["minimum", "maximum", "saddle", "degenerate"]


def _eigen(hessian: Any) -> tuple[np.ndarray, np.ndarray, float]:
    matrix = np.asarray(hessian, dtype=np.float64)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not matrix.size:
        raise ValueError(f"hessian must be a square matrix, got shape {matrix.shape}")
    if not np.isfinite(matrix).all():
        raise ValueError("hessian must be finite, got nan or infinity")
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    return values, vectors, float(np.abs(values).max())


def saddle_index(hessian: Any, zero: float = ZERO) -> int:
    """Count the directions that lead down: eigenvalues below ``-zero * max(abs(eigenvalues))``."""
    values, _, size = _eigen(hessian)
    return int(np.sum(values < -zero * size))


def classify_critical_point(hessian: Any, zero: float = ZERO) -> Kind:
    """Tell the kind of a critical point by the signs of the Hessian's eigenvalues.

    Returns
    -------
    str
        ``"saddle"`` if there are both signs, zeros or not; else ``"degenerate"`` if any eigenvalue is within
        ``zero * max(abs(eigenvalues))`` of 0, where the second derivatives cannot tell; else ``"minimum"`` or ``"maximum"``.
    """
    values, _, size = _eigen(hessian)
    up, down = bool(np.any(values > zero * size)), bool(np.any(values < -zero * size))
    if up and down:
        return "saddle"
    if np.any(np.abs(values) <= zero * size):
        return "degenerate"
    return "minimum" if up else "maximum"


def escape_direction(hessian: Any, zero: float = ZERO) -> np.ndarray | None:
    """Return the unit vector (n,) along which the loss curves down most, or None if it curves down nowhere."""
    values, vectors, size = _eigen(hessian)
    return vectors[:, 0] if values[0] < -zero * size else None


def extreme_eigenpairs(product: Callable[[np.ndarray], np.ndarray], n: int, *, rng: Rng = 0, rtol: float = 1e-6,
                       iterations: int = 200) -> tuple[tuple[float, np.ndarray], tuple[float, np.ndarray]]:
    """Return the lowest and the highest eigenvalue of a symmetric matrix that is known by its products only.

    Parameters
    ----------
    product : callable
        Takes a vector (n,), returns the matrix times it: ``lambda v: hessian_vector_product(grad, x, v)``.
    n : int
        Size of the matrix, at least 1.
    rng : int or numpy.random.Generator, optional
        Seed of the first vector, or the generator to draw it from.
    rtol : float
        Stop when both are known to this share of the larger of their sizes.
    iterations : int
        Products to make at most; n are always enough.

    Returns
    -------
    (lowest, vector), (highest, vector)
        Eigenvalues, and unit vectors of shape (n,).

    References
    ----------
    Lanczos (1950), An iteration method for the solution of the eigenvalue problem. Every new vector is made orthogonal
    to all before it, twice, so that rounding does not bring back what was found.
    """
    if n < 1:
        raise ValueError(f"n must be at least 1, got {n}")
    v = generator(rng).normal(size=n)
    basis, diagonal = [v / np.linalg.norm(v)], list[float]()
    beside = list[float]()
    while True:
        w = np.array(product(basis[-1]), dtype=np.float64).reshape(-1)
        if w.shape != (n,) or not np.isfinite(w).all():
            raise ValueError(f"product must return {n} finite numbers; it returned {w.size}, or nan or infinity")
        diagonal.append(float(basis[-1] @ w))
        q = np.array(basis)
        for _ in range(2):
            w -= q.T @ (q @ w)
        rest = float(np.linalg.norm(w))
        values, vectors = np.linalg.eigh(np.diag(diagonal) + np.diag(beside, 1) + np.diag(beside, -1))
        size = float(np.abs(values).max())
        left_over = rest * np.abs(vectors[-1, [0, -1]])  # bounds the error of the two extremes
        if len(basis) >= min(n, iterations) or rest <= 1e-14 * size or np.all(left_over <= rtol * size):
            low, high = vectors[:, 0] @ q, vectors[:, -1] @ q
            return (float(values[0]), low), (float(values[-1]), high)
        beside.append(rest)
        basis.append(w / rest)
