"""The digits that are shipped."""

import numpy as np

from course.datasets import load_digits


def test_the_digits_are_all_there():
    images, labels = load_digits()
    assert images.shape == (1797, 64) and images.dtype == np.float64
    assert images.min() == 0 and images.max() == 16
    assert labels.shape == (1797,) and labels.dtype == np.int64
    assert np.bincount(labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


def test_each_call_gives_new_arrays():
    images, _ = load_digits()
    images[:] = 0
    assert load_digits()[0].max() == 16
