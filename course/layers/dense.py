"""The fully connected layer."""
# ruff: noqa: D102  (what the methods promise stands in Layer)

from typing import Any

import numpy as np

from course.initializers import initialize
from course.layers.base import (
    Layer,
    Shape,
    as_float,
    checked_grad,
    floats,
    positive_int,
    remembered,
    sum_rows,
    wrong_shape,
)


def dense_forward(x: np.ndarray, w: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]:
    """Return ``(x @ w + b, cache)``.

    Parameters
    ----------
    x : ndarray, shape (N, D)
    w : ndarray, shape (D, M)
    b : ndarray, shape (M,)

    Returns
    -------
    out : ndarray, shape (N, M)
    cache : tuple
        For `dense_backward`; it refers to ``x`` and ``w`` and copies neither.

    Raises
    ------
    ValueError
        If the widths do not fit.
    """
    x, w, b = floats(x=x, w=w, b=b)
    if w.ndim != 2:
        raise wrong_shape("w", w, "(D, M)")
    if x.ndim != 2 or x.shape[1] != w.shape[0]:
        raise wrong_shape("x", x, f"(N, {w.shape[0]})")
    if b.shape != w.shape[1:]:
        raise wrong_shape("b", b, str(w.shape[1:]))
    out = x @ w
    out += b
    return out, (x, w)


def dense_backward(grad_out: np.ndarray, cache: tuple[np.ndarray, np.ndarray]
                   ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the gradients ``(dx, dw, db)``, summed over the batch: ``grad_out`` already carries the loss's 1/N."""
    x, w = cache
    grad_out = checked_grad(grad_out, (x.shape[0], w.shape[1]))
    return grad_out @ w.T, x.T @ grad_out, sum_rows(grad_out)


class Dense(Layer):
    """Fully connected layer ``x @ w + b`` for ``x`` of shape (N, inputs); params ``w`` (inputs, outputs) and ``b``.

    Parameters
    ----------
    inputs, outputs : int
    init : str or float, optional
        See `course.initializers.initialize`; biases start at zero.
    rng : numpy.random.Generator
        No seed, with which layers of one shape would start alike.
    dtype : float32 or float64, optional
        Of the parameters; the input is converted to it.
    """

    def __init__(self, inputs: int, outputs: int, *, init: str | float = "he", rng: np.random.Generator | None = None,
                 dtype: Any = np.float64) -> None:
        self.inputs, self.outputs = positive_int("inputs", inputs), positive_int("outputs", outputs)
        super().__init__(w=initialize(init, (inputs, outputs), inputs, outputs, rng, dtype), b=np.zeros(outputs, dtype))
        self._cache: Any = None

    def forward(self, x: np.ndarray) -> np.ndarray:
        x = as_float(x).astype(self.params["w"].dtype, copy=False)
        out, self._cache = dense_forward(x, self.params["w"], self.params["b"])
        return out

    def backward(self, grad_out: np.ndarray) -> np.ndarray:
        self.backward_params(grad_out)
        return grad_out @ self.params["w"].T

    def backward_params(self, grad_out: np.ndarray) -> None:
        x, w = remembered(self._cache, self)
        grad_out = checked_grad(grad_out, (x.shape[0], w.shape[1])).astype(w.dtype, copy=False)
        np.dot(x.T, grad_out, out=self.grads["w"])
        sum_rows(grad_out, out=self.grads["b"])

    def output_shape(self, input_shape: Shape) -> Shape:
        if input_shape != (self.inputs,):
            raise ValueError(f"{self!r} takes samples of shape ({self.inputs},), got {input_shape}")
        return (self.outputs,)

    def multiply_adds(self, input_shape: Shape) -> int:
        return self.inputs * self.outputs

    def describe(self) -> str:
        return f"{self.inputs}, {self.outputs}"
