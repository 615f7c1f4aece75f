"""The library's own layers pass at both speeds, alone and in a net, in float64 and float32."""

import numpy as np
import pytest

from course import layers
from course.gradient_check import check_layer

RNG = np.random.default_rng(0)
LAYERS = {
    "dense": (lambda dtype: layers.Dense(4, 3, rng=RNG, dtype=dtype), (5, 4)),
    "conv": (lambda dtype: layers.Conv2d(2, 3, 3, rng=RNG, dtype=dtype), (2, 2, 5, 6)),
    "max pool": (lambda dtype: layers.MaxPool2d(2), (2, 2, 4, 6)),
    "batch norm": (lambda dtype: layers.BatchNorm(4, dtype=dtype), (6, 4)),
    "relu": (lambda dtype: layers.ReLU(), (3, 4)),
    "dropout": (lambda dtype: layers.Dropout(0.4, RNG), (4, 5)),
    "net": (lambda dtype: layers.Sequential(
        layers.Dense(4, 6, rng=RNG, dtype=dtype), layers.BatchNorm(6, dtype=dtype), layers.Tanh(),
        layers.Residual(layers.Dense(6, 6, rng=RNG, dtype=dtype), layers.ReLU()), layers.Dense(6, 2, rng=RNG, dtype=dtype)), (7, 4)),
}


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("speed", ["full", "directions"])
@pytest.mark.parametrize("name", LAYERS)
def test_layer_is_right(name, speed, dtype):
    make, shape = LAYERS[name]
    result = check_layer(make(dtype), RNG.normal(size=shape).astype(dtype), rng=RNG, speed=speed)
    assert result, result


def test_a_bug_in_one_layer_of_a_net_is_named():
    class WrongTanh(layers.Tanh):
        def backward(self, grad_out):
            return -super().backward(grad_out)

    net = layers.Sequential(layers.Dense(4, 3, rng=RNG), WrongTanh(), layers.Dense(3, 2, rng=RNG))
    result = check_layer(net, RNG.normal(size=(5, 4)), rng=RNG)
    assert [part.diagnosis for part in result.parts.values()] == ["wrong sign"] * 3 + ["", ""]
