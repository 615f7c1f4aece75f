"""Forward and backward beside PyTorch, in float64, to 1e-10 relative."""

import numpy as np
import pytest

from course.layers import (
    AveragePool2d,
    BatchNorm,
    Conv1d,
    Conv2d,
    Dense,
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
from course.losses import l1_penalty, l2_penalty, logistic_loss, softmax_cross_entropy, squared_error
from course.optimizers import SGD, Adam

torch = pytest.importorskip("torch")
F = torch.nn.functional


def same(got, wanted):
    wanted = wanted.detach().numpy() if isinstance(wanted, torch.Tensor) else wanted
    assert np.shape(got) == wanted.shape
    np.testing.assert_allclose(got, wanted, rtol=1e-10, atol=1e-10 * max(1e-300, np.abs(wanted).max(initial=0)))


def leaf(array):
    return torch.tensor(np.ascontiguousarray(array), requires_grad=True)


def compare(layer, function, shape, seed=0):
    """function(x, **params) is the same in PyTorch, with the layer's parameters under their last names."""
    rng = np.random.default_rng(seed)
    for p in layer.params.values():
        p += 0.1 * rng.normal(size=p.shape)
    x = rng.normal(size=shape)
    params = {name.replace(".", "_"): leaf(p) for name, p in layer.params.items()}
    theirs = leaf(x)
    wanted = function(theirs, **params)
    grad = rng.normal(size=wanted.shape)
    wanted.backward(torch.tensor(grad))
    same(layer.forward(x), wanted)
    same(layer.backward(grad), theirs.grad)
    for name, g in layer.grads.items():
        same(g, params[name.replace(".", "_")].grad)


@pytest.mark.parametrize("seed", range(3))
def test_dense(seed):
    compare(Dense(7, 5, rng=np.random.default_rng(seed)), lambda x, w, b: x @ w + b, (4, 7), seed)


@pytest.mark.parametrize("kernel, stride, padding, size", [
    (3, 1, 1, (8, 8)), (3, 1, 0, (7, 5)), (2, 2, 0, (6, 7)), (5, 3, 2, (11, 12)), ((2, 3), (2, 1), (1, 2), (9, 6)), (1, 2, 0, (5, 4)),
    (4, 1, 3, (4, 9)),
])
@pytest.mark.parametrize("channels", [(1, 1), (3, 4)])
def test_conv2d(kernel, stride, padding, size, channels):
    layer = Conv2d(*channels, kernel, stride=stride, padding=padding, rng=np.random.default_rng(1))
    compare(layer, lambda x, w, b: F.conv2d(x, w, b, stride, padding), (3, channels[0], *size))


def test_convolution_in_several_blocks(monkeypatch):
    monkeypatch.setattr("course.layers.convolution.BLOCK", 500)
    compare(Conv2d(2, 3, 3, padding=1, rng=np.random.default_rng(1)), lambda x, w, b: F.conv2d(x, w, b, padding=1), (7, 2, 5, 5))


def test_conv1d():
    layer = Conv1d(3, 4, 5, stride=2, padding=2, rng=np.random.default_rng(1))
    compare(layer, lambda x, w, b: F.conv1d(x, w[:, :, 0], b, 2, 2), (3, 3, 17))


@pytest.mark.parametrize("size", [1, 2, 3])
def test_pooling(size):
    compare(MaxPool2d(size), lambda x: F.max_pool2d(x, size), (2, 3, 6, 12))
    compare(AveragePool2d(size), lambda x: F.avg_pool2d(x, size), (2, 3, 6, 12))
    compare(MaxPool2d(size), lambda x: F.max_pool1d(x, size), (2, 3, 12))
    compare(AveragePool2d(size), lambda x: F.avg_pool1d(x, size), (2, 3, 12))
    compare(GlobalAveragePool(), lambda x: x.mean((2, 3)), (2, 3, 4, 5))
    compare(Flatten(), lambda x: x.flatten(1), (2, 3, 4, 5))


def test_ties_in_a_window_go_to_the_first_as_in_pytorch():
    x = np.random.default_rng(0).integers(0, 2, size=(2, 3, 6, 6)).astype(float)
    theirs = leaf(x)
    F.max_pool2d(theirs, 2).sum().backward()
    layer = MaxPool2d(2)
    same(layer.backward(np.ones_like(layer.forward(x))), theirs.grad)


@pytest.mark.parametrize("layer, function", [
    (ReLU(), F.relu), (LeakyReLU(0.2), lambda x: F.leaky_relu(x, 0.2)), (Softplus(), lambda x: F.softplus(x, threshold=1e9)),
    (SquaredReLU(), lambda x: F.relu(x) ** 2), (Sigmoid(), torch.sigmoid), (Tanh(), torch.tanh),
])
def test_activations(layer, function):
    compare(layer, function, (3, 4, 5))


@pytest.mark.parametrize("shape", [(6, 4), (3, 4, 2, 5), (3, 4, 5)])
def test_batch_norm(shape):
    layer, theirs = BatchNorm(4), torch.nn.BatchNorm1d(4).double() if len(shape) < 4 else torch.nn.BatchNorm2d(4).double()

    def function(x, gamma, beta):
        return F.batch_norm(x, theirs.running_mean, theirs.running_var, gamma, beta, training=layer.training)

    for seed in range(3):
        compare(layer, function, shape, seed)
        same(layer.running_mean, theirs.running_mean)
        same(layer.running_var, theirs.running_var)
    layer.training = False
    compare(layer, function, shape)


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_recurrent(activation):
    theirs = torch.nn.RNN(3, 4, nonlinearity=activation, batch_first=True).double()

    def function(x, wx, wh, b):
        named = {"weight_ih_l0": wx.T, "weight_hh_l0": wh.T, "bias_ih_l0": b, "bias_hh_l0": torch.zeros(4, dtype=torch.float64)}
        return torch.func.functional_call(theirs, named, (x,))[0]

    compare(Recurrent(3, 4, activation, rng=np.random.default_rng(0)), function, (5, 6, 3))
    compare(LastStep(), lambda x: x[:, -1], (5, 6, 3))


def test_a_net_of_everything():
    rng = np.random.default_rng(3)
    net = Sequential(Conv2d(1, 4, 3, padding=1, bias=False, rng=rng), BatchNorm(4), ReLU(), MaxPool2d(2),
                     Residual(Conv2d(4, 4, 3, padding=1, rng=rng), Tanh(), shortcut=Conv2d(4, 4, 1, bias=False, rng=rng)),
                     Flatten(), Dense(64, 3, rng=rng))

    def function(x, **p):
        x = F.conv2d(x, p["0_w"], padding=1)
        x = F.max_pool2d(F.relu(F.batch_norm(x, None, None, p["1_gamma"], p["1_beta"], training=True)), 2)
        x = torch.tanh(F.conv2d(x, p["4_0_w"], p["4_0_b"], padding=1)) + F.conv2d(x, p["4_shortcut_w"])
        return x.flatten(1) @ p["6_w"] + p["6_b"]

    compare(net, function, (5, 1, 8, 8))


@pytest.mark.parametrize("scale", [1, 1000])
def test_losses(scale):
    rng = np.random.default_rng(0)
    for ours, theirs, target in [
        (softmax_cross_entropy, F.cross_entropy, rng.integers(0, 4, 6)),
        (logistic_loss, lambda z, t: F.binary_cross_entropy_with_logits(z, t, reduction="sum") / 6, rng.integers(0, 2, (6, 4)).astype(float)),
        (squared_error, lambda p, t: F.mse_loss(p, t, reduction="sum") / 6, rng.normal(size=(6, 4))),
    ]:
        x = scale * rng.normal(size=(6, 4))
        z = leaf(x)
        wanted = theirs(z, torch.tensor(target))
        wanted.backward()
        loss, grad = ours(x, target)
        same(loss, wanted)
        same(grad, z.grad)


def test_penalties():
    w = np.random.default_rng(0).normal(size=(3, 4))
    for ours, theirs in [(l2_penalty, lambda w: 0.05 * (w**2).sum()), (l1_penalty, lambda w: 0.1 * w.abs().sum())]:
        z = leaf(w)
        wanted = theirs(z)
        wanted.backward()
        penalty, grads = ours({"0.w": w, "0.b": np.ones(4)}, 0.1)
        same(penalty, wanted)
        same(grads["0.w"], z.grad)
        assert not grads["0.b"].any()


@pytest.mark.parametrize("ours, theirs", [
    (SGD(0.1, momentum=0.9, weight_decay=0.01), lambda w, b: torch.optim.SGD([{"params": [w], "weight_decay": 0.01}, {"params": [b]}], 0.1, 0.9)),
    (Adam(0.1, weight_decay=0.01), lambda w, b: torch.optim.AdamW([{"params": [w]}, {"params": [b], "weight_decay": 0.0}], 0.1, weight_decay=0.01)),
])
def test_optimizers(ours, theirs):
    rng = np.random.default_rng(0)
    net = Dense(5, 2, rng=rng)
    w, b = leaf(net.params["w"]), leaf(net.params["b"])
    optimizer = theirs(w, b)
    x, target = rng.normal(size=(8, 5)), rng.normal(size=(8, 2))
    for _ in range(10):
        optimizer.zero_grad()
        (((torch.tensor(x) @ w + b) - torch.tensor(target)) ** 2).sum(1).mean().backward()
        optimizer.step()
        net.backward(squared_error(net.forward(x), target)[1])
        ours.step(net)
    same(net.params["w"], w)
    same(net.params["b"], b)
