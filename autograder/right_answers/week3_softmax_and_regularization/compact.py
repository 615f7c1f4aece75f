"""As a reader of numpy's manual would write it."""

from typing import Any

import numpy as np


def softmax(logits: Any) -> Any:
    return np.exp(log_softmax(logits))


def log_softmax(logits: Any) -> Any:
    return logits - np.logaddexp.reduce(logits, axis=-1, keepdims=True)


def softmax__by_transposing(logits: Any) -> Any:
    e = np.exp(np.subtract(logits.T, logits.max(1)))
    return (e / e.sum(0)).T


def log_softmax__by_transposing(logits: Any) -> Any:
    z = logits.T - np.amax(logits, axis=1)
    return (z - np.log(np.exp(z).sum(0))).T


def cross_entropy(logits: Any, labels: Any) -> Any:
    return np.mean(np.logaddexp.reduce(logits, axis=1) - np.take_along_axis(logits, labels[:, None], 1)[:, 0])


def softmax_cross_entropy_grad(logits: Any, labels: Any) -> Any:
    onehot = np.eye(logits.shape[1])[labels]
    return (softmax(logits) - onehot) / logits.shape[0]


def cross_entropy__onehot(logits: Any, labels: Any) -> Any:
    return float(-(log_softmax(logits) * (labels[:, None] == np.arange(logits.shape[1]))).sum() / len(logits))


def softmax_cross_entropy_grad__onehot(logits: Any, labels: Any) -> Any:
    e = np.exp(logits - logits.max(1, keepdims=True))
    weights = np.full((1, len(e)), 1 / len(e))
    return np.asfortranarray((e / e.sum(1, keepdims=True) - (labels[:, None] == range(e.shape[1]))) * weights.T)


def softmax_jacobian(p: Any) -> Any:
    return (np.eye(p.size) - p).T * p


def softmax_jacobian__minus(p: Any) -> Any:
    jacobian = -p[:, None] * p
    np.fill_diagonal(jacobian, p * (1 - p))
    return jacobian


def polynomial_features(x: Any, degree: int) -> Any:
    return np.vander(x, degree + 1, increasing=True)


def polynomial_features__running_product(x: Any, degree: int) -> Any:
    columns = [np.ones_like(x)]
    for _ in range(degree):
        columns.append(columns[-1] * x)
    return np.stack(columns, axis=1)


def ridge_fit(x: Any, y: Any, strength: float) -> Any:
    return x.T @ np.linalg.solve(x @ x.T + strength * np.eye(len(y)), y)  # as many equations as samples


def ridge_fit__singular_values(x: Any, y: Any, strength: float) -> Any:
    u, s, vt = np.linalg.svd(x, full_matrices=False)
    return vt.T @ (s / (s**2 + strength) * (u.T @ y))


def ridge_fit__inverse(x: Any, y: Any, strength: float) -> Any:
    return np.linalg.inv(x.T.dot(x) + np.diag([strength] * x.shape[1])).dot(x.T).dot(y)


def l2_penalty(params: Any, strength: float) -> Any:
    kept = {k: np.zeros_like(v) if k.startswith("b") else v for k, v in params.items()}
    return strength * sum(np.vdot(v, v) for v in kept.values()) / 2, {k: strength * v for k, v in kept.items()}


def l1_penalty(params: Any, strength: float) -> Any:
    kept = {k: 0 * v if k[:1] == "b" else np.array(v, order="F") for k, v in params.items()}
    grads = {k: strength * ((v > 0) * 1.0 - (v < 0)) for k, v in kept.items()}
    return sum(float(np.vdot(grads[k], kept[k])) for k in kept), grads


def soft_threshold(w: Any, threshold: float) -> Any:
    return w - np.clip(w, -threshold, threshold)


def soft_threshold__where(w: Any, threshold: float) -> Any:
    return np.where(w > threshold, w - threshold, np.where(w < -threshold, w + threshold, 0))


def soft_threshold__two_sides(w: Any, threshold: float) -> Any:
    return np.maximum(w - threshold, 0) - np.maximum(-w - threshold, 0)


def dropout_forward(x: Any, rate: float, rng: Any, training: bool = True) -> Any:
    keep = 1 - rate if training else 1.0
    mask = rng.binomial(1, keep, size=x.shape) / keep
    return mask * x, mask


def dropout_forward__choice(x: Any, rate: float, rng: Any, training: bool = True) -> Any:
    if not training:
        return np.array(x), np.ones_like(x)
    mask = rng.choice([0.0, 1 / (1 - rate)], size=np.shape(x), p=[rate, 1 - rate])
    return [np.where(mask > 0, x / (1 - rate), 0.0), mask]


def dropout_forward__normal_draws(x: Any, rate: float, rng: Any, training: bool = True) -> Any:
    """Ranks of random numbers would fix the count; signs of shifted ones do not."""
    mask = np.ones(x.shape, order="F")
    if training:
        mask[rng.uniform(-rate, 1 - rate, x.shape) < 0] = 0
        mask /= 1 - rate
    return x * mask, mask


def dropout_backward(grad_out: Any, mask: Any) -> Any:
    return np.multiply(mask, grad_out)


def dropout_backward__where(grad_out: Any, mask: Any) -> Any:
    return np.where(mask == 0, 0, grad_out * mask.max())


def dropout_backward__own_copy(grad_out: Any, mask: Any) -> Any:
    dx = grad_out.copy()
    dx *= mask
    return dx


def train_regularized(x: Any, labels: Any, rng: Any) -> Any:
    """Ridge on random features of shifted copies: no training loop at all."""
    padded = np.pad(x.reshape(-1, 8, 8), ((0, 0), (1, 1), (1, 1)))
    shifted = np.concatenate([padded[:, i : i + 8, j : j + 8].reshape(-1, 64) for i in range(3) for j in range(3)])
    w, b = rng.normal(size=(64, 800)) / 40, rng.normal(size=800)
    features = np.maximum((shifted + rng.normal(0, 2, shifted.shape)) @ w + b, 0)
    targets = np.eye(10)[np.tile(labels, 9)]
    solution = np.linalg.solve(features.T @ features + 100 * np.eye(800), features.T @ targets)
    return lambda pictures: np.maximum(pictures @ w + b, 0).dot(solution).argmax(1)


def train_regularized__logistic(x: Any, labels: Any, rng: Any) -> Any:
    """A net without weight decay or dropout, shown noisy and shifted copies, stopped early."""
    padded = np.pad(x.reshape(-1, 8, 8), ((0, 0), (1, 1), (1, 1)))
    w1, w2 = rng.normal(size=(64, 80)) * 0.18, rng.normal(size=(80, 10)) * 0.16
    for step in range(1500):
        rows = rng.integers(len(x), size=40)
        i, j = rng.integers(3, size=2)
        batch = (padded[rows, i : i + 8, j : j + 8].reshape(-1, 64) + rng.normal(size=(40, 64))) / 16
        hidden = np.maximum(batch @ w1, 0)
        grad = (softmax(hidden @ w2) - np.eye(10)[labels[rows]]) / 40
        lr = 0.6 * (1 - step / 1500)
        w1, w2 = w1 - lr * batch.T @ ((grad @ w2.T) * (hidden > 0)), w2 - lr * hidden.T @ grad
    return lambda pictures: (np.maximum(pictures @ w1, 0) @ w2).argmax(1).astype(np.int32)
