"""`check_gradients` for functions."""

from collections.abc import Callable
from typing import Any

import numpy as np

from course.generators import Rng, generator
from course.gradient_check.array import Claim, Plan, Speed, check_array
from course.gradient_check.differences import as_floats
from course.gradient_check.result import GradientCheck


def check_gradients(f: Callable[[np.ndarray], Any], grad: Callable[[np.ndarray], Any] | np.ndarray, x: Any, *,
                    speed: Speed = "full", directions: int = 8, rtol: float | None = None, batch_size: int | None = None,
                    rng: Rng = 0, budget: int = 1500) -> GradientCheck:
    """Check a gradient against central differences, and say what is wrong with it.

    Parameters
    ----------
    f : callable
        Takes an array shaped like `x`, returns a number.
    grad : callable or ndarray
        Takes an array shaped like `x` and returns the gradient of `f` there, of the same shape; or that array itself.
    x : array_like
        The point: any shape, ``()`` too. float32 keeps its type and gets a longer step, integers become float64.
        `f` and `grad` are given copies: `x` itself is never written to.
    speed : {"full", "directions"}
        Every entry (``2 n + 1`` evaluations), or random directions (``2 * directions + 1`` if the gradient is right,
        whatever the size of `x`; a failed direction is bisected until the wrong entries are found).
    directions : int
        How many random directions.
    rtol : float, optional
        Relative error that is allowed: 1e-6, in float32 2e-3. The rounding of `f` is allowed for in any case.
    batch_size : int, optional
        Lets a factor be named; ``x.shape[0]`` otherwise.
    rng : int or numpy.random.Generator, optional
        Seed of the directions, or the generator to draw them from.
    budget : int
        Evaluations that may be spent on finding wrong entries after a failed direction.

    Returns
    -------
    GradientCheck
        True if the gradient is right. A kink at or near `x` is reported and not counted as an error if the
        gradient lies between the slopes on both sides.

    Raises
    ------
    ValueError
        If `f` is not finite at `x`, or returns more than one number.
    TypeError
        If `x` does not hold real numbers, or `rng` is neither a seed nor a generator.

    Examples
    --------
    >>> result = check_gradients(lambda x: np.sum(x**2), lambda x: -2 * x, np.ones(3))
    >>> result.ok, result.diagnosis
    (False, 'wrong sign')
    """
    point = as_floats(x)
    sizes: dict[str, float] = {"the number of rows": point.shape[0] if point.ndim else 1, "the number of entries": point.size}
    if batch_size is not None:
        sizes = {"the batch size": batch_size, **sizes}
    claim = Claim("x", f, grad if callable(grad) else lambda _: grad, point, sizes, movable=callable(grad))
    plan = Plan(speed, directions, rtol, generator(rng), budget)
    return GradientCheck({"x": check_array(claim, plan)})
