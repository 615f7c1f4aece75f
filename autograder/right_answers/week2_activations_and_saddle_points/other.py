"""Another idea of the same thing."""

from typing import Any

import numpy as np


def leaky_relu(x: Any, slope: float = 0.01) -> Any:
    out = np.array(x)
    out[out < 0] *= slope
    return out


def leaky_relu_grad(x: Any, slope: float = 0.01) -> Any:
    return np.heaviside(x, 0.0) * (1 - slope) + slope


def softplus(x: Any) -> Any:
    """Where x is large the logarithm is not even begun."""
    small = np.minimum(x, 40.0)
    return np.where(x > 40, x, np.log1p(np.exp(small)))


def softplus_grad(x: Any) -> Any:
    return 1 / (1 + np.exp(-np.clip(x, -700, 700)))


def squared_relu(x: Any) -> Any:
    return (x > 0) * x * x


def squared_relu_grad(x: Any) -> Any:
    return (x > 0) * (x + x)


def sigmoid(x: Any) -> Any:
    """Each side by its own formula, and neither computed where it would overflow."""
    x = np.asarray(x)
    out = np.empty(x.shape)
    up = x >= 0
    out[up] = 1 / (1 + np.exp(-x[up]))
    e = np.exp(x[~up])
    out[~up] = e / (1 + e)
    return out


def sigmoid_grad(x: Any) -> Any:
    """An overflow that is foreseen and silenced gives the right limit, and no warning."""
    with np.errstate(over="ignore"):
        s = 1 / (1 + np.exp(-x))
    return s * (1 - s)


def tanh_(x: Any) -> Any:
    return np.sign(x) * -np.expm1(-2 * np.abs(x)) / (1 + np.exp(-2 * np.abs(x)))


def tanh_grad(x: Any) -> Any:
    return 1 / np.cosh(np.clip(x, -300, 300)) ** 2


def collapse_linear_layers(weights: Any, biases: Any) -> Any:
    """With the biases in a matrix one row larger: affine maps become linear ones."""
    total = np.eye(len(weights[0]) + 1)
    for w, b in zip(weights, biases, strict=True):
        total = total @ np.block([[w, np.zeros((len(w), 1))], [b[None], np.ones((1, 1))]])
    return total[:-1, :-1], total[-1, :-1]


def xor_network() -> Any:
    """Or, minus and."""
    return np.asfortranarray([[-1.0, 1.0], [-1.0, 1.0]]), np.array([1.0, -1.0]), np.array([-1.0, -1.0]), 1


def zero_fraction(activations: Any) -> Any:
    return tuple(np.mean(np.equal(a, 0)) for a in activations)


def dead_units(activations: Any) -> Any:
    return np.max(np.abs(activations), axis=0) == 0


def numerical_hessian(f: Any, x: Any, h: float = 1e-4) -> Any:
    """The central difference of central differences, made symmetric."""
    steps = np.eye(len(x)) * h

    def gradient(point: Any) -> Any:
        return np.array([f(point + s) - f(point - s) for s in steps]) / (2 * h)

    found = np.array([gradient(x + s) - gradient(x - s) for s in steps]) / (2 * h)
    return (found + found.T) / 2


def numerical_hessian__fourth_order(f: Any, x: Any, h: float = 1e-4) -> Any:
    """Two step lengths together: better than asked for."""
    def plain(h: float) -> Any:
        e = np.eye(len(x)) * h
        return np.array([[f(x + a + b) - f(x + a - b) - f(x - a + b) + f(x - a - b) for a in e] for b in e]) / (4 * h * h)

    return (4 * plain(h) - plain(2 * h)) / 3


def hessian_vector_product(grad: Any, x: Any, v: Any, h: float = 1e-5) -> Any:
    """A vector is scaled by its largest entry first, then by its length."""
    largest = np.max(np.abs(v))
    if largest == 0:
        return grad(x) * 0
    w = v / largest
    length = np.sqrt(w @ w)
    t = h / length
    return (grad(x + t * w) - grad(x - t * w)) / (2 * t) * largest


def saddle_index(hessian: Any) -> Any:
    values, _ = np.linalg.eig(hessian)
    values = np.sort(values.real)
    return int(np.searchsorted(values, -1e-6 * max(-values[0], values[-1])))


def classify_critical_point(hessian: Any) -> Any:
    values = np.linalg.eigh(hessian)[0]
    scale = np.linalg.norm(hessian, 2)
    down, up = int(np.sum(values < -1e-6 * scale)), int(np.sum(values > 1e-6 * scale))
    if down * up > 0:
        return "saddle"
    return "degenerate" if down + up < len(values) else "maximum" if down else "minimum"


def escape_direction(hessian: Any) -> Any:
    values, vectors = np.linalg.eig(hessian)
    i = np.argmin(values.real)
    return vectors[:, i].real.copy() if values.real[i] < -1e-6 * np.max(np.abs(values)) else None


def escape_direction__turned_within_its_space(hessian: Any) -> Any:
    """Where the lowest eigenvalue is repeated, another vector of its space."""
    values, vectors = np.linalg.eigh(hessian)
    size = np.abs(values).max()
    if values[0] >= -1e-6 * size:
        return None
    lowest = values - values[0] < 1e-9 * size
    v = vectors[:, lowest] @ np.arange(1.0, lowest.sum() + 1)
    return v / np.linalg.norm(v)


def autoencoder_critical_point(x: Any, components: Any, code_size: int) -> Any:
    """The encoder is long and the decoder short; covariance with 1 / (N - 1)."""
    values, vectors = np.linalg.eigh(np.cov(x, rowvar=False))
    chosen = vectors[:, [x.shape[1] - 1 - int(c) for c in components]]
    unused = np.zeros((x.shape[1], code_size - len(components)))
    encoder = np.hstack([chosen * 5, unused])
    return encoder, np.hstack([chosen / 5, unused]).T
