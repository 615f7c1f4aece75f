"""As a reader of numpy's manual would write it."""

from functools import reduce
from typing import Any

import numpy as np


def leaky_relu(x: Any, slope: float = 0.01) -> Any:
    return np.maximum(x, slope * x)


def leaky_relu_grad(x: Any, slope: float = 0.01) -> Any:
    return slope + (1 - slope) * (x > 0)


def softplus(x: Any) -> Any:
    return np.maximum(0, x) + np.log1p(np.exp(-abs(x)))


def softplus_grad(x: Any) -> Any:
    return 0.5 * (1 + np.tanh(x / 2))


def squared_relu(x: Any) -> Any:
    return np.clip(x, 0, None) ** 2


def squared_relu_grad(x: Any) -> Any:
    return np.abs(x) + x


def sigmoid(x: Any) -> Any:
    return np.exp(-np.logaddexp(0, -x))


def sigmoid_grad(x: Any) -> Any:
    return sigmoid(x) * sigmoid(-x)


def tanh_(x: Any) -> Any:
    return 1 - 2 / (1 + np.exp(np.minimum(2 * x, 700.0)))


def tanh_grad(x: Any) -> Any:
    return 4 * sigmoid(2 * x) * sigmoid(-2 * x)


def collapse_linear_layers(weights: Any, biases: Any) -> Any:
    """Ask the stack itself: for the zero input, and for each unit vector."""
    def stack(x: Any) -> Any:
        return reduce(lambda a, layer: a @ layer[0] + layer[1], zip(weights, biases, strict=True), x)

    bias = stack(np.zeros((1, len(weights[0]))))
    return stack(np.eye(len(weights[0]))) - bias, bias[0].copy()


def xor_network() -> Any:
    """The absolute value of the difference."""
    return np.float32([[2, -2], [-2, 2]]), np.array([0, 0]), np.array([0.5, 0.5]), np.float64(0)


def xor_network__from_above() -> Any:
    """A roof, upside down: 1 minus the distance of the sum from 1."""
    return np.array([[1.0, -1.0], [1.0, -1.0]]), np.array([-1.0, 1.0]), np.array([-1.0, -1.0]), np.array(1.0)


def zero_fraction(activations: Any) -> Any:
    return [1 - np.count_nonzero(a) / np.size(a) for a in activations]


def dead_units(activations: Any) -> Any:
    return ~activations.any(axis=0)


def numerical_hessian(f: Any, x: Any, h: float = 1e-4) -> Any:
    """By polarisation: the mixed derivative from second derivatives along sums and differences of axes."""
    eye = np.eye(x.size)
    along = lambda v: (f(x + h * v) - 2 * f(x) + f(x - h * v)) / h**2  # noqa: E731
    return np.array([[(along(a + b) - along(a - b)) / 4 for a in eye] for b in eye])


def hessian_vector_product(grad: Any, x: Any, v: Any, h: float = 1e-5) -> Any:
    norm = np.linalg.norm(v) or 1.0
    return np.subtract(*(grad(x + s * h * v / norm) for s in (1, -1))) * norm / (2 * h)


def saddle_index(hessian: Any) -> Any:
    values = np.linalg.eigvalsh(hessian)
    return (values < -1e-6 * np.linalg.norm(values, np.inf)).sum()


def classify_critical_point(hessian: Any) -> Any:
    values = np.linalg.eigvalsh(hessian)
    signs = np.sign(np.where(abs(values) <= 1e-6 * abs(values).max(), 0, values))
    match signs.min(), signs.max():
        case -1, 1:
            return "saddle"
        case 1, 1:
            return "minimum"
        case -1, -1:
            return "maximum"
    return "degenerate"


def escape_direction(hessian: Any) -> Any:
    values, vectors = np.linalg.eigh(hessian)
    return -vectors.T[0] if values.min() < -1e-6 * max(-values[0], values[-1]) else None


def autoencoder_critical_point(x: Any, components: Any, code_size: int) -> Any:
    """From the singular value decomposition of the data, with a random invertible matrix in between."""
    vt = np.linalg.svd(x - x.mean(0))[2]
    kept = np.zeros((code_size, x.shape[1]))
    kept[: len(components)] = vt[np.array(components, dtype=int)]
    mix = np.random.default_rng(0).normal(size=(code_size, code_size)) + 3 * np.eye(code_size)
    return kept.T @ mix, np.linalg.solve(mix, kept)
