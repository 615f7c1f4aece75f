"""Optimizers on nets whose steps can be worked out by hand."""

import numpy as np
import pytest

from course.layers import BatchNorm, Dense, ReLU, Sequential
from course.optimizers import SGD, Adam, apply_masks, magnitude_masks, random_masks


@pytest.fixture
def net():
    rng = np.random.default_rng(0)
    net = Sequential(Dense(3, 4, rng=rng), BatchNorm(4), ReLU(), Dense(4, 2, rng=rng))
    net.flat_grads[:] = 1
    return net


def test_momentum_as_written(net):
    start = net.flat_params.copy()
    optimizer = SGD(0.1, momentum=0.5)
    optimizer.step(net)
    np.testing.assert_allclose(net.flat_params, start - 0.1)
    optimizer.step(net)
    np.testing.assert_allclose(net.flat_params, start - 0.1 - 0.15)


@pytest.mark.parametrize("make", [SGD, Adam])
def test_weight_decay_leaves_biases_alone(net, make):
    net.flat_grads[:] = 0
    net.flat_params[:] = 1
    make(0.1, weight_decay=0.5).step(net)
    for name, value in net.params.items():
        np.testing.assert_allclose(value, 0.95 if name.endswith("w") else 1.0, err_msg=name)


@pytest.mark.parametrize("make", [lambda **more: SGD(0.1, momentum=0.9, weight_decay=0.1, **more), lambda **more: Adam(0.1, **more)])
def test_pruned_weights_stay_zero_and_frozen_ones_stay(net, make):
    mask = np.arange(12).reshape(3, 4) % 2 == 0
    start = {name: value.copy() for name, value in net.params.items()}
    optimizer = make(masks={"0.w": mask}, only=["0.", "3.b"])
    for _ in range(3):
        optimizer.step(net)
    assert np.array_equal(net.params["0.w"] == 0, ~mask)
    for name in ("1.gamma", "1.beta", "3.w"):
        assert np.array_equal(net.params[name], start[name]), name
    for name in ("0.b", "3.b"):
        assert (net.params[name] != start[name]).all(), name


def test_adam_moves_by_the_learning_rate_at_first(net):
    start = net.flat_params.copy()
    net.flat_grads[:] = np.random.default_rng(0).normal(size=start.size)
    Adam(0.01).step(net)
    np.testing.assert_allclose(net.flat_params, start - 0.01 * np.sign(net.flat_grads), rtol=1e-5)


def test_the_proximal_step_makes_exact_zeros(net):
    net.flat_grads[:] = 0
    net.flat_params[:] = np.linspace(-1, 1, net.parameter_count())
    wanted = {name: value.copy() for name, value in net.params.items()}
    SGD(0.5, l1=0.4).step(net)
    assert np.sum(net.params["0.w"] == 0) == np.sum(np.abs(wanted["0.w"]) <= 0.2)
    assert np.array_equal(net.params["3.b"], wanted["3.b"])


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
def test_an_l1_penalty_is_as_strong_with_momentum_as_without(momentum):
    x = np.array([[1.0, 0.3, 0.1], [0.2, 1.0, -0.4], [0.5, -0.2, 1.0], [0.0, 0.5, 0.5]])
    y, strength = x @ [2.0, -1.0, -0.1], 0.5
    layer, optimizer = Dense(3, 1, init="zeros"), SGD(0.05, momentum, l1=strength)
    for _ in range(3000):
        layer.grads["w"][:, 0] = x.T @ (x @ layer.params["w"][:, 0] - y)
        optimizer.step(layer)
    w = layer.params["w"][:, 0]
    slope = x.T @ (x @ w - y)
    assert (w == 0).tolist() == [False, False, True]
    np.testing.assert_allclose(slope[:2], -strength * np.sign(w[:2]))  # what a lasso's minimum asks for
    assert abs(slope[2]) < strength


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
def test_an_l1_penalty_moves_a_minimum_by_its_strength_and_no_bias(momentum):
    layer, optimizer = Dense(1, 1, init="zeros"), SGD(0.05, momentum, l1=0.5)
    for _ in range(1000):
        for name in ("w", "b"):
            layer.grads[name][:] = layer.params[name] - 2
        optimizer.step(layer)
    np.testing.assert_allclose([layer.params["w"].item(), layer.params["b"].item()], [1.5, 2.0])


def test_float32_stays_float32():
    net = Sequential(Dense(3, 2, rng=np.random.default_rng(0), dtype=np.float32))
    for optimizer in (SGD(0.1, 0.9, weight_decay=0.1, l1=0.1), Adam(0.1, weight_decay=0.1)):
        optimizer.step(net)
        assert net.flat_params.dtype == np.float32 and net.params["0.w"].base is net.flat_params


def test_a_single_layer_and_another_net_may_be_stepped(net):
    optimizer = SGD(0.1, 0.9)
    optimizer.step(net)
    layer = Dense(3, 2, rng=np.random.default_rng(0))
    start = layer.params["w"].copy()
    layer.grads["w"][:] = 1
    optimizer.step(layer)
    np.testing.assert_allclose(layer.params["w"], start - 0.1)


def test_gradients_that_were_replaced_by_hand_count(net):
    start = net.params["0.b"].copy()
    net[0].grads = {"w": np.zeros((3, 4)), "b": np.full(4, 2.0)}
    SGD(0.1).step(net)
    np.testing.assert_allclose(net.params["0.b"], start - 0.2)


def test_magnitude_masks():
    masks = magnitude_masks([np.array([[3.0, -1.0]]), np.array([0.5, -4.0])], 0.5)
    assert masks[0].tolist() == [[True, False]] and masks[1].tolist() == [False, True]
    assert not np.concatenate(magnitude_masks([np.ones(3)], 1.0)).any()
    assert np.concatenate(magnitude_masks([np.ones(3)], 0.0)).all()


def test_random_masks_keep_as_many_of_each_array_anywhere():
    masks = {"0.w": np.arange(12).reshape(3, 4) < 4, "3.w": np.arange(8).reshape(4, 2) < 5}
    rng = np.random.default_rng(0)
    drawn = [random_masks(masks, rng) for _ in range(600)]
    for name, mask in masks.items():
        assert all(d[name].dtype == bool and d[name].sum() == mask.sum() for d in drawn)
        np.testing.assert_allclose(np.mean([d[name] for d in drawn], axis=0), mask.mean(), atol=0.13)  # six sigma
    listed = random_masks(list(masks.values()), np.random.default_rng(1))
    named = random_masks(masks, np.random.default_rng(1))
    assert all(np.array_equal(a, b) for a, b in zip(listed, named.values(), strict=True))
    typed = random_masks([[True, False, True]], np.random.default_rng(1))
    assert len(typed) == 1 and sorted(typed[0]) == [False, True, True]


def test_masks_by_name_are_applied_without_training(net):
    weights = {name: net.params[name] for name in ("0.w", "3.w")}
    masks = magnitude_masks(weights, 0.5)
    listed = magnitude_masks(list(weights.values()), 0.5)
    assert list(masks) == ["0.w", "3.w"] and all(np.array_equal(a, b) for a, b in zip(masks.values(), listed, strict=True))
    bias = net.params["0.b"].copy()
    apply_masks(net, masks)
    assert all(np.array_equal(net.params[name] == 0, ~mask) for name, mask in masks.items())
    assert np.array_equal(net.params["0.b"], bias)


@pytest.mark.parametrize("make", [lambda masks: SGD(0.1, momentum=0.5, masks=masks), lambda masks: Adam(0.1, masks=masks)])
def test_masks_may_be_changed_between_steps(net, make):
    optimizer, mask = make(None), np.ones((3, 4))
    optimizer.step(net)
    mask[0] = 0
    optimizer.masks = {"0.w": mask}
    optimizer.step(net)
    assert np.array_equal(net.params["0.w"] == 0, mask == 0)
    mask[1] = 0  # in place too
    optimizer.step(net)
    assert np.array_equal(net.params["0.w"] == 0, mask == 0)


def test_new_masks_keep_the_momentum(net):
    start, optimizer = net.params["0.b"].copy(), SGD(0.1, momentum=0.5)
    optimizer.step(net)
    optimizer.masks = {"0.w": np.zeros((3, 4), dtype=bool)}
    optimizer.step(net)
    np.testing.assert_allclose(net.params["0.b"], start - 0.1 - 0.15)


def test_one_name_may_stand_alone(net):
    start = {name: value.copy() for name, value in net.params.items()}
    SGD(0.1, only="3.").step(net)
    assert [name for name in start if not np.array_equal(start[name], net.params[name])] == ["3.w", "3.b"]


@pytest.mark.parametrize("message, call", [
    ("lr must be at least 0 and finite, got -1", lambda net: SGD(-1)),
    ("lr must be at least 0 and finite, got nan", lambda net: Adam(float("nan"))),
    ("momentum must be in [0, 1), got 1", lambda net: SGD(0.1, 1)),
    ("beta2 must be in [0, 1), got 1", lambda net: Adam(beta2=1)),
    ("weight_decay must be at least 0", lambda net: SGD(0.1, weight_decay=-1)),
    ("l1 must be at least 0", lambda net: SGD(0.1, l1=-1)),
    ("masks must fit the net's parameters: '7.w'", lambda net: SGD(0.1, masks={"7.w": np.ones(3)}).step(net)),
    ("'0.w' is (3, 4), its mask (4, 3)", lambda net: SGD(0.1, masks={"0.w": np.ones((4, 3))}).step(net)),
    ("masks must be boolean, or 0 and 1; that of '0.b' holds 0.5", lambda net: SGD(0.1, masks={"0.b": [1, 0, 0.5, 1]}).step(net)),
    ("only must name parameters of the net", lambda net: SGD(0.1, only=["7."]).step(net)),
    ("sparsity must be in [0, 1], got 2", lambda net: magnitude_masks([np.ones(2)], 2)),
])
def test_errors(message, call, net):
    with pytest.raises(ValueError) as error:
        call(net)
    assert message in str(error.value)
