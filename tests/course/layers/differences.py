"""What the tests of layers and losses need: slopes by central differences, and arrays as awkward as they come."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp


def slopes(f, x, h=1e-5):
    """Return the derivative of the number f() by every entry of x, which f reads; x is left as it was."""
    grad = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        kept = x[index]
        x[index] = kept + h
        above = f()
        x[index] = kept - h
        below = f()
        x[index] = kept
        grad[index] = (above - below) / (2 * h)
    return grad


@st.composite
def awkward(draw, shape, dtype=np.float64, bound=3):
    """Draw an array: values, signs and repetitions as hypothesis likes them, in any order of memory.

    A little noise keeps values apart from each other and from 0, where max and ReLU have no derivative.
    """
    values = draw(hnp.arrays(np.float64, shape, elements=st.floats(-bound, bound, width=32)))
    noise = np.random.default_rng(draw(st.integers(0, 2**32 - 1))).uniform(0.001, 0.1, shape)
    array = (values + noise).astype(dtype)
    layout = draw(st.sampled_from(["C", "F", "reversed", "every other", "read-only"]))
    if layout == "F":
        return np.asfortranarray(array)
    if layout == "reversed":
        return np.ascontiguousarray(array[..., ::-1])[..., ::-1]
    if layout == "every other":
        wide = np.full((*array.shape[:-1], 2 * array.shape[-1]), np.nan, dtype)
        wide[..., ::2] = array
        return wide[..., ::2]
    if layout == "read-only":
        array.flags.writeable = False
    return array


def close(got, wanted, tolerance=1e-6):
    """Raise AssertionError unless all entries agree, relative to the largest."""
    assert got.shape == wanted.shape
    scale = max(1.0, np.abs(wanted).max(initial=0))
    np.testing.assert_allclose(got, wanted, rtol=0, atol=tolerance * scale)
