"""Entry by entry, as on paper."""

from math import sqrt
from typing import Any

import numpy as np


def backpropagated_norms(weights: Any, pre_activations: Any, activation_grad: Any, grad_out: Any) -> Any:
    norms = [0.0] * len(weights)
    above = np.array(grad_out)
    for layer in range(len(weights) - 1, -1, -1):
        slope = activation_grad(pre_activations[layer])
        grad, squares = np.zeros(above.shape), 0.0
        for index in np.ndindex(above.shape):
            grad[index] = above[index] * slope[index]
            squares += grad[index] ** 2
        norms[layer] = squares**0.5
        above = np.array([[sum(grad[n, j] * weights[layer][i, j] for j in range(grad.shape[1]))
                           for i in range(len(weights[layer]))] for n in range(len(grad))])
    return norms


def sigmoid_bound(weights: Any) -> Any:
    return 0.25 ** len(weights) * np.prod([sqrt(np.linalg.eigvalsh(w.T @ w)[-1]) for w in weights])


def initial_std(fan_in: Any, fan_out: Any, activation: str) -> Any:
    variance = {"linear": 2 / (fan_in + fan_out), "sigmoid": 2 / (fan_in + fan_out), "tanh": 2 / (fan_in + fan_out), "relu": 2 / fan_in}
    if activation not in variance:
        raise ValueError("no such activation")
    return sqrt(variance[activation])


def batchnorm_forward(x: Any, gamma: Any, beta: Any, eps: float = 1e-5) -> Any:
    n, features = x.shape
    out, x_hat, stds = np.zeros((n, features)), np.zeros((n, features)), []
    for d in range(features):
        mean = sum(x[:, d]) / n
        std = (sum((v - mean) ** 2 for v in x[:, d]) / n + eps) ** 0.5
        stds.append(std)
        for i in range(n):
            x_hat[i, d] = (x[i, d] - mean) / std
            out[i, d] = gamma[d] * x_hat[i, d] + beta[d]
    return [out, {"x_hat": x_hat, "std": stds, "gamma": list(gamma)}]


def batchnorm_backward(grad_out: Any, cache: Any) -> Any:
    """By the three routes, one after the other."""
    n, features = grad_out.shape
    dx, dgamma, dbeta = np.zeros((n, features)), np.zeros(features), np.zeros(features)
    for d in range(features):
        x_hat, std = cache["x_hat"][:, d], cache["std"][d]
        centred = x_hat * std
        g = [grad_out[i, d] * cache["gamma"][d] for i in range(n)]
        d_var = sum(g[i] * centred[i] for i in range(n)) * -0.5 * std**-3
        d_mean = -sum(g) / std
        for i in range(n):
            dx[i, d] = g[i] / std + d_var * 2 * centred[i] / n + d_mean / n
            dgamma[d] += grad_out[i, d] * x_hat[i]
            dbeta[d] += grad_out[i, d]
    return [dx, dgamma, dbeta]


def update_running_statistics(running_mean: Any, running_var: Any, x: Any, momentum: float = 0.1) -> Any:
    mean, var = np.copy(running_mean), np.copy(running_var)
    for d in range(x.shape[1]):
        m = sum(x[:, d]) / len(x)
        v = sum((value - m) ** 2 for value in x[:, d]) / (len(x) - 1)
        mean[d] += momentum * (m - mean[d])
        var[d] += momentum * (v - var[d])
    return [mean, var]


def batchnorm_inference(x: Any, gamma: Any, beta: Any, running_mean: Any, running_var: Any, eps: float = 1e-5) -> Any:
    return np.array([[g * (v - m) / (s + eps) ** 0.5 + b for v, g, b, m, s in zip(row, gamma, beta, running_mean, running_var, strict=True)]
                     for row in x])


def fold_batchnorm(w: Any, b: Any, gamma: Any, beta: Any, mean: Any, var: Any, eps: float = 1e-5) -> Any:
    w, b = w.copy(), b.copy()
    for m in range(w.shape[1]):
        scale = gamma[m] / sqrt(var[m] + eps)
        w[:, m] *= scale
        b[m] = scale * b[m] - scale * mean[m] + beta[m]
    return [w, b]


class BatchNorm:
    def __init__(self, features: int, momentum: float = 0.1, eps: float = 1e-5) -> None:
        self.momentum, self.eps, self.training = momentum, eps, True
        self.gamma, self.beta = np.full(features, 1.0), np.full(features, 0.0)
        self.running_mean, self.running_var = np.full(features, 0.0), np.full(features, 1.0)

    def forward(self, x: Any) -> Any:
        if self.training:
            out, self.cache = batchnorm_forward(x, self.gamma, self.beta, self.eps)
            self.running_mean, self.running_var = update_running_statistics(self.running_mean, self.running_var, x, self.momentum)
            return out
        return batchnorm_inference(x, self.gamma, self.beta, self.running_mean, self.running_var, self.eps)

    def backward(self, grad_out: Any) -> Any:
        dx, self.dgamma, self.dbeta = batchnorm_backward(grad_out, self.cache)
        return dx


def clip_by_global_norm(grads: Any, max_norm: float) -> Any:
    squares = 0.0
    for grad in grads:
        for value in np.ravel(grad):
            squares += value * value
    if squares <= max_norm**2:
        return [np.copy(g) for g in grads]
    return [np.multiply(g, max_norm / squares**0.5) for g in grads]
