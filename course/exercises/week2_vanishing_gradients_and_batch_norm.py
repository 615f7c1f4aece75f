"""Probes of ``week2/02_vanishing_gradients_and_batch_norm``: what is asked of each answer, without an answer."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from course.exercises.backend import Failed
from course.exercises.namespace import Handle
from course.exercises.probe import Case, exercise, parts, read_only

Outputs = Iterator[Case | tuple[str, Any]]
NORM = [f"course.layers.{name}" for name in (
    "batchnorm_forward", "batchnorm_backward", "batchnorm_inference", "update_running_statistics", "fold_batchnorm", "BatchNorm")]


MOST_UNITS = 100  # samples times units of the widest layer: more than any net here has


def _derivative(f: Callable[[np.ndarray], np.ndarray], text: str) -> Callable[[Any], np.ndarray]:
    def activation_grad(z: Any) -> np.ndarray:
        if np.ndim(z) > 2 or np.size(z) > MOST_UNITS:
            raise ValueError(f"the derivative was given an array of shape {np.shape(z)}, and no z of this net has that")
        return f(np.asarray(z, dtype=np.float64))

    activation_grad.__doc__ = text
    return activation_grad


def _sigmoid_slope(z: np.ndarray) -> np.ndarray:
    return 0.25 / np.cosh(z / 2) ** 2


SLOPES = {
    "tanh": _derivative(lambda z: 1 - np.tanh(z) ** 2, "the derivative of tanh"),
    "relu": _derivative(lambda z: (z > 0).astype(np.float64), "the derivative of ReLU"),
    "sigmoid": _derivative(_sigmoid_slope, "the derivative of the sigmoid"),
}


@exercise("backpropagated_norms", needs=["backpropagated_norms"], answered_by=["course.training.backward_signals"])
def backpropagated_norms(student: Any, rng: np.random.Generator) -> Outputs:
    nets = {
        "three tanh layers": ("tanh", 5, (4, 3, 6, 2), 1.0),
        "layers of one width": ("tanh", 3, (4, 4, 4), 1.0),
        "ReLU": ("relu", 8, (3, 6, 6, 4), 1.0),
        "eight sigmoid layers": ("sigmoid", 4, (3,) * 9, 0.5),
        "one layer": ("tanh", 6, (5, 3), 1.0),
    }
    for name, (activation, n, widths, scale) in nets.items():
        weights = [read_only(scale * rng.normal(size=shape)) for shape in zip(widths, widths[1:], strict=False)]
        z = [np.asfortranarray(rng.normal(size=(n, width))) for width in widths[1:]]
        grad = rng.normal(size=(n, widths[-1]))
        # Relative alone: a vanishing gradient has to be right too.
        yield Case(name, student.backpropagated_norms(weights, z, SLOPES[activation], grad), rtol=1e-9, atol=0.0)


@exercise("sigmoid_bound", needs=["sigmoid_bound"], answered_by=["course.training.sigmoid_bound"])
def sigmoid_bound(student: Any, rng: np.random.Generator) -> Outputs:
    nets = {
        "one layer": [(4, 3)],
        "three layers": [(5, 4), (4, 6), (6, 2)],
        "ten small layers": [(3, 3)] * 10,
    }
    for name, shapes in nets.items():
        weights = [read_only(rng.normal(size=shape)) for shape in shapes]
        yield Case(name, student.sigmoid_bound(weights), rtol=1e-9, atol=0.0)
    turn = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    yield Case("a rotation, times 3", student.sigmoid_bound([3 * turn, np.asfortranarray(2 * turn)]), rtol=1e-9, atol=0.0)


def _refused(value: Any) -> Any:
    """Say in fixed words how a call that should raise ValueError ended."""
    if isinstance(value, Failed):
        if value.kind != "raised":
            return value
        return "it raises ValueError" if value.error == "ValueError" else "it raises another error than ValueError"
    if isinstance(value, Handle) and value.description.endswith(" ValueError") or isinstance(value, str) and value == "ValueError":
        return "it returns a ValueError, and does not raise it"
    if isinstance(value, (float, int)) and value == value:
        return "it returns a number, and raises no ValueError"
    return "it returns None, and raises no ValueError" if value is None else "it returns something, and raises no ValueError"


@exercise("initial_std", needs=["initial_std"], answered_by=["course.initializers.initialize"])
def initial_std(student: Any, rng: np.random.Generator) -> Outputs:
    for activation in ("linear", "sigmoid", "tanh", "relu"):
        fan_in, fan_out = int(rng.integers(20, 200)), int(rng.integers(300, 900))
        yield activation, student.initial_std(fan_in, fan_out, activation)
    yield "relu, more inputs than outputs, numpy's integers", student.initial_std(np.int64(rng.integers(300, 900)), np.int64(12), "relu")
    yield Case("an unknown name", _refused(student.initial_std(30, 40, "tan")), weight=0.25, finding=True)
    yield Case("a name that holds another", _refused(student.initial_std(30, 40, "leaky_relu")), weight=0.25, finding=True)
    yield Case("a name in capitals", _refused(student.initial_std(30, 40, "ReLU")), weight=0.25, finding=True)


def _batch(rng: np.random.Generator, n: int, d: int) -> list[np.ndarray]:
    """Draw x of unequal means and scales, gamma (of both signs) and beta."""
    x = rng.normal(size=(n, d)) * rng.uniform(0.3, 3, size=d) + rng.uniform(1, 4, size=d) * rng.choice([-1.0, 1.0], size=d)
    gamma = rng.uniform(0.5, 2, size=d) * np.where(np.arange(d) % 2, -1.0, 1.0)
    return [x, gamma, rng.normal(size=d)]


@exercise("batchnorm_forward", needs=["batchnorm_forward"], answered_by=NORM)
def batchnorm_forward(student: Any, rng: np.random.Generator) -> Outputs:
    def out(x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, *eps: float) -> Any:
        result = student.batchnorm_forward.keep(x, gamma, beta, *eps)
        if isinstance(result, Handle) and result.description.startswith("an array"):  # its first entry would be a row
            return Failed("unusable", message="one array came back, and the pair (out, cache) was wanted")
        if isinstance(result, Handle) and result.description.endswith("NoneType"):
            return Failed("unusable", message="None came back, which is what a function without return gives, and the pair (out, cache) was wanted")
        third = result.item(2, keep=True) if isinstance(result, Handle) else result
        if isinstance(third, Handle):
            return Failed("unusable", message="more than two values came back, and the pair (out, cache) was wanted: what backward needs goes into the cache")
        return result.item(0)

    x, gamma, beta = _batch(rng, 6, 4)
    yield "a batch, eps 0.5", out(x, gamma, beta, 0.5)
    x, gamma, beta = _batch(rng, 4, 4)
    yield "as many samples as features, the usual eps", out(read_only(np.asfortranarray(x)), read_only(gamma), beta)
    x, gamma, beta = _batch(rng, 2, 3)
    yield "two samples, eps 0.1", out(x, gamma, beta, 0.1)
    x, gamma, beta = _batch(rng, 1, 5)
    yield Case("one sample", out(x, gamma, beta), weight=0.5)
    x, gamma, beta = _batch(rng, 50, 3)
    yield Case("features around a million", out(x + 1e6, gamma, beta), rtol=1e-5, atol=1e-6)


@exercise("batchnorm_backward", needs=["batchnorm_forward", "batchnorm_backward"], answered_by=NORM)
def batchnorm_backward(student: Any, rng: np.random.Generator) -> Outputs:
    sizes = {"a batch, eps 0.5": (6, 4, 0.5), "as many samples as features": (4, 4, 1e-5), "three samples, eps 0.1": (3, 2, 0.1)}
    for name, (n, d, eps) in sizes.items():
        x, gamma, beta = _batch(rng, n, d)
        forward = student.batchnorm_forward.keep(x, read_only(gamma), beta, eps)
        grad = read_only(np.asfortranarray(rng.normal(size=(n, d)) + 1))
        yield from parts(name, student.batchnorm_backward(grad, forward.item(1, keep=True)), ("dx", "dgamma", "dbeta"))
    (one, gamma, beta), other = _batch(rng, 5, 3), _batch(rng, 5, 3)[0]
    grad = rng.normal(size=(5, 3))
    first = student.batchnorm_forward.keep(one, gamma, beta)
    second = student.batchnorm_forward.keep(other, 2 * gamma, beta)
    yield "two caches alive at once: gradients of the first", student.batchnorm_backward(grad, first.item(1, keep=True))
    yield "two caches alive at once: gradients of the second", student.batchnorm_backward(grad, second.item(1, keep=True))


@exercise("update_running_statistics", needs=["update_running_statistics"], answered_by=NORM)
def update_running_statistics(student: Any, rng: np.random.Generator) -> Outputs:
    names = ("running_mean", "running_var")

    def running(d: int) -> tuple[np.ndarray, np.ndarray]:
        return rng.normal(size=d), rng.uniform(2, 5, size=d)

    x = _batch(rng, 6, 4)[0]
    yield from parts("momentum 0.25", student.update_running_statistics(*map(read_only, running(4)), read_only(x), 0.25), names)
    x = _batch(rng, 3, 3)[0]
    yield from parts("the usual momentum", student.update_running_statistics(*running(3), np.asfortranarray(x)), names)
    x = _batch(rng, 2, 3)[0]
    yield from parts("two samples, momentum 1", student.update_running_statistics(*running(3), x, momentum=1.0), names)
    result: Any = running(2)
    for _ in range(3):
        if not (isinstance(result, (list, tuple)) and len(result) == 2 and all(np.shape(r) == (2,) for r in result if isinstance(r, np.ndarray))):
            break
        result = student.update_running_statistics(result[0], result[1], _batch(rng, 5, 2)[0], 0.5)
    yield from parts("three batches in a row", result, names)


@exercise("batchnorm_inference", needs=["batchnorm_inference"], answered_by=NORM)
def batchnorm_inference(student: Any, rng: np.random.Generator) -> Outputs:
    for name, (n, d, eps) in {"a batch, eps 0.5": (5, 4, (0.5,)), "as many samples as features": (3, 3, ()), "one sample, eps 0.1": (1, 4, (0.1,))}.items():
        x, gamma, beta = _batch(rng, n, d)
        mean, var = rng.normal(size=d), rng.uniform(0.2, 3, size=d)
        yield name, student.batchnorm_inference(read_only(np.asfortranarray(x)), gamma, beta, read_only(mean), read_only(var), *eps)


@exercise("fold_batchnorm", needs=["fold_batchnorm"], answered_by=NORM)
def fold_batchnorm(student: Any, rng: np.random.Generator) -> Outputs:
    for name, (d, m, eps) in {"more inputs than outputs, eps 0.5": (5, 3, (0.5,)), "as many inputs as outputs": (4, 4, ()), "one input, eps 0.1": (1, 3, (0.1,))}.items():
        w, b = rng.normal(size=(d, m)), rng.normal(size=m)
        gamma, beta = _batch(rng, 2, m)[1:]
        mean, var = rng.normal(size=m), rng.uniform(0.2, 3, size=m)
        result = student.fold_batchnorm(read_only(np.asfortranarray(w)), read_only(b), gamma, beta, mean, read_only(var), *eps)
        yield from parts(name, result, ("w", "b"))


@exercise("batchnorm_class", needs=["BatchNorm"], answered_by=NORM)
def batchnorm_class(student: Any, rng: np.random.Generator) -> Outputs:
    norm = student.BatchNorm(3)
    yield Case("as it starts", [norm.gamma, norm.beta, norm.running_mean, norm.running_var, norm.training], weight=0.5)
    x, gamma, beta = _batch(rng, 6, 3)
    norm = student.BatchNorm(3, momentum=0.25, eps=0.5)
    norm.assign("gamma", gamma)
    norm.assign("beta", beta)
    grad = rng.normal(size=(6, 3)) + 1
    out = norm.forward(read_only(x))
    yield "training: forward", out
    yield "training: the running statistics after it", [norm.running_mean, norm.running_var] if not isinstance(out, Failed) else out
    yield "training: backward", norm.backward(read_only(grad))
    yield "training: dgamma and dbeta", [norm.dgamma, norm.dbeta]
    x, grad = _batch(rng, 4, 3)[0], rng.normal(size=(4, 3)) + 1
    out = norm.forward(np.asfortranarray(x))
    yield "a second batch: the running statistics", [norm.running_mean, norm.running_var] if not isinstance(out, Failed) else out
    norm.backward(grad)
    yield "a second batch: dgamma and dbeta are written anew", [norm.dgamma, norm.dbeta]
    norm.assign("training", False)
    x = _batch(rng, 5, 3)[0]
    yield "evaluation: forward", norm.forward(x)
    out = norm.forward(x[:1])
    yield "evaluation: one sample", out
    yield "evaluation leaves the running statistics alone", [norm.running_mean, norm.running_var] if not isinstance(out, Failed) else out
    norm = student.BatchNorm(2)
    mean, var = rng.normal(size=2), rng.uniform(2, 5, size=2)
    norm.assign("running_mean", mean)
    norm.assign("running_var", var)
    norm.assign("training", False)
    yield "running statistics that were assigned", norm.forward(_batch(rng, 3, 2)[0])
    first, second = student.BatchNorm(2), student.BatchNorm(2)
    first.forward(_batch(rng, 4, 2)[0])
    out = second.forward(_batch(rng, 4, 2)[0])
    yield "two layers do not share their statistics", [first.running_mean, second.running_mean] if not isinstance(out, Failed) else out


@exercise("clip_by_global_norm", needs=["clip_by_global_norm"])
def clip_by_global_norm(student: Any, rng: np.random.Generator) -> Outputs:
    near = 1e-5  # many libraries divide by the norm plus 1e-6
    grads = [rng.normal(size=(3, 2)), 4 * rng.normal(size=4), np.array(rng.normal())]
    yield Case("one large among small ones", student.clip_by_global_norm([read_only(g) for g in grads], 1.0), rtol=near)
    grads = [rng.uniform(1, 2, size=(2, 3)), rng.uniform(1, 2, size=3)]
    each = max(float(np.linalg.norm(g)) for g in grads)
    both = float(np.sqrt(sum(np.sum(g**2) for g in grads)))
    yield Case("only all together are too long", student.clip_by_global_norm(grads, (each + both) / 2), rtol=near)
    grads = [rng.normal(size=(2, 2)), 1e-3 * rng.normal(size=3)]
    # Gradients that stay as they are, and zeros, are what the arguments themselves would also get right.
    yield Case("short ones stay as they are, and long ones do not", [
        student.clip_by_global_norm(grads, 100.0), student.clip_by_global_norm([100 * np.asfortranarray(g) for g in grads], 2.5)], rtol=near)
    yield Case("zero gradients among others", student.clip_by_global_norm([np.zeros(3), rng.normal(size=(2, 2)) * 9], 0.5), rtol=near)
    zeros = student.clip_by_global_norm([np.zeros((2, 2)), np.zeros(3)], 1.0)
    yield Case("nothing but zeros", zeros, weight=0.0)
