"""Where random numbers come from.

What is drawn by one call (data, masks, the directions of a check) comes from a seed or a generator. Layers and training draw
again and again, and take a generator alone: with a seed, layers of one shape would start alike, and every step would drop
the same entries.
"""

from numbers import Integral

import numpy as np

Rng = int | np.integer | np.random.Generator


def generator(rng: Rng) -> np.random.Generator:
    """Return the generator that is passed, or a new one for a seed."""
    if isinstance(rng, np.random.Generator):
        return rng
    if isinstance(rng, Integral) and not isinstance(rng, bool) and rng >= 0:
        return np.random.default_rng(int(rng))
    raise TypeError(f"rng must be a seed (a whole number from 0) or a numpy.random.Generator, got {rng!r}")


def no_seed(rng: np.random.Generator | None) -> np.random.Generator:
    """Return the generator that is passed; a seed is a TypeError."""
    if isinstance(rng, np.random.Generator):
        return rng
    raise TypeError(f"rng must be a numpy.random.Generator, as np.random.default_rng(0) gives, got {rng!r}")
