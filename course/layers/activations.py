"""Activation functions, their derivatives, and the layers that apply them to every entry.

All functions take arrays of any shape, keep float32 and float64, and are finite and silent at +-1000. Derivatives are
with respect to the input; where there is a kink at 0 the derivative there is the one from the left.
"""
# ruff: noqa: D102  (what the methods promise stands in Layer)

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from course.layers.base import Layer, as_float, checked_grad, remembered


def relu(x: np.ndarray) -> np.ndarray:
    """Return ``max(x, 0)`` (X. Glorot, A. Bordes and Y. Bengio 2011, Deep sparse rectifier neural networks)."""
    return np.maximum(as_float(x), 0)


def relu_grad(x: np.ndarray) -> np.ndarray:
    """Return 1 where ``x > 0``, else 0."""
    x = as_float(x)
    return (x > 0).astype(x.dtype)


def relu_backward(grad_out: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return the gradient for the input of a ReLU that was given ``x``."""
    return as_float(grad_out, "grad_out") * (as_float(x) > 0)


def leaky_relu(x: np.ndarray, slope: float = 0.01) -> np.ndarray:
    """Return ``x`` where positive, else ``slope * x``, slope in [0, 1] (A. Maas, A. Hannun and A. Ng 2013)."""
    x = as_float(x)
    return np.maximum(x, _checked_slope(slope) * x)  # with a slope in [0, 1] that is the right one of the two


def leaky_relu_grad(x: np.ndarray, slope: float = 0.01) -> np.ndarray:
    """Return 1 where ``x > 0``, else ``slope``."""
    x = as_float(x)
    return np.where(x > 0, x.dtype.type(1), x.dtype.type(_checked_slope(slope)))


def softplus(x: np.ndarray) -> np.ndarray:
    """Return ``log(1 + exp(x))`` (C. Dugas et al. 2001, Incorporating second-order functional knowledge)."""
    return np.logaddexp(as_float(x), 0)


def softplus_grad(x: np.ndarray) -> np.ndarray:
    """Return the sigmoid of ``x``."""
    return sigmoid(x)


def squared_relu(x: np.ndarray) -> np.ndarray:
    """Return ``max(x, 0) ** 2`` (D. So et al. 2021, Primer, arXiv 2109.08668)."""
    return relu(x) ** 2


def squared_relu_grad(x: np.ndarray) -> np.ndarray:
    """Return ``2 * max(x, 0)``."""
    return 2 * relu(x)


def sigmoid(x: np.ndarray) -> np.ndarray:
    """Return ``1 / (1 + exp(-x))``, without ever taking the exponential of a positive number."""
    x = as_float(x)
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, e) / (1 + e)


def sigmoid_grad(x: np.ndarray) -> np.ndarray:
    """Return ``sigmoid(x) * (1 - sigmoid(x))``, written so that the far tails keep their digits."""
    e = np.exp(-np.abs(as_float(x)))
    return e / (1 + e) ** 2


def tanh_(x: np.ndarray) -> np.ndarray:
    """Return the hyperbolic tangent (the underscore keeps it apart from ``np.tanh``)."""
    return np.tanh(as_float(x))


def tanh_grad(x: np.ndarray) -> np.ndarray:
    """Return ``1 - tanh(x) ** 2``, written so that the far tails keep their digits."""
    e = np.exp(-2 * np.abs(as_float(x)))
    return 4 * e / (1 + e) ** 2


def _checked_slope(slope: float) -> float:
    if not 0 <= slope <= 1:
        raise ValueError(f"slope must be in [0, 1], got {slope}")
    return slope


class Activation(Layer):
    """A function applied to every entry of an array of any shape.

    Parameters
    ----------
    function, derivative : callable
        Both of the input; take and return arrays of one shape.
    """

    def __init__(self, function: Callable[[np.ndarray], np.ndarray], derivative: Callable[[np.ndarray], np.ndarray]
                 ) -> None:
        super().__init__()
        self.function, self.derivative = function, derivative
        self._cache: Any = None

    def forward(self, x: np.ndarray) -> np.ndarray:
        self._cache = x = as_float(x)
        return self.function(x)

    def backward(self, grad_out: np.ndarray) -> np.ndarray:
        x = remembered(self._cache, self)
        return checked_grad(grad_out, x.shape) * self.derivative(x)


class ReLU(Activation):
    """Apply `relu`."""

    def __init__(self) -> None:
        super().__init__(relu, relu_grad)

    def backward(self, grad_out: np.ndarray) -> np.ndarray:  # quicker than by the derivative as numbers
        x = remembered(self._cache, self)
        return relu_backward(checked_grad(grad_out, x.shape), x)


class LeakyReLU(Activation):
    """Apply `leaky_relu`."""

    def __init__(self, slope: float = 0.01) -> None:
        self.slope = _checked_slope(slope)
        super().__init__(partial(leaky_relu, slope=slope), partial(leaky_relu_grad, slope=slope))

    def describe(self) -> str:
        return f"{self.slope}"


class Softplus(Activation):
    """Apply `softplus`."""

    def __init__(self) -> None:
        super().__init__(softplus, softplus_grad)


class SquaredReLU(Activation):
    """Apply `squared_relu`."""

    def __init__(self) -> None:
        super().__init__(squared_relu, squared_relu_grad)


class Sigmoid(Activation):
    """Apply `sigmoid`."""

    def __init__(self) -> None:
        super().__init__(sigmoid, sigmoid_grad)


class Tanh(Activation):
    """Apply `tanh_`."""

    def __init__(self) -> None:
        super().__init__(tanh_, tanh_grad)
