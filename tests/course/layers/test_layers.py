"""What layers promise beyond their gradients: errors, modes, counts, names, the table, shared memory."""

import copy

import numpy as np
import pytest

from course.layers import (
    Activation,
    AveragePool2d,
    BatchNorm,
    Conv1d,
    Conv2d,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePool,
    LastStep,
    Layer,
    LeakyReLU,
    MaxPool2d,
    Recurrent,
    ReLU,
    Residual,
    Sequential,
    Tanh,
    activations,
    batchnorm_forward,
    conv2d_backward,
    conv2d_forward,
    conv_multiply_adds,
    conv_parameters,
    dense_backward,
    dense_forward,
    dropout_forward,
    fold_batchnorm,
    max_pool2d,
    max_pool2d_backward,
    update_running_statistics,
)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def small_net(rng):
    return Sequential(Dense(4, 8, rng=rng), ReLU(), Dense(8, 3, rng=rng))


WRONG = {
    "inputs must be at least 1, got 0": lambda rng: Dense(0, 3, rng=rng),
    "outputs must be an integer, got 2.5": lambda rng: Dense(2, 2.5, rng=rng),
    "rng must be a numpy.random.Generator": lambda rng: Dense(2, 3),
    "init must be one of zeros, normal, xavier, he, identity or a number, got 'glorot'": lambda rng: Dense(2, 3, init="glorot", rng=rng),
    "x must have shape (N, 2), got (5, 3)": lambda rng: Dense(2, 3, rng=rng)(np.zeros((5, 3))),
    "x must have shape (N, 2), got (2,)": lambda rng: Dense(2, 3, rng=rng)([1, 2]),
    "x must be an array of real numbers": lambda rng: Dense(2, 3, rng=rng)([["a", "b"]]),
    "b must have shape (3,), got (2,)": lambda rng: dense_forward(np.zeros((5, 2)), np.zeros((2, 3)), np.zeros(2)),
    "Dense.backward needs a forward pass": lambda rng: Dense(2, 3, rng=rng).backward(np.zeros((5, 3))),
    "grad_out must have shape (5, 3) like the output, got (3, 5)": lambda rng: dense_backward(np.zeros((3, 5)), (np.zeros((5, 2)), np.zeros((2, 3)))),
    "x must have shape (N, 3, H, W), got (2, 1, 8, 8)": lambda rng: Conv2d(3, 4, 3, rng=rng)(np.zeros((2, 1, 8, 8))),
    "w must have shape (F, C, kh, kw)": lambda rng: conv2d_forward(np.zeros((2, 1, 8, 8)), np.zeros((3, 3))),
    "kernel of (5, 5) is larger than the image of (4, 6)": lambda rng: Conv2d(1, 1, 5, rng=rng)(np.zeros((1, 1, 4, 6))),
    "'same' with stride 1 and an odd kernel_size": lambda rng: Conv2d(1, 1, 4, padding="same", rng=rng),
    "padding must be smaller than the kernel": lambda rng: Conv2d(1, 1, 3, padding=3, rng=rng),
    "stride must be at least 1, got 0": lambda rng: Conv2d(1, 1, 3, stride=0, rng=rng),
    "x must have shape (N, 2, length), got (3, 2)": lambda rng: Conv1d(2, 1, 3, rng=rng)(np.zeros((3, 2))),
    "size must divide the image's 6 x 5, got 2": lambda rng: MaxPool2d(2)(np.zeros((1, 1, 6, 5))),
    "size must be an integer, got 2.0": lambda rng: AveragePool2d(2.0),
    "x must have shape (N, C, H, W) or (N, C, length), got (2, 3)": lambda rng: GlobalAveragePool()(np.zeros((2, 3))),
    "rate must be in [0, 1), got 1": lambda rng: Dropout(1, rng),
    "rate must be in [0, 1), got -0.1": lambda rng: dropout_forward(np.zeros(3), -0.1, rng),
    "rate must be in [0, 1), got nan": lambda rng: Dropout(float("nan"), rng),
    "slope must be in [0, 1], got 2": lambda rng: LeakyReLU(2),
    "momentum must be in [0, 1], got 1.5": lambda rng: BatchNorm(3, momentum=1.5),
    "eps must be above 0, got 0": lambda rng: BatchNorm(3, eps=0),
    "x must have shape (N, 3) or (N, 3, ...), got (5, 4)": lambda rng: BatchNorm(3)(np.zeros((5, 4))),
    "at least two values of each feature in training": lambda rng: BatchNorm(3)(np.zeros((1, 3))),
    "layer must be dense or a convolution with 3 outputs, got Tanh()": lambda rng: BatchNorm(3).fold_into(Tanh()),
    "activation must be one of tanh, relu, sigmoid, got 'gelu'": lambda rng: Recurrent(2, 3, "gelu", rng=rng),
    "x must have shape (N, T, 2), got (5, 2)": lambda rng: Recurrent(2, 3, rng=rng)(np.zeros((5, 2))),
    "x must have shape (N, T, D)": lambda rng: LastStep()(np.zeros((5, 2))),
    "Sequential is made of layers, got 'ReLU'": lambda rng: Sequential("ReLU"),
    "was given one layer twice": lambda rng: Sequential(*[Tanh()] * 2),
    "must keep the shape of the shortcut (5, 2), got (5, 3)": lambda rng: Residual(Dense(2, 3, rng=rng))(np.zeros((5, 2))),
    "must have one dtype, got ['float32', 'float64']": lambda rng: Sequential(Dense(2, 2, rng=rng), Dense(2, 2, rng=rng, dtype="f4")),
    "dtype must be float32 or float64, got int64": lambda rng: Dense(2, 2, rng=rng, dtype=int),
    "takes samples of shape (4,), got (5,)": lambda rng: small_net(rng).output_shape((5,)),
    "takes images of shape (1, H, W), got (3, 8, 8)": lambda rng: Conv2d(1, 2, 3, rng=rng).output_shape((3, 8, 8)),
    "Mine has no forward": lambda rng: type("Mine", (Layer,), {})()(np.zeros(3)),
}


@pytest.mark.parametrize("message", WRONG)
def test_errors_say_what_came_and_what_was_wanted(message, rng):
    with pytest.raises((ValueError, TypeError, NotImplementedError)) as error:
        WRONG[message](rng)
    assert message in str(error.value)


@pytest.mark.parametrize("name", ["relu", "leaky_relu", "softplus", "squared_relu", "sigmoid", "tanh_"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_activations_are_finite_and_silent_far_out(name, dtype):
    x = np.array([-1000, -50, -1, 0, 1, 50, 1000], dtype=dtype)
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        for function in (getattr(activations, name), getattr(activations, name.rstrip("_") + "_grad")):
            for given in (x, x.reshape(7, 1, 1), x[:0], x[3], list(map(float, x))):
                assert np.isfinite(function(given)).all()
            assert function(x).dtype == dtype


def test_derivatives_at_the_kink_are_those_from_the_left():
    assert activations.relu_grad(np.zeros(1)) == 0 and activations.squared_relu_grad(np.zeros(1)) == 0
    assert activations.leaky_relu_grad(np.zeros(1), 0.3) == 0.3


def test_convolution_is_cross_correlation_as_written(rng):
    x, w = rng.normal(size=(2, 3, 5, 6)), rng.normal(size=(4, 3, 2, 3))
    wanted = np.zeros((2, 4, 4, 4))
    for i in range(4):
        for j in range(4):
            wanted[:, :, i, j] = np.einsum("nchw,fchw->nf", x[:, :, i : i + 2, j : j + 3], w)
    np.testing.assert_allclose(conv2d_forward(x, w), wanted, rtol=1e-12)
    dx, dw = conv2d_backward(wanted, x, w)
    assert dx.shape == x.shape and dw.shape == w.shape


def test_threads_change_nothing(rng, monkeypatch):
    x, w, b = rng.normal(size=(9, 3, 6, 6)), rng.normal(size=(4, 3, 3, 3)), rng.normal(size=4)
    net, grad = Conv2d(3, 4, 3, rng=rng), rng.normal(size=(9, 4, 4, 4))
    net.params["w"][:], net.params["b"][:] = w, b
    monkeypatch.setattr("course.layers.convolution.SHARED", 1)
    results = []
    for threads in ("1", "2", "4"):
        monkeypatch.setenv("COURSE_THREADS", threads)
        results.append([net(x), net.backward(grad), net.grads["w"].copy()])
        net.backward_params(grad)
        results[-1].append(net.grads["w"].copy())
    for one, two, four in zip(*results, strict=True):
        np.testing.assert_allclose(two, one, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(four, one, rtol=1e-12, atol=1e-12)


def test_integers_are_taken_and_lists_too(rng):
    assert Dense(2, 3, rng=rng, dtype=np.float32)([[1, 2]]).dtype == np.float32
    assert ReLU()([[-1, 2]]).tolist() == [[0.0, 2.0]]


def test_results_are_new_arrays(rng):
    net = small_net(rng)
    first = net(np.ones((5, 4)))
    kept = first.copy()
    net(np.zeros((5, 4)))
    np.testing.assert_array_equal(first, kept)


def test_flatten_alone_shares_memory_with_its_input(rng):
    x = rng.normal(size=(2, 1, 4, 4))
    layers = [Flatten(), ReLU(), MaxPool2d(2), Conv2d(1, 2, 3, rng=rng), BatchNorm(1), GlobalAveragePool(), Dropout(0.5, rng)]
    for layer in layers:
        for training in (True, False):
            layer.training = training
            assert np.shares_memory(layer(x), x) == isinstance(layer, Flatten), layer


def test_an_empty_batch_passes(rng):
    net = Sequential(Conv2d(1, 2, 3, padding=1, rng=rng), ReLU(), MaxPool2d(2), Flatten(), Dense(8, 3, rng=rng))
    assert net(np.zeros((0, 1, 4, 4))).shape == (0, 3)
    assert net.backward(np.zeros((0, 3))).shape == (0, 1, 4, 4) and not net.flat_grads.any()


def test_gradients_stop_at_the_first_layer_that_learns(rng):
    first, second = Sequential(Flatten(), Dense(4, 2, rng=rng), Tanh()), ReLU()
    x, grad = rng.normal(size=(3, 2, 2)), rng.normal(size=(3, 2))
    first(x)
    first.backward(grad)
    wanted = first.flat_grads.copy()
    first.flat_grads[:] = 0
    first.backward_params(grad)
    np.testing.assert_array_equal(first.flat_grads, wanted)
    net = Sequential(second)
    net(grad)
    net.backward_params(grad)


def test_max_pool_picks_one_of_equals():
    x = np.zeros((1, 1, 4, 4))
    assert max_pool2d_backward(np.ones((1, 1, 2, 2)), x, 2).sum() == 4
    assert max_pool2d(x - 3, 4).item() == -3


def test_batch_norm_modes(rng):
    x = rng.normal(3, 2, size=(50, 4))
    norm = BatchNorm(4, momentum=1.0)
    out = norm(x)
    np.testing.assert_allclose(out.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(norm.running_var, x.var(axis=0, ddof=1))
    np.testing.assert_allclose(update_running_statistics(np.ones(4), np.ones(4), x, 1.0)[0], norm.running_mean)
    norm.training = False
    np.testing.assert_allclose(norm(x), (x - norm.running_mean) / np.sqrt(norm.running_var + 1e-5))
    assert norm(x[:1]).shape == (1, 4), "one sample is enough in use"


def test_a_large_mean_does_not_spoil_the_variance(rng):
    x = rng.normal(size=(64, 3)) + 1e8
    *_, var = batchnorm_forward(x, np.ones(3), np.zeros(3))[1]
    np.testing.assert_allclose(var, x.var(axis=0), rtol=1e-6)


@pytest.mark.parametrize("bias", [True, False])
def test_batch_norm_can_be_folded_into_the_layer_before(rng, bias):
    for layer, shape in ((Dense(3, 4, rng=rng), (6, 3)), (Conv2d(3, 4, 3, bias=bias, rng=rng), (6, 3, 5, 5))):
        x, norm = rng.normal(size=shape), BatchNorm(4)
        net = Sequential(layer, norm)
        norm.params["gamma"][:], norm.params["beta"][:] = rng.normal(size=(2, 4))
        for _ in range(5):
            net(x)
        net.training = False
        before = layer.params["w"].copy()
        np.testing.assert_allclose(norm.fold_into(layer)(x), net(x), rtol=1e-12, atol=1e-12)
        np.testing.assert_array_equal(layer.params["w"], before)
    w, b = fold_batchnorm(np.ones((2, 1)), np.ones(1), np.full(1, 2.0), np.ones(1), np.ones(1), np.full(1, 3.0), eps=1.0)
    assert w.tolist() == [[1.0], [1.0]] and b.tolist() == [1.0]


def test_dropout_keeps_the_mean_and_rests_in_use(rng):
    x = np.ones((200, 500), dtype=np.float32)
    layer = Dropout(0.3, rng)
    out = layer(x)
    assert out.dtype == np.float32 and set(np.unique(out)) == {0, np.float32(1 / 0.7)}
    assert abs(out.mean() - 1) < 0.01 and abs(np.mean(out == 0) - 0.3) < 0.01
    np.testing.assert_array_equal(layer.backward(x), out)
    layer.training = False
    np.testing.assert_array_equal(layer(x), x)
    assert np.array_equal(layer.backward(x), x)


def test_containers_name_parameters_and_pass_on_the_mode(rng):
    net = Sequential(Dense(4, 4, rng=rng), Residual(Dense(4, 4, rng=rng), BatchNorm(4), shortcut=Dense(4, 4, rng=rng)))
    names = ["0.w", "0.b", "1.0.w", "1.0.b", "1.1.gamma", "1.1.beta", "1.shortcut.w", "1.shortcut.b"]
    assert list(net.params) == names and list(net.grads) == names
    assert [name for name, _ in net.leaves()] == ["0", "1.0", "1.1", "1.shortcut"]
    net.training = False
    assert not any(leaf.training for _, leaf in net.leaves()) and not net.training
    with pytest.raises(TypeError):
        net.params["0.w"] = np.zeros((4, 4))  # would be lost


def test_one_vector_holds_all_parameters(rng):
    net = small_net(rng)
    net.flat_params[:] = np.arange(net.parameter_count())
    assert net[0].params["w"][0].tolist() == list(range(8)) and net.params["2.b"].tolist() == [64, 65, 66]
    net[0].params = {"w": np.zeros((4, 8)), "b": np.ones(8)}  # replaced by hand: the vector is made anew
    assert net.flat_params[:40].tolist() == [0] * 32 + [1] * 8
    net.flat_params[:] = 7
    assert net[0].params["b"].tolist() == [7] * 8
    net.backward(net(np.ones((2, 4))))
    assert np.array_equal(net.flat_grads[-3:], net.grads["2.b"])
    assert ReLU().flat_params.size == 0 and Dense(2, 3, rng=rng).flat_params.size == 9


def test_part_of_a_net_shares_its_weights(rng):
    net = small_net(rng)
    x = rng.normal(size=(5, 4))
    part = net[:2]
    np.testing.assert_array_equal(part(x), np.maximum(x @ net.params["0.w"], 0))
    part.flat_params[:] = 0
    assert not net.params["0.w"].any()
    net.flat_params[:] = 1
    assert (part.params["0.w"] == 1).all() and len(part) == 2 and isinstance(net[-1], Dense)


def test_a_copy_is_a_net_of_its_own(rng):
    net = small_net(rng)
    other = copy.deepcopy(net)
    other.flat_params[:] = 0
    assert net.params["0.w"].any() and not other.params["0.w"].any()


def test_your_own_layer_is_a_few_lines(rng):
    class Scale(Layer):
        def __init__(self):
            super().__init__(factor=np.ones(1))

        def forward(self, x):
            self.x = x
            return self.params["factor"] * x

        def backward(self, grad_out):
            self.grads = {"factor": np.array([np.sum(grad_out * self.x)])}
            return self.params["factor"] * grad_out

    net = Sequential(Scale(), Activation(np.sin, np.cos))
    x = rng.normal(size=(2, 3))
    net.backward_params(np.ones_like(net(x)))
    np.testing.assert_allclose(net.flat_grads, [np.sum(np.cos(x) * x)])


def test_counts_of_known_networks(rng):
    assert conv_parameters(3, 64, 7) == 9472 and conv_parameters(96, 256, 5, groups=2) == 307456
    assert conv_multiply_adds(96, 256, 5, 27, 27, groups=2) == 223948800  # AlexNet's second layer
    lenet = Sequential(Conv2d(1, 6, 5, padding=2, rng=rng), Tanh(), AveragePool2d(2), Conv2d(6, 16, 5, rng=rng), Tanh(),
                       AveragePool2d(2), Flatten(), Dense(400, 120, rng=rng), Tanh(), Dense(120, 84, rng=rng), Tanh(),
                       Dense(84, 10, rng=rng))
    assert lenet.parameter_count() == 61706 and lenet.multiply_adds((1, 28, 28)) == 416520
    assert lenet.output_shape((1, 28, 28)) == (10,)
    block = Residual(Conv2d(2, 4, 3, stride=2, padding=1, rng=rng), shortcut=Conv2d(2, 4, 1, stride=2, rng=rng))
    assert block.multiply_adds((2, 8, 8)) == 16 * 4 * 2 * (9 + 1)
    assert Recurrent(3, 5, rng=rng).multiply_adds((7, 3)) == 7 * 5 * 8
    assert Conv1d(1, 2, 5, rng=rng).multiply_adds((1, 20)) == 2 * 5 * 16


def test_the_table(rng):
    net = Sequential(Conv2d(1, 6, 5, rng=rng), ReLU(), Flatten(), Dense(96, 10, rng=rng))
    assert "6 x 4 x 4" not in str(net), "the image's size is not known yet"
    net(np.zeros((2, 1, 8, 8)))
    assert str(net).splitlines() == [
        "layer              output     parameters  multiply-adds",
        "-------------------------------------------------------",
        "0 Conv2d(1, 6, 5)  6 x 4 x 4         156          2,400",
        "1 ReLU()           6 x 4 x 4           0              0",
        "2 Flatten()        96                  0              0",
        "3 Dense(96, 10)    10                970            960",
        "-------------------------------------------------------",
        "total                              1,126          3,360",
    ]
    assert "56" in str(small_net(rng)), "a dense first layer says what it takes"
    assert repr(small_net(rng)) == "Sequential(Dense(4, 8), ReLU(), Dense(8, 3))"
