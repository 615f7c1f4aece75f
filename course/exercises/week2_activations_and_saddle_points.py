"""Probes of ``week2/01_activations_and_saddle_points``: what is asked of each answer, without an answer."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from course.exercises.backend import Failed
from course.exercises.probe import Case, exercise, parts, read_only

Outputs = Iterator[Case | tuple[str, Any]]

# --- activations ------------------------------------------------------------------------------------------------------

ACTIVATIONS = [f"course.layers.{name}" for name in (
    "leaky_relu", "leaky_relu_grad", "softplus", "softplus_grad", "squared_relu", "squared_relu_grad", "sigmoid", "sigmoid_grad",
    "tanh_", "tanh_grad", "LeakyReLU", "Softplus", "SquaredReLU", "Sigmoid", "Tanh")]
FAR = [1000.0, 35.0, 20.0, 3.0, 0.5, -0.5, -3.0, -20.0, -35.0, -1000.0]


def _pair(function: Any, derivative: Any, rng: np.random.Generator, slopes: tuple[tuple, ...] = ((),) * 5) -> Iterator[Case]:
    """Ask a pair of functions for their values at the same places; `slopes` are further arguments, one tuple a place."""
    places = {
        "a batch": read_only(_both_signs(rng, (4, 3))),
        "three axes, a turned view": _both_signs(rng, (2, 3, 2)).transpose(2, 0, 1),
        "at and around 0": np.concatenate([[0.0], _both_signs(rng, (4,)) / 4]),
    }
    for (name, x), more in zip(places.items(), slopes, strict=False):
        yield Case(f"{name}: function", function(x, *more), rtol=1e-9, atol=1e-9)
        yield Case(f"{name}: derivative", derivative(x, *more), rtol=1e-9, atol=1e-9)
    x = np.array(-rng.uniform(0.5, 2))
    yield Case("a number, shape (): function and derivative", [function(x, *slopes[3]), derivative(x, *slopes[3])], rtol=1e-9, atol=1e-9)
    x = np.array(FAR) * rng.uniform(0.9, 1.0)
    for name, call in {"function": function, "derivative": derivative}.items():
        yield Case(f"far from 0: {name}", call(read_only(x), *slopes[4]), weight=0.5, rtol=1e-9, atol=1e-9)
        yield Case(f"far from 0, without a warning: {name}", call.quietly(x, *slopes[4]), weight=0.5, rtol=1e-9, atol=1e-9)


def _both_signs(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Draw numbers of both signs, none of them near 0."""
    sign = np.where(np.arange(np.prod(shape)) % 2, -1.0, 1.0)
    return (sign * rng.uniform(0.3, 2.5, size=sign.size)).reshape(shape)


@exercise("leaky_relu", needs=["leaky_relu", "leaky_relu_grad"], answered_by=ACTIVATIONS)
def leaky_relu(student: Any, rng: np.random.Generator) -> Outputs:
    slopes = ((), (float(rng.uniform(0.2, 0.4)),), (0.25,), (float(rng.uniform(0.5, 0.7)),), (0.0,))
    yield from _pair(student.leaky_relu, student.leaky_relu_grad, rng, slopes)
    x = _both_signs(rng, (6,))
    yield Case("slope by its name: function", student.leaky_relu(x, slope=0.125), rtol=1e-9, atol=1e-9)
    yield Case("slope by its name: derivative", student.leaky_relu_grad(x, slope=0.125), rtol=1e-9, atol=1e-9)
    yield Case("slope 1: function and derivative", [student.leaky_relu(x, 1.0), student.leaky_relu_grad(x, 1.0)], rtol=1e-9, atol=1e-9)


@exercise("softplus", needs=["softplus", "softplus_grad"], answered_by=ACTIVATIONS)
def softplus(student: Any, rng: np.random.Generator) -> Outputs:
    yield from _pair(student.softplus, student.softplus_grad, rng)


@exercise("squared_relu", needs=["squared_relu", "squared_relu_grad"], answered_by=ACTIVATIONS)
def squared_relu(student: Any, rng: np.random.Generator) -> Outputs:
    # At a single negative number both are 0, which zeros get right too.
    for case in _pair(student.squared_relu, student.squared_relu_grad, rng):
        yield Case(case.name, case.value, 0.0, case.rtol, case.atol) if "shape ()" in case.name else case


@exercise("sigmoid", needs=["sigmoid", "sigmoid_grad"], answered_by=ACTIVATIONS)
def sigmoid(student: Any, rng: np.random.Generator) -> Outputs:
    yield from _pair(student.sigmoid, student.sigmoid_grad, rng)


@exercise("tanh_", needs=["tanh_", "tanh_grad"], answered_by=ACTIVATIONS)
def tanh_(student: Any, rng: np.random.Generator) -> Outputs:
    yield from _pair(student.tanh_, student.tanh_grad, rng)


# --- linear nets, XOR, zeros --------------------------------------------------------------------------------------------


@exercise("collapse_linear_layers", needs=["collapse_linear_layers"], answered_by=["course.linear.collapse_linear_layers"])
def collapse_linear_layers(student: Any, rng: np.random.Generator) -> Outputs:
    nets = {
        "three layers": (3, 5, 2, 4),
        "layers of one width": (3, 3, 3, 3),
        "two layers of one width": (2, 2, 2),
        "one layer": (4, 3),
        "five layers": (2, 4, 3, 4, 2, 1),
    }
    for i, (name, widths) in enumerate(nets.items()):
        weights = [np.asfortranarray(rng.normal(size=shape)) for shape in zip(widths, widths[1:], strict=False)]
        biases = [rng.uniform(0.5, 2, size=width) * rng.choice([-1.0, 1.0], size=width) for width in widths[1:]]
        if i % 2 == 0:
            weights, biases = [read_only(w) for w in weights], [read_only(b) for b in biases]
        result = student.collapse_linear_layers(weights, biases)
        # One layer is its own answer, so the lists that came in would also be right.
        yield from parts(name, result, ("w", "b"), weight=float(len(weights) > 1), rtol=1e-9, atol=1e-9)


CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR_FORM = "w1 (2, 2), b1 (2,), w2 (2,) and a number b2"
WITHOUT_RETURN = "it is None, which is what a function without return gives"


def _xor_form(net: Any) -> str | Failed:
    """Say whether an answer is a net of two hidden units, or what it is instead."""
    if isinstance(net, Failed):
        return net
    if net is None:
        return WITHOUT_RETURN
    if not isinstance(net, (tuple, list)) or len(net) != 4:
        return "not four values: w1, b1, w2, b2"
    for name, value, shape in zip(("w1", "b1", "w2", "b2"), net, ((2, 2), (2,), (2,), ()), strict=True):
        number = not shape and isinstance(value, (int, float)) and not isinstance(value, bool)
        if not (number or isinstance(value, (np.ndarray, np.generic)) and np.asarray(value).dtype.kind in "iuf"):
            if isinstance(value, (list, tuple)):
                return f"{name} is a {type(value).__name__}; np.array makes an array of it" if shape else f"{name} is a {type(value).__name__}, and a number is wanted"
            return f"{name} is no array of numbers" if shape else f"{name} is no number"
        if np.shape(value) != shape:
            return f"the shape of {name} is not {shape}" if shape else f"{name} is an array and not a number"
        if not np.all(np.isfinite(value)):
            return f"nan or infinity stands in {name}"
    return XOR_FORM


@exercise("xor_network", needs=["xor_network"])
def xor_network(student: Any, rng: np.random.Generator) -> Outputs:
    del rng  # there is nothing to draw: the four corners are all there is
    net = student.xor_network()
    form = _xor_form(net)
    yield Case("the four values", form, weight=0.0, finding=True)
    outputs: Any = form if isinstance(form, Failed) else Failed("unusable", message="there is no net to compute with")
    if form == XOR_FORM:
        w1, b1, w2, b2 = (np.asarray(value, dtype=np.float64) for value in net)
        outputs = np.maximum(CORNERS @ w1 + b1, 0.0) @ w2 + b2
    yield Case("outputs at the corners 00, 01, 10, 11", outputs, rtol=0.0, atol=1e-6)


@exercise("zero_fraction", needs=["zero_fraction"], answered_by=["course.training.zero_fraction"])
def zero_fraction(student: Any, rng: np.random.Generator) -> Outputs:
    def layer(shape: tuple[int, ...], zeros: int, sign: float = 1.0) -> np.ndarray:
        values = rng.uniform(0.2, 2, size=int(np.prod(shape))) * np.where(np.arange(np.prod(shape)) % 3, 1.0, sign)
        values[rng.permutation(values.size)[:zeros]] = 0.0
        return values.reshape(shape)

    def some(low: int, high: int) -> int:
        return int(rng.integers(low, high, endpoint=True))

    relu = [read_only(layer((5, 4), some(5, 9))), np.asfortranarray(layer((5, 6), some(18, 24))), layer((5, 2), some(1, 3))]
    yield "three layers of ReLU", student.zero_fraction(relu)
    yield "negative values among them", student.zero_fraction([layer((4, 5), some(2, 6), -1.0), layer((4, 4), some(9, 12), -1.0)])
    yield "images, and a vector", student.zero_fraction([layer((2, 3, 4, 4), some(20, 40)), layer((7,), some(1, 3))])
    small = layer((3, 4), some(1, 3))
    small[small > 1] *= 1e-12
    yield "tiny values are not zero", student.zero_fraction([small, layer((2, 3), some(1, 2))])
    yield "one layer, negative zeros", student.zero_fraction([-layer((3, 5), some(3, 6))])


@exercise("dead_units", needs=["dead_units"], answered_by=["course.training.dead_units"])
def dead_units(student: Any, rng: np.random.Generator) -> Outputs:
    def layer(n: int, d: int, dead: list[int], sign: float = 1.0) -> np.ndarray:
        values = rng.uniform(0.2, 2, size=(n, d)) * np.where(np.arange(n * d) % 2, 1.0, sign).reshape(n, d)
        values[:, dead] = 0.0
        return values

    def shuffled(a: np.ndarray) -> np.ndarray:  # which units are dead must not be known beforehand
        return np.ascontiguousarray(a[:, rng.permutation(a.shape[1])])

    a = layer(5, 6, [1, 4])
    a[:3, 0] = a[1:, 2] = a[4, 3] = 0.0  # silent for some samples only
    yield "some dead, some silent for a few samples", student.dead_units(read_only(shuffled(a)))
    a = layer(4, 4, [2], -1.0)
    a[0, 1] = a[3, 2] = 0.0
    yield "negative values, as many samples as units", student.dead_units(np.asfortranarray(shuffled(a)))
    a = layer(4, 5, [0])
    a[:, 2] = -a[:, 2]
    a[:, 3] = [1.5, -1.5, 0.25, -0.25]
    a[:, 4] = [0.0, -a[1, 4], 0.0, -a[3, 4]]
    yield "a unit that is always negative, one whose values cancel, and one of zeros and negative values", student.dead_units(shuffled(a))
    a = layer(3, 4, [3])
    a[:, 1] *= 1e-12
    yield "a unit that is tiny and not zero", student.dead_units(shuffled(a))
    yield "one sample", student.dead_units(shuffled(layer(1, 5, [0, 2])))
    a = layer(6, 8, [2, 5])
    a[:, 0] = 0.0
    a[2, 0] = 1.0
    a[:, ::2] = shuffled(a[:, ::2])
    yield "every second unit, alive for one sample", student.dead_units(a[:, ::2])


# --- curvature --------------------------------------------------------------------------------------------------------

CURVATURE = [f"course.curvature.{name}" for name in (
    "hessian", "hessian_of_function", "hessian_vector_product", "saddle_index", "classify_critical_point", "escape_direction",
    "describe_point", "find_critical_points", "extreme_eigenpairs", "autoencoder_critical_point", "autoencoder._principal")]


class _Wavy:
    """A function of a vector, sum(c * sin(x)) + (a . x)**3 / 2, with its gradient; each remembers where it was asked."""

    def __init__(self, rng: np.random.Generator, n: int) -> None:
        self.n = n
        self.c = rng.uniform(1.5, 3, size=n)
        self.a = rng.uniform(0.4, 0.8, size=n) * rng.choice([-1.0, 1.0], size=n)
        self.asked: list[np.ndarray] = []

    def _at(self, x: Any) -> np.ndarray:
        if np.shape(x) != (self.n,):
            raise ValueError(f"the function was given an array of shape {np.shape(x)}, and it takes shape {(self.n,)}")
        self.asked.append(np.array(x, dtype=np.float64))
        return self.asked[-1]

    def value(self) -> Callable[[Any], float]:
        def f(x: Any) -> float:
            x = self._at(x)
            return float(np.sum(self.c * np.sin(x)) + np.sum(self.a * x) ** 3 / 2)

        f.__doc__ = "f(x) = sum(c * sin(x)) + sum(a * x)**3 / 2"
        return f

    def gradient(self) -> Callable[[Any], np.ndarray]:
        def grad(x: Any) -> np.ndarray:
            x = self._at(x)
            return self.c * np.cos(x) + 1.5 * np.sum(self.a * x) ** 2 * self.a

        grad.__doc__ = "grad(x) = c * cos(x) + 3 / 2 * sum(a * x)**2 * a"
        return grad


def _bent(rng: np.random.Generator, n: int) -> np.ndarray:
    """Draw a point where the third derivatives of sin are not small, so that one side alone is never enough."""
    return rng.uniform(-0.9, 0.9, size=n)


@exercise("numerical_hessian", needs=["numerical_hessian"], answered_by=CURVATURE)
def numerical_hessian(student: Any, rng: np.random.Generator) -> Outputs:
    for name, n, more, atol in (
        ("three parameters", 3, {}, 3e-6),
        ("two parameters, h = 0.001", 2, {"h": 1e-3}, 3e-5),
        ("four parameters, a large h = 0.01", 4, {"h": 1e-2}, 3e-3),
        ("one parameter, h = 0.01", 1, {"h": 1e-2}, 3e-3),
    ):
        yield Case(name, student.numerical_hessian(_Wavy(rng, n).value(), read_only(_bent(rng, n)), **more), rtol=0.0, atol=atol)
    wavy, x = _Wavy(rng, 2), _bent(rng, 2)
    result = student.numerical_hessian(wavy.value(), read_only(x), h=1e-2)
    yield Case("where f is asked for h = 0.01", _reach(wavy.asked, x, 1e-2, result), weight=0.25, finding=True)
    n = 3
    matrix, b = rng.integers(-3, 4, size=(n, n)).astype(float), rng.normal(size=n)

    def quadratic(x: Any) -> float:
        if np.shape(x) != (n,):
            raise ValueError(f"the function was given an array of shape {np.shape(x)}, and it takes shape {(n,)}")
        return float(np.sum((np.asarray(x) @ matrix) ** 2) / 2 + np.sum(b * x))

    quadratic.__doc__ = "f(x) = sum((x @ m)**2) / 2 + sum(b * x)"
    yield Case("a quadratic function", student.numerical_hessian(quadratic, rng.normal(size=n)), rtol=0.0, atol=1e-5)


def _reach(asked: list[np.ndarray], x: np.ndarray, h: float, result: Any) -> str | Failed:
    """Say whether the places where a function was asked follow the step that was passed; every scheme has its own places."""
    if isinstance(result, Failed) and not asked:
        return result
    farthest = max((float(np.abs(place - x).max()) for place in asked), default=0.0)
    return "some steps away, of the h that was passed" if 0.3 * h < farthest < 30 * h else "at other distances than the h that was passed would have it"


TWO_SIDES = "grad is asked twice, once on each side of x"


def _sides(asked: list[np.ndarray], x: np.ndarray, result: Any, h: float) -> str | Failed:
    """Say at which places a gradient was asked for."""
    if isinstance(result, Failed) and not asked:
        return result
    if len(asked) != 2:
        return "grad is never asked" if not asked else "grad is asked once" if len(asked) == 1 else "grad is asked more than twice"
    same = np.allclose(asked[0] + asked[1], 2 * x, rtol=0.0, atol=1e-9) and not np.array_equal(asked[0], asked[1])
    if not same:
        return "the two places where grad is asked do not lie on both sides of x, equally far"
    step = float(np.sqrt(np.sum((asked[0] - x) ** 2)))
    return TWO_SIDES if 0.3 * h < step < 3 * h else "the step to either side of x has another length than the h that was passed"


@exercise("hessian_vector_product", needs=["hessian_vector_product"], answered_by=CURVATURE)
def hessian_vector_product(student: Any, rng: np.random.Generator) -> Outputs:
    for name, n, length, more, tolerance in (
        ("a vector of length 2", 4, 2.0, {}, 1e-6),
        ("a large h = 0.01", 3, 1.5, {"h": 1e-2}, 1e-3),
        ("a very long vector", 4, 1e6, {}, 1e-6),
    ):
        wavy, x = _Wavy(rng, n), _bent(rng, n)
        v = rng.uniform(0.5, 1, size=n) * np.where(np.arange(n) % 2, -1.0, 1.0)
        v *= length / np.sqrt(np.sum(v**2))
        result = student.hessian_vector_product(wavy.gradient(), read_only(x), read_only(v), **more)
        yield Case(name, result, rtol=0.0, atol=tolerance * length)
        yield Case(f"{name}: where grad is asked", _sides(wavy.asked, x, result, more.get("h", 1e-5)), weight=0.25, finding=True)
    # What rounding makes of a step that is too short differs from machine to machine, so no number is compared.
    wavy, x = _Wavy(rng, 3), _bent(rng, 3)
    v = 1e-9 * rng.uniform(0.5, 1, size=3)
    result = student.hessian_vector_product(wavy.gradient(), x, v)
    told: Any = "as right as for a longer vector"
    if isinstance(result, Failed):
        told = result
    elif not isinstance(result, np.ndarray) or result.shape != (3,) or result.dtype.kind != "f":
        told = "not an array of shape (n,)"
    elif not result.any():
        told = "it is zeros, as if v were the zero vector; a short vector has a product too"
    elif not np.allclose(result, _exact(wavy, x) @ v, rtol=0.0, atol=1e-6 * 1e-9):
        told = "wrong for so short a vector"
    yield Case("a very short vector", told, finding=True)
    wavy, x, v = _Wavy(rng, 3), _bent(rng, 3), rng.uniform(0.5, 1, size=3)
    grad = wavy.gradient()
    yield Case("the zero vector, and another", [student.hessian_vector_product(grad, x, np.zeros(3)), student.hessian_vector_product(grad, x, v)],
               rtol=0.0, atol=1e-6)


def _exact(wavy: _Wavy, x: np.ndarray) -> np.ndarray:
    return np.diag(-wavy.c * np.sin(x)) + 3 * np.sum(wavy.a * x) * wavy.a[:, None] * wavy.a


def _symmetric(rng: np.random.Generator, values: list[float]) -> np.ndarray:
    """Make a symmetric matrix with these eigenvalues, its eigenvectors far from the axes."""
    vectors = _turn(rng, len(values))
    matrix = (vectors * np.array(values)) @ vectors.T
    return (matrix + matrix.T) / 2


def _turn(rng: np.random.Generator, n: int) -> np.ndarray:
    while True:
        vectors = np.linalg.qr(rng.normal(size=(n, n)))[0]
        if n == 1 or np.abs(vectors).min() > 0.05:
            return vectors


def _spectra(rng: np.random.Generator) -> dict[str, list[float]]:
    """Draw eigenvalues of matrices of every kind; what counts as zero is a billionth of the largest or less."""
    def draw(*ranges: tuple[float, float]) -> list[float]:
        return [float(rng.uniform(low, high)) for low, high in ranges]

    tiny = float(rng.uniform(1e-9, 5e-9))
    return {
        "up in all directions": draw((0.5, 1), (1.5, 2), (3, 4)),
        "down in all directions": draw((-4, -3), (-2, -1.5), (-1, -0.5), (-0.4, -0.3)),
        "one down, two up": draw((-2, -1), (0.5, 1), (3, 4)),
        "two down, one up, two zeros": [*draw((-3, -2), (-1, -0.5)), -tiny, tiny, *draw((0.5, 1))],
        "up, and two zeros": [-tiny, 2 * tiny, *draw((0.5, 1), (2, 3))],
        "down, and a zero": [*draw((-3, -2), (-1, -0.5)), -tiny],
        "down, and a zero from above": [*draw((-3, -2), (-1, -0.5)), tiny],
        "all small: one down": [v * 1e-9 for v in draw((-2, -1), (0.5, 1), (3, 4))],
        "all large: up, and a zero from below": [v * 1e9 for v in [-tiny, *draw((0.5, 1), (2, 3))]],
        "a little down": [*draw((-2e-3, -1e-3), (0.5, 1), (1, 2))],
        "a number, up": draw((0.5, 1)),
        "a number, down": draw((-1, -0.5)),
    }


def _in_any_order(function: Any, rng: np.random.Generator, found: dict[str, Any]) -> Outputs:
    """Ask about a matrix of every kind, in an order that is drawn; `found` gets the answers in that of `_spectra`."""
    spectra = _spectra(rng)
    found.update(dict.fromkeys(spectra))
    for i, name in enumerate(rng.permutation(list(spectra)).tolist()):
        matrix = _symmetric(rng, spectra[name])
        found[name] = function(read_only(matrix) if i % 2 else np.asfortranarray(matrix))
        yield Case(name, found[name], weight=0.0)  # one answer alone is soon guessed: several together count


@exercise("saddle_index", needs=["saddle_index"], answered_by=CURVATURE)
def saddle_index(student: Any, rng: np.random.Generator) -> Outputs:
    found: dict[str, Any] = {}
    yield from _in_any_order(student.saddle_index, rng, found)
    zero = student.saddle_index(np.zeros((2, 2)))
    yield Case("nothing but zeros", zero, weight=0.0)
    counts = list(found.values())
    for name, rows in {
        "the clear cases together": (0, 1, 2),
        "zeros are not down: together": (3, 4, 5, 6),
        "zero is measured by the largest, whatever the scale: together": (7, 8, 9),
        "matrices of one number: together": (10, 11),
    }.items():
        yield name, [counts[row] for row in rows]
    yield "nothing but zeros, beside another", [zero, counts[2]]


@exercise("classify_critical_point", needs=["classify_critical_point"], answered_by=CURVATURE)
def classify_critical_point(student: Any, rng: np.random.Generator) -> Outputs:
    found: dict[str, Any] = {}
    yield from _in_any_order(student.classify_critical_point, rng, found)
    zero = student.classify_critical_point(np.zeros((3, 3)))
    yield Case("nothing but zeros", zero, weight=0.0)
    words = list(found.values())
    for name, rows in {
        "the clear cases together": (0, 1, 2),
        "both signs and zeros is a saddle all the same: together": (3, 2, 5),
        "zeros without both signs: together": (4, 5, 6, 0, 1),
        "zero is measured by the largest, whatever the scale: together": (7, 8, 9),
        "matrices of one number: together": (10, 11),
    }.items():
        yield name, [words[row] for row in rows]
    yield "nothing but zeros, beside others", [zero, words[0], words[2]]


DIRECTION, NOTHING = "a unit vector (n,)", "it is None, though there is a way down"
NO_WAY = "None where nothing leads down, and a direction where something does"


def _direction_form(v: Any, n: int) -> str | Failed:
    """Say what an answer is: a unit vector, None, or something else."""
    if isinstance(v, Failed):
        return v
    if v is None:
        return NOTHING
    if isinstance(v, (tuple, list)):
        return f"it is a {type(v).__name__}, and one array of shape (n,) is wanted"
    if isinstance(v, (int, float, np.number)) or isinstance(v, np.ndarray) and v.ndim == 0:
        return "it is a number, and a direction is wanted: an array of shape (n,)"
    if isinstance(v, np.ndarray) and v.ndim == 2:
        return "it is a whole matrix, and one direction of shape (n,) is wanted" if v.shape == (n, n) and n > 1 else "it has an axis too many: its shape should be (n,)"
    if not isinstance(v, np.ndarray) or v.dtype.kind != "f" or v.shape != (n,):
        return "not an array of floats of shape (n,), and not None"
    if not np.isfinite(v).all():
        return "nan or infinity stands in it"
    return DIRECTION if abs(np.sum(v**2) - 1) < 1e-8 else "its length is not 1"


def _no_way_form(results: list[Any], sizes: list[int], down: Any) -> str | Failed:
    """Say whether None came where nothing leads down; a direction has to come elsewhere, for None alone is soon guessed."""
    forms = [_direction_form(v, n) for v, n in zip(results, sizes, strict=True)]
    form = next((f for f in forms if f != NOTHING), None) or _direction_form(down, 3)
    if all(f == NOTHING for f in forms):
        return NO_WAY if form == DIRECTION else form
    return "a direction, and nothing leads down" if form == DIRECTION else form


@exercise("escape_direction", needs=["escape_direction"], answered_by=CURVATURE)
def escape_direction(student: Any, rng: np.random.Generator) -> Outputs:
    spectra = _spectra(rng)
    ways_down = {
        "one down, two up": spectra["one down, two up"],
        "two down, zeros among them": spectra["two down, one up, two zeros"],
        "down in all directions": spectra["down in all directions"],
        "the steepest is up": [-1.0, -0.5, 0.5, float(rng.uniform(3, 4))],
        "all small": spectra["all small: one down"],
        "a little down": spectra["a little down"],
    }
    for i, (name, values) in enumerate(ways_down.items()):
        vectors = _turn(rng, len(values))
        matrix = (vectors * np.array(values)) @ vectors.T
        matrix = (matrix + matrix.T) / 2
        v = student.escape_direction(read_only(matrix) if i % 2 else np.asfortranarray(matrix))
        form = _direction_form(v, len(values))
        yield Case(f"{name}: what comes", form, weight=0.0, finding=True)
        # Its sign is free, and rounding decides it: squares do not tell signs apart, and whether they fit is said in words.
        usable = form in (DIRECTION, "its length is not 1")
        yield Case(f"{name}: the squares of its entries", v**2 if usable else form, rtol=0.0, atol=1e-8)
        along = "along the lowest eigenvector" if usable and abs(abs(np.sum(v * vectors[:, 0])) - np.sqrt(np.sum(v**2))) < 1e-8 else "along another line"
        yield Case(f"{name}: where it points", along if usable else form, weight=0.5, finding=True)
    lowest = -float(rng.uniform(1, 2))
    vectors = _turn(rng, 4)
    matrix = (vectors * np.array([lowest, lowest, 0.5, 2.0])) @ vectors.T
    v = student.escape_direction((matrix + matrix.T) / 2)
    form = _direction_form(v, 4)
    if form == DIRECTION:
        inside = np.sum((v @ vectors[:, :2]) ** 2) > 1 - 1e-8
        form = "a unit vector of the lowest two" if inside else "a unit vector that leaves the space of the lowest two"
    yield Case("the lowest eigenvalue twice", form, finding=True)
    no_way = ["up in all directions", "up, and two zeros", "all large: up, and a zero from below", "a number, up"]
    nothing = [student.escape_direction(_symmetric(rng, spectra[name])) for name in no_way] + [student.escape_direction(np.zeros((2, 2)))]
    sizes = [*(len(spectra[name]) for name in no_way), 2]
    down = student.escape_direction(_symmetric(rng, spectra["one down, two up"]))
    for name, rows in {"no way down: up everywhere": (0, 3), "no way down: zeros are not down": (1, 2), "no way down: nothing but zeros": (4,)}.items():
        yield Case(name, _no_way_form([nothing[row] for row in rows], [sizes[row] for row in rows], down), finding=True)


ENCODER_FORM = "encoder (D, code_size), decoder (code_size, D)"


def _autoencoder_form(result: Any, d: int, code_size: int) -> str | Failed:
    if isinstance(result, Failed):
        return result
    if result is None:
        return WITHOUT_RETURN
    if not isinstance(result, (tuple, list)) or len(result) != 2:
        return "not two values: encoder, decoder"
    for name, value, shape in zip(("encoder", "decoder"), result, ((d, code_size), (code_size, d)), strict=True):
        if not isinstance(value, np.ndarray) or value.dtype.kind not in "iuf" or value.shape != shape:
            return f"{name} is not an array of shape {'(D, code_size)' if name == 'encoder' else '(code_size, D)'}"
        if not np.isfinite(value).all():
            return f"nan or infinity stands in {name}"
    return ENCODER_FORM


@exercise("autoencoder_critical_point", needs=["autoencoder_critical_point"], answered_by=CURVATURE)
def autoencoder_critical_point(student: Any, rng: np.random.Generator) -> Outputs:
    cases: dict[str, tuple[int, int, list[int], int]] = {
        "the two largest": (20, 4, [0, 1], 2),
        "the second and the fourth": (20, 5, [3, 1], 2),
        "one of three units in use": (15, 4, [2], 3),
        "two of three units in use": (25, 5, [0, 4], 3),
        "nothing kept": (10, 3, [], 2),
        "as many samples as features": (4, 4, [1, 0], 2),
    }
    for i, (name, (n, d, components, code_size)) in enumerate(cases.items()):
        r = min(n - 1, d)
        vectors, spreads = _turn(rng, d)[:, :r], 3.0 * 0.6 ** np.arange(r) * rng.uniform(0.95, 1.05, size=r)
        scores = rng.normal(size=(n, r))
        scores = np.linalg.qr(scores - scores.mean(axis=0))[0]
        mean = rng.uniform(2, 4, size=d) * rng.choice([-1.0, 1.0], size=d)
        x = np.sqrt(n) * (scores * spreads) @ vectors.T + mean
        chosen: Any = tuple(components) if i % 2 else [np.int64(c) for c in components]
        result = student.autoencoder_critical_point(read_only(x) if i % 2 else np.asfortranarray(x), chosen, np.int64(code_size) if i == 1 else code_size)
        form = _autoencoder_form(result, d, code_size)
        yield Case(f"{name}: the two matrices", form, weight=0.0, finding=True)
        kept = gradient = diagonal = form
        if form == ENCODER_FORM:
            encoder, decoder = (np.asarray(m, dtype=np.float64) for m in result)
            product = encoder @ decoder
            wanted = vectors[:, components] @ vectors[:, components].T
            diagonal = np.diag(product).copy()
            kept = "their projector" if np.allclose(product, wanted, rtol=0.0, atol=1e-8) else "another matrix"
            error = (vectors * spreads**2) @ (vectors.T @ (product - np.eye(d)))
            slopes = np.concatenate([(error @ decoder.T).ravel(), (encoder.T @ error).ravel()])
            size = max(1.0, np.abs(encoder).max(), np.abs(decoder).max()) * spreads[0] ** 2
            gradient = "zero" if np.abs(slopes).max() < 1e-8 * size else "not zero"
        # The diagonal is the same whatever signs the eigenvectors have, which rounding decides.
        yield Case(f"{name}: the diagonal of encoder @ decoder", diagonal, weight=0.5 if components else 0.0, rtol=0.0, atol=1e-8)
        yield Case(f"{name}: encoder @ decoder", kept, weight=0.5 if components else 0.25, finding=True)
        yield Case(f"{name}: the gradient of the loss", gradient, weight=0.5, finding=True)
