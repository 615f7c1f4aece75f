"""Entry by entry, as on paper."""

from typing import Any

import numpy as np


def dense_forward(x: Any, w: Any, b: Any) -> Any:
    out = np.zeros((x.shape[0], w.shape[1]))
    for n in range(x.shape[0]):
        for m in range(w.shape[1]):
            out[n, m] = b[m]
            for d in range(x.shape[1]):
                out[n, m] += x[n, d] * w[d, m]
    return [out, {"x": x, "w": w, "note": "the bias is not needed"}]


def dense_backward(grad_out: Any, cache: Any) -> Any:
    x, w = cache["x"], cache["w"]
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros(w.shape[1])
    for n in range(x.shape[0]):
        for m in range(w.shape[1]):
            db[m] += grad_out[n, m]
            for d in range(x.shape[1]):
                dx[n, d] += grad_out[n, m] * w[d, m]
                dw[d, m] += x[n, d] * grad_out[n, m]
    return [dx, dw, db]


def relu_backward(grad_out: Any, x: Any) -> Any:
    dx = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        if x[index] > 0:
            dx[index] = grad_out[index]
    return dx


def numerical_gradient(f: Any, x: Any, h: float = 1e-5) -> Any:
    """Five points: better than asked for."""
    flat = np.asarray(x, dtype=float).flatten()
    slopes = []
    for i in range(flat.size):
        def at(steps: int, i: int = i) -> float:
            moved = flat.copy()
            moved[i] = moved[i] + steps * h
            return f(moved.reshape(np.shape(x)))

        slopes.append((at(-2) - 8 * at(-1) + 8 * at(1) - at(2)) / (12 * h))
    return np.array(slopes).reshape(np.shape(x))


def relative_error(a: Any, b: Any) -> Any:
    largest = 0
    for one, other in zip(a.flat, b.flat, strict=True):
        if one != 0 or other != 0:
            largest = max(largest, abs(one - other) / max(abs(one), abs(other)))
    return largest


def directional_check(f: Any, grad: Any, x: Any, rng: Any) -> Any:
    direction = rng.standard_normal(x.size).reshape(x.shape)
    direction /= np.linalg.norm(direction)
    h = 1e-6
    numeric = (f(x + h * direction) - f(x - h * direction)) / (2 * h)
    analytic = 0.0
    for g, d in zip(grad(x).flat, direction.flat, strict=True):
        analytic += g * d
    if numeric == 0 and analytic == 0:
        return 0
    return abs(numeric - analytic) / max(abs(numeric), abs(analytic))


def max_pool2d_backward(grad_out: Any, x: Any, size: int) -> Any:
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(grad_out.shape):
        window = x[n, c, i * size : (i + 1) * size, j * size : (j + 1) * size]
        row, column = np.unravel_index(window.argmax(), window.shape)
        dx[n, c, i * size + row, j * size + column] = grad_out[n, c, i, j]
    return dx


def conv2d_backward(grad_out: Any, x: Any, w: Any) -> Any:
    dx, dw = np.zeros(x.shape), np.zeros(w.shape)
    k = w.shape[-1]
    for n, f, i, j in np.ndindex(grad_out.shape):
        dx[n, :, i : i + k, j : j + k] += grad_out[n, f, i, j] * w[f]
        dw[f] += grad_out[n, f, i, j] * x[n, :, i : i + k, j : j + k]
    return [dx, dw]


def unbroadcast(grad: Any, shape: Any) -> Any:
    total = np.zeros(shape)
    padded = (1,) * (grad.ndim - len(shape)) + tuple(shape)
    for index in np.ndindex(grad.shape):
        target = tuple(i if n > 1 else 0 for i, n in zip(index, padded, strict=True))[grad.ndim - len(shape) :]
        total[target] += grad[index]
    return total


def topological_order(root: Any, parents: Any) -> Any:
    """Kahn's way: count who still waits, from the root down, and turn the list round."""
    reachable, waiting = [root], [root]
    users = {root: 0}
    while waiting:
        for parent in parents[waiting.pop()]:
            if parent not in users:
                users[parent] = 0
                reachable.append(parent)
                waiting.append(parent)
            users[parent] += 1
    order, ready = [], [root]
    while ready:
        node = ready.pop()
        order.append(node)
        for parent in parents[node]:
            users[parent] -= 1
            if users[parent] == 0:
                ready.append(parent)
    return order[::-1]


class Tensor:
    """Closures that add into `grad`, an order found by recursion, gradients in between reset before each pass."""

    __array_priority__ = 1000
    __array_ufunc__ = None

    def __init__(self, data: Any, before: tuple = ()) -> None:
        self.data = np.asarray(data, dtype=float) + 0.0
        self.grad = 0.0 * self.data
        self._before, self._back = before, lambda: None

    def _wrap(self, value: Any) -> "Tensor":
        return value if isinstance(value, Tensor) else type(self)(value)

    @staticmethod
    def _fit(grad: Any, like: Any) -> Any:
        while np.ndim(grad) > like.ndim:
            grad = grad.sum(0)
        for axis in range(like.ndim):
            if like.shape[axis] == 1:
                grad = grad.sum(axis, keepdims=True)
        return grad

    def _new(self, value: Any, *pairs: Any) -> "Tensor":
        out = Tensor(value, tuple(t for t, _ in pairs))

        def back() -> None:
            for tensor, local in pairs:
                tensor.grad = tensor.grad + Tensor._fit(np.asarray(local(out.grad)), tensor.data)

        out._back = back
        return out

    def __add__(self, other: Any) -> "Tensor":
        other = self._wrap(other)
        return self._new(self.data + other.data, (self, lambda g: g), (other, lambda g: g))

    def __mul__(self, other: Any) -> "Tensor":
        other = self._wrap(other)
        return self._new(self.data * other.data, (self, lambda g: g * other.data), (other, lambda g: g * self.data))

    def __truediv__(self, other: Any) -> "Tensor":
        other = self._wrap(other)
        return self._new(self.data / other.data, (self, lambda g: g / other.data),
                         (other, lambda g: -g * self.data / other.data**2))

    def __pow__(self, other: Any) -> "Tensor":
        if not isinstance(other, Tensor):
            return self._new(self.data**other, (self, lambda g: g * other * self.data ** (other - 1)))
        value = self.data**other.data
        return self._new(value, (self, lambda g: g * other.data * self.data ** (other.data - 1)),
                         (other, lambda g: g * value * np.log(self.data)))

    def __matmul__(self, other: Any) -> "Tensor":
        other = self._wrap(other)
        return self._new(self.data @ other.data, (self, lambda g: g @ other.data.T), (other, lambda g: self.data.T @ g))

    def __neg__(self) -> "Tensor":
        return self._new(-self.data, (self, lambda g: -g))

    def __sub__(self, other: Any) -> "Tensor":
        other = self._wrap(other)
        return self._new(self.data - other.data, (self, lambda g: g), (other, lambda g: -g))

    def __rsub__(self, other: Any) -> "Tensor":
        return self._wrap(other) - self

    def __rtruediv__(self, other: Any) -> "Tensor":
        return self._wrap(other) / self

    def __rmatmul__(self, other: Any) -> "Tensor":
        return self._wrap(other) @ self

    __radd__, __rmul__ = __add__, __mul__

    def sum(self, axis: Any = None, keepdims: bool = False) -> "Tensor":
        value = np.sum(self.data, axis, keepdims=keepdims)
        kept = np.sum(self.data, axis, keepdims=True).shape
        return self._new(value, (self, lambda g: np.ones(self.data.shape) * np.reshape(g, kept)))

    def mean(self, axis: Any = None, keepdims: bool = False) -> "Tensor":
        count = self.data.size if axis is None else self.data.shape[axis]
        return self.sum(axis, keepdims) / count

    def reshape(self, *shape: int) -> "Tensor":
        return self._new(self.data.reshape(*shape), (self, lambda g: g.reshape(self.data.shape)))

    def exp(self) -> "Tensor":
        return self._new(np.exp(self.data), (self, lambda g: g * np.exp(self.data)))

    def log(self) -> "Tensor":
        return self._new(np.log(self.data), (self, lambda g: g / self.data))

    def relu(self) -> "Tensor":
        return self._new(self.data * (self.data > 0), (self, lambda g: np.where(self.data > 0, g, 0)))

    def backward(self) -> None:
        order, seen = [], set()

        def visit(tensor: Any) -> None:
            if tensor not in seen:
                seen.add(tensor)
                for other in tensor._before:
                    visit(other)
                order.append(tensor)

        visit(self)
        for tensor in order:
            if tensor._before:
                tensor.grad = np.zeros(tensor.data.shape)
        self.grad = np.ones(self.data.shape) + (0 if self._before else self.grad)
        for tensor in order[::-1]:
            tensor._back()


def sgd_momentum_step(params: Any, grads: Any, velocity: Any, lr: float, momentum: float) -> Any:
    new_params, new_velocity = [], []
    for i in range(len(params)):
        v = velocity[i].copy()
        v *= momentum
        v -= lr * grads[i]
        new_velocity.append(v)
        new_params.append(params[i] + v)
    return new_params, new_velocity


def train_digits(x: Any, labels: Any, rng: Any) -> Any:
    """Two hidden layers, trained one batch at a time on shifted, noisy copies."""
    sizes = [64, 96, 48, 10]
    weights = [rng.normal(size=(m, n)) * (2 / m) ** 0.5 for m, n in zip(sizes, sizes[1:], strict=False)]
    biases = [np.zeros(n) for n in sizes[1:]]
    pictures = np.pad(x.reshape(-1, 8, 8), ((0, 0), (1, 1), (1, 1)))

    def forward(batch: Any) -> list[Any]:
        values = [batch / 8 - 1]
        for i, (w, b) in enumerate(zip(weights, biases, strict=True)):
            z = values[-1] @ w + b
            values.append(z if i == 2 else np.maximum(z, 0))
        return values

    for epoch in range(40):
        order = rng.permutation(len(x))
        for start in range(0, len(x), 50):
            rows = order[start : start + 50]
            corners = rng.integers(0, 3, size=(len(rows), 2))
            batch = np.array([pictures[row, i : i + 8, j : j + 8].ravel() for row, (i, j) in zip(rows, corners, strict=True)])
            values = forward(batch + rng.normal(0, 1.6, batch.shape))
            p = np.exp(values[-1] - values[-1].max(axis=1, keepdims=True))
            delta = (p / p.sum(axis=1, keepdims=True) - np.eye(10)[labels[rows]]) / len(rows)
            for layer in (2, 1, 0):
                dw, db = values[layer].T @ delta, delta.sum(axis=0)
                delta = (delta @ weights[layer].T) * (values[layer] > 0)
                weights[layer] -= 0.4 * (1 - epoch / 40) * dw
                biases[layer] -= 0.4 * (1 - epoch / 40) * db
    return lambda batch: forward(batch)[-1].argmax(axis=1).tolist()
