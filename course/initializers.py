"""How weights start. Every layer takes one of these by name."""

from typing import Any

import numpy as np

from course.generators import no_seed

INITIALIZERS = ("zeros", "normal", "xavier", "he", "identity")


def initialize(init: str | float, shape: tuple[int, ...], fan_in: int, fan_out: int, rng: np.random.Generator | None,
               dtype: Any = np.float64) -> np.ndarray:
    """Return a new array of starting weights.

    Parameters
    ----------
    init : str or float
        ``"zeros"``; ``"normal"``, standard deviation 0.01; ``"xavier"``, ``sqrt(2 / (fan_in + fan_out))``; ``"he"``,
        ``sqrt(2 / fan_in)``; ``"identity"``, ones on the diagonal of a matrix. A number is the standard deviation of a
        normal distribution.
    shape : tuple of int
    fan_in, fan_out : int
        How many numbers go into one unit, and how many units one number goes into.
    rng : numpy.random.Generator
        No seed, with which layers of one shape would start alike. Not needed for zeros and identity.
    dtype : float32 or float64

    Raises
    ------
    ValueError, TypeError
        If the name is unknown, ``identity`` is asked for something that is no matrix, or no generator is given.

    References
    ----------
    X. Glorot and Y. Bengio (2010), Understanding the difficulty of training deep feedforward neural networks.
    K. He et al. (2015), Delving deep into rectifiers, arXiv 1502.01852.
    Q. Le, N. Jaitly and G. Hinton (2015), A simple way to initialize recurrent networks, arXiv 1504.00941 (identity).
    """
    dtype = np.dtype(dtype)
    if dtype not in (np.float32, np.float64):
        raise TypeError(f"dtype must be float32 or float64, got {dtype}")
    if init == "zeros":
        return np.zeros(shape, dtype)
    if init == "identity":
        if len(shape) != 2:
            raise ValueError(f"init 'identity' needs a matrix, got shape {shape}")
        return np.eye(*shape, dtype=dtype)
    if isinstance(init, str):
        if init not in INITIALIZERS:
            raise ValueError(f"init must be one of {', '.join(INITIALIZERS)} or a number, got {init!r}")
        std = {"normal": 0.01, "xavier": (2 / (fan_in + fan_out)) ** 0.5, "he": (2 / fan_in) ** 0.5}[init]
    else:
        std = float(init)
        if not 0 <= std < float("inf"):
            raise ValueError(f"init as a standard deviation must be at least 0 and finite, got {init}")
    return (std * no_seed(rng).standard_normal(shape)).astype(dtype)
