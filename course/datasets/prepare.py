"""What is done to data before a training: one-hot targets, a split, a fixed shuffle of the positions."""

import numpy as np

from course.datasets._arguments import number, whole
from course.generators import Rng, generator


def one_hot(labels: np.ndarray, classes: int | None = None) -> np.ndarray:
    """Write labels as rows with a single 1.

    Parameters
    ----------
    labels : ndarray of integers, shape (n,)
        From 0 on.
    classes : int, optional
        Width of a row; the largest label and 1 unless told.

    Returns
    -------
    targets : ndarray of float64, shape (n, classes)
    """
    labels = np.asarray(labels)
    if labels.ndim != 1 or labels.size == 0 or labels.dtype.kind not in "iu":
        raise ValueError(f"labels must be integers of shape (n,), got {labels.dtype} of shape {labels.shape}")
    classes = int(labels.max()) + 1 if classes is None else whole("classes", classes, 1)
    if labels.min() < 0 or labels.max() >= classes:
        raise ValueError(f"labels must lie in 0 .. {classes - 1}, got {labels.min()} .. {labels.max()}")
    return np.eye(classes)[labels]


def train_test_split(x: np.ndarray, labels: np.ndarray, test_share: float = 0.25,
                     rng: Rng = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Part samples at random into those for training and those for testing.

    Parameters
    ----------
    x : ndarray, shape (n, ...)
    labels : ndarray, shape (n,) or (n, ...)
    test_share : float
        Share of the samples that is kept for testing, between 0 and 1; each part gets at least one.
    rng : int or numpy.random.Generator
        Seed, or the generator to draw from.

    Returns
    -------
    x_train, x_test, labels_train, labels_test : ndarray
        In the order that scikit-learn's function of this name has.
    """
    x, labels, test_share = np.asarray(x), np.asarray(labels), number("test_share", test_share, 0)
    if x.ndim == 0 or labels.ndim == 0 or len(x) != len(labels) or len(x) < 2:
        raise ValueError(f"x and labels must have the same length of at least 2, got shapes {x.shape}, {labels.shape}")
    if not 0 < test_share < 1:
        raise ValueError(f"test_share must lie between 0 and 1, got {test_share!r}")
    order = generator(rng).permutation(len(x))
    n_test = min(max(round(test_share * len(x)), 1), len(x) - 1)
    test, train = order[:n_test], order[n_test:]
    return x[train], x[test], labels[train], labels[test]


def permute_features(x: np.ndarray, rng: Rng = 0) -> np.ndarray:
    """Shuffle the positions inside the samples, by one permutation for all of them.

    Parameters
    ----------
    x : ndarray, shape (n, D), (n, C, L) or (n, C, H, W)
        Features, signals or images; the channels C stay and are shuffled alike.
    rng : int or numpy.random.Generator
        A seed shuffles training and test data in the same way; a generator shuffles differently at each call.

    Returns
    -------
    permuted : ndarray, shape and dtype of x
    """
    x = np.asarray(x)
    if x.ndim not in (2, 3, 4):
        raise ValueError(f"x must have shape (n, D), (n, C, L) or (n, C, H, W), got {x.shape}")
    flat = x.reshape(*x.shape[:1 if x.ndim == 2 else 2], -1)
    return flat[..., generator(rng).permutation(flat.shape[-1])].reshape(x.shape)
