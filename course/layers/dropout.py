"""Dropout (N. Srivastava et al. 2014, Dropout: a simple way to prevent neural networks from overfitting)."""
# ruff: noqa: D102  (what the methods promise stands in Layer)

from typing import Any

import numpy as np

from course.generators import no_seed
from course.layers.base import Layer, as_float, checked_grad, remembered


def dropout_forward(x: np.ndarray, rate: float, rng: np.random.Generator, training: bool = True
                    ) -> tuple[np.ndarray, np.ndarray]:
    """Set each entry to zero with probability ``rate`` and scale up the others, so that the mean stays (inverted).

    Parameters
    ----------
    x : ndarray, any shape
    rate : float
        In [0, 1).
    rng : numpy.random.Generator
        No seed, with which every step would drop the same entries.
    training : bool, optional
        If False nothing is dropped.

    Returns
    -------
    out, mask : ndarray, shape of ``x``
        ``out == x * mask``; the mask holds 0 and ``1 / (1 - rate)``, or ones.
    """
    if not 0 <= rate < 1:
        raise ValueError(f"rate must be in [0, 1), got {rate}")
    x = as_float(x)
    if not training:
        return x.copy(), np.ones_like(x)
    mask = (no_seed(rng).random(x.shape) >= rate) * x.dtype.type(1 / (1 - rate))
    return x * mask, mask


def dropout_backward(grad_out: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Return the gradient for the input: ``grad_out * mask``."""
    mask = as_float(mask, "mask")
    return checked_grad(grad_out, mask.shape) * mask


class Dropout(Layer):
    """Inverted dropout; in evaluation mode it changes nothing.

    Parameters
    ----------
    rate : float
        Probability that an entry is dropped, in [0, 1).
    rng : numpy.random.Generator
        No seed, as for `dropout_forward`.
    """

    def __init__(self, rate: float, rng: np.random.Generator) -> None:
        super().__init__()
        if not 0 <= rate < 1:
            raise ValueError(f"rate must be in [0, 1), got {rate}")
        self.rate, self.rng = rate, no_seed(rng)
        self._cache: Any = None

    def forward(self, x: np.ndarray) -> np.ndarray:
        out, self._cache = dropout_forward(x, self.rate, self.rng, self.training)
        return out

    def backward(self, grad_out: np.ndarray) -> np.ndarray:
        return dropout_backward(grad_out, remembered(self._cache, self))

    def describe(self) -> str:
        return f"{self.rate}"
