"""What every data set asks of its arguments."""

from numbers import Integral, Real

import numpy as np


def whole(name: str, value: int, least: int) -> int:
    """Return a whole number that is not below the least one allowed."""
    if isinstance(value, bool) or not isinstance(value, Integral) or value < least:
        raise ValueError(f"{name} must be a whole number of at least {least}, got {value!r}")
    return int(value)


def number(name: str, value: float, least: float = -np.inf) -> float:
    """Return a finite number that is not below the least one allowed."""
    if isinstance(value, bool) or not isinstance(value, Real) or not np.isfinite(value) or value < least:
        wanted = "a finite number" if least == -np.inf else f"a finite number of at least {least:g}"
        raise ValueError(f"{name} must be {wanted}, got {value!r}")
    return float(value)
