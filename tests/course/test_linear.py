import numpy as np
import pytest

from course.linear import collapse_linear_layers, polynomial_features, ridge_fit


@pytest.mark.parametrize("widths", [(3, 2), (3, 4, 2), (2, 2, 2, 2, 2)])
def test_one_layer_does_what_the_stack_does(widths):
    rng = np.random.default_rng(0)
    weights = [rng.normal(size=shape) for shape in zip(widths, widths[1:], strict=False)]
    biases = [rng.normal(size=width) for width in widths[1:]]
    x = out = rng.normal(size=(5, widths[0]))
    for w, b in zip(weights, biases, strict=True):
        out = out @ w + b
    w, b = collapse_linear_layers(weights, biases)
    np.testing.assert_allclose(x @ w + b, out)
    assert not np.shares_memory(w, weights[0]) and not np.shares_memory(b, biases[0])


@pytest.mark.parametrize("degree", [0, 1, 4])
def test_features_times_coefficients_are_the_polynomial(degree):
    rng = np.random.default_rng(degree)
    x, c = rng.normal(size=7), rng.normal(size=degree + 1)
    np.testing.assert_allclose(polynomial_features(x, degree) @ c, np.polynomial.polynomial.polyval(x, c))


@pytest.mark.parametrize("shape", [(9, 3), (3, 9)])
def test_no_step_away_from_the_ridge_fit_lowers_the_sum(shape):
    rng = np.random.default_rng(1)
    x, y, strength = rng.normal(size=shape), rng.normal(size=shape[0]), 0.7
    w = ridge_fit(x, y, strength)

    def total(w):
        return np.sum((x @ w - y) ** 2) + strength * np.sum(w**2)

    assert all(total(w + 1e-3 * rng.normal(size=w.size)) > total(w) for _ in range(50))


@pytest.mark.parametrize(("call", "said"), [
    (lambda: collapse_linear_layers([], []), "at least one layer"),
    (lambda: collapse_linear_layers([np.eye(2)], []), "a bias for each weight; got 1 and 0"),
    (lambda: polynomial_features(np.zeros((2, 2)), 1), "x must"),
    (lambda: polynomial_features(np.zeros(2), -1), "degree must be at least 0, got -1"),
    (lambda: ridge_fit(np.zeros(3), np.zeros(3), 1.0), "x must"),
    (lambda: ridge_fit(np.zeros((3, 2)), np.zeros(2), 1.0), "y must"),
    (lambda: ridge_fit(np.zeros((3, 2)), np.zeros(3), 0.0), "strength must be above 0 and finite, got 0.0"),
])
def test_errors_say_what_was_wanted(call, said):
    with pytest.raises(ValueError, match=said):
        call()
