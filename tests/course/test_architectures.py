"""The layer tables give the figures that are known of these networks, and the cost is what real layers hold and do."""

import numpy as np
import pytest

from course.architectures import alexnet, conv, dense, network_cost, resnet50, vgg16
from course.layers import Conv2d, Dense, Flatten, Sequential


@pytest.mark.parametrize(("table", "parameters", "in_dense", "giga_multiply_adds"), [
    (alexnet, 60_965_224, 58_631_144, 0.724),
    (vgg16, 138_357_544, 123_642_856, 15.47),
    (resnet50, 25_557_032, 2_049_000, 3.86),
])
def test_known_networks_cost_what_is_known(table, parameters, in_dense, giga_multiply_adds):
    cost = network_cost(table())
    assert cost["parameters"] == parameters
    assert cost["dense_parameter_share"] == in_dense / parameters
    assert cost["multiply_adds"] / 1e9 == pytest.approx(giga_multiply_adds, rel=2e-3)


def test_the_cost_is_that_of_real_layers():
    rng = np.random.default_rng(0)
    net = Sequential(Conv2d(2, 5, 3, padding="same", rng=rng), Conv2d(5, 4, 3, rng=rng), Flatten(), Dense(4 * 36, 7, rng=rng))
    cost = network_cost([conv(2, 5, 3, 8), conv(5, 4, 3, 6), dense(4 * 36, 7)])
    assert cost["parameters"] == net.parameter_count()
    assert cost["multiply_adds"] == net.multiply_adds((2, 8, 8))


def test_where_there_is_nothing_the_shares_are_zero():
    assert network_cost([]) == {"parameters": 0, "multiply_adds": 0, "dense_parameter_share": 0.0, "dense_multiply_add_share": 0.0}
    assert network_cost([{"kind": "norm", "channels": 3}])["dense_multiply_add_share"] == 0.0
