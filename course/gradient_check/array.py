"""The check of one array's gradient, from the claim to the report."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from course.gradient_check.diagnosis import diagnose, everywhere
from course.gradient_check.differences import Slopes
from course.gradient_check.result import CheckedArray
from course.gradient_check.search import Evidence, every_entry, random_directions

Speed = Literal["full", "directions"]


@dataclass
class Plan:
    """How to check; see `check_gradients`."""

    speed: Speed
    directions: int
    rtol: float | None
    rng: np.random.Generator
    budget: int

    def __post_init__(self) -> None:
        if self.speed not in ("full", "directions"):
            raise ValueError(f"speed must be 'full' or 'directions'; got {self.speed!r}")
        if self.directions < 1:
            raise ValueError(f"directions must be at least 1; got {self.directions}")


@dataclass
class Claim:
    """A function, what is said to be its gradient, a point; and what `diagnose` wants to know."""

    name: str
    f: Callable[[np.ndarray], Any]
    grad: Callable[[np.ndarray], Any]
    x: np.ndarray
    sizes: Mapping[str, float]
    terms: Mapping[str, np.ndarray] = field(default_factory=dict)
    one_sample: Callable[[], str] = lambda: ""
    movable: bool = True  # whether `grad` can be asked at another point
    eps: float = 0.0  # rounding unit and size of the numbers that `f` works with, where they are known
    magnitude: float = 0.0

    def slopes(self, plan: Plan, gradient: np.ndarray) -> Slopes:
        """Make the slopes at the point ready to be measured."""
        return Slopes(self.f, self.x, gradient, plan.rtol, self.magnitude, self.eps)


def check_array(claim: Claim, plan: Plan) -> CheckedArray:
    """Check a gradient: its shape and finiteness, then its numbers; off the kinks of `f` if need be."""
    x, got = claim.x, claim.grad(claim.x.copy())
    if got is None:
        return _refused(claim, np.full(x.shape, np.nan), "grad missing", "no gradient was returned for it")
    g = np.asarray(got, dtype=np.float64)
    if g.shape != x.shape:
        return _wrong_shape(claim, plan, g)
    if not np.isfinite(g).all():
        bad = [_index(i, g.shape) for i in np.flatnonzero(~np.isfinite(g)).tolist()]
        return _refused(claim, g, "not finite", f"the gradient is not finite at {len(bad)} of {g.size} entries", bad)
    found, spent = _search(claim, plan, g), 0
    kink = found.any("kink")
    if plan.speed == "directions" and claim.movable and not found.flat("wrong") and (kink or found.any("wrong")):
        kink, spent = True, found.slopes.evaluations
        away = 300 * found.slopes.h * found.slopes.unit.reshape(x.shape) * plan.rng.normal(size=x.shape)
        claim.x = (x + away).astype(x.dtype)
        g = np.asarray(claim.grad(claim.x.copy()), dtype=np.float64)
        found = _search(claim, plan, g)
    part = _report(claim, plan, found, g)
    if part.ok and kink and not part.kinks:
        part.message = "f has a kink at or near this point; beside it the gradient is right"
    part.evaluations = spent + found.slopes.evaluations
    return part


def _search(claim: Claim, plan: Plan, g: np.ndarray) -> Evidence:
    slopes = claim.slopes(plan, g)
    if plan.speed == "full":
        return every_entry(slopes)
    return random_directions(slopes, plan.directions, plan.rng, plan.budget,
                             lambda found: everywhere(found, g, claim.sizes, claim.terms) is not None)


def _report(claim: Claim, plan: Plan, found: Evidence, g: np.ndarray) -> CheckedArray:
    numeric, error, rtol = np.full(g.size, np.nan), np.full(g.size, np.nan), found.slopes.rtol
    for i, judged in found.entries.items():
        numeric[i], error[i] = judged.best.slope, judged.best.relative_error(rtol)
    counted = [error[i] for i in found.flat("right", "wrong")]
    counted += [judged.best.relative_error(rtol) for _, judged in found.directions]
    wrong, kinks = ([_index(i, g.shape) for i in found.flat(verdict)] for verdict in ("wrong", "kink"))
    part = CheckedArray(claim.name, g, numeric.reshape(g.shape), error.reshape(g.shape), True,
                        float(max(counted, default=0.0)), wrong, kinks,
                        directions=plan.directions if plan.speed == "directions" else 0, rtol=rtol)
    if not found.finite:
        part.ok, part.diagnosis = False, "not finite"
        part.message = "f is not finite right beside this point: its slopes cannot be measured"
    elif found.any("wrong") and (wrong or not kinks):
        part.ok = False
        part.diagnosis, part.message = diagnose(found, g, claim.x, claim.sizes, claim.terms, claim.one_sample)
    elif kinks:
        part.message = f"f has a kink at or near {len(kinks)} of {g.size} entries, first {list(kinks[0])}: no error"
    elif found.any("unclear"):
        part.message = "f is too rough or too noisy here to judge every slope; none contradicts the gradient"
    return part


def _wrong_shape(claim: Claim, plan: Plan, g: np.ndarray) -> CheckedArray:
    """Find out whether a sum or a transpose makes a gradient of the wrong shape right."""
    x, spent, message = claim.x, 0, f"the gradient has shape {g.shape} where {claim.x.shape} is wanted"
    candidates = [("forgotten sum", f"summed over axis {a} it is right: the sum over the batch is forgotten", g.sum(a))
                  for a in range(g.ndim)]
    candidates += [("transposed", "transposed it is right", g.T)]
    candidates += [("wrong shape", "reshaped it is right", g.reshape(x.shape))] if g.size == x.size else []
    for kind, text, candidate in candidates:
        if candidate.shape == x.shape and np.isfinite(candidate).all():
            slopes = claim.slopes(plan, candidate)
            found = random_directions(slopes, 2, plan.rng, budget=0)
            spent += slopes.evaluations
            if not found.any("wrong"):
                return _refused(claim, g, kind, f"{message}; {text}", evaluations=spent)
    return _refused(claim, g, "wrong shape", message, evaluations=spent)


def _refused(claim: Claim, g: np.ndarray, kind: str, message: str, wrong: list[tuple[int, ...]] | None = None,
             evaluations: int = 0) -> CheckedArray:
    empty = np.full(claim.x.shape, np.nan)
    return CheckedArray(claim.name, g, empty, empty.copy(), False, np.inf, wrong or [], [], kind, message, evaluations)


def _index(flat: int, shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(int(k) for k in np.unravel_index(flat, shape)) if shape else ()
