"""The reference answers against PyTorch, where it is installed."""

from typing import Any

import numpy as np
import pytest

from autograder.answer_key import AnswerKey

torch = pytest.importorskip("torch")
RNG = np.random.default_rng(0)


@pytest.fixture(scope="module")
def reference(key: AnswerKey) -> dict[str, Any]:
    return key.names()


def leaf(array):
    return torch.tensor(array, dtype=torch.float64, requires_grad=True)


def gradients(out, grad_out, *leaves):
    out.backward(torch.tensor(grad_out))
    return [t.grad.numpy() for t in leaves]


def agree(got, wanted):
    for one, other in zip(got, wanted, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(("n", "d", "m"), [(5, 4, 3), (1, 2, 2), (3, 1, 4)])
def test_dense(reference, n, d, m):
    x, w, b, grad = (RNG.normal(size=s) for s in ((n, d), (d, m), (m,), (n, m)))
    leaves = leaf(x), leaf(w), leaf(b)
    out, cache = reference["dense_forward"](x, w, b)
    torch_out = leaves[0] @ leaves[1] + leaves[2]
    agree([out], [torch_out.detach().numpy()])
    agree(reference["dense_backward"](grad, cache), gradients(torch_out, grad, *leaves))


def test_relu_with_zeros(reference):
    x, grad = np.round(RNG.normal(size=(4, 5))), RNG.normal(size=(4, 5))
    t = leaf(x)
    agree([reference["relu_backward"](grad, x)], gradients(torch.relu(t), grad, t))


@pytest.mark.parametrize(("shape", "size"), [((2, 3, 4, 6), 2), ((1, 2, 6, 3), 3), ((2, 1, 4, 4), 4)])
def test_max_pooling(reference, shape, size):
    x = RNG.normal(size=shape)
    grad = RNG.normal(size=(*shape[:2], shape[2] // size, shape[3] // size))
    t = leaf(x)
    agree([reference["max_pool2d_backward"](grad, x, size)], gradients(torch.nn.functional.max_pool2d(t, size), grad, t))


@pytest.mark.parametrize(("x_shape", "f", "k"), [((2, 3, 6, 5), 4, 3), ((1, 2, 4, 5), 3, 2), ((3, 1, 3, 3), 2, 1)])
def test_convolution(reference, x_shape, f, k):
    x, w = RNG.normal(size=x_shape), RNG.normal(size=(f, x_shape[1], k, k))
    grad = RNG.normal(size=(x_shape[0], f, x_shape[2] - k + 1, x_shape[3] - k + 1))
    leaves = leaf(x), leaf(w)
    agree(reference["conv2d_backward"](grad, x, w), gradients(torch.nn.functional.conv2d(*leaves), grad, *leaves))


@pytest.mark.parametrize("shape", [(), (1,), (4,), (3, 1), (1, 4), (2, 1, 1), (2, 3, 4)])
def test_unbroadcast(reference, shape):
    grad = RNG.normal(size=(2, 3, 4))
    t = leaf(np.ones(shape))
    agree([reference["unbroadcast"](grad, shape)], gradients(t.expand(2, 3, 4), grad, t))


def relu(t):
    return t.relu()


EXPRESSIONS = {
    "sum of products": lambda a, b, p, w: (a * b + a / p - b).sum(),
    "rows and columns": lambda a, b, p, w: (a.sum(1, keepdims=True) * b.mean(0, keepdims=True)).sum(),
    "powers": lambda a, b, p, w: (p**b * a**3).mean(),
    "logarithm": lambda a, b, p, w: (p.log() * a.exp()).sum(0).sum(),
    "reshaped": lambda a, b, p, w: (a.reshape(4, 3) @ b.reshape(3, 4)).mean(1).sum(),
    "network": lambda a, b, p, w: ((relu(a @ w) - 0.5) ** 2).mean(),
    "numbers on the left": lambda a, b, p, w: (2.0 - 3.0 / p * a).sum(),
}


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_tensor(reference, name):
    arrays = RNG.normal(size=(3, 4)), RNG.normal(size=(3, 4)), RNG.uniform(0.5, 2, size=(3, 4)), RNG.normal(size=(4, 2))
    ours, theirs = [reference["Tensor"](a) for a in arrays], [leaf(a) for a in arrays]
    for _ in range(2):  # a second pass adds the same once more
        result, wanted = EXPRESSIONS[name](*ours), EXPRESSIONS[name](*theirs)
        agree([result.data], [wanted.detach().numpy()])
        result.backward()
        wanted.backward()
        wanted_grads = [np.zeros(t.shape) if t.grad is None else t.grad.numpy() for t in theirs]
        agree([t.grad for t in ours], wanted_grads)


def test_momentum_step(reference):
    p, lr, momentum = RNG.normal(size=(3, 2)), 0.1, 0.9
    t = leaf(p)
    optimizer = torch.optim.SGD([t], lr=lr, momentum=momentum)
    params, velocity = [p], [np.zeros((3, 2))]
    for _ in range(4):
        grads = [2 * params[0]]
        optimizer.zero_grad()
        (t**2).sum().backward()
        optimizer.step()
        params, velocity = reference["sgd_momentum_step"](params, grads, velocity, lr, momentum)
        agree(params, [t.detach().numpy()])
