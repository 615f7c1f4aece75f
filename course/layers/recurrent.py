"""A plain recurrent layer (J. Elman 1990, Finding structure in time)."""
# ruff: noqa: D102  (what the methods promise stands in Layer)

from typing import Any

import numpy as np

from course.initializers import initialize
from course.layers.activations import relu, relu_grad, sigmoid, sigmoid_grad, tanh_, tanh_grad
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

ACTIVATIONS = {"tanh": (tanh_, tanh_grad), "relu": (relu, relu_grad), "sigmoid": (sigmoid, sigmoid_grad)}


def recurrent_forward(x: np.ndarray, wx: np.ndarray, wh: np.ndarray, b: np.ndarray, activation: str = "tanh"
                      ) -> tuple[np.ndarray, tuple[Any, ...]]:
    """Return ``(hidden, cache)`` with ``h_t = activation(x_t @ wx + h_{t-1} @ wh + b)``, starting from zeros.

    Parameters
    ----------
    x : ndarray, shape (N, T, D)
    wx, wh, b : ndarray, shapes (D, H), (H, H), (H,)
    activation : {"tanh", "relu", "sigmoid"}

    Returns
    -------
    hidden : ndarray, shape (N, T, H)
    cache : tuple
        For `recurrent_backward`.
    """
    x, wx, wh, b = floats(x=x, wx=wx, wh=wh, b=b)
    if x.ndim != 3 or x.shape[2] != len(wx):
        raise wrong_shape("x", x, f"(N, T, {len(wx)})")
    z = x @ wx + b
    hidden = np.empty_like(z)
    h = np.zeros_like(z[:, 0])
    for t in range(x.shape[1]):
        z[:, t] += h @ wh
        hidden[:, t] = h = ACTIVATIONS[activation][0](z[:, t])
    return hidden, (x, wx, wh, z, hidden, activation)


def recurrent_backward(grad_out: np.ndarray, cache: tuple[Any, ...]
                       ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return ``(dx, dwx, dwh, db)``, back through all steps (P. Werbos 1990, Backpropagation through time)."""
    x, wx, wh, z, hidden, activation = cache
    grad_out = checked_grad(grad_out, hidden.shape)
    dz = ACTIVATIONS[activation][1](z)
    dh = np.zeros_like(dz[:, 0])  # what comes back from later steps
    for t in reversed(range(x.shape[1])):
        dz[:, t] *= grad_out[:, t] + dh
        dh = dz[:, t] @ wh.T
    dz_rows = dz.reshape(-1, dz.shape[2])
    dwh = hidden[:, :-1].reshape(-1, len(wh)).T @ dz[:, 1:].reshape(-1, len(wh))
    return dz @ wx.T, x.reshape(len(dz_rows), -1).T @ dz_rows, dwh, sum_rows(dz_rows)


class Recurrent(Layer):
    """Recurrent layer over (N, T, inputs), giving all hidden states (N, T, hidden); params ``wx``, ``wh``, ``b``.

    Parameters
    ----------
    inputs, hidden : int
    activation : {"tanh", "relu", "sigmoid"}, optional
    init, recurrent_init : str or float, optional
        For ``wx`` and ``wh``; ``recurrent_init="identity"`` with ReLU is the IRNN of Le, Jaitly and Hinton (2015).
    rng, dtype
        As for `Dense`.
    """

    def __init__(self, inputs: int, hidden: int, activation: str = "tanh", *, init: str | float = "xavier",
                 recurrent_init: str | float = "xavier", rng: np.random.Generator | None = None,
                 dtype: Any = np.float64) -> None:
        self.inputs, self.hidden = positive_int("inputs", inputs), positive_int("hidden", hidden)
        if activation not in ACTIVATIONS:
            raise ValueError(f"activation must be one of {', '.join(ACTIVATIONS)}, got {activation!r}")
        self.activation = activation
        super().__init__(wx=initialize(init, (inputs, hidden), inputs, hidden, rng, dtype),
                         wh=initialize(recurrent_init, (hidden, hidden), hidden, hidden, rng, dtype),
                         b=np.zeros(hidden, dtype))
        self._cache: Any = None

    def forward(self, x: np.ndarray) -> np.ndarray:
        x = as_float(x).astype(self.params["wx"].dtype, copy=False)
        out, self._cache = recurrent_forward(x, self.params["wx"], self.params["wh"], self.params["b"], self.activation)
        return out

    def backward(self, grad_out: np.ndarray) -> np.ndarray:
        dx, *grads = recurrent_backward(grad_out, remembered(self._cache, self))
        for name, grad in zip(("wx", "wh", "b"), grads, strict=True):
            self.grads[name][...] = grad
        return dx

    def output_shape(self, input_shape: Shape) -> Shape:
        if len(input_shape) != 2 or input_shape[1] != self.inputs:
            raise ValueError(f"{self!r} takes sequences of shape (T, {self.inputs}), got {input_shape}")
        return input_shape[0], self.hidden

    def multiply_adds(self, input_shape: Shape) -> int:
        return input_shape[0] * self.hidden * (self.inputs + self.hidden)

    def describe(self) -> str:
        return f"{self.inputs}, {self.hidden}, {self.activation}"


class LastStep(Layer):
    """The last step of each sequence: (N, T, D) becomes (N, D)."""

    _cache: Any = None

    def forward(self, x: np.ndarray) -> np.ndarray:
        self._cache = x = as_float(x)
        if x.ndim != 3 or x.shape[1] < 1:
            raise wrong_shape("x", x, "(N, T, D) with T at least 1")
        return x[:, -1].copy()

    def backward(self, grad_out: np.ndarray) -> np.ndarray:
        x = remembered(self._cache, self)
        grad_out = checked_grad(grad_out, (x.shape[0], x.shape[2]))
        dx = np.zeros_like(x, dtype=grad_out.dtype)
        dx[:, -1] = grad_out
        return dx

    def output_shape(self, input_shape: Shape) -> Shape:
        return input_shape[1:]
