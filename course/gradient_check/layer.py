"""`check_layer`: what a layer's backward pass gives, for its input and every parameter."""

import copy
from functools import partial
from typing import Any

import numpy as np

from course.generators import Rng, generator
from course.gradient_check.array import Claim, Plan, Speed, check_array
from course.gradient_check.differences import as_floats
from course.gradient_check.result import GradientCheck


def check_layer(layer: Any, x: Any, *, rng: Rng = 0, speed: Speed = "full", directions: int = 8,
                rtol: float | None = None, budget: int = 1500) -> GradientCheck:
    """Check what a layer's `backward` returns for its input and leaves in `grads` for every parameter.

    The loss is a random projection of the output, ``sum(out * weights)``. Every evaluation runs on a fresh copy of the
    layer, so that the layer, its running statistics and its generator stay as they are and dropout repeats its mask.

    Parameters
    ----------
    layer : Layer
        With ``forward(x)``, ``backward(grad_out)``, and ``params`` and ``grads`` by name.
    x : array_like
        A batch, first axis the samples.
    rng : int or numpy.random.Generator, optional
        Seed of weights and directions, or the generator to draw them from.
    speed, directions, rtol, budget
        As in `check_gradients`; directions are taken for each array.

    Returns
    -------
    GradientCheck
        With one part for the input, ``result["x"]``, and one for each parameter.
    """
    rng = generator(rng)
    plan = Plan(speed, directions, rtol, rng, budget)
    batch, layer = as_floats(x), copy.deepcopy(layer)  # of its own, even where it shares the generator `rng`
    out = np.asarray(copy.deepcopy(layer).forward(batch.copy()))
    weights = rng.normal(size=out.shape).astype(out.dtype)
    samples = out.shape[0] if out.ndim else 1
    sizes = {"the batch size": samples, "the size of the output": out.size,
             "the number of outputs a sample": out.size / samples if samples else 0,
             "the number of positions": float(np.prod(out.shape[2:]))}

    def run(name: str | None, grad_out: np.ndarray | None, value: np.ndarray) -> Any:
        """Return the loss, or where `grad_out` is given the gradient for the input or a parameter."""
        one = copy.deepcopy(layer)
        if name is not None:
            one.params[name][...] = value
        result = one.forward(value if name is None else batch.copy())
        if grad_out is None:
            return float(np.sum(np.asarray(result, dtype=np.float64) * weights))
        dx = one.backward(grad_out.copy())
        return dx if name is None else one.grads.get(name)

    def one_sample(name: str) -> str:
        """Say which sample alone a parameter's gradient comes from: backward is linear in what it is given."""
        whole = np.asarray(run(name, weights, layer.params[name]))
        for text, i in (("first", 0), ("last", -1)):
            alone = np.zeros_like(weights)
            alone[i] = weights[i]
            if samples > 1 and np.allclose(run(name, alone, layer.params[name]), whole, rtol=1e-6, atol=0):
                return text
        return ""

    eps, magnitude = float(np.finfo(out.dtype).eps), float(np.linalg.norm(out * weights))
    claims = [Claim("x", partial(run, None, None), partial(run, None, weights), batch, sizes,
                    {"the gradient at the output (a skip connection?)": weights}, eps=eps, magnitude=magnitude)]
    for name, value in layer.params.items():
        terms = {"the parameter itself (weight decay?)": np.array(value, dtype=np.float64)}
        claims.append(Claim(name, partial(run, name, None), partial(run, name, weights), as_floats(value, name), sizes,
                            terms, partial(one_sample, name), eps=eps, magnitude=magnitude))
    return GradientCheck({claim.name: check_array(claim, plan) for claim in claims})
