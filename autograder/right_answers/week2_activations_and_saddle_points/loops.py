"""Entry by entry, as on paper."""

from math import exp, log1p, sqrt, tanh
from typing import Any

import numpy as np


def _entrywise(f: Any, x: Any) -> np.ndarray:
    out = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        out[index] = f(float(x[index]))
    return out


def leaky_relu(x: Any, slope: float = 0.01) -> Any:
    return _entrywise(lambda v: v if v > 0 else slope * v, x)


def leaky_relu_grad(x: Any, slope: float = 0.01) -> Any:
    return _entrywise(lambda v: 1.0 if v > 0 else slope, x)


def softplus(x: Any) -> Any:
    return _entrywise(lambda v: max(v, 0.0) + log1p(exp(-abs(v))), x)


def softplus_grad(x: Any) -> Any:
    return sigmoid(x)


def squared_relu(x: Any) -> Any:
    return _entrywise(lambda v: v * v if v > 0 else 0.0, x)


def squared_relu_grad(x: Any) -> Any:
    return _entrywise(lambda v: 2 * v if v > 0 else 0.0, x)


def sigmoid(x: Any) -> Any:
    return _entrywise(lambda v: 1 / (1 + exp(-v)) if v >= 0 else exp(v) / (1 + exp(v)), x)


def sigmoid_grad(x: Any) -> Any:
    return _entrywise(lambda v: exp(-abs(v)) / (1 + exp(-abs(v))) ** 2, x)


def tanh_(x: Any) -> Any:
    return _entrywise(tanh, x)


def tanh_grad(x: Any) -> Any:
    return _entrywise(lambda v: (1 - tanh(v)) * (1 + tanh(v)), x)


def collapse_linear_layers(weights: Any, biases: Any) -> Any:
    """From the last layer back to the first."""
    total, b = np.eye(len(biases[-1])), np.zeros(len(biases[-1]))
    for i in range(len(weights) - 1, -1, -1):
        b = b + biases[i] @ total
        total = weights[i] @ total
    return [total, b]


def xor_network() -> Any:
    """One unit for each of the two corners."""
    return [np.array([[1, -1], [-1, 1]]), np.zeros(2), np.ones(2), 0]


def zero_fraction(activations: Any) -> Any:
    shares = []
    for layer in activations:
        count = 0
        for value in layer.flat:
            if value == 0:
                count += 1
        shares.append(count / layer.size)
    return shares


def dead_units(activations: Any) -> Any:
    n, units = activations.shape
    dead = np.ones(units, dtype=bool)
    for unit in range(units):
        for sample in range(n):
            if activations[sample, unit] != 0:
                dead[unit] = False
                break
    return dead


def numerical_hessian(f: Any, x: Any, h: float = 1e-4) -> Any:
    """Three points on the diagonal, and all other entries one by one."""
    n = len(x)
    found = np.empty((n, n))

    def at(**moved: float) -> float:
        point = list(x)
        for i, by in moved.items():
            point[int(i[1:])] += by
        return f(np.array(point))

    for i in range(n):
        for j in range(n):
            if i == j:
                found[i, i] = (at(**{f"_{i}": h}) - 2 * at() + at(**{f"_{i}": -h})) / h**2
            else:
                corners = [s * t * at(**{f"_{i}": s * h, f"_{j}": t * h}) for s in (1, -1) for t in (1, -1)]
                found[i, j] = sum(corners) / (4 * h * h)
    return found


def hessian_vector_product(grad: Any, x: Any, v: Any, h: float = 1e-5) -> Any:
    """The zero vector is asked about like any other."""
    norm = sqrt(sum(float(c) ** 2 for c in v))
    unit = [c / norm if norm > 0 else 0.0 for c in v]
    behind = grad(np.array([a - h * u for a, u in zip(x, unit, strict=True)]))
    ahead = grad(np.array([a + h * u for a, u in zip(x, unit, strict=True)]))
    return np.array([norm * (a - b) / (2 * h) for a, b in zip(ahead, behind, strict=True)])


def saddle_index(hessian: Any) -> Any:
    values = [float(v) for v in np.linalg.eigvalsh(hessian)]
    limit = -1e-6 * max(abs(v) for v in values)
    count = 0
    for value in values:
        if value < limit:
            count += 1
    return count


def classify_critical_point(hessian: Any) -> Any:
    values = np.linalg.eigvalsh(hessian)
    largest = max(abs(values))
    signs = set()
    for value in values:
        signs.add(0 if abs(value) <= 1e-6 * largest else 1 if value > 0 else -1)
    if {1, -1} <= signs:
        return "saddle"
    if 0 in signs:
        return "degenerate"
    return {1: "minimum", -1: "maximum"}[signs.pop()]


def escape_direction(hessian: Any) -> Any:
    """By the power method, on a matrix whose largest eigenvalue belongs to the lowest of this one."""
    size = np.abs(hessian).sum(axis=1).max()
    v = np.linspace(1.0, 2.0, len(hessian)) ** 0.5
    shifted = 2 * size * np.eye(len(hessian)) - hessian if size else np.eye(len(hessian))
    for _ in range(24):  # each squaring doubles the number of steps
        shifted = shifted @ shifted
        shifted = shifted / np.abs(shifted).max()
    v = shifted @ v
    v = v / np.sqrt(np.sum(v**2))
    lowest = v @ hessian @ v
    largest = max(abs(np.linalg.eigvalsh(hessian)))
    return v if lowest < -1e-6 * largest else None


def autoencoder_critical_point(x: Any, components: Any, code_size: int) -> Any:
    """The last units are in use, not the first."""
    d = x.shape[1]
    centred = np.array([[row[j] - sum(x[:, j]) / len(x) for j in range(d)] for row in x])
    values, vectors = np.linalg.eigh(np.cov(centred.T))
    order = sorted(range(d), key=lambda i: -values[i])
    encoder, decoder = np.zeros((d, code_size)), np.zeros((code_size, d))
    for k, component in enumerate(components):
        for j in range(d):
            encoder[j, code_size - 1 - k] = decoder[code_size - 1 - k, j] = -vectors[j, order[component]]
    return [encoder, decoder]
