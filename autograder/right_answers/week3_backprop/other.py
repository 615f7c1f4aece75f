"""Tensors with other insides, and wrappings that the contract allows."""

from typing import Any

import numpy as np


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


class _Tape(Tensor):
    """One list of all that was computed, in the order in which it happened, gone through backwards."""

    tape: list[Any] = []

    def __init__(self, data: Any, before: tuple = ()) -> None:
        super().__init__(data, before)
        _Tape.tape.append(self)

    def _new(self, value: Any, *pairs: Any) -> "Tensor":
        out = _Tape(value, tuple(t for t, _ in pairs))
        out.pairs = pairs  # type: ignore[attr-defined]
        return out

    def backward(self) -> None:
        grads = {id(self): np.ones(self.data.shape)}
        for tensor in reversed(_Tape.tape[: _Tape.tape.index(self) + 1]):
            if id(tensor) in grads:
                tensor.grad = tensor.grad + grads[id(tensor)]
                for other, local in getattr(tensor, "pairs", ()):
                    more = Tensor._fit(np.asarray(local(grads[id(tensor)])), other.data)
                    grads[id(other)] = grads.get(id(other), 0) + more

    __hash__ = object.__hash__


Tensor__tape = _Tape
