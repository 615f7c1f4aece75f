"""What draws once takes a seed or a generator; what draws again and again takes a generator alone."""

import numpy as np
import pytest

from course.curvature import extreme_eigenpairs
from course.datasets import make_moons, permute_features, train_test_split
from course.gradient_check import check_gradients, check_layer
from course.initializers import initialize
from course.layers import Conv1d, Conv2d, Dense, Dropout, Flatten, Recurrent, Sequential, Tanh, dropout_forward
from course.optimizers import SGD, random_masks
from course.training import fit

MATRIX = np.diag(np.arange(30.0))
MASKS = [np.arange(100) < 50]
ONCE = {
    "data": lambda **rng: make_moons(10, **rng)[0],
    "split": lambda **rng: train_test_split(np.arange(20), np.arange(20), **rng)[0],
    "permuted features": lambda **rng: permute_features(np.arange(20)[None], **rng),
    "random masks": lambda **rng: random_masks(MASKS, **rng)[0],
    "check_gradients": lambda **rng: check_gradients(lambda x: np.sum(np.sin(x)), np.cos, np.ones(5), speed="directions", **rng).worst,
    "check_layer": lambda **rng: check_layer(Tanh(), np.ones((2, 3)), speed="directions", **rng).worst,
    "eigenpairs": lambda **rng: extreme_eigenpairs(lambda v: MATRIX @ v, 30, rtol=0.1, **rng)[0][1],
}
AGAIN = {
    "initialize": lambda rng: initialize("he", (2, 2), 2, 2, rng),
    "Dense": lambda rng: Dense(2, 2, rng=rng),
    "Conv1d": lambda rng: Conv1d(1, 1, 2, rng=rng),
    "Conv2d": lambda rng: Conv2d(1, 1, 2, rng=rng),
    "Recurrent": lambda rng: Recurrent(2, 2, rng=rng),
    "Dropout": lambda rng: Dropout(0.5, rng),
    "dropout_forward": lambda rng: dropout_forward(np.ones(3), 0.5, rng),
    "fit": lambda rng: fit(Sequential(Flatten()), np.ones((4, 2)), np.ones(4, int), optimizer=SGD(0.1), rng=rng, epochs=0),
}


@pytest.mark.parametrize("name", ONCE)
@pytest.mark.parametrize("seed", [0, 5, np.int64(5)])
def test_a_seed_draws_what_its_generator_draws(name, seed):
    drawn = ONCE[name](rng=seed)
    np.testing.assert_array_equal(drawn, ONCE[name](rng=np.random.default_rng(seed)))
    np.testing.assert_array_equal(drawn, ONCE[name](rng=seed))
    assert not np.array_equal(drawn, ONCE[name](rng=7))
    if name != "random masks":
        np.testing.assert_array_equal(ONCE[name](), ONCE[name](rng=0))


@pytest.mark.parametrize("name", ONCE)
@pytest.mark.parametrize("rng", [None, -1, 1.5, "seed", True, np.random.RandomState(0)])
def test_what_is_neither_a_seed_nor_a_generator_is_told(name, rng):
    with pytest.raises(TypeError, match=r"rng must be a seed \(a whole number from 0\) or a numpy.random.Generator, got"):
        ONCE[name](rng=rng)


@pytest.mark.parametrize("name", AGAIN)
@pytest.mark.parametrize("rng", [None, 0, 5, np.random.RandomState(0)])
def test_layers_and_training_take_no_seed(name, rng):
    with pytest.raises(TypeError, match=r"rng must be a numpy.random.Generator, as np.random.default_rng\(0\) gives, got"):
        AGAIN[name](rng)
    AGAIN[name](np.random.default_rng(0))
