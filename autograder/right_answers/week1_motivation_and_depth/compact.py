"""As a reader of numpy's manual would write it."""

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def conv2d_forward(x: Any, w: Any) -> Any:
    return np.tensordot(sliding_window_view(x, w.shape[2:], axis=(2, 3)), w, axes=([1, 4, 5], [1, 2, 3])).transpose(0, 3, 1, 2)


def conv2d_forward__einsum(x: Any, w: Any) -> Any:
    return np.einsum("ncijab,fcab->nfij", sliding_window_view(x, w.shape[2:], axis=(2, 3)), w)


def conv2d_matrix(w: Any, input_shape: Any) -> Any:
    """Column by column: what the convolution makes of each unit image."""
    size = int(np.prod(input_shape))
    return conv2d_forward(np.eye(size).reshape(size, *input_shape), w).reshape(size, -1).T


def conv2d_matrix__place_by_place(w: Any, input_shape: Any) -> Any:
    columns = []
    for index in np.ndindex(*map(int, input_shape)):
        image = np.zeros((1, *input_shape))
        image[(0, *index)] = 1.0
        columns.append(conv2d_forward(image, w).ravel())
    return np.stack(columns, axis=1)


def residual_block(x: Any, w1: Any, w2: Any) -> Any:
    return np.clip(x.dot(w1), 0, None).dot(w2) + x


def residual_block__stacked(x: Any, w1: Any, w2: Any) -> Any:
    z = x @ w1
    return np.hstack([z * (z > 0), x]) @ np.vstack([w2, np.eye(x.shape[1])])  # the skip is a matrix too: the identity


def residual_block_backward(grad_out: Any, x: Any, w1: Any, w2: Any) -> Any:
    on = np.heaviside(x @ w1, 0.0)
    dz = np.einsum("nd,md,nm->nm", grad_out, w2, on)
    return grad_out + np.einsum("nm,dm->nd", dz, w1), np.einsum("nd,nm->dm", x, dz), (on * (x @ w1)).T @ grad_out


def diagnose(train_error: float, test_error: float, shallow_train_error: float, shallow_test_error: float) -> str:
    why = ["overfitting", "optimization"][int(train_error > shallow_train_error)]
    return why if test_error > shallow_test_error else "fine"


def diagnose__table(train_error: float, test_error: float, shallow_train_error: float, shallow_test_error: float) -> str:
    worse = bool(np.sign(train_error - shallow_train_error) > 0), bool(np.sign(test_error - shallow_test_error) > 0)
    return {(True, True): "optimization", (False, True): "overfitting"}.get(worse, "fine")


def pca_subspace(x: Any, k: int) -> Any:
    return np.linalg.eigh(np.cov(x, rowvar=False))[1][:, -k:]  # ascending, with 1/(N-1): both are free


def pca_subspace__turned(x: Any, k: int) -> Any:
    """Any orthonormal basis of the space is as good."""
    u, _, _ = np.linalg.svd((x - x.mean(0)).T)
    turn = np.linalg.qr(np.arange(1.0, 1 + k * k).reshape(k, k) ** 0.5 + np.eye(k))[0]
    return np.asfortranarray(-u[:, :k] @ turn)


def linear_autoencoder(x: Any, encoder: Any, decoder: Any) -> Any:
    """By the covariance alone: in the sum over samples only x.T @ x matters."""
    second = x.T @ x / len(x)
    error = encoder @ decoder - np.eye(x.shape[1])
    return np.trace(error.T @ second @ error), 2 * second @ error @ decoder.T, 2 * encoder.T @ second @ error


def principal_angles(a: Any, b: Any) -> Any:
    """Sines against what is perpendicular to the first space: the other columns of a complete qr."""
    perpendicular = np.linalg.qr(a, mode="complete")[0][:, a.shape[1]:]
    qb = np.linalg.svd(b, full_matrices=False)[0]
    sines = np.zeros(a.shape[1])
    found = np.linalg.svd(perpendicular.T @ qb, compute_uv=False)  # fewer than k where the spaces must meet
    sines[: len(found)] = found
    return np.sort(np.arcsin(np.clip(sines, 0, 1)))


def principal_angles__projectors(a: Any, b: Any) -> Any:
    """The eigenvalues of the difference of the projectors are the sines, with both signs."""
    qa, qb = (np.linalg.qr(basis)[0] for basis in (a, b))
    sines = np.linalg.eigvalsh(qa @ qa.T - qb @ qb.T)[::-1][: a.shape[1]]
    return np.arcsin(np.clip(sines, 0, 1))[::-1]


def loss_along_line(loss: Any, a: Any, b: Any, steps: int) -> Any:
    return np.fromiter(map(loss, np.linspace(a, b, steps)), dtype=float, count=steps)


def loss_along_line__backwards(loss: Any, a: Any, b: Any, steps: int) -> Any:
    """In any order, and any of the points twice."""
    points = [np.add(b, s * np.subtract(a, b)) for s in np.linspace(0, 1, num=steps)]
    assert np.isfinite(loss(points[0]))
    return np.array([loss(p) for p in points])[::-1]
