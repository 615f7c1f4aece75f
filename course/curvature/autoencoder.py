"""The linear autoencoder, whose critical points are all known.

Its loss is half the mean, over the samples, of the squared error ``||x @ encoder @ decoder - x||**2``, with centred `x`.
Up to an invertible matrix between encoder and decoder, each critical point belongs to a set I of at most ``code_size``
principal components: the product is their projector, and the loss is half the sum of the other eigenvalues of the
covariance (with 1/N). All but one are saddles.

References
----------
P. Baldi and K. Hornik (1989), Neural networks and principal component analysis: learning from examples without local
minima, Neural Networks 2, 53-58.
"""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from course.curvature.second_order import Function


@dataclass(frozen=True)
class AutoencoderPoint:
    """Which components a critical point keeps, its loss, and how many directions lead down."""

    components: tuple[int, ...]
    loss: float
    index: int


def _principal(x: Any, code_size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return centred data, eigenvalues of the covariance, largest first, and eigenvectors as columns."""
    data = np.asarray(x, dtype=np.float64)
    if data.ndim != 2 or not data.size:
        raise ValueError(f"x must be of shape (N, D), got {data.shape}")
    if not np.isfinite(data).all():
        raise ValueError("x must be finite, got nan or infinity")
    if not 1 <= code_size <= data.shape[1]:
        raise ValueError(f"code_size must be from 1 to {data.shape[1]}, the width of x; got {code_size}")
    centred = data - data.mean(0)
    values, vectors = np.linalg.eigh(centred.T @ centred / len(data))
    return centred, values[::-1], vectors[:, ::-1]


def _chosen(components: Iterable[int], n: int, code_size: int) -> list[int]:
    chosen = [int(i) for i in components]
    if len(set(chosen)) != len(chosen) or len(chosen) > code_size or any(not 0 <= i < n for i in chosen):
        raise ValueError(f"components must be at most {code_size} distinct numbers from 0 to {n - 1}; got {chosen}")
    return chosen


def autoencoder_functions(x: Any, code_size: int) -> tuple[Function, Function]:
    """Return loss and gradient as functions of one vector: the encoder (D, code_size) row by row, then the decoder.

    Only the covariance enters, so an evaluation costs the same for any number of samples.
    """
    centred, _, _ = _principal(x, code_size)
    d = centred.shape[1]
    covariance = centred.T @ centred / len(centred)

    def split(theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        flat = np.reshape(theta, -1)
        return flat[:d * code_size].reshape(d, code_size), flat[d * code_size:].reshape(code_size, d)

    def f(theta: np.ndarray) -> float:
        encoder, decoder = split(theta)
        error = encoder @ decoder - np.eye(d)
        return float(np.sum(error * (covariance @ error))) / 2

    def grad(theta: np.ndarray) -> np.ndarray:
        encoder, decoder = split(theta)
        inner = covariance @ (encoder @ decoder - np.eye(d))
        return np.concatenate([(inner @ decoder.T).ravel(), (encoder.T @ inner).ravel()]).reshape(np.shape(theta))

    return f, grad


def autoencoder_critical_point(x: Any, components: Iterable[int], code_size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return encoder (D, code_size) and decoder (code_size, D) of the critical point that keeps some components.

    Parameters
    ----------
    x : array_like (N, D)
        Data; centred here.
    components : iterable of int
        Distinct, 0 is the component with the largest variance; at most `code_size` of them, perhaps none.
    code_size : int
        Width of the code. Units that are not needed get zero weights.
    """
    _, _, vectors = _principal(x, code_size)
    chosen = _chosen(components, len(vectors), code_size)
    encoder = np.zeros((len(vectors), code_size))
    encoder[:, :len(chosen)] = vectors[:, chosen]
    return encoder, encoder.T.copy()


def autoencoder_index(components: Iterable[int], n: int, code_size: int) -> int:
    """Return how many directions lead down from a critical point, for n distinct and positive eigenvalues.

    One for each kept component and each left-out one with more variance, which could take its place; and
    ``(code_size - k) * (n - k)`` where only k of the units are in use.
    """
    chosen = _chosen(components, n, code_size)
    better = sum(1 for i in chosen for k in range(i) if k not in chosen)
    return better + (code_size - len(chosen)) * (n - len(chosen))


def autoencoder_critical_points(x: Any, code_size: int) -> list[AutoencoderPoint]:
    """List the critical points for all sets of at most `code_size` of the D components, the empty set first."""
    _, values, _ = _principal(x, code_size)
    n = len(values)
    return [AutoencoderPoint(kept, float(values.sum() - values[list(kept)].sum()) / 2, autoencoder_index(kept, n, code_size))
            for k in range(code_size + 1) for kept in itertools.combinations(range(n), k)]
