"""`check_gradients` for functions, `check_layer` for layers."""

import copy
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, Literal

import numpy as np

from course.gradient_check.diagnosis import diagnose, everywhere
from course.gradient_check.differences import Slopes, as_floats
from course.gradient_check.result import CheckedArray, GradientCheck
from course.gradient_check.search import Evidence, every_entry, random_directions

Speed = Literal["full", "directions"]
Gradient = Callable[[np.ndarray], Any]


def check_gradients(f: Callable[[np.ndarray], Any], grad: Gradient | np.ndarray, x: Any, *, speed: Speed = "full",
                    directions: int = 8, rtol: float | None = None, batch_size: int | None = None,
                    rng: np.random.Generator | None = None, budget: int = 1500) -> GradientCheck:
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
    rng : numpy Generator, optional
        Source of the directions; seeded with 0 otherwise.
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
        If `x` does not hold real numbers.

    Examples
    --------
    >>> result = check_gradients(lambda x: np.sum(x**2), lambda x: -2 * x, np.ones(3))
    >>> result.ok, result.diagnosis
    (False, 'wrong sign')
    """
    _check_options(speed, directions)
    point = as_floats(x)
    claim = grad if callable(grad) else (lambda _: grad)
    n = batch_size if batch_size is not None else point.shape[0] if point.ndim else 1
    sizes = {"the batch size" if batch_size is not None else "the number of rows": n,
             "the number of entries": point.size}
    part = _check(f, claim, point, "x", speed, directions, rtol, rng or np.random.default_rng(0), budget, sizes,
                  movable=callable(grad))
    return GradientCheck({"x": part})


def check_layer(layer: Any, x: Any, *, rng: np.random.Generator | None = None, speed: Speed = "full",
                directions: int = 8, rtol: float | None = None, budget: int = 1500) -> GradientCheck:
    """Check what a layer's `backward` returns for its input and leaves in `grads` for every parameter.

    The loss is a random projection of the output, ``sum(out * weights)``. Every evaluation runs on a fresh copy of the
    layer, so that the layer, its running statistics and its generator stay as they are and dropout repeats its mask.

    Parameters
    ----------
    layer : Layer
        With ``forward(x)``, ``backward(grad_out)``, and ``params`` and ``grads`` by name.
    x : array_like
        A batch, first axis the samples.
    rng : numpy Generator, optional
        Source of weights and directions; seeded with 0 otherwise.
    speed, directions, rtol, budget
        As in `check_gradients`; directions are taken for each array.

    Returns
    -------
    GradientCheck
        With one part for the input, ``result["x"]``, and one for each parameter.
    """
    _check_options(speed, directions)
    rng = rng or np.random.default_rng(0)
    batch, layer = as_floats(x), copy.deepcopy(layer)  # of its own, even where it shares the generator `rng`
    out = np.asarray(copy.deepcopy(layer).forward(batch.copy()))
    weights = rng.normal(size=out.shape).astype(out.dtype)
    samples = out.shape[0] if out.ndim else 1
    sizes = {"the batch size": samples, "the size of the output": out.size,
             "the number of outputs a sample": out.size / samples if samples else 0,
             "the number of positions": float(np.prod(out.shape[2:]))}
    exact = {"eps": float(np.finfo(out.dtype).eps), "magnitude": float(np.linalg.norm(out * weights))}

    def run(name: str | None, grad_out: np.ndarray | None, value: np.ndarray) -> Any:
        one = copy.deepcopy(layer)
        if name is not None:
            one.params[name][...] = value
        result = one.forward(value if name is None else batch.copy())
        if grad_out is None:
            return float(np.sum(np.asarray(result, dtype=np.float64) * weights))
        dx = one.backward(grad_out.copy())
        return dx if name is None else one.grads.get(name)

    parts = {}
    for name in (None, *layer.params):
        point = batch if name is None else as_floats(layer.params[name], name)

        def one_sample(name: str | None = name, point: np.ndarray = point) -> str:
            """Say which sample alone the parameter's gradient comes from: backward is linear in what it is given."""
            if name is None or samples < 2:
                return ""
            whole = np.asarray(run(name, weights, point))
            for text, i in (("first", 0), ("last", -1)):
                alone = np.zeros_like(weights)
                alone[i] = weights[i]
                if np.any(whole) and np.allclose(np.asarray(run(name, alone, point)), whole, rtol=1e-6, atol=0):
                    return text
            return ""

        terms = {"the gradient at the output (a skip connection?)": weights} if name is None else {
            "the parameter itself (weight decay?)": np.asarray(point, dtype=np.float64)}
        parts[name or "x"] = _check(partial(run, name, None), partial(run, name, weights), point, name or "x",
                                    speed, directions, rtol, rng, budget, sizes, terms, one_sample, exact=exact)
    return GradientCheck(parts)


def _check_options(speed: str, directions: int) -> None:
    if speed not in ("full", "directions"):
        raise ValueError(f"speed must be 'full' or 'directions'; got {speed!r}")
    if directions < 1:
        raise ValueError(f"directions must be at least 1; got {directions}")


def _check(f: Callable[[np.ndarray], Any], grad: Gradient, x: np.ndarray, name: str, speed: Speed, directions: int,
           rtol: float | None, rng: np.random.Generator, budget: int, sizes: Mapping[str, float],
           terms: Mapping[str, np.ndarray] | None = None, one_sample: Callable[[], str] = lambda: "",
           movable: bool = True, exact: Mapping[str, float] = MappingProxyType({})) -> CheckedArray:
    """Check one array; every other function here prepares for this one or words its findings."""
    claimed = grad(x.copy())
    if claimed is None:
        return _refused(name, x, np.full(x.shape, np.nan), "grad missing", "no gradient was returned for it")
    g = np.asarray(claimed, dtype=np.float64)
    if g.shape != x.shape:
        return _wrong_shape(f, g, x, name, rtol, exact)
    if not np.isfinite(g).all():
        bad = [tuple(int(k) for k in i) for i in np.argwhere(~np.isfinite(g))]
        return _refused(name, x, g, "not finite", f"the gradient is not finite at {len(bad)} of {g.size} entries", bad)

    def search(x: np.ndarray, g: np.ndarray) -> Evidence:
        slopes = Slopes(f, x, g, rtol, **exact)
        if speed == "full":
            return every_entry(slopes)
        return random_directions(slopes, directions, rng, budget,
                                 lambda found: everywhere(found, g, sizes, terms or {}) is not None)

    found = search(x, g)
    kink, spent = found.any("kink"), 0
    wrong_at_first = any(j.verdict == "wrong" for _, j in found.directions)
    if speed == "directions" and movable and not found.flat("wrong") and (kink or wrong_at_first):
        kink, spent = True, found.slopes.evaluations  # off the kinks it can be judged
        unit = 300 * found.slopes.h * found.slopes.unit.reshape(x.shape)
        x = (x + unit * rng.normal(size=x.shape)).astype(x.dtype)
        g = np.asarray(grad(x.copy()), dtype=np.float64)
        found = search(x, g)
    slopes, wrong = found.slopes, found.flat("wrong")
    unexplained = any(j.verdict == "wrong" for _, j in found.directions) and not found.flat("kink", "wrong")
    numeric, error = np.full(x.size, np.nan), np.full(x.size, np.nan)
    for i, judged in found.entries.items():
        b = judged.best
        numeric[i] = b.slope
        error[i] = 0.0 if b.error == 0 else slopes.rtol * abs(b.error) / b.tolerance
    alike = [slopes.rtol * abs(j.best.error) / j.best.tolerance for _, j in found.directions if j.best.error]
    ok = not wrong and not unexplained
    counted = [error[i] for i in found.flat("right", "wrong")] + alike
    part = CheckedArray(
        name, g, numeric.reshape(x.shape), error.reshape(x.shape), ok, max(counted, default=0.0),
        [_index(i, x.shape) for i in wrong], [_index(i, x.shape) for i in found.flat("kink")],
        directions=directions if speed == "directions" else 0)
    if not ok:
        part.diagnosis, part.message = diagnose(found, g, x, sizes, terms or {}, one_sample)
    elif part.kinks:
        part.message = f"f has a kink at or near {len(part.kinks)} of {x.size} entries, first {list(part.kinks[0])}: no error"
    elif kink:
        part.message = "f has a kink at or near this point; beside it the gradient is right"
    elif found.any("unclear"):
        part.message = "f is too rough or too noisy here to judge every slope; none contradicts the gradient"
    part.evaluations = spent + slopes.evaluations
    return part


def _index(flat: int, shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(int(k) for k in np.unravel_index(flat, shape)) if shape else ()


def _refused(name: str, x: np.ndarray, g: np.ndarray, kind: str, message: str,
             wrong: list[tuple[int, ...]] | None = None, evaluations: int = 0) -> CheckedArray:
    empty = np.full(x.shape, np.nan)
    return CheckedArray(name, g, empty, empty.copy(), False, np.inf, wrong or [], [], kind, message, evaluations)


def _wrong_shape(f: Callable[[np.ndarray], Any], g: np.ndarray, x: np.ndarray, name: str, rtol: float | None,
                 exact: Mapping[str, float]) -> CheckedArray:
    """Find out whether a sum or a transpose makes a gradient of the wrong shape right."""
    message = f"the gradient has shape {g.shape} where {x.shape} is wanted"
    candidates = [("forgotten sum", f"summed over axis {a} it is right: the sum over the batch is forgotten", g.sum(a))
                  for a in range(g.ndim)]
    candidates += [("transposed", "transposed it is right", g.T)]
    candidates += [("wrong shape", "reshaped it is right", g.reshape(x.shape))] if g.size == x.size else []
    spent = 0
    for kind, text, candidate in candidates:
        if candidate.shape == x.shape and np.isfinite(candidate).all():
            slopes = Slopes(f, x, candidate, rtol, **exact)
            found: Evidence = random_directions(slopes, 2, np.random.default_rng(0), 0)
            spent += slopes.evaluations
            if not any(j.verdict == "wrong" for _, j in found.directions):
                return _refused(name, x, g, kind, f"{message}; {text}", evaluations=spent)
    return _refused(name, x, g, "wrong shape", message, evaluations=spent)
