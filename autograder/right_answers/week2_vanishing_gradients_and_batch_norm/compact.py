"""As a reader of numpy's manual would write it."""

from functools import reduce
from typing import Any

import numpy as np


def backpropagated_norms(weights: Any, pre_activations: Any, activation_grad: Any, grad_out: Any) -> Any:
    grads = [grad_out * activation_grad(pre_activations[-1])]
    for w, z in zip(weights[:0:-1], pre_activations[-2::-1], strict=True):
        grads.insert(0, np.einsum("nj,ij->ni", grads[0], w) * activation_grad(z))
    return [np.sqrt(np.vdot(g, g)) for g in grads]


def sigmoid_bound(weights: Any) -> Any:
    return reduce(lambda bound, w: bound * np.linalg.svd(w, compute_uv=False).max() / 4, weights, 1.0)


def initial_std(fan_in: Any, fan_out: Any, activation: str) -> Any:
    match activation:
        case "relu":
            return (2 / fan_in) ** 0.5
        case "linear" | "sigmoid" | "tanh":
            return ((fan_in + fan_out) / 2) ** -0.5
    raise ValueError(activation)


def batchnorm_forward(x: Any, gamma: Any, beta: Any, eps: float = 1e-5) -> Any:
    return (x - x.mean(0)) * (gamma / np.sqrt(x.var(0) + eps)) + beta, (x.copy(), gamma.copy(), eps)


def batchnorm_backward(grad_out: Any, cache: Any) -> Any:
    """By the Jacobian of each feature, (N, N)."""
    x, gamma, eps = cache
    n = len(x)
    s = (x.var(0) + eps) ** -0.5
    x_hat = (x - x.mean(0)) * s
    jacobian = np.eye(n)[:, :, None] - 1 / n - x_hat[:, None] * x_hat[None] / n
    return np.einsum("ijd,jd->id", jacobian, grad_out) * gamma * s, np.einsum("nd,nd->d", grad_out, x_hat), grad_out.sum(0)


def update_running_statistics(running_mean: Any, running_var: Any, x: Any, momentum: float = 0.1) -> Any:
    n = len(x)
    return np.add(running_mean, momentum * (x.mean(0) - running_mean)), np.average([running_var, x.var(0) * n / (n - 1)], axis=0, weights=[1 - momentum, momentum])


def batchnorm_inference(x: Any, gamma: Any, beta: Any, running_mean: Any, running_var: Any, eps: float = 1e-5) -> Any:
    scale = gamma / (running_var + eps) ** 0.5
    return np.asfortranarray(x * scale + (beta - running_mean * scale))


def fold_batchnorm(w: Any, b: Any, gamma: Any, beta: Any, mean: Any, var: Any, eps: float = 1e-5) -> Any:
    """Ask the two layers themselves: for the zero input, and for each unit vector."""
    both = lambda x: gamma * (x @ w + b - mean) / np.sqrt(var + eps) + beta  # noqa: E731
    bias = both(np.zeros(len(w)))
    return both(np.eye(len(w))) - bias, bias


class BatchNorm:
    def __init__(self, features: int, momentum: float = 0.1, eps: float = 1e-5) -> None:
        self.__dict__.update(gamma=np.ones(features), beta=np.zeros(features), running_mean=np.zeros(features),
                             running_var=np.ones(features), training=True, _m=momentum, _eps=eps)

    def forward(self, x: Any) -> Any:
        mean, var = (np.mean(x, 0), np.var(x, 0)) if self.training else (self.running_mean, self.running_var)
        if self.training:
            self._x = np.array(x)
            self.running_mean = self.running_mean + self._m * (mean - self.running_mean)
            self.running_var = self.running_var + self._m * (np.var(x, 0, ddof=1) - self.running_var)
        return (x - mean) / np.sqrt(var + self._eps) * self.gamma + self.beta

    def backward(self, grad_out: Any) -> Any:
        dx, self.dgamma, self.dbeta = batchnorm_backward(grad_out, (self._x, self.gamma, self._eps))
        return dx


def clip_by_global_norm(grads: Any, max_norm: float) -> Any:
    norm = np.linalg.norm(np.concatenate([np.ravel(g) for g in grads]))
    return [g / max(1.0, norm / max_norm) for g in grads]


def clip_by_global_norm__as_in_libraries(grads: Any, max_norm: float) -> Any:
    norm = np.sqrt(sum(np.vdot(g, g) for g in grads))
    return [np.array(g * min(1.0, max_norm / (norm + 1e-6))) for g in grads]


class BatchNorm__in_its_own_arrays(BatchNorm):
    def forward(self, x: Any) -> Any:
        before = self.running_mean, self.running_var
        out = super().forward(x)
        for old, new in zip(before, (self.running_mean, self.running_var), strict=True):
            old[...] = new
        self.running_mean, self.running_var = before
        return out
