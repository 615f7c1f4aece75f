"""As a reader of numpy's manual would write it."""

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


class _Layer:
    def __init__(self, x: Any, w: Any) -> None:
        self.x, self.w = x.copy(), w.copy()

    def backward(self, grad: Any) -> Any:
        return np.einsum("nm,dm->nd", grad, self.w), np.einsum("nd,nm->dm", self.x, grad), np.ones(len(grad)) @ grad


def dense_forward(x: Any, w: Any, b: Any) -> Any:
    return np.asfortranarray(np.c_[x, np.ones(len(x))] @ np.r_[w, b[None]]), _Layer(x, w)


def dense_backward(grad_out: Any, cache: Any) -> Any:
    return cache.backward(grad_out)


def dense_forward__closure(x: Any, w: Any, b: Any) -> Any:
    return np.add(x.dot(w), b), lambda g: (w.dot(g.T).T, g.T.dot(x).T, g.sum(0))  # results are views of new arrays


def dense_backward__closure(grad_out: Any, cache: Any) -> Any:
    return cache(grad_out)


def relu_backward(grad_out: Any, x: Any) -> Any:
    return np.where(x > 0, grad_out, 0)


def relu_backward__own_copy(grad_out: Any, x: Any) -> Any:
    dx = np.array(grad_out, order="F")
    dx[x <= 0] = 0
    return dx


def relu_backward__heaviside(grad_out: Any, x: Any) -> Any:
    return np.heaviside(x, 0) * grad_out


def numerical_gradient(f: Any, x: Any, h: float = 1e-5) -> Any:
    x = np.array(x, dtype=float)
    steps = h * np.eye(x.size).reshape(x.size, *x.shape)
    return np.array([(f(x + s) - f(x - s)) / (2 * h) for s in steps]).reshape(x.shape)


def numerical_gradient__in_own_copy(f: Any, x: Any, h: float = 1e-5) -> Any:
    x = x.astype(np.float64)
    grad = np.empty_like(x)
    walk = np.nditer(x, flags=["multi_index"], op_flags=["readwrite"])
    for _ in walk:
        old = x[walk.multi_index]
        x[walk.multi_index] = old + h
        above = f(x)
        x[walk.multi_index] = old - h
        below = f(x)
        x[walk.multi_index] = old
        grad[walk.multi_index] = (above - below) / h / 2
    return grad


def relative_error(a: Any, b: Any) -> Any:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.nanmax(np.append(np.abs(np.subtract(a, b)) / np.maximum(np.abs(a), np.abs(b)), 0))


def relative_error__where_different(a: Any, b: Any) -> Any:
    size = np.fmax(abs(a), abs(b)).ravel()
    return max([abs(p - q) / s for p, q, s in zip(a.ravel(), b.ravel(), size, strict=True) if s], default=0.0)


def directional_check(f: Any, grad: Any, x: Any, rng: Any) -> Any:
    v = rng.uniform(-1, 1, np.shape(x))
    slopes = np.array([(f(x + 1e-4 * v) - f(x - 1e-4 * v)) / 2e-4, np.vdot(grad(x), v)])
    return np.abs(slopes[0] - slopes[1]) / (np.abs(slopes).max() or 1.0)


def directional_check__all_positive(f: Any, grad: Any, x: Any, rng: Any) -> Any:
    v, h = rng.random(x.shape), 1e-5
    numeric = (8 * (f(x + h * v) - f(x - h * v)) - (f(x + 2 * h * v) - f(x - 2 * h * v))) / (12 * h)
    analytic = (grad(x) * v).sum()
    if numeric == analytic:
        return 0.0
    return float(abs(numeric - analytic) / max(abs(numeric), abs(analytic)))


def max_pool2d_backward(grad_out: Any, x: Any, size: int) -> Any:
    stretched = grad_out.repeat(size, 2).repeat(size, 3)
    tops = x.reshape(*x.shape[:2], x.shape[2] // size, size, -1, size).max((3, 5)).repeat(size, 2).repeat(size, 3)
    return np.where(x == tops, stretched, 0.0)


def max_pool2d_backward__argmax(grad_out: Any, x: Any, size: int) -> Any:
    n, c, h, w = x.shape
    windows = x.reshape(n, c, h // size, size, w // size, size).swapaxes(3, 4).reshape(n, c, h // size, w // size, -1)
    chosen = np.zeros_like(windows, dtype=float)
    np.put_along_axis(chosen, windows.argmax(-1)[..., None], grad_out[..., None], -1)
    return chosen.reshape(n, c, h // size, w // size, size, size).swapaxes(3, 4).reshape(x.shape)


def conv2d_backward(grad_out: Any, x: Any, w: Any) -> Any:
    k = w.shape[-1]
    padded = np.pad(grad_out, ((0, 0), (0, 0), (k - 1, k - 1), (k - 1, k - 1)))
    dx = np.einsum("nfhwij,fcij->nchw", sliding_window_view(padded, (k, k), (2, 3)), w[..., ::-1, ::-1])
    return dx, np.einsum("ncijhw,nfhw->fcij", sliding_window_view(x, grad_out.shape[2:], (2, 3)), grad_out)


def conv2d_backward__columns(grad_out: Any, x: Any, w: Any) -> Any:
    (f, c, k, _), (n, _, p, q) = w.shape, grad_out.shape
    columns = sliding_window_view(x, (k, k), (2, 3)).transpose(0, 2, 3, 1, 4, 5).reshape(n * p * q, -1)
    grad = grad_out.transpose(0, 2, 3, 1).reshape(-1, f)
    spread = (grad @ w.reshape(f, -1)).reshape(n, p, q, c, k, k)
    dx = np.zeros_like(x)
    for i, j in np.ndindex(k, k):
        dx[:, :, i : p + i, j : q + j] += spread[..., i, j].transpose(0, 3, 1, 2)
    return dx, (columns.T @ grad).T.reshape(w.shape)


def unbroadcast(grad: Any, shape: Any) -> Any:
    while grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    for axis, length in enumerate(shape):
        if length == 1:
            grad = grad.sum(axis=axis, keepdims=True)
    return np.array(grad)


def unbroadcast__ones(grad: Any, shape: Any) -> Any:
    grad = np.ones(grad.shape) * grad
    grad = grad.sum(tuple(range(grad.ndim - len(shape))))
    return grad.sum(tuple(i for i, n in enumerate(shape) if n == 1 and grad.shape[i] != 1), keepdims=True) if shape else grad


def topological_order(root: Any, parents: Any) -> Any:
    order, placed, path = [], set(), [(root, iter(parents[root]))]
    entered = {root}
    while path:
        node, rest = path[-1]
        parent = next((p for p in rest if p not in entered), None)
        if parent is None:
            path.pop()
            if node not in placed:
                placed.add(node)
                order.append(node)
        else:
            entered.add(parent)
            path.append((parent, iter(parents[parent])))
    return tuple(order)


def sgd_momentum_step(params: Any, grads: Any, velocity: Any, lr: float, momentum: float) -> Any:
    moved = tuple(momentum * v - lr * g for v, g in zip(velocity, grads, strict=True))
    return tuple(map(np.add, params, moved)), moved


def sgd_momentum_step__by_copies(params: Any, grads: Any, velocity: Any, lr: float, momentum: float) -> Any:
    params, velocity = [np.array(p, order="F") for p in params], [np.array(v) for v in velocity]
    for p, g, v in zip(params, grads, velocity, strict=True):
        v[...] = momentum * v - lr * g
        p += v
    return [params, velocity]


def train_digits(x: Any, labels: Any, rng: Any) -> Any:
    """Nearest neighbours among all nine shifts of every picture."""
    padded = np.pad(x.reshape(-1, 8, 8), ((0, 0), (1, 1), (1, 1)))
    known = np.concatenate([padded[:, i : i + 8, j : j + 8].reshape(-1, 64) for i in range(3) for j in range(3)])
    sizes = (known**2).sum(1)

    def predict(pictures: Any) -> Any:
        distances = sizes - 2 * pictures @ known.T
        return np.tile(labels, 9)[distances.argmin(1)].astype(np.int32)

    return predict


def train_digits__ridge(x: Any, labels: Any, rng: Any) -> Any:
    """Least squares on random features of shifted copies: no training loop at all."""
    padded = np.pad(x.reshape(-1, 8, 8), ((0, 0), (1, 1), (1, 1)))
    shifted = np.concatenate([padded[:, i : i + 8, j : j + 8].reshape(-1, 64) for i in range(3) for j in range(3)])
    w, b = rng.normal(size=(64, 800)) / 40, rng.normal(size=800)
    features = np.maximum((shifted + rng.normal(0, 1.6, shifted.shape)) @ w + b, 0)
    targets = np.eye(10)[np.tile(labels, 9)]
    solution = np.linalg.solve(features.T @ features + 10 * np.eye(800), features.T @ targets)
    return lambda pictures: np.maximum(pictures @ w + b, 0).dot(solution).argmax(1)
