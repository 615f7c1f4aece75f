"""Every layer against finite differences: any shape, memory order, values; float32 beside float64."""

import copy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.layers import (
    AveragePool2d,
    BatchNorm,
    Conv1d,
    Conv2d,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePool,
    LastStep,
    LeakyReLU,
    MaxPool2d,
    Recurrent,
    ReLU,
    Residual,
    Sequential,
    Sigmoid,
    Softplus,
    SquaredReLU,
    Tanh,
)
from tests.course.layers.differences import awkward, close, slopes

small = st.integers(1, 3)
any_shape = st.lists(st.integers(1, 3), min_size=1, max_size=4).map(tuple)


@st.composite
def dense(draw, rng, dtype):
    n, d, m = draw(st.tuples(small, small, small))
    return Dense(d, m, rng=rng, dtype=dtype), (n, d)


@st.composite
def conv2d(draw, rng, dtype):
    kernel = draw(st.tuples(small, small))
    stride = draw(st.tuples(small, small))
    padding = tuple(draw(st.integers(0, k - 1)) for k in kernel)
    size = tuple(draw(st.integers(max(1, k - 2 * p), k + 3)) for k, p in zip(kernel, padding, strict=True))
    n, c, f = draw(st.tuples(small, small, small))
    return Conv2d(c, f, kernel, stride=stride, padding=padding, bias=draw(st.booleans()), rng=rng, dtype=dtype), (n, c, *size)


@st.composite
def conv1d(draw, rng, dtype):
    n, c, f, k = draw(st.tuples(small, small, small, small))
    padding = draw(st.integers(0, k - 1))
    return Conv1d(c, f, k, stride=draw(small), padding=padding, rng=rng, dtype=dtype), (n, c, draw(st.integers(k, k + 4)))


def pool(kind):
    @st.composite
    def case(draw, rng, dtype):
        size = draw(small)
        return kind(size), (draw(small), draw(small), *(size * k for k in draw(st.lists(small, min_size=1, max_size=2))))
    return case


def per_entry(make):
    @st.composite
    def case(draw, rng, dtype):
        return make(), draw(any_shape)
    return case


@st.composite
def batchnorm(draw, rng, dtype):
    features = draw(small)
    layer = BatchNorm(features, affine=draw(st.booleans()), dtype=dtype)
    layer.training = draw(st.booleans())
    for p in layer.params.values():
        p += rng.normal(size=features).astype(dtype)
    layer.running_mean = rng.normal(size=features).astype(dtype)
    layer.running_var = rng.uniform(0.5, 2, features).astype(dtype)
    return layer, (draw(st.integers(2, 4)), features, *draw(st.lists(small, max_size=2)))


@st.composite
def recurrent(draw, rng, dtype):
    n, t, d, h = draw(st.tuples(small, small, small, small))
    activation = draw(st.sampled_from(["tanh", "relu", "sigmoid"]))
    start = draw(st.sampled_from(["xavier", "identity"]))
    return Recurrent(d, h, activation, recurrent_init=start, rng=rng, dtype=dtype), (n, t, d)


@st.composite
def residual(draw, rng, dtype):
    n, d, m = draw(st.tuples(small, small, small))
    if draw(st.booleans()):
        return Residual(Dense(d, m, rng=rng, dtype=dtype), Tanh(), Dense(m, d, rng=rng, dtype=dtype)), (n, d)
    return Residual(Dense(d, m, rng=rng, dtype=dtype), shortcut=Dense(d, m, rng=rng, dtype=dtype)), (n, d)


def whole_net(rng, dtype):
    conv = Conv2d(1, 2, 3, padding="same", rng=rng, dtype=dtype)
    block = Residual(Conv2d(2, 2, 3, padding=1, rng=rng, dtype=dtype), BatchNorm(2, dtype=dtype), Tanh())
    net = Sequential(conv, ReLU(), block, MaxPool2d(2), Flatten(), Dense(8, 2, rng=rng, dtype=dtype))
    return st.just((net, (2, 1, 4, 4)))


CASES = {
    "dense": dense, "conv2d": conv2d, "conv1d": conv1d, "max pool": pool(MaxPool2d), "average pool": pool(AveragePool2d),
    "batch norm": batchnorm, "recurrent": recurrent, "residual": residual, "whole net": whole_net,
    "global pool": per_entry(GlobalAveragePool), "flatten": per_entry(Flatten), "last step": per_entry(LastStep),
    "relu": per_entry(ReLU), "leaky relu": per_entry(lambda: LeakyReLU(0.2)), "softplus": per_entry(Softplus),
    "squared relu": per_entry(SquaredReLU), "sigmoid": per_entry(Sigmoid), "tanh": per_entry(Tanh),
    "dropout": per_entry(lambda: Dropout(0.4, np.random.default_rng(5))),
}


def output(layer, x):
    if isinstance(layer, Dropout):  # the same draw each time
        layer.rng = np.random.default_rng(5)
    return layer.forward(x)


@pytest.mark.parametrize("case", CASES)
@settings(max_examples=40, deadline=None, derandomize=True)
@given(data=st.data())
def test_gradients_agree_with_finite_differences(case, data):
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    layer, shape = data.draw(CASES[case](rng, np.float64))
    if case == "global pool":
        shape = (*shape, 2, 2)[:4]
    if case == "last step":
        shape = (*shape, 2, 3)[:3]
    x = data.draw(awkward(shape))
    before = x.copy()
    state = copy.deepcopy(layer)  # batch norm counts forward passes
    out = layer.forward(x) if case != "dropout" else output(layer, x)
    weights = rng.normal(size=out.shape)
    dx = layer.backward(weights)
    assert out.dtype == dx.dtype == np.float64 and dx.shape == x.shape
    assert out.shape[1:] == layer.output_shape(x.shape[1:]) and layer.multiply_adds(x.shape[1:]) >= 0
    assert not np.shares_memory(out, dx) and np.array_equal(x, before), "the input must stay as it was"

    probe = np.array(x)
    close(dx, slopes(lambda: float(np.sum(output(state, probe) * weights)), probe), 1e-5)
    assert layer.params.keys() == layer.grads.keys()
    for name, p in state.params.items():
        close(layer.grads[name], slopes(lambda: float(np.sum(output(state, probe) * weights)), p), 1e-5)

    kept = {name: g.copy() for name, g in layer.grads.items()}
    layer.backward(weights)
    layer.backward_params(weights)  # written anew, not added up; and the same where dx is not wanted
    for name, g in layer.grads.items():
        np.testing.assert_allclose(g, kept[name], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("case", CASES)
@settings(max_examples=15, deadline=None, derandomize=True)
@given(data=st.data())
def test_float32_stays_float32_and_says_the_same(case, data):
    seed = data.draw(st.integers(0, 2**32 - 1))
    single, shape = data.draw(CASES[case](np.random.default_rng(seed), np.float32))
    if case == "global pool":
        shape = (*shape, 2, 2)[:4]
    if case == "last step":
        shape = (*shape, 2, 3)[:3]
    x = data.draw(awkward(shape, np.float32))
    double = copy.deepcopy(single)
    for _, leaf in double.leaves():
        leaf.params = {name: p.astype(np.float64) for name, p in leaf.params.items()}
        leaf.grads = {name: g.astype(np.float64) for name, g in leaf.grads.items()}
        if isinstance(leaf, BatchNorm):
            leaf._ones, leaf._zeros = leaf._ones.astype(np.float64), leaf._zeros.astype(np.float64)
    out, wanted = output(single, x), output(double, x.astype(np.float64))
    grad = np.random.default_rng(seed).normal(size=out.shape).astype(np.float32)
    dx, dx_wanted = single.backward(grad), double.backward(grad.astype(np.float64))
    assert out.dtype == dx.dtype == np.float32 and wanted.dtype == dx_wanted.dtype == np.float64
    tolerance = 1e-2 if case in ("batch norm", "whole net") else 1e-4  # equal values divided by sqrt(eps)
    close(out, wanted, tolerance)
    close(dx, dx_wanted, tolerance)
    for name, g in single.grads.items():
        assert g.dtype == np.float32
        close(g, double.grads[name], tolerance)
