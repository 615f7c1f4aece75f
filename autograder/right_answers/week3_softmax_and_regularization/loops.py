"""Entry by entry, as on paper."""

import math
from typing import Any

import numpy as np


def softmax(logits: Any) -> Any:
    out = np.empty_like(logits)
    for n, row in enumerate(logits):
        largest = max(row)
        exps = [np.exp(z - largest) for z in row]
        for k, e in enumerate(exps):
            out[n, k] = e / sum(exps)
    return out


def log_softmax(logits: Any) -> Any:
    out = np.empty_like(logits)
    for n, row in enumerate(logits):
        largest = max(row)
        total = sum(np.exp(z - largest) for z in row)
        for k, z in enumerate(row):
            out[n, k] = z - (largest + np.log(total))
    return out


def cross_entropy(logits: Any, labels: Any) -> Any:
    total = 0.0
    for row, label in zip(logits, labels, strict=True):
        largest = max(row)
        total += largest + math.log(math.fsum(math.exp(z - largest) for z in row)) - row[label]
    return total / len(labels)


def softmax_cross_entropy_grad(logits: Any, labels: Any) -> Any:
    grad = np.zeros(logits.shape)
    for n, (row, label) in enumerate(zip(logits, labels, strict=True)):
        exps = [math.exp(z - max(row)) for z in row]
        for k, e in enumerate(exps):
            grad[n, k] = (e / sum(exps) - (k == label)) / len(labels)
    return grad


def softmax_jacobian(p: Any) -> Any:
    jacobian = np.zeros((len(p), len(p)))
    for i in range(len(p)):
        for j in range(len(p)):
            jacobian[i, j] = p[i] * (1 - p[i]) if i == j else -p[i] * p[j]
    return jacobian


def polynomial_features(x: Any, degree: int) -> Any:
    rows = []
    for point in x:
        row, power = [], 1.0
        for _ in range(degree + 1):
            row.append(power)
            power *= point
        rows.append(row)
    return np.array(rows)


def ridge_fit(x: Any, y: Any, strength: float) -> Any:
    """Rows of sqrt(strength) under x: plain least squares then does the rest."""
    n, d = x.shape
    longer, target = np.zeros((n + d, d)), np.zeros(n + d)
    longer[:n], target[:n] = x, y
    for i in range(d):
        longer[n + i, i] = math.sqrt(strength)
    return np.linalg.lstsq(longer, target, rcond=None)[0]


def l2_penalty(params: Any, strength: float) -> Any:
    penalty, grads = 0.0, {}
    for name in params:
        grads[name] = np.zeros(params[name].shape)
        if name[0] != "b":
            for index in np.ndindex(params[name].shape):
                penalty += strength / 2 * params[name][index] ** 2
                grads[name][index] = strength * params[name][index]
    return penalty, grads


def l1_penalty(params: Any, strength: float) -> Any:
    penalty, grads = 0.0, {}
    for name in params:
        grads[name] = np.zeros(params[name].shape)
        if name[0] != "b":
            for index in np.ndindex(params[name].shape):
                w = params[name][index]
                penalty += strength * abs(w)
                grads[name][index] = strength if w > 0 else -strength if w < 0 else 0
    return [penalty, grads]


def soft_threshold(w: Any, threshold: float) -> Any:
    out = np.zeros(w.shape)
    for index in np.ndindex(w.shape):
        if w[index] > threshold:
            out[index] = w[index] - threshold
        elif w[index] < -threshold:
            out[index] = w[index] + threshold
    return out


def dropout_forward(x: Any, rate: float, rng: Any, training: bool = True) -> Any:
    out, mask = np.zeros(x.shape), np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        if not training:
            mask[index] = 1
        elif rng.random() >= rate:
            mask[index] = 1 / (1 - rate)
        out[index] = x[index] * mask[index]
    return out, mask


def dropout_backward(grad_out: Any, mask: Any) -> Any:
    dx = np.zeros(grad_out.shape)
    for index in np.ndindex(mask.shape):
        if mask[index] != 0:
            dx[index] = grad_out[index] * mask[index]
    return dx


def train_regularized(x: Any, labels: Any, rng: Any) -> Any:
    """Nearest neighbours among all nine shifts of every picture, by a vote of three."""
    padded = np.pad(x.reshape(-1, 8, 8), ((0, 0), (1, 1), (1, 1)))
    known = np.concatenate([padded[:, i : i + 8, j : j + 8].reshape(-1, 64) for i in range(3) for j in range(3)])
    names, sizes = np.tile(labels, 9), (known**2).sum(axis=1)

    def predict(pictures: Any) -> Any:
        nearest = np.argsort(sizes - 2 * pictures @ known.T, axis=1)[:, :3]
        return [int(np.bincount(names[row]).argmax()) for row in nearest]

    return predict
