"""Slopes of a function by central differences, and how far each of them can be trusted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

Verdict = Literal["right", "wrong", "kink", "unclear"]
LADDER = (0.01, 1e-4, 10.0, 100.0)


@dataclass
class Difference:
    """One central difference: slopes are per unit of the direction."""

    ratio: float
    slope: float
    error: float  # analytic minus numeric slope
    tolerance: float
    spread: float  # half the gap between the slopes to the right and to the left
    scale: float

    @property
    def agrees(self) -> bool:
        """Whether the analytic slope agrees with the numeric one."""
        return abs(self.error) <= self.tolerance

    def relative_error(self, rtol: float) -> float:
        """Return the error such that `rtol` is the tolerance."""
        return 0.0 if self.error == 0 else rtol * abs(self.error) / self.tolerance


@dataclass
class Judged:
    """What the differences at one or more steps say about one direction."""

    verdict: Verdict
    best: Difference


def as_floats(x: Any, name: str = "x") -> np.ndarray:
    """Return a contiguous copy of `x` in its own floating type; integers become float64."""
    array = np.array(x, order="C", copy=True)
    if array.dtype.kind in "biu":
        return array.astype(np.float64)
    if array.dtype.kind != "f":
        raise TypeError(f"{name} must hold real numbers; got an array of {array.dtype}")
    return array


class Slopes:
    """A function at a point beside a gradient that is claimed for it; counts every evaluation.

    The step is the cube root of the rounding unit, which balances truncation (h**2) against rounding (1 / h). Changes
    of `f` are compared with ``gradient @ (x_plus - x_minus)`` as these are after rounding, so float32 costs nothing.
    """

    def __init__(self, f: Callable[[np.ndarray], Any], x: np.ndarray, gradient: np.ndarray,
                 rtol: float | None = None, magnitude: float = 0.0, eps: float = 0.0) -> None:
        self.f, self.x, self.evaluations = f, x, 0
        self.g = np.asarray(gradient, dtype=np.float64).reshape(-1)
        self.eps = max(eps, float(np.finfo(x.dtype).eps))
        self.value = self._evaluate(x.copy())
        if not np.isfinite(self.value):
            raise ValueError(f"f(x) is {self.value}: a gradient can only be checked where f is finite")
        self.h = self.eps ** (1 / 3)
        self.rtol = (1e-6 if self.eps < 1e-10 else 2e-3) if rtol is None else rtol
        self.noise = 8 * self.eps * max(abs(self.value), magnitude)
        self.floor = self.eps * (8 + 100 * float(np.abs(self.g).max(initial=0.0)))  # rounding of the gradient itself
        flat = np.abs(x.reshape(-1).astype(np.float64))
        self.unit = np.maximum(flat, 1.0)  # large numbers take large steps

    def _evaluate(self, x: np.ndarray) -> float:
        self.evaluations += 1
        with np.errstate(all="ignore"):  # beside the point f may leave its domain, which is told by the result
            value = self.f(x)
        if np.ndim(value) != 0 and np.size(value) != 1:
            raise ValueError(f"f must return one number; it returned an array of shape {np.shape(value)}")
        kind = getattr(value, "dtype", np.dtype(float))
        if self.evaluations == 1 and kind.kind == "f":
            self.eps = max(self.eps, float(np.finfo(kind).eps))
        return float(np.asarray(value).reshape(()))

    def is_random(self) -> bool:
        """Ask `f` again at the same point."""
        return self._evaluate(self.x.copy()) != self.value

    def central(self, where: Any, direction: np.ndarray, ratio: float = 1.0) -> Difference:
        """Difference along `direction` in the flat entries `where` at `ratio` times the usual step; two evaluations."""
        step, ends, values = ratio * self.h * direction, [], []
        for sign in (1, -1):
            point = self.x.reshape(-1).copy()
            point[where] += (sign * step).astype(point.dtype)
            ends.append(point[where].astype(np.float64))
            values.append(self._evaluate(point.reshape(self.x.shape)))
        moved = ends[0] - ends[1]
        change, width = values[0] - values[1], float(moved @ direction) / float(direction @ direction)
        if width == 0:  # lost in the rounding of x
            return Difference(ratio, np.nan, np.nan, np.inf, np.inf, np.inf)
        expected = float(self.g[where] @ moved)
        scale = max(abs(change) / width, abs(expected) / width, float(np.linalg.norm(self.g[where] * direction)))
        second = values[0] + values[1] - 2 * self.value
        return Difference(ratio, change / width, (expected - change) / width,
                          self.tolerance(where, direction, ratio, scale), abs(second) / width, scale)

    def tolerance(self, where: Any, direction: np.ndarray, ratio: float, scale: float | None = None) -> float:
        """Return how far slopes may differ: a share of their size, and the rounding of `f` and of the gradient."""
        scale = float(np.linalg.norm(self.g[where] * direction)) if scale is None else scale
        return (self.rtol * scale + self.noise / (2 * ratio * self.h)
                + self.floor * float(np.linalg.norm(direction)))

    def judge(self, where: Any, direction: np.ndarray, first: Difference | None = None, base: float = 1.0,
              more: Sequence[float] = ()) -> Judged:
        """Judge the gradient along one direction: two evaluations where it agrees, up to a dozen where it does not.

        The steps with the smallest error bars decide. A bar holds the change from step to step and the gap between the
        one-sided slopes, which shrinks with the step where `f` is smooth, grows where rounding rules, and stays where
        there is a kink: every value between the two slopes is then a sub-gradient.
        """
        first = self.central(where, direction, base) if first is None else first
        bent = first.spread > max(100 * first.tolerance, 1e-3 * first.scale)
        if first.agrees and not bent:
            return Judged("right", first)
        shorter = self.central(where, direction, 0.1 * base)
        if all(abs(d.error) > 10 * (d.spread + d.tolerance + abs(first.slope - shorter.slope)) for d in (first, shorter)):
            return Judged("wrong", first)  # no bend, kink or rounding is as large as that
        kink = bent and not 0.05 < shorter.spread / first.spread < 0.2  # a smooth bend gives 0.1
        ratios = [ratio for ratio in (*(base * r for r in LADDER), *more) if ratio * self.h > 30 * self.eps]
        tried = [first, shorter, *(self.central(where, direction, ratio) for ratio in ratios)]
        tried = sorted((d for d in tried if np.isfinite(d.slope)), key=lambda d: d.ratio)
        if not tried:
            return Judged("unclear", first)
        sharp = [d for d in tried if d.tolerance < 3 * self.rtol * d.scale]
        if sharp and sharp[0].agrees:  # the shortest: of a bent function some long step can give any slope
            return Judged("kink" if kink else "right", min((d for d in sharp if d.agrees), key=lambda d: d.tolerance / d.scale))
        bars, largest = [], 0.0
        for i, d in enumerate(tried):
            largest = max(largest, d.spread * d.ratio)  # rounding does not shrink with the step
            near = [tried[j] for j in (i - 1, i + 1) if 0 <= j < len(tried)] if d.ratio <= base else [
                t for t in tried if t.ratio == base]
            change = min((abs(d.slope - other.slope) for other in near), default=0.0)
            bars.append(d.tolerance + 1.01 * largest / d.ratio + change)
        trusted = [(bar, d) for bar, d in zip(bars, tried, strict=True) if bar <= 4 * min(bars)]
        best = min(trusted, key=lambda pair: pair[0])[1]
        if all(abs(d.error) > bar for bar, d in trusted):
            return Judged("wrong", best)
        return Judged("kink" if kink else "right" if any(d.agrees for d in tried) else "unclear", best)

    def entry(self, i: int) -> Judged:
        """Judge one entry of the gradient, by its flat index; where ``x[i]`` is tiny or huge other steps are tried too."""
        size = abs(float(self.x.reshape(-1)[i]))
        more = [size] if 0 < size < 1e-2 else [1.0] if size > 100 else []
        return self.judge(slice(i, i + 1), np.ones(1), base=float(self.unit[i]), more=more)


def numerical_gradient(f: Callable[[np.ndarray], Any], x: Any) -> np.ndarray:
    """Return the gradient of `f` at `x` by central differences, one entry at a time.

    Parameters
    ----------
    f : callable
        Takes an array shaped like `x`, returns a number.
    x : array_like
        Any shape, ``()`` too; integers are taken as float64. It is never written to.

    Returns
    -------
    ndarray of float64, shape of `x`
        With the cube root of the rounding unit as step, times ``max(1, abs(x))``: about 1e-10 off in float64.
    """
    point = as_floats(x)
    slopes = Slopes(f, point, np.zeros(point.shape))
    found = [slopes.central(slice(i, i + 1), np.ones(1), slopes.unit[i]).slope for i in range(point.size)]
    return np.array(found).reshape(point.shape)


def relative_error(a: Any, b: Any) -> float:
    """Return the largest of ``abs(a - b) / max(abs(a), abs(b))`` over all entries of two arrays; 0 where both are 0.

    It is nan where an entry of either array is nan or infinite: there is nothing to measure by, so it is below no bound.
    """
    first, second = as_floats(a, "a"), as_floats(b, "b")
    if first.shape != second.shape or not first.size:
        raise ValueError(f"a and b must have one shape and not be empty; got {first.shape} and {second.shape}")
    size = np.maximum(np.abs(first), np.abs(second))
    with np.errstate(invalid="ignore"):  # of infinite entries
        return float(np.max(np.divide(np.abs(first - second), size, out=np.zeros_like(size), where=size != 0)))
