"""Batch normalization (S. Ioffe and C. Szegedy 2015, arXiv 1502.03167).

All functions take (N, D), normalised over the batch, or (N, C, H, W) and (N, C, length), normalised over the batch and all
places: then D stands for C.
"""
# ruff: noqa: D102  (what the methods promise stands in Layer)

import copy
from typing import Any

import numpy as np

from course.layers.base import (
    Layer,
    Shape,
    as_float,
    checked_grad,
    floats,
    from_rows,
    positive_int,
    remembered,
    sum_rows,
    to_rows,
    wrong_shape,
)


def batchnorm_forward(x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5
                      ) -> tuple[np.ndarray, tuple[Any, ...]]:
    """Return ``(gamma * (x - mean) / sqrt(var + eps) + beta, cache)`` with the batch's own mean and variance (1/N).

    Parameters
    ----------
    x : ndarray, shape (N, D) or (N, D, ...)
    gamma, beta : ndarray, shape (D,)
    eps : float

    Returns
    -------
    out : ndarray, shape of ``x``
    cache : tuple
        For `batchnorm_backward`; the last two entries are the batch's mean and variance, shape (D,).
    """
    x, gamma, beta = floats(x=x, gamma=gamma, beta=beta)
    _check_features(x, gamma)
    rows = to_rows(x)
    mean = sum_rows(rows) / len(rows)
    centred = rows - mean  # first, or a large mean would swallow the digits of the variance
    var = sum_rows(centred * centred) / len(rows)
    inv_std = 1 / np.sqrt(var + eps)
    centred *= inv_std
    out = gamma * centred
    out += beta
    return from_rows(out, x.shape), (centred, inv_std, gamma, mean, var)


def batchnorm_backward(grad_out: np.ndarray, cache: tuple[Any, ...]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the gradients ``(dx, dgamma, dbeta)``; the batch's mean and variance depend on ``x`` as well."""
    x_hat, inv_std, gamma, _, _ = cache
    grad_out = as_float(grad_out, "grad_out")
    grad = checked_grad(to_rows(grad_out), x_hat.shape)
    dgamma, dbeta = sum_rows(grad * x_hat), sum_rows(grad)
    n = len(grad)
    dx = x_hat * (dgamma / -n)
    dx += grad
    dx -= dbeta / n
    dx *= gamma * inv_std
    return from_rows(dx, grad_out.shape), dgamma, dbeta


def batchnorm_inference(x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, running_mean: np.ndarray,
                        running_var: np.ndarray, eps: float = 1e-5) -> np.ndarray:
    """Return ``gamma * (x - running_mean) / sqrt(running_var + eps) + beta``, in the shape of ``x``."""
    x, gamma, beta, running_mean, running_var = floats(x=x, gamma=gamma, beta=beta, running_mean=running_mean,
                                                       running_var=running_var)
    _check_features(x, gamma)
    scale = gamma / np.sqrt(running_var + eps)
    return from_rows((to_rows(x) - running_mean) * scale + beta, x.shape)


def update_running_statistics(running_mean: np.ndarray, running_var: np.ndarray, x: np.ndarray, momentum: float = 0.1
                              ) -> tuple[np.ndarray, np.ndarray]:
    """Return ``(1 - momentum) * running + momentum * batch`` for mean and variance; the latter with 1/(N - 1) here."""
    x, running_mean, running_var = floats(x=x, running_mean=running_mean, running_var=running_var)
    rows = to_rows(x)
    mean, var = rows.mean(axis=0), rows.var(axis=0, ddof=1)
    return (1 - momentum) * running_mean + momentum * mean, (1 - momentum) * running_var + momentum * var


def fold_batchnorm(w: np.ndarray, b: np.ndarray, gamma: np.ndarray, beta: np.ndarray, mean: np.ndarray,
                   var: np.ndarray, eps: float = 1e-5) -> tuple[np.ndarray, np.ndarray]:
    """Return ``(w, b)`` of the layer before such that it does the work of the normalization too.

    Parameters
    ----------
    w : ndarray, shape (D, M) of a dense layer or (M, C, kh, kw) of a convolution
    b, gamma, beta, mean, var : ndarray, shape (M,)
        ``mean`` and ``var`` are the running ones.
    """
    w, b, gamma, beta, mean, var = floats(w=w, b=b, gamma=gamma, beta=beta, mean=mean, var=var)
    scale = gamma / np.sqrt(var + eps)
    return w * (scale if w.ndim == 2 else scale[:, None, None, None]), (b - mean) * scale + beta


def _check_features(x: np.ndarray, gamma: np.ndarray) -> None:
    if x.ndim < 2 or x.shape[1:2] != gamma.shape:
        raise wrong_shape("x", x, f"(N, {gamma.size}) or (N, {gamma.size}, ...)")


class BatchNorm(Layer):
    """Batch normalization of (N, features) or (N, features, H, W); params ``gamma`` (ones) and ``beta`` (zeros).

    In training the batch's own statistics are used, and the running ones moved towards them; otherwise the running.

    Parameters
    ----------
    features : int
    momentum : float, optional
        The share of the new batch in the running statistics, in [0, 1]; 1 takes those of the last batch alone.
    eps : float, optional
    affine : bool, optional
        False leaves ``gamma`` and ``beta`` out.
    dtype : float32 or float64, optional

    Attributes
    ----------
    running_mean, running_var : ndarray, shape (features,)
        Zeros and ones at first. The running variance is that with 1/(N - 1), as in the paper.
    """

    def __init__(self, features: int, momentum: float = 0.1, eps: float = 1e-5, *, affine: bool = True,
                 dtype: Any = np.float64) -> None:
        self.features = positive_int("features", features)
        if not 0 <= momentum <= 1:
            raise ValueError(f"momentum must be in [0, 1], got {momentum}")
        if not eps > 0:
            raise ValueError(f"eps must be above 0, got {eps}")
        self.momentum, self.eps = momentum, eps
        self._ones, self._zeros = np.ones(features, dtype), np.zeros(features, dtype)
        super().__init__(**({"gamma": self._ones.copy(), "beta": self._zeros.copy()} if affine else {}))
        self.running_mean, self.running_var = self._zeros.copy(), self._ones.copy()
        self._cache: Any = None

    @property
    def gamma(self) -> np.ndarray:
        """The scale; to set it, write into it."""
        return self.params.get("gamma", self._ones)

    @property
    def beta(self) -> np.ndarray:
        """The shift; to set it, write into it."""
        return self.params.get("beta", self._zeros)

    def forward(self, x: np.ndarray) -> np.ndarray:
        x = as_float(x).astype(self._ones.dtype, copy=False)
        if not self.training:
            out = batchnorm_inference(x, self.gamma, self.beta, self.running_mean, self.running_var, self.eps)
            self._cache = x, None
            return out
        count = x.size // self.features
        if count < 2:
            raise ValueError(f"x must hold at least two values of each feature in training, got shape {x.shape}")
        out, cache = batchnorm_forward(x, self.gamma, self.beta, self.eps)
        *_, mean, var = cache
        self.running_mean = self.running_mean + self.momentum * (mean - self.running_mean)
        self.running_var = self.running_var + self.momentum * (var * (count / (count - 1)) - self.running_var)
        self._cache = x, cache
        return out

    def backward(self, grad_out: np.ndarray) -> np.ndarray:
        x, cache = remembered(self._cache, self)
        grad_out = checked_grad(grad_out, x.shape)
        if cache is not None:
            dx, dgamma, dbeta = batchnorm_backward(grad_out, cache)
        else:  # in use the running statistics are constants
            inv_std = 1 / np.sqrt(self.running_var + self.eps)
            grad = to_rows(grad_out)
            dx = from_rows(grad * (self.gamma * inv_std), x.shape)
            dgamma, dbeta = sum_rows(grad * (to_rows(x) - self.running_mean)) * inv_std, sum_rows(grad)
        if self.params:
            self.grads["gamma"][...], self.grads["beta"][...] = dgamma, dbeta
        return dx

    def fold_into(self, layer: Layer) -> Layer:
        """Return a copy of ``layer``, which comes before this one, that gives what both gave in evaluation mode."""
        w = layer.params.get("w")
        if w is None or w.shape[1 if w.ndim == 2 else 0] != self.features:
            raise ValueError(f"layer must be dense or a convolution with {self.features} outputs, got {layer!r}")
        folded = copy.deepcopy(layer)
        b = layer.params.get("b", self._zeros)
        w, b = fold_batchnorm(w, b, self.gamma, self.beta, self.running_mean, self.running_var, self.eps)
        folded.params, folded.grads = {"w": w, "b": b}, {"w": np.zeros_like(w), "b": np.zeros_like(b)}
        return folded

    def output_shape(self, input_shape: Shape) -> Shape:
        if input_shape[:1] != (self.features,):
            raise ValueError(f"{self!r} takes samples of shape ({self.features}, ...), got {input_shape}")
        return input_shape

    def describe(self) -> str:
        return f"{self.features}"
