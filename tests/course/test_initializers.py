"""How weights start."""

import numpy as np
import pytest

from course.initializers import INITIALIZERS, initialize
from course.layers import Conv2d, Recurrent


@pytest.mark.parametrize("init, std", [("normal", 0.01), ("xavier", (2 / 500) ** 0.5), ("he", (2 / 200) ** 0.5), (0.3, 0.3), (0, 0)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_spread(init, std, dtype):
    w = initialize(init, (200, 300), 200, 300, np.random.default_rng(0), dtype)
    assert w.dtype == dtype and w.shape == (200, 300)
    np.testing.assert_allclose(w.std(), std, rtol=0.02)
    np.testing.assert_allclose(w.mean(), 0, atol=std / 50)


def test_zeros_and_identity_need_no_generator():
    assert not initialize("zeros", (2, 3), 2, 3, None).any()
    assert initialize("identity", (2, 3), 2, 3, None).tolist() == [[1, 0, 0], [0, 1, 0]]


def test_a_seed_gives_the_same_weights_again():
    for init in INITIALIZERS:
        first, second = (initialize(init, (3, 3), 3, 3, np.random.default_rng(1)) for _ in range(2))
        assert np.array_equal(first, second)


def test_layers_know_their_fans():
    rng = np.random.default_rng(0)
    conv = Conv2d(16, 64, 5, rng=rng)
    np.testing.assert_allclose(conv.params["w"].std(), (2 / (16 * 25)) ** 0.5, rtol=0.02)
    assert np.array_equal(Recurrent(2, 3, "relu", recurrent_init="identity", rng=rng).params["wh"], np.eye(3))


@pytest.mark.parametrize("message, arguments", [
    ("init must be one of", ("he_normal", (2, 2), 2, 2, np.random.default_rng(0))),
    ("init 'identity' needs a matrix, got shape (2, 2, 3, 3)", ("identity", (2, 2, 3, 3), 2, 2, None)),
    ("init as a standard deviation must be at least 0", (-1.0, (2, 2), 2, 2, np.random.default_rng(0))),
    ("rng must be a numpy.random.Generator", ("he", (2, 2), 2, 2, 42)),
    ("dtype must be float32 or float64", ("he", (2, 2), 2, 2, None, np.int32)),
])
def test_errors(message, arguments):
    with pytest.raises((ValueError, TypeError)) as error:
        initialize(*arguments)
    assert message in str(error.value)
