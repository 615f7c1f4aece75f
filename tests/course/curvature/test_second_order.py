"""Derivatives by differences, spectra, and the kinds of critical points."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.curvature import (
    classify_critical_point,
    describe_point,
    escape_direction,
    extreme_eigenpairs,
    gradient,
    hessian,
    hessian_of_function,
    hessian_vector_product,
    saddle_index,
)

seeds = st.integers(0, 2**32 - 1)


def symmetric(rng, n):
    a = rng.normal(size=(n, n))
    return (a + a.T) / 2


def wavy(rng, n):
    """Return f, its gradient and its Hessian; f is not a polynomial and its entries act together."""
    a, c = symmetric(rng, n), rng.normal(size=n)
    return (lambda x: x @ a @ x / 2 + np.sin(c @ x), lambda x: a @ x + c * np.cos(c @ x),
            lambda x: a - np.outer(c, c) * np.sin(c @ x))


@given(seeds, st.integers(1, 6))
@settings(max_examples=40, deadline=None)
def test_differences_agree_with_the_formulas(seed, n):
    rng = np.random.default_rng(seed)
    f, g, exact = wavy(rng, n)
    x, v = rng.normal(size=n), rng.normal(size=n) * 10.0 ** rng.integers(-8, 8)
    assert np.allclose(gradient(f, x), g(x), atol=1e-7)
    assert np.allclose(hessian(g, x), exact(x), atol=1e-7)
    assert np.allclose(hessian_of_function(f, x), exact(x), atol=1e-4)
    assert np.allclose(hessian_vector_product(g, x, v), exact(x) @ v, rtol=1e-6, atol=1e-7 * np.linalg.norm(v))


def test_points_of_any_shape_are_left_as_they_are():
    x = np.arange(6).reshape(2, 3)
    x.flags.writeable = False
    found = hessian(lambda x: 3 * x**2, x)
    assert np.allclose(found, np.diag(6.0 * np.arange(6)))
    assert np.allclose(hessian_of_function(lambda x: (x**3).sum(), x), found, atol=1e-4)
    assert np.allclose(gradient(lambda x: (x**3).sum(), x), 3 * x**2)
    assert np.allclose(hessian(lambda x: 3 * x**2, 2.0), [[12.0]])


def test_hessian_of_a_function_errs_by_the_square_of_the_step():
    f, _, exact = wavy(np.random.default_rng(0), 3)
    x = np.array([0.3, -0.2, 0.5])
    errors = [np.abs(hessian_of_function(lambda x: f(x) + np.sum(x**4), x, h) - exact(x) - np.diag(12 * x**2)).max() for h in (0.1, 0.05)]
    assert 3.5 < errors[0] / errors[1] < 4.5


def test_a_product_takes_two_gradients_for_the_zero_vector_too():
    calls = []
    assert not np.any(hessian_vector_product(lambda x: calls.append(1) or x, np.ones(3), np.zeros(3)))
    hessian_vector_product(lambda x: calls.append(1) or x, np.ones(3), 1e9 * np.ones(3))
    assert len(calls) == 4


@pytest.mark.parametrize("n", [1, 2, 5])
def test_what_is_said_of_evaluations_is_what_is_made(n):
    calls = {"f": 0, "grad": 0}

    def f(x):
        calls["f"] += 1
        return np.sum(x**2) / 2

    def grad(x):
        calls["grad"] += 1
        return x

    def made(function, *arguments):
        calls.update(f=0, grad=0)
        function(*arguments)
        return calls["f"], calls["grad"]

    x = np.ones(n)
    for function, arguments, said, wanted in (
            (gradient, (f, x), "``2 n + 1`` values of `f`", (2 * n + 1, 0)), (hessian, (grad, x), "``2 n`` gradients", (0, 2 * n)),
            (hessian_of_function, (f, x), "``2 n (n + 1)`` values of `f`", (2 * n * (n + 1), 0)),
            (describe_point, (f, grad, x), "``2 n + 1`` gradients", (1, 2 * n + 1))):
        assert said in function.__doc__ and made(function, *arguments) == wanted, function.__name__


def test_a_gradient_that_reuses_its_memory():
    buffer = np.empty(2)

    def grad(x):
        buffer[:] = 3 * x
        return buffer

    assert np.allclose(hessian(grad, np.ones(2)), 3 * np.eye(2))


@given(seeds, st.integers(1, 40))
@settings(max_examples=60, deadline=None)
def test_extremes_are_those_of_the_full_matrix(seed, n):
    rng = np.random.default_rng(seed)
    matrix = symmetric(rng, n)
    if rng.random() < 0.3:  # repeated eigenvalues and zeros
        q = np.linalg.qr(matrix)[0]
        matrix = q @ np.diag(rng.choice([-1.0, 0.0, 2.0], size=n)) @ q.T
    values = np.linalg.eigvalsh(matrix)
    (low, v), (high, w) = extreme_eigenpairs(lambda v: matrix @ v, n, rng=rng)
    size = np.abs(values).max()
    assert abs(low - values[0]) < 1e-6 * size + 1e-12
    assert abs(high - values[-1]) < 1e-6 * size + 1e-12
    for value, vector in ((low, v), (high, w)):
        assert np.isclose(np.linalg.norm(vector), 1)
        assert np.linalg.norm(matrix @ vector - value * vector) < 1e-5 * size + 1e-12


def test_extremes_of_a_large_matrix_in_few_products():
    rng = np.random.default_rng(0)
    diagonal = np.concatenate([[-7.0], rng.uniform(-1, 1, size=20_000), [12.0]])
    calls = []
    (low, v), (high, _) = extreme_eigenpairs(lambda v: calls.append(1) or diagonal * v, diagonal.size)
    assert len(calls) < 60
    assert np.allclose([low, high], [-7, 12])
    assert abs(v[0]) > 0.999


def test_extremes_of_the_zero_matrix():
    (low, _), (high, _) = extreme_eigenpairs(lambda v: 0 * v, 5)
    assert low == high == 0


@pytest.mark.parametrize(("diagonal", "kind", "index"), [
    ([1, 2], "minimum", 0), ([-1, -2], "maximum", 2), ([1, -2], "saddle", 1), ([1, 0], "degenerate", 0),
    ([-1, 0], "degenerate", 1), ([1, 0, -1], "saddle", 1), ([0, 0], "degenerate", 0), ([1e-9, 1], "degenerate", 0),
    ([1e-9, 2e-9], "minimum", 0), ([-1e-9, 1], "degenerate", 0),
])
def test_kinds(diagonal, kind, index):
    q = np.linalg.qr(np.random.default_rng(0).normal(size=(len(diagonal), len(diagonal))))[0]
    matrix = q @ np.diag(np.array(diagonal, dtype=float)) @ q.T
    assert classify_critical_point(matrix) == kind
    assert saddle_index(matrix) == index
    way = escape_direction(matrix)
    assert (way is None) == (index == 0)
    if way is not None:
        assert np.isclose(way @ matrix @ way, min(diagonal))
        assert np.isclose(np.linalg.norm(way), 1)


SURFACES = {  # S1: known surfaces with a critical point at 0
    "bowl": (lambda x: x[0] ** 2 + 3 * x[1] ** 2, "minimum"),
    "dome": (lambda x: np.cos(x[0]) + np.cos(x[1]), "maximum"),
    "saddle": (lambda x: x[0] ** 2 - x[1] ** 2 + x[0] ** 3, "saddle"),
    "trough": (lambda x: x[0] ** 2 + x[1] ** 4, "degenerate"),
    "monkey saddle": (lambda x: x[0] ** 3 - 3 * x[0] * x[1] ** 2, "degenerate"),
}


@pytest.mark.parametrize("name", SURFACES)
def test_known_surfaces_by_numerical_hessians(name):
    f, kind = SURFACES[name]
    assert classify_critical_point(hessian_of_function(f, np.zeros(2), 1e-3)) == kind or name in ("monkey saddle", "trough")
    by_gradient = hessian(lambda x: gradient(f, x), np.zeros(2), 1e-3)
    assert classify_critical_point(by_gradient, zero=1e-4) == kind or name == "monkey saddle"


@pytest.mark.parametrize(("call", "words"), [
    (lambda: hessian_vector_product(np.cos, np.ones(3), np.ones(2)), "v must have 3 entries"),
    (lambda: hessian(np.cos, [np.nan]), "x must be finite"),
    (lambda: saddle_index(np.ones((2, 3))), r"got shape \(2, 3\)"),
    (lambda: escape_direction([[np.nan]]), "hessian must be finite"),
    (lambda: extreme_eigenpairs(lambda v: v, 0), "n must be at least 1"),
    (lambda: extreme_eigenpairs(lambda v: v[:1], 3), "3 finite numbers"),
])
def test_bad_input_is_told(call, words):
    with pytest.raises(ValueError, match=words):
        call()
