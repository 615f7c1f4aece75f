"""Another idea of the same thing."""

from typing import Any

import numpy as np


def conv2d_forward(x: Any, w: Any) -> Any:
    """Patches as a matrix (im2col), then one product."""
    n, _, height, width = x.shape
    f, _, k, _ = w.shape
    rows, columns = height - k + 1, width - k + 1
    patches = np.stack([x[:, :, i : i + k, j : j + k].reshape(n, -1) for i in range(rows) for j in range(columns)], axis=1)
    return (patches @ w.reshape(f, -1).T).reshape(n, rows, columns, f).transpose(0, 3, 1, 2)


def conv2d_forward__fourier(x: Any, w: Any) -> Any:
    """A product of spectra; the conjugate takes the place of the flip."""
    shape = x.shape[2:]
    spectrum = np.einsum("ncij,fcij->nfij", np.fft.rfft2(x), np.conj(np.fft.rfft2(w, s=shape)))
    return np.fft.irfft2(spectrum, s=shape)[:, :, : shape[0] - w.shape[2] + 1, : shape[1] - w.shape[3] + 1]


def conv2d_matrix(w: Any, input_shape: Any) -> Any:
    """Shifts as Kronecker products: the matrix that moves down by a, times the one that moves right by b."""
    _, height, width = (int(n) for n in input_shape)
    k = w.shape[2]

    def shift(by: int, size: int) -> Any:
        return np.eye(size - k + 1, size, by)

    return sum(np.kron(w[:, :, a, b], np.kron(shift(a, height), shift(b, width))) for a in range(k) for b in range(k))


def residual_block(x: Any, w1: Any, w2: Any) -> Any:
    z = x @ w1
    z[z < 0] = 0
    out = z @ w2
    out += x
    return out


def residual_block_backward(grad_out: Any, x: Any, w1: Any, w2: Any) -> Any:
    """Each row of the weights of units that are on, sample by sample: there the block is one matrix."""
    dx, dw1, dw2 = np.empty(x.shape, order="F"), np.zeros(w1.shape, order="F"), np.zeros(w2.shape)
    for n, (g, row) in enumerate(zip(grad_out, x, strict=True)):
        on = row @ w1 > 0
        jacobian = np.eye(len(row)) + w1[:, on] @ w2[on]
        dx[n] = jacobian @ g
        dw2[on] += np.outer(row @ w1[:, on], g)
        dw1[:, on] += np.outer(row, w2[on] @ g)
    return dx, dw1, dw2


def pca_subspace(x: Any, k: int) -> Any:
    """By the points' products with each other, which is less work for few points."""
    centred = x - x.mean(axis=0, keepdims=True)
    values, vectors = np.linalg.eigh(centred @ centred.T)
    return np.linalg.qr(centred.T @ vectors[:, ::-1][:, :k])[0]


def linear_autoencoder(x: Any, encoder: Any, decoder: Any) -> Any:
    """The gradients sample by sample, as outer products."""
    errors = [row @ encoder @ decoder - row for row in x]
    loss = np.mean([e @ e for e in errors])
    d_encoder = np.mean([np.outer(row, decoder @ e) for row, e in zip(x, errors, strict=True)], axis=0)
    d_decoder = np.mean([np.outer(row @ encoder, e) for row, e in zip(x, errors, strict=True)], axis=0)
    return loss, d_encoder * 2, d_decoder * 2


def principal_angles(a: Any, b: Any) -> Any:
    """From pairs of principal vectors: how far one sticks out of the other space, against how far it lies in it."""
    qa, qb = np.linalg.qr(a)[0], np.linalg.qr(b)[0]
    left, _, right = np.linalg.svd(qa.T @ qb)
    # Cosines cannot tell tiny angles apart, so their vectors may be turned among each other: the sines sort that out.
    near, far = qa @ left, qb @ right.T
    _, _, turn = np.linalg.svd(far - near @ (near.T @ far))
    far = far @ turn.T
    closest = near @ (near.T @ far)
    lengths = np.linalg.norm(closest, axis=0)
    distance = np.linalg.norm(far - closest, axis=0)
    return np.sort(np.arctan2(distance, lengths))


def loss_along_line(loss: Any, a: Any, b: Any, steps: int) -> Any:
    """Step by step, in a copy that moves."""
    point, step = np.array(a, dtype=float), (b - a) / (steps - 1)
    values = [loss(point)]
    while len(values) < steps:
        point += step
        values.append(loss(point))
    return np.asarray(values)
