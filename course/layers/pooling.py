"""Pooling: windows side by side are replaced by their largest value or their mean."""
# ruff: noqa: D102  (what the methods promise stands in Layer)

from collections.abc import Iterator
from itertools import product
from math import prod
from typing import Any

import numpy as np

from course.layers.base import Layer, Shape, as_float, checked_grad, positive_int, remembered, wrong_shape


def max_pool2d(x: np.ndarray, size: int) -> np.ndarray:
    """Return the largest value of each window of ``size`` by ``size``.

    Parameters
    ----------
    x : ndarray, shape (N, C, H, W)
        Or (N, C, length): then windows are pieces of that length.
    size : int
        Divides ``H`` and ``W``.

    Returns
    -------
    ndarray, shape (N, C, H // size, W // size)

    Raises
    ------
    ValueError
        If ``size`` does not divide ``H`` and ``W``, or ``x`` has the wrong number of axes.
    """
    x = as_float(x)
    _check_pooling(x, size)
    first, *others = [x[window] for window in _windows(x.ndim, size)]
    out = first.copy(order="K")
    for other in others:
        np.maximum(out, other, out=out)
    return out


def max_pool2d_backward(grad_out: np.ndarray, x: np.ndarray, size: int, out: np.ndarray | None = None) -> np.ndarray:
    """Return the gradient for the input: each window's goes to its largest value, to the first of several.

    ``out`` may pass the result of `max_pool2d`, if it is still there.
    """
    x = as_float(x)
    out = max_pool2d(x, size) if out is None else out
    grad_out = checked_grad(grad_out, out.shape)
    dx = np.empty_like(x, dtype=grad_out.dtype)
    unclaimed = np.ones_like(out, dtype=bool)
    for window in _windows(x.ndim, size):
        largest = x[window] == out
        largest &= unclaimed
        unclaimed ^= largest
        np.multiply(grad_out, largest, out=dx[window])
    return dx


def average_pool2d(x: np.ndarray, size: int) -> np.ndarray:
    """Return the mean of each window; shapes and errors as for `max_pool2d`."""
    x = as_float(x)
    _check_pooling(x, size)
    first, *others = [x[window] for window in _windows(x.ndim, size)]
    out = first.copy(order="K")
    for other in others:
        out += other
    out /= size ** (x.ndim - 2)
    return out


def average_pool2d_backward(grad_out: np.ndarray, x: np.ndarray, size: int) -> np.ndarray:
    """Return the gradient for the input: each window's is shared out equally."""
    x = as_float(x)
    grad_out = checked_grad(grad_out, (*x.shape[:2], *(n // size for n in x.shape[2:])))
    dx = np.empty_like(x, dtype=grad_out.dtype)
    share = grad_out / size ** (x.ndim - 2)
    for window in _windows(x.ndim, size):
        dx[window] = share
    return dx


def _windows(ndim: int, size: int) -> Iterator[tuple[slice, ...]]:
    """Yield, for each place in a window, the index that takes that place of all windows at once."""
    for place in product(range(size), repeat=ndim - 2):
        yield (slice(None), slice(None), *(slice(start, None, size) for start in place))


def _check_pooling(x: np.ndarray, size: int) -> None:
    positive_int("size", size)
    if x.ndim not in (3, 4):
        raise wrong_shape("x", x, "(N, C, H, W) or (N, C, length)")
    if any(n % size for n in x.shape[2:]):
        raise ValueError(f"size must divide the image's {' x '.join(map(str, x.shape[2:]))}, got {size}")


class _Pool(Layer):
    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = positive_int("size", size)
        self._cache: Any = None

    def output_shape(self, input_shape: Shape) -> Shape:
        _check_pooling(np.empty((0, *input_shape)), self.size)
        return input_shape[0], *(n // self.size for n in input_shape[1:])

    def describe(self) -> str:
        return f"{self.size}"


class MaxPool2d(_Pool):
    """The largest value of each window of ``size`` by ``size`` of (N, C, H, W), or of ``size`` of (N, C, length)."""

    def forward(self, x: np.ndarray) -> np.ndarray:
        x = as_float(x)
        out = max_pool2d(x, self.size)
        self._cache = x, out
        return out

    def backward(self, grad_out: np.ndarray) -> np.ndarray:
        x, out = remembered(self._cache, self)
        return max_pool2d_backward(grad_out, x, self.size, out)


class AveragePool2d(_Pool):
    """The mean of each window of ``size`` by ``size`` of (N, C, H, W), or of ``size`` of (N, C, length)."""

    def forward(self, x: np.ndarray) -> np.ndarray:
        x = as_float(x)
        out = average_pool2d(x, self.size)
        self._cache = x
        return out

    def backward(self, grad_out: np.ndarray) -> np.ndarray:
        return average_pool2d_backward(grad_out, remembered(self._cache, self), self.size)


class GlobalAveragePool(Layer):
    """The mean of each channel: (N, C, ...) becomes (N, C)."""

    _cache: Any = None

    def forward(self, x: np.ndarray) -> np.ndarray:
        self._cache = x = as_float(x)
        if x.ndim < 3:
            raise wrong_shape("x", x, "(N, C, H, W) or (N, C, length)")
        return x.mean(axis=tuple(range(2, x.ndim)))

    def backward(self, grad_out: np.ndarray) -> np.ndarray:
        x = remembered(self._cache, self)
        grad_out = checked_grad(grad_out, x.shape[:2])
        dx = np.empty_like(x, dtype=grad_out.dtype)
        dx[...] = (grad_out / prod(x.shape[2:])).reshape(*grad_out.shape, *[1] * (x.ndim - 2))
        return dx

    def output_shape(self, input_shape: Shape) -> Shape:
        return input_shape[:1]


class Flatten(Layer):
    """Each sample as one row: (N, C, H, W) becomes (N, C H W), channel by channel and row by row; a view where it can be."""

    _cache: Any = None

    def forward(self, x: np.ndarray) -> np.ndarray:
        self._cache = x = as_float(x)
        return x.reshape(len(x), prod(x.shape[1:]))

    def backward(self, grad_out: np.ndarray) -> np.ndarray:
        x = remembered(self._cache, self)
        grad_out = checked_grad(grad_out, (len(x), prod(x.shape[1:])))
        dx = np.empty_like(x, dtype=grad_out.dtype)  # in the input's own order of memory, which may not be that of rows
        dx[...] = grad_out.reshape(x.shape)
        return dx

    def output_shape(self, input_shape: Shape) -> Shape:
        return (prod(input_shape),)
