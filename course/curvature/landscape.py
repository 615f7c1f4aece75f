"""Critical points of small nets, and the loss along lines and on planes."""

import copy
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from course.curvature.second_order import Function, hessian
from course.curvature.spectrum import Kind, classify_critical_point, saddle_index
from course.losses import softmax_cross_entropy


@dataclass
class CriticalPoint:
    """A point where the gradient vanishes, or nearly so: its loss, and what the Hessian says (eigenvalues ascending)."""

    x: np.ndarray
    loss: float
    gradient_norm: float
    index: int
    kind: Kind
    eigenvalues: np.ndarray


def net_functions(net: Any, x: np.ndarray, targets: np.ndarray,
                  loss: Callable[[np.ndarray, np.ndarray], tuple[float, np.ndarray]] = softmax_cross_entropy,
                  ) -> tuple[Function, Function, np.ndarray]:
    """Turn a net into functions of one vector that holds all its parameters.

    Parameters
    ----------
    net : Layer
        Copied, so that its own parameters stay as they are.
    x, targets : ndarray
        The batch on which the loss is taken.
    loss : callable, optional
        ``loss(outputs, targets) -> (value, grad)``, as in `course.losses`.

    Returns
    -------
    f, grad, theta
        Loss and gradient as functions of a vector, and the vector of the net as it is.
    """
    own = copy.deepcopy(net)
    theta = own.flat_params.copy()

    def run(vector: np.ndarray) -> tuple[float, np.ndarray]:
        own.flat_params[...] = np.reshape(vector, -1)
        return loss(own.forward(x), targets)

    def grad(vector: np.ndarray) -> np.ndarray:
        own.backward(run(vector)[1])
        return own.flat_grads.copy().reshape(np.shape(vector))

    return lambda vector: run(vector)[0], grad, theta


def describe_point(f: Function, grad: Function, x: Any) -> CriticalPoint:
    """Return loss, gradient norm, index, kind and eigenvalues at a point: ``2 n + 1`` gradients for n parameters."""
    point = np.array(x, dtype=np.float64)
    curved, norm = hessian(grad, point), float(np.linalg.norm(grad(point)))
    return CriticalPoint(point, float(f(point)), norm, saddle_index(curved), classify_critical_point(curved),
                         np.linalg.eigvalsh(curved))


def find_critical_points(f: Function, grad: Function, starts: Iterable[Any], *, tolerance: float = 1e-8,
                         iterations: int = 200) -> list[CriticalPoint]:
    """Go from each start to a point where the gradient vanishes, be it minimum, maximum or saddle.

    Half the squared length of the gradient is minimised by damped Gauss-Newton steps (Levenberg, Marquardt), with the
    Hessian by differences: for nets of up to some hundred parameters. Plain minimising would find the minima only.

    Parameters
    ----------
    f, grad : callable
        Loss and gradient, as functions of an array like the starts.
    starts : iterable of array_like
        Where to begin.
    tolerance : float
        Length of gradient that counts as zero. A start that does not get there (the squared length has minima of its
        own) gives no point.
    iterations : int
        Steps from each start at most.

    Returns
    -------
    list of CriticalPoint
        In the order of the starts.

    References
    ----------
    Dauphin et al. (2014), arXiv 1406.2572, and Pennington & Bahri (2017) search for saddles in this way.
    """
    found = []
    for start in starts:
        x, damping = np.array(start, dtype=np.float64), 1e-3
        g = np.asarray(grad(x), dtype=np.float64).reshape(-1)
        for _ in range(iterations):
            if np.linalg.norm(g) <= tolerance or damping > 1e12:
                break
            values, vectors = np.linalg.eigh(hessian(grad, x))
            along = values * (vectors.T @ g)
            while damping <= 1e12:
                new = x - (vectors @ (along / (values**2 + damping))).reshape(x.shape)
                new_g = np.asarray(grad(new), dtype=np.float64).reshape(-1)
                if np.linalg.norm(new_g) < np.linalg.norm(g):
                    x, g, damping = new, new_g, max(damping / 10, 1e-15)
                    break
                damping *= 10
        if np.linalg.norm(g) <= tolerance:
            found.append(describe_point(f, grad, x))
    return found


def loss_along_line(f: Function, start: Any, end: Any, count: int = 51, extend: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Return ``(t, losses)``, each (count,): the loss at ``start + t * (end - start)``, t from ``-extend`` to ``1 + extend``."""
    a, b = np.asarray(start, dtype=np.float64), np.asarray(end, dtype=np.float64)
    if a.shape != b.shape:
        raise ValueError(f"start and end must have one shape; got {a.shape} and {b.shape}")
    t = np.linspace(-extend, 1 + extend, count)
    return t, np.array([float(f(a + s * (b - a))) for s in t])


def loss_on_plane(f: Function, center: Any, first: Any, second: Any, extent: float = 1.0,
                  count: int = 25) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the loss at ``center + a * first + b * second`` on a square grid.

    Returns
    -------
    a, b : ndarray (count,)
        From ``-extent`` to ``extent``.
    losses : ndarray (count, count)
        ``losses[i, j]`` belongs to ``b[i]`` and ``a[j]``, as matplotlib's ``contourf(a, b, losses)`` wants it.
    """
    c, u, v = (np.asarray(z, dtype=np.float64) for z in (center, first, second))
    if not c.shape == u.shape == v.shape:
        raise ValueError(f"center, first and second must have one shape; got {c.shape}, {u.shape} and {v.shape}")
    a = np.linspace(-extent, extent, count)
    return a, a.copy(), np.array([[float(f(c + s * u + t * v)) for s in a] for t in a])
