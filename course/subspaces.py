"""Subspaces of a cloud of points: the principal one, how far apart two are, and the autoencoder that looks for it.

A subspace of dimension k is given by a basis (D, k): its columns span it.
"""

import numpy as np

from course.layers.base import as_float, floats, wrong_shape


def pca_subspace(x: np.ndarray, k: int) -> np.ndarray:
    """Return an orthonormal basis (D, k) of the directions along which points (N, D) spread most, the largest first.

    The points are centred here. `k` is at most the rank of what is left.
    """
    x = as_float(x)
    if x.ndim != 2:
        raise wrong_shape("x", x, "(N, D)")
    if not 1 <= k <= min(x.shape):
        raise ValueError(f"k must be from 1 to {min(x.shape)} for points of shape {x.shape}, got {k}")
    return np.linalg.svd(x - x.mean(axis=0), full_matrices=False)[2][:k].T


def principal_angles(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the principal angles (k,) between the spaces that the columns of two bases (D, k) span, in radians, ascending.

    Taken from their sines, so that tiny angles keep their digits; near a right angle they are good to about 1e-8.

    Parameters
    ----------
    a, b : ndarray, shape (D, k)
        Independent columns, in general neither perpendicular nor of length 1.

    References
    ----------
    Å. Björck and G. H. Golub (1973), Numerical methods for computing angles between linear subspaces.
    """
    a, b = floats(a=a, b=b)
    if a.ndim != 2 or a.shape[0] < a.shape[1]:
        raise wrong_shape("a", a, "(D, k) with k at most D")
    if b.shape != a.shape:
        raise wrong_shape("b", b, str(a.shape))
    (qa, _), (qb, _) = np.linalg.qr(a), np.linalg.qr(b)
    sines = np.linalg.svd(qb - qa @ (qa.T @ qb), compute_uv=False)
    return np.sort(np.arcsin(np.clip(sines, 0.0, 1.0)))


def linear_autoencoder(x: np.ndarray, encoder: np.ndarray, decoder: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """Return ``(loss, d_encoder, d_decoder)`` of ``x @ encoder @ decoder``, which should give back ``x``.

    The loss is the squared error, summed over features and averaged over samples, without a half; `x` is taken as it is.
    (`course.curvature.autoencoder_functions` has the same loss halved and for centred data, as functions of one vector.)

    Parameters
    ----------
    x : ndarray, shape (N, D)
    encoder : ndarray, shape (D, k)
    decoder : ndarray, shape (k, D)

    Returns
    -------
    loss : float
    d_encoder, d_decoder : ndarray
        Gradients of the loss, shaped like `encoder` and `decoder`.
    """
    x, encoder, decoder = floats(x=x, encoder=encoder, decoder=decoder)
    if x.ndim != 2:
        raise wrong_shape("x", x, "(N, D)")
    if encoder.ndim != 2 or len(encoder) != x.shape[1]:
        raise wrong_shape("encoder", encoder, f"({x.shape[1]}, k)")
    if decoder.shape != encoder.shape[::-1]:
        raise wrong_shape("decoder", decoder, str(encoder.shape[::-1]))
    code = x @ encoder
    error = code @ decoder - x
    slope = 2 / len(x) * error
    return float(np.sum(error * error)) / len(x), x.T @ (slope @ decoder.T), code.T @ slope
