"""Data sets of the course. Nothing is downloaded: what is needed is drawn from a seed or shipped with the package.

All return float64 arrays with the sample first and int64 labels, as many of each class as can be. `rng` is a seed (a
whole number from 0) or a numpy.random.Generator to draw from; the same seed gives the same data. What does not fit
raises a ValueError, and a TypeError for `rng`, that names the argument.
"""

from course.datasets.boards import make_boards
from course.datasets.digits import load_digits
from course.datasets.points import make_blobs, make_moons, make_polynomial, make_spirals, make_xor
from course.datasets.prepare import one_hot, permute_features, train_test_split
from course.datasets.signals import make_signals, signal_templates

__all__ = [
    "load_digits", "make_blobs", "make_boards", "make_moons", "make_polynomial", "make_signals", "make_spirals",
    "make_xor", "one_hot", "permute_features", "signal_templates", "train_test_split",
]
