"""Where the usual checkers go wrong: integers, 0 against 0, kinks, float32, views, numbers, errors on the way."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from course.gradient_check import check_gradients, check_layer, numerical_gradient
from tests.course.gradient_check.small_layers import Activation, BatchNorm, Dense, Dropout

speeds = st.sampled_from(["full", "directions"])
shapes = hnp.array_shapes(min_dims=0, max_dims=3, max_side=4)
values = st.floats(-50, 50).map(lambda v: round(v, 3))
arrays = shapes.flatmap(lambda shape: st.one_of(
    hnp.arrays(np.float64, shape, elements=values),
    hnp.arrays(np.float32, shape, elements=values.map(lambda v: float(np.float32(v)))),
    hnp.arrays(np.int64, shape, elements=st.integers(-50, 50))))


def laid_out(x, how):
    """Return the same numbers in other memory: reversed, every second one, or column after column."""
    if how == "reversed" and x.ndim:
        return np.flip(np.flip(x).copy())
    if how == "strided" and x.ndim:
        return np.repeat(x, 2, axis=0)[::2]
    return np.asfortranarray(x) if how == "fortran" and x.ndim else x


@given(arrays, st.sampled_from(["", "reversed", "strided", "fortran"]), speeds)
@settings(max_examples=150, deadline=None)
def test_right_and_wrong_are_told_apart_whatever_the_array(x, how, speed):
    c = 1 + np.arange(x.size, dtype=float).reshape(x.shape) / 7
    x = laid_out(x, how)
    before = x.copy()
    if x.flags.owndata:
        x.flags.writeable = False
    f = lambda x: np.sum(c * np.sin(0.3 * x) + x)  # noqa: E731
    grad = lambda x: 0.3 * c * np.cos(0.3 * x) + 1  # noqa: E731
    assert check_gradients(f, grad, x, speed=speed)
    factor = 1.05 if x.dtype == np.float32 else 1.0001
    assert not check_gradients(f, lambda x: factor * grad(x), x, speed=speed)
    assert np.array_equal(x, before)
    assert np.allclose(numerical_gradient(f, x), grad(before), atol=1e-2 if x.dtype == np.float32 else 1e-8)


@given(arrays, speeds)
@settings(max_examples=60, deadline=None)
def test_zero_against_zero_is_right(x, speed):
    result = check_gradients(lambda x: 3.0, np.zeros_like, x, speed=speed)
    assert result
    assert result.worst == 0
    assert not np.any(np.nan_to_num(result.relative_error))


@given(arrays.filter(lambda x: x.dtype != np.float32), st.integers(-12, -1), st.floats(0, 1), speeds)
@settings(max_examples=100, deadline=None)
def test_a_kink_at_or_near_the_point_is_reported_and_not_failed(x, power, subgradient, speed):
    near = x + 10.0**power if power > -12 else x.astype(float)
    result = check_gradients(lambda z: np.abs(z - x).sum(), lambda z: np.where(z == x, subgradient, np.sign(z - x)), near, speed=speed)
    assert result
    if 10.0**power < 1e-6:
        assert "kink" in result.message
        assert speed == "directions" or len(result.kinks) == x.size


@given(st.floats(1.05, 100), st.booleans())
@settings(deadline=None)
def test_at_a_kink_what_is_no_subgradient_fails(value, negative):
    value = -value if negative else value
    assert not check_gradients(lambda x: np.abs(x).sum(), lambda x: np.full(x.shape, value), np.zeros(2))


def test_integers_are_taken_as_floats():
    result = check_gradients(lambda x: (x**2).sum(), lambda x: 2 * x, [2, 4, 6])
    assert result
    assert np.allclose(result.numeric, [4, 8, 12])


def test_relu_at_zero():
    for value in (0.0, 0.5, 1.0):
        result = check_gradients(lambda x: np.maximum(x, 0).sum(), lambda x, v=value: np.where(x == 0, v, x > 0), [-1.0, 0.0, 2.0])
        assert result
        assert result.kinks == [(1,)]


def test_x_is_left_untouched_where_f_writes_or_raises():
    x = np.arange(3.0)

    def writes(z):
        z += 1
        return z.sum()

    assert check_gradients(writes, np.ones_like, x)

    def raises(z):
        if z[1] != 1:
            raise RuntimeError("stop")
        return 0.0

    with pytest.raises(RuntimeError, match="stop"):
        check_gradients(raises, np.ones_like, x)
    assert np.array_equal(x, [0, 1, 2])


def test_layer_is_left_untouched():
    rng = np.random.default_rng(0)
    for layer in (Dense(rng), BatchNorm(rng), Dropout(np.random.default_rng(1))):
        before = {name: value.copy() for name, value in layer.params.items()}
        state = layer.rng.bit_generator.state if isinstance(layer, Dropout) else None
        assert check_layer(layer, rng.integers(-3, 3, size=(5, 4)), rng=rng)
        assert all(np.array_equal(layer.params[name], before[name]) for name in before)
        assert state is None or layer.rng.bit_generator.state == state
        assert not layer.grads


def test_the_same_generator_in_layer_and_check():
    rng = np.random.default_rng(0)
    assert check_layer(Dropout(rng), np.ones((5, 4)), rng=rng)


def test_empty_arrays_and_gradients_as_arrays():
    assert check_gradients(lambda x: 1.0, np.zeros((0, 3)), np.zeros((0, 3)), speed="directions")
    assert check_gradients(lambda x: (x**3).sum(), np.array([3.0, 12.0]), np.array([1.0, 2.0]))


def test_tiny_arguments_and_tiny_slopes():
    x = np.array([1e-8, 2e-8])
    assert check_gradients(lambda x: np.log(x).sum(), lambda x: 1 / x, x)
    assert not check_gradients(lambda x: np.log(x).sum(), lambda x: 1.01 / x, x)
    for speed in ("full", "directions"):
        assert check_gradients(lambda x: 1e-12 * np.sin(x).sum(), lambda x: 1e-12 * np.cos(x), np.ones(4), speed=speed)
        assert not check_gradients(lambda x: 1e-12 * np.sin(x).sum(), lambda x: 2e-12 * np.cos(x), np.ones(4), speed=speed)


@pytest.mark.parametrize("speed", ["full", "directions"])
def test_two_swapped_entries_are_always_seen(speed):
    c = np.arange(1.0, 7.0)
    for i in range(6):
        for j in range(i):
            wrong = c.copy()
            wrong[[i, j]] = wrong[[j, i]]
            result = check_gradients(lambda x: c @ x, wrong, np.ones(6), speed=speed)
            assert result.wrong == [(j,), (i,)]
            assert result.diagnosis == "wrong places"


def test_cost_of_directions_does_not_grow():
    for n in (10, 1000):
        result = check_gradients(lambda x: np.cos(x).sum(), lambda x: -np.sin(x), np.linspace(0, 1, n), speed="directions")
        assert result
        assert result.evaluations == 17


def test_a_function_that_ignores_its_argument_or_draws_random_numbers_is_told():
    assert check_gradients(lambda x: 2.0, lambda x: np.ones(2), 3).diagnosis == "wrong shape"
    assert check_gradients(lambda x: 2.0, np.ones_like, np.ones(3)).diagnosis == "argument not used"
    rng = np.random.default_rng(0)
    result = check_gradients(lambda x: x.sum() * (1 + rng.normal()), lambda x: 5 + 0 * x, np.ones(3), speed="directions")
    assert result or result.diagnosis == "f is random"


def test_gradients_that_are_not_finite():
    result = check_gradients(lambda x: x.sum(), np.array([1.0, np.nan]), np.ones(2))
    assert not result
    assert (result.diagnosis, result.wrong) == ("not finite", [(1,)])


def test_wrong_shapes_say_what_would_be_right():
    a = np.arange(6.0).reshape(2, 3)
    assert check_gradients(lambda x: (a * x).sum(), a.T, np.ones((2, 3))).diagnosis == "transposed"
    assert check_gradients(lambda x: (a @ x).sum(), a, np.ones(3)).diagnosis == "forgotten sum"


@pytest.mark.parametrize(("f", "x", "error", "words"), [
    (lambda x: np.inf, np.ones(2), ValueError, "f is finite"),
    (lambda x: x, np.ones(2), ValueError, r"shape \(2,\)"),
    (lambda x: 1.0, np.ones(2, dtype=complex), TypeError, "complex"),
    (lambda x: 1.0, ["a"], TypeError, "real numbers"),
])
def test_bad_input_is_told(f, x, error, words):
    with pytest.raises(error, match=words):
        check_gradients(f, np.ones_like, x)


def test_bad_options_are_told():
    with pytest.raises(ValueError, match="'fast'"):
        check_gradients(lambda x: 1.0, np.ones_like, np.ones(2), speed="fast")
    with pytest.raises(ValueError, match="at least 1; got 0"):
        check_gradients(lambda x: 1.0, np.ones_like, np.ones(2), directions=0)


def test_table_and_picture():
    import matplotlib

    matplotlib.use("Agg")
    rng = np.random.default_rng(0)
    result = check_layer(Dense(rng, bug="dw one column"), rng.normal(size=(6, 4)), rng=rng)
    text = str(result)
    assert text.splitlines()[0].split() == ["array", "shape", "measured", "worst", "error", "verdict"]
    assert "w: wrong only in axis 1, index 2, where it is 0.5 times the right value" in text
    assert result.analytic.shape == result.numeric.shape == result.relative_error.shape == (4, 3)
    ax = result.plot()
    assert ax.get_title() == "w: wrong only in axis 1, index 2"
    assert result.plot(name="b").get_xlabel() == "entry"
    with pytest.raises(AttributeError, match="nonsense"):
        _ = result.nonsense


def test_layers_that_are_right_at_the_kink():
    assert check_layer(Activation("relu"), np.zeros((3, 4)), speed="directions")


@pytest.mark.parametrize("speed", ["full", "directions"])
def test_at_the_edge_of_what_f_is_defined_on_nothing_is_claimed(speed):
    result = check_gradients(lambda x: np.sqrt(x).sum(), lambda x: 7 + 0 * x, np.zeros(3), speed=speed)
    assert not result
    assert result.diagnosis == "not finite"


def test_a_wrong_row_of_a_large_array_is_named_without_measuring_all_of_it():
    rng = np.random.default_rng(0)
    c, x = rng.normal(size=(2, 300, 200))
    wrong = c * np.cos(x)
    wrong[17] = 0
    result = check_gradients(lambda x: np.sum(c * np.sin(x)), wrong, x, speed="directions")
    assert result.message == "wrong only in row 17, where it is 0 and should not be"
    assert result.evaluations < 1000


def test_everything_wrong_in_a_large_array_costs_little():
    x = np.random.default_rng(0).normal(size=(50, 50))
    for wrong, kind in ((lambda x: -np.cos(x), "wrong sign"), (lambda x: np.cos(x).T, "transposed"), (lambda x: 50 * np.cos(x), "constant factor")):
        result = check_gradients(lambda x: np.sin(x).sum(), wrong, x, speed="directions")
        assert result.diagnosis == kind
        assert result.evaluations < 70


def test_a_wrong_gradient_is_wrong_at_kinks_too():
    x = np.random.default_rng(0).normal(size=(8, 5)) * (np.arange(5) > 1)
    for speed in ("full", "directions"):
        assert check_gradients(lambda x: np.maximum(x, 0).sum(), lambda x: x > 0, x, speed=speed)
        result = check_gradients(lambda x: np.maximum(x, 0).sum(), lambda x: 1.1 * (x > 0), x, speed=speed)
        assert result.diagnosis == "constant factor"


def test_a_long_step_that_agrees_by_chance_is_not_believed():
    x = np.array(47.688, dtype=np.float32)  # a hundred times the usual step gives 1.05 times the slope here
    assert not check_gradients(lambda x: np.sum(np.sin(0.3 * x) + x), lambda x: 1.05 * (0.3 * np.cos(0.3 * x) + 1), x)
    assert check_gradients(lambda x: np.sum(np.sin(0.3 * x) + x), lambda x: 0.3 * np.cos(0.3 * x) + 1, x)
