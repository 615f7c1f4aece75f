"""Plain data: what counts, and the way into a file and back."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from course.exercises.compare import compare
from course.exercises.plain import arrays_in, from_json, is_plain, to_json

arrays = hnp.arrays(st.sampled_from([np.float64, np.float32, np.int64, np.bool_]), hnp.array_shapes(min_dims=0, max_dims=3, max_side=3))
scalars = st.none() | st.booleans() | st.integers(-2**40, 2**40) | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5)
values = st.recursive(scalars | arrays, lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner)
                      | st.dictionaries(st.text(max_size=3) | st.integers(0, 9), inner, max_size=3), max_leaves=6)


@given(values)
def test_a_plain_value_comes_back_from_a_file_as_it_was(value):
    assert is_plain(value)
    back = from_json(json.loads(json.dumps(to_json(value))))
    assert compare(back, value, 0.0, 0.0) is None
    assert type(back) is type(value)
    for one, other in zip(arrays_in(back), arrays_in(value), strict=True):
        assert one.dtype == other.dtype and one.shape == other.shape


@pytest.mark.parametrize("value", [
    object(), print, 1j, np.complex128(1j), np.array([1j]), np.array([None]), np.array(["a"]), {1.5: 2}, {(1, 2): 3}, {1, 2}, b"a",
    np.ma.masked_array([1.0]), [object()], {"a": print}, np.longdouble(1), range(3), np.datetime64("2020-01-01"),
])
def test_everything_else_is_not_plain(value):
    assert not is_plain(value)


def test_a_nest_without_end_is_not_plain():
    nest: list = []
    nest.append(nest)
    assert not is_plain(nest)


def test_subclasses_are_not_plain():
    class Sly(list):
        pass

    class Number(int):
        pass

    assert not is_plain(Sly([1]))
    assert not is_plain(Number(1))
