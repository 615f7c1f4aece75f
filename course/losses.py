"""Losses: each returns its value and its gradient for what the network put out, both averaged over the batch."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from course.layers.activations import sigmoid
from course.layers.base import as_float, wrong_shape


def softmax(logits: np.ndarray) -> np.ndarray:
    """Return the probabilities ``exp(logits) / sum(exp(logits))`` of each row of (N, K), stable for any logits."""
    logits = as_float(logits, "logits")
    exp = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return exp / exp.sum(axis=-1, keepdims=True)


def log_softmax(logits: np.ndarray) -> np.ndarray:
    """Return the logarithm of `softmax`, which stays finite where a probability underflows to 0."""
    logits = as_float(logits, "logits")
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def softmax_jacobian(p: np.ndarray) -> np.ndarray:
    """Return the slopes ``d p[i] / d logits[j]`` of `softmax`, shape (K, K), where it gives the probabilities ``p`` (K,)."""
    p = as_float(p, "p")
    if p.ndim != 1:
        raise wrong_shape("p", p, "(K,)")
    return p[:, None] * (np.eye(p.size) - p)


def softmax_cross_entropy(logits: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the mean of ``-log(softmax(logits)[label])`` and its gradient ``(softmax(logits) - one_hot) / N``.

    Parameters
    ----------
    logits : ndarray, shape (N, K)
        Any size: +-10,000 neither overflows nor turns into nan.
    labels : ndarray of integers, shape (N,)
        From 0 to K - 1.

    Returns
    -------
    loss : float
    grad : ndarray, shape (N, K), dtype of ``logits``

    Raises
    ------
    ValueError, TypeError
        If the shapes do not fit, the batch is empty, or a label is no integer or out of range.

    References
    ----------
    J. Bridle (1990), Probabilistic interpretation of feedforward classification network outputs.
    """
    logits = as_float(logits, "logits")
    if logits.ndim != 2 or logits.size == 0:
        raise wrong_shape("logits", logits, "(N, K), not empty")
    if np.shape(labels) == logits.shape and logits.shape[1] > 1:
        raise ValueError(f"labels must be integers of shape (N,), got {logits.shape} as one_hot makes them; pass the "
                         "integers themselves, labels.argmax(axis=1)")
    labels = _checked_labels(labels, logits.shape[1])
    if labels.shape != logits.shape[:1]:
        raise wrong_shape("labels", labels, f"({len(logits)},)")
    n = len(labels)
    rows = np.arange(n)
    shifted = logits - logits.max(axis=1, keepdims=True)
    grad = np.exp(shifted)
    total = grad.sum(axis=1)
    loss = float(np.sum(np.log(total) - shifted[rows, labels])) / n
    grad /= (total * n)[:, None]
    grad[rows, labels] -= 1 / n
    return loss, grad


def logistic_loss(logits: np.ndarray, targets: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the logistic loss of independent yes/no answers, ``-log`` of the probability given to the target.

    Parameters
    ----------
    logits : ndarray, shape (N,) or (N, ...)
    targets : ndarray, same shape, or (N,) for logits (N, 1)
        Probabilities in [0, 1], mostly 0 or 1.

    Returns
    -------
    loss : float
        Summed over the answers of one sample, averaged over the batch.
    grad : ndarray, shape and dtype of ``logits``
        ``(sigmoid(logits) - targets) / N``.
    """
    if np.ndim(targets) == 1 and np.shape(logits) == (len(targets), 1):
        targets = np.asarray(targets)[:, None]
    z, t = _same_shape(logits, targets, "logits", "targets")
    if not (t.min() >= 0 and t.max() <= 1):  # nan fails too
        raise ValueError(f"targets must be in [0, 1], got values from {t.min()} to {t.max()}")
    loss = np.maximum(z, 0) - t * z + np.log1p(np.exp(-np.abs(z)))
    return float(loss.sum() / len(z)), (sigmoid(z) - t) / len(z)


def squared_error(predicted: np.ndarray, target: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the squared error, summed over features and averaged over the batch (no half), and its gradient.

    Parameters
    ----------
    predicted, target : ndarray, same shape, the batch first
        Shapes are not broadcast: (N, 1) against (N,) is an error, which would otherwise go unseen.
    """
    p, t = _same_shape(predicted, target, "predicted", "target")
    difference = p - t
    return float(np.vdot(difference, difference) / len(p)), difference * (2 / len(p))


def l2_penalty(params: Mapping[str, np.ndarray], strength: float) -> tuple[float, dict[str, np.ndarray]]:
    """Return half the strength times the sum of squares, and its gradients by name.

    Biases, that is names whose last part begins with ``b`` (``beta`` too), are left out: their gradients are zeros.
    An optimizer's ``weight_decay`` leaves ``gamma`` out as well.
    """
    params = {name: as_float(value, name) for name, value in params.items()}
    decayed = {name: value for name, value in params.items() if not is_bias(name)}
    penalty = sum(0.5 * strength * float(np.sum(w**2)) for w in decayed.values())
    return penalty, {name: strength * w if name in decayed else np.zeros_like(w) for name, w in params.items()}


def l1_penalty(params: Mapping[str, np.ndarray], strength: float) -> tuple[float, dict[str, np.ndarray]]:
    """Return the strength times the sum of absolute values, and its gradients by name (0 at 0); biases as above."""
    params = {name: as_float(value, name) for name, value in params.items()}
    decayed = {name: value for name, value in params.items() if not is_bias(name)}
    penalty = sum(strength * float(np.sum(np.abs(w))) for w in decayed.values())
    return penalty, {name: strength * np.sign(w) if name in decayed else np.zeros_like(w) for name, w in params.items()}


def is_bias(name: str) -> bool:
    """Whether the last part of a dotted name begins with ``b``, as ``"0.b"`` and ``"1.beta"`` do."""
    return name.rpartition(".")[2].startswith("b")


def soft_threshold(w: np.ndarray, threshold: Any) -> np.ndarray:
    """Return ``w`` moved towards 0 by ``threshold`` and exactly 0 within it: the proximal step of the L1 penalty.

    R. Tibshirani (1996), Regression shrinkage and selection via the lasso.
    """
    w = as_float(w, "w")
    if np.any(np.asarray(threshold) < 0):
        raise ValueError(f"threshold must be at least 0, got {threshold}")
    return w - np.clip(w, -threshold, threshold)


def error_rate(outputs: np.ndarray, targets: np.ndarray) -> float:
    """Return the share of wrong answers.

    Parameters
    ----------
    outputs : ndarray, shape (N, K) or (N,)
        With K above 1 the answer is the largest output, otherwise yes where it is above 0.
    targets : ndarray
        Labels (N,), or in the shape of ``outputs`` one-hot rows or zeros and ones.

    Raises
    ------
    ValueError
        If the shapes do not fit.
    """
    outputs, targets = np.asarray(outputs), np.asarray(targets)
    if outputs.ndim == 2 and outputs.shape[1] > 1:
        if targets.shape not in (outputs.shape, outputs.shape[:1]):
            raise wrong_shape("targets", targets, f"{outputs.shape[:1]} or {outputs.shape}")
        wanted = targets.argmax(axis=1) if targets.ndim == 2 else targets
        return float(np.mean(outputs.argmax(axis=1) != wanted))
    if targets.size != outputs.size:
        raise wrong_shape("targets", targets, f"{outputs.shape} like the outputs")
    return float(np.mean((outputs.ravel() > 0) != (targets.ravel() > 0.5)))


def _checked_labels(labels: Any, classes: int) -> np.ndarray:
    labels = np.asarray(labels)
    if labels.dtype.kind not in "iu":
        raise TypeError(f"labels must be integers, got dtype {labels.dtype}")
    if labels.ndim != 1:
        raise wrong_shape("labels", labels, "(N,)")
    if labels.size and (labels.min() < 0 or labels.max() >= classes):
        raise ValueError(f"labels must be from 0 to {classes - 1}, got values from {labels.min()} to {labels.max()}")
    return labels


def _same_shape(first: Any, second: Any, name: str, other: str) -> tuple[np.ndarray, np.ndarray]:
    """Return both as floats of the first one's dtype."""
    a = as_float(first, name)
    b = as_float(second, other).astype(a.dtype, copy=False)
    if a.shape != b.shape or a.ndim < 1 or a.size == 0:
        raise ValueError(f"{name} and {other} must have one shape, the batch first and not empty; "
                         f"got {a.shape} and {b.shape}")
    return a, b
