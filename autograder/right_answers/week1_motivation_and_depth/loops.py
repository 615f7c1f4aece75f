"""Entry by entry, as on paper."""

import math
from typing import Any

import numpy as np


def conv2d_forward(x: Any, w: Any) -> Any:
    (samples, channels, height, width), (filters, _, k, _) = x.shape, w.shape
    out = np.zeros((samples, filters, height - k + 1, width - k + 1))
    for n, f, i, j in np.ndindex(out.shape):
        for c in range(channels):
            for a in range(k):
                for b in range(k):
                    out[n, f, i, j] += x[n, c, i + a, j + b] * w[f, c, a, b]
    return out


def conv2d_forward__window_by_window(x: Any, w: Any) -> Any:
    k = w.shape[-1]
    return np.array([[[[np.sum(image[:, i : i + k, j : j + k] * kernel) for j in range(x.shape[3] - k + 1)]
                       for i in range(x.shape[2] - k + 1)] for kernel in w] for image in x])


def conv2d_matrix(w: Any, input_shape: Any) -> Any:
    filters, channels, k, _ = w.shape
    _, height, width = input_shape
    rows, columns = height - k + 1, width - k + 1
    matrix = np.zeros((filters * rows * columns, channels * height * width))
    for f in range(filters):
        for i in range(rows):
            for j in range(columns):
                for c in range(channels):
                    for a in range(k):
                        for b in range(k):
                            matrix[f * rows * columns + i * columns + j, c * height * width + (i + a) * width + j + b] = w[f, c, a, b]
    return matrix


def residual_block(x: Any, w1: Any, w2: Any) -> Any:
    out = np.array(x)
    for n in range(x.shape[0]):
        for m in range(w1.shape[1]):
            z = 0.0
            for d in range(x.shape[1]):
                z += x[n, d] * w1[d, m]
            if z > 0:
                for d in range(x.shape[1]):
                    out[n, d] += z * w2[m, d]
    return out


def residual_block_backward(grad_out: Any, x: Any, w1: Any, w2: Any) -> Any:
    dx, dw1, dw2 = np.array(grad_out), np.zeros(w1.shape), np.zeros(w2.shape)
    for n, m in np.ndindex(x.shape[0], w1.shape[1]):
        z = sum(x[n, d] * w1[d, m] for d in range(x.shape[1]))
        if z <= 0:
            continue
        dz = 0.0
        for d in range(x.shape[1]):
            dw2[m, d] += z * grad_out[n, d]
            dz += grad_out[n, d] * w2[m, d]
        for d in range(x.shape[1]):
            dw1[d, m] += x[n, d] * dz
            dx[n, d] += dz * w1[d, m]
    return [dx, dw1, dw2]


def diagnose(train_error: float, test_error: float, shallow_train_error: float, shallow_test_error: float) -> str:
    if test_error > shallow_test_error:
        if train_error <= shallow_train_error:
            return "overfitting"
        else:
            return "optimization"
    else:
        return "fine"


def pca_subspace(x: Any, k: int) -> Any:
    """One direction after the other, by power iteration; what was found is taken out of the covariance."""
    centred = x - np.array([sum(column) / len(column) for column in x.T])
    covariance = centred.T @ centred / len(x)
    found: list[Any] = []
    for i in range(k):
        v = np.ones(x.shape[1]) + 0.1 * np.arange(x.shape[1]) * (-1.0) ** i
        for _ in range(3000):
            for known in found:
                v = v - (v @ known) * known
            v = covariance @ v
            v = v / np.sqrt(v @ v)
        for known in found:
            v = v - (v @ known) * known
        found.append(v / np.sqrt(v @ v))
    return np.column_stack(found)


def linear_autoencoder(x: Any, encoder: Any, decoder: Any) -> Any:
    loss, d_encoder, d_decoder = 0.0, np.zeros(encoder.shape), np.zeros(decoder.shape)
    for row in x:
        code = [sum(row[d] * encoder[d, j] for d in range(len(row))) for j in range(encoder.shape[1])]
        error = [sum(code[j] * decoder[j, d] for j in range(len(code))) - row[d] for d in range(len(row))]
        loss += sum(e * e for e in error) / len(x)
        for j in range(len(code)):
            back = 2 * sum(error[d] * decoder[j, d] for d in range(len(row))) / len(x)
            for d in range(len(row)):
                d_decoder[j, d] += 2 * code[j] * error[d] / len(x)
                d_encoder[d, j] += row[d] * back
    return [loss, d_encoder, d_decoder]


def _gram_schmidt(columns: Any) -> Any:
    basis: list[Any] = []
    for v in columns.T:
        for _ in range(2):  # once more takes away what rounding left
            for q in basis:
                v = v - (q @ v) * q
        basis.append(v / math.sqrt(v @ v))
    return np.array(basis).T


def principal_angles(a: Any, b: Any) -> Any:
    """The sines by the matrix that takes the first space away."""
    qa, qb = _gram_schmidt(a), _gram_schmidt(b)
    sticks_out = (np.eye(len(a)) - qa @ qa.T) @ qb
    sines = sorted(np.linalg.svd(sticks_out)[1].tolist())
    return np.array([math.asin(min(1.0, s)) for s in sines])


def loss_along_line(loss: Any, a: Any, b: Any, steps: int) -> Any:
    values = np.zeros(steps)
    for i in range(steps):
        t = i / (steps - 1)
        values[i] = loss((1 - t) * a + t * b)
    return values
