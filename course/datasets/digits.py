"""The digits that are shipped with the course."""

from importlib import resources

import numpy as np


def load_digits() -> tuple[np.ndarray, np.ndarray]:
    """Return the 1,797 handwritten digits that come with the course.

    Returns
    -------
    images : ndarray of float64, shape (1797, 64)
        Grey values from 0 to 16; each row is an 8 x 8 picture, row after row.
    labels : ndarray of int64, shape (1797,)
        The digits, 0 to 9.

    References
    ----------
    E. Alpaydin and C. Kaynak (1998), Optical Recognition of Handwritten Digits, UCI Machine Learning Repository.
    """
    path = resources.files("course") / "data" / "digits.npz"
    with path.open("rb") as file, np.load(file, allow_pickle=False) as data:
        return data["images"].astype(np.float64), data["labels"].astype(np.int64)
