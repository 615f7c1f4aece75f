"""What is equal, and in which words a difference is told."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from course.exercises.compare import compare

arrays = hnp.arrays(np.float64, hnp.array_shapes(min_dims=1, max_dims=3, max_side=4),
                    elements=st.floats(-1e3, 1e3).map(lambda v: round(v, 3)))


def kind(got, expected, rtol=1e-7, atol=1e-10):
    found = compare(got, expected, rtol, atol)
    return found and found.kind


@given(arrays)
def test_a_value_agrees_with_itself_however_it_is_laid_out(x):
    assert kind(x, x) is None
    assert kind(np.asfortranarray(x), x) is None
    assert kind([x, 1.0], (x, np.float64(1.0))) is None
    assert kind({"a": x}, {"a": x.copy()}) is None


@given(arrays, st.data())
def test_one_entry_moved_is_noticed_and_named(x, data):
    index = tuple(data.draw(st.integers(0, n - 1)) for n in x.shape)
    got = x.copy()
    got[index] += 1.0
    found = compare(got, x, 1e-7, 1e-10)
    assert found is not None
    assert kind(x, got) is not None
    if found.kind == "values" and "first at" in found.detail:
        assert f"first at [{', '.join(map(str, index))}]" in found.detail


@given(arrays.filter(lambda x: np.abs(x).min() > 0.01))
def test_the_general_text_holds_no_value_of_the_arrays(x):
    got = x * np.linspace(2, 3, x.size).reshape(x.shape)
    found = compare(got, x, 1e-7, 1e-10)
    assert found is not None
    assert not any(c.isdigit() for c in found.general)


@given(st.lists(st.floats(-9, 9), max_size=5), st.lists(st.floats(-9, 9), max_size=5))
def test_the_general_text_does_not_depend_on_how_many_came_back(one, other):
    expected = [1.0] * 7
    assert compare(one, expected, 1e-7, 1e-10).general == compare(other, expected, 1e-7, 1e-10).general


X = np.random.default_rng(0).normal(size=(3, 4))
SQUARE = X[:, :3]


@pytest.mark.parametrize(("got", "expected", "wanted"), [
    (-X, X, "sign"),
    (X.T, X, "transposed"),
    (SQUARE.T, SQUARE, "transposed"),
    (2 * X, X, "factor"),
    (X / 5, X, "factor"),
    (0 * X, X, "values"),
    (X + 1, X, "values"),
    (X[:2], X, "shape"),
    (X[None], X, "shape"),
    (np.where(X > 1, np.nan, X), X, "not finite"),
    (np.where(X > 1, np.inf, X), X, "not finite"),
    (X.astype(np.float32) ** 3, X**3, "dtype"),
    (X.astype(int), X, "dtype"),
    (X, X.astype(np.float32), "dtype"),
    (X > 0, X, "dtype"),
    (X > 0, (X > 0).astype(int), "dtype"),
    (X.tolist(), X, "type"),
    (X, [X], "type"),
    ([X], [X, X], "length"),
    ({"a": 1}, {"b": 1}, "keys"),
    ({"a": 1}, {"a": 2}, "values"),
    (1, {"a": 2}, "type"),
    (None, X, "type"),
    (X, None, "type"),
    ("fine", "optimization", "values"),
    (1.0, "fine", "type"),
    ("1.0", 1.0, "type"),
    (object(), 1.0, "type"),
    (2.0, 3, "dtype"),
    (float("nan"), 1.0, "not finite"),
    (np.full((2, 2), np.nan), np.ones((2, 2)), "not finite"),
])
def test_each_kind_of_difference_is_told_by_its_name(got, expected, wanted):
    assert kind(got, expected) == wanted


@pytest.mark.parametrize(("got", "expected"), [
    (0, 0.0), (np.float64(2.5), 2.5), (np.array(2.5), 2.5), (3, np.int64(3)), (np.int32(3), 3), (np.True_, True),
    (np.nan, np.nan), (np.array([np.inf, 1]), np.array([np.inf, 1.0])), ((1, 2), [1, 2]), (None, None), ("a", "a"),
    (np.float32(1) * X.astype(np.float32), X.astype(np.float32)), (np.uint8([1, 2]), np.array([1, 2])),
])
def test_the_freedoms_of_a_right_answer_are_no_difference(got, expected):
    assert kind(got, expected) is None


def test_tolerances_belong_to_the_expected_value():
    assert kind(1.0 + 1e-3, 1.0, rtol=1e-2, atol=0.0) is None
    assert kind(1.0 + 1e-3, 1.0, rtol=1e-4, atol=0.0) == "values"
    assert kind(1e-9, 0.0, rtol=1e-7, atol=1e-8) is None


def test_the_place_inside_a_structure_is_named():
    found = compare([X, {"w": X + 1}], [X, {"w": X}], 1e-7, 1e-10)
    assert found is not None
    assert "entry 'w' of entry 1 of the result" in found.general


def test_a_forgotten_return_is_named_and_a_zero_has_no_sign():
    assert "return" in compare(None, X, 1e-7, 1e-10).general
    assert compare(np.ones(2), np.array([1.0, -0.0]), 1e-7, 1e-10).detail.endswith("wanted 0")


def test_an_object_that_calls_itself_equal_is_not():
    class Yes(float):
        def __eq__(self, other):
            return True

        def __sub__(self, other):
            return 0.0

        __hash__ = None

    class Array(np.ndarray):
        pass

    assert kind(Yes(1.0), 2.0) == "type"
    assert kind(X.view(Array), X) == "type"
