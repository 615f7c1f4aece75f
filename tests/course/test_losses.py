"""Losses: gradients, far-out values, errors."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.datasets import one_hot
from course.losses import (
    error_rate,
    l1_penalty,
    l2_penalty,
    log_softmax,
    logistic_loss,
    soft_threshold,
    softmax,
    softmax_cross_entropy,
    softmax_jacobian,
    squared_error,
)
from tests.course.layers.differences import awkward, close, slopes


@pytest.mark.parametrize("loss", [softmax_cross_entropy, logistic_loss, squared_error])
@settings(max_examples=40, deadline=None, derandomize=True)
@given(data=st.data())
def test_gradients_agree_with_finite_differences(loss, data):
    shape = data.draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    x = data.draw(awkward(shape))
    if loss is softmax_cross_entropy:
        target = np.array(data.draw(st.lists(st.integers(0, shape[1] - 1), min_size=shape[0], max_size=shape[0])))
    else:
        target = np.random.default_rng(0).integers(0, 2, shape)
    value, grad = loss(x, target)
    assert isinstance(value, float) and grad.dtype == np.float64
    probe = np.array(x)
    close(grad, slopes(lambda: loss(probe, target)[0], probe), 1e-7)
    single, grad32 = loss(x.astype(np.float32), target)
    assert grad32.dtype == np.float32
    np.testing.assert_allclose(single, value, rtol=1e-4, atol=1e-5)
    close(grad32, grad, 1e-5)


@pytest.mark.parametrize("penalty", [l1_penalty, l2_penalty])
@settings(max_examples=20, deadline=None, derandomize=True)
@given(data=st.data())
def test_penalties_agree_with_finite_differences(penalty, data):
    w = np.array(data.draw(awkward((2, 3))))
    params = {"w": w, "1.gamma": np.ones(3), "0.b": np.ones(3), "1.beta": np.ones(2)}
    value, grads = penalty(params, 0.3)
    assert grads.keys() == params.keys() and value >= 0
    for name in params:
        close(grads[name], slopes(lambda: penalty(params, 0.3)[0], params[name]), 1e-6)
    assert not grads["0.b"].any() and not grads["1.beta"].any()
    assert l1_penalty({"w": np.zeros(2)}, 1.0)[1]["w"].tolist() == [0, 0]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("size", [1000, 1e4])
def test_nothing_overflows(dtype, size):
    logits = np.array([[size, -size, 0], [-size, size, 0]], dtype=dtype)
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        loss, grad = softmax_cross_entropy(logits, np.array([1, 1]))
        assert loss == pytest.approx(size) and grad.tolist() == [[0.5, -0.5, 0], [0, 0, 0]]
        assert softmax(logits).tolist() == [[1, 0, 0], [0, 1, 0]] and softmax(logits).dtype == dtype
        assert np.isfinite(log_softmax(logits)).all() and log_softmax(logits).dtype == dtype
        loss, grad = logistic_loss(logits, np.array([[0, 1, 1], [0, 1, 1]]))
        assert loss == pytest.approx(size + np.log(2)) and grad[0].tolist() == [0.5, -0.5, -0.25]


def test_the_functions_agree_with_each_other():
    logits, labels = np.random.default_rng(0).normal(size=(5, 4)), np.array([0, 3, 3, 1, 2])
    loss, grad = softmax_cross_entropy(logits, labels)
    np.testing.assert_allclose(loss, -np.mean(log_softmax(logits)[np.arange(5), labels]))
    np.testing.assert_allclose(grad, (softmax(logits) - one_hot(labels, 4)) / 5, atol=1e-16)
    np.testing.assert_allclose(logistic_loss(logits[:, 0], np.ones(5))[0], np.mean(np.log1p(np.exp(-logits[:, 0]))))


def test_soft_threshold_makes_exact_zeros():
    assert soft_threshold(np.array([-3.0, -1.0, 0.5, 2.5]), 1.0).tolist() == [-2.0, 0.0, 0.0, 1.5]
    assert soft_threshold(np.float32([[2]]), 0.5).dtype == np.float32


def test_error_rate():
    outputs = np.array([[1.0, 2.0], [3.0, 0.0]])
    assert error_rate(outputs, np.array([1, 1])) == 0.5 == error_rate(outputs, one_hot(np.array([1, 1]), 2))
    assert error_rate(np.array([[1.0], [-2.0]]), np.array([1, 1])) == 0.5
    assert error_rate(np.array([[1.0], [-2.0]]), np.array([[1], [0]])) == 0.0 == error_rate(np.array([1.0, -2.0]), [1, 0])


def test_the_logistic_loss_takes_one_target_for_one_output():
    logits, targets = np.array([[1.0], [-2.0], [0.5]]), np.array([1, 0, 0])
    loss, grad = logistic_loss(logits, targets)
    assert loss == logistic_loss(logits, targets[:, None])[0] and grad.shape == (3, 1)
    with pytest.raises(ValueError, match="must have one shape"):
        logistic_loss(np.zeros((3, 2)), targets)


@pytest.mark.parametrize("message, call", [
    ("logits must have shape (N, K), not empty, got (3,)", lambda: softmax_cross_entropy(np.zeros(3), np.zeros(3, int))),
    ("logits must have shape (N, K), not empty, got (0, 3)", lambda: softmax_cross_entropy(np.zeros((0, 3)), np.zeros(0, int))),
    ("labels must be integers, got dtype float64", lambda: softmax_cross_entropy(np.zeros((2, 3)), np.zeros(2))),
    ("labels must be from 0 to 2, got values from 0 to 3", lambda: softmax_cross_entropy(np.zeros((2, 3)), np.array([0, 3]))),
    ("labels must be from 0 to 2, got values from -1 to 0", lambda: softmax_cross_entropy(np.zeros((2, 3)), [0, -1])),
    ("labels must have shape (2,), got (3,)", lambda: softmax_cross_entropy(np.zeros((2, 3)), [0, 1, 2])),
    ("labels must have shape (N,), got (2, 1)", lambda: softmax_cross_entropy(np.zeros((2, 3)), [[0], [1]])),
    ("got (2, 3) as one_hot makes them; pass the integers themselves, labels.argmax(axis=1)",
     lambda: softmax_cross_entropy(np.zeros((2, 3)), one_hot([0, 2]))),
    ("targets must be in [0, 1], got values from 0.0 to 2.0", lambda: logistic_loss(np.zeros(2), [0, 2])),
    ("targets must be in [0, 1], got values from nan", lambda: logistic_loss(np.zeros(2), [0, np.nan])),
    ("got (4, 1) and (4,)", lambda: squared_error(np.zeros((4, 1)), np.zeros(4))),
    ("predicted must be an array of real numbers", lambda: squared_error(["a"], [1.0])),
    ("targets must have shape (3,) or (3, 3), got (3, 1)", lambda: error_rate(np.eye(3), [[0], [1], [2]])),
    ("targets must have shape (3,) or (3, 3), got (1,)", lambda: error_rate(np.eye(3), [0])),
    ("targets must have shape (3,) or (3, 3), got (3, 2)", lambda: error_rate(np.eye(3), np.zeros((3, 2)))),
    ("targets must have shape (3, 1) like the outputs, got (1,)", lambda: error_rate(np.ones((3, 1)), [0])),
    ("targets must have shape (3,) like the outputs, got ()", lambda: error_rate(np.ones(3), 0)),
    ("threshold must be at least 0, got -1", lambda: soft_threshold(np.zeros(2), -1)),
])
def test_errors(message, call):
    with pytest.raises((ValueError, TypeError)) as error:
        call()
    assert message in str(error.value)


def test_the_jacobian_of_softmax_agrees_with_finite_differences():
    z, h = np.random.default_rng(0).normal(size=5), 1e-5
    columns = [(softmax((z + h * e)[None]) - softmax((z - h * e)[None]))[0] / (2 * h) for e in np.eye(5)]
    np.testing.assert_allclose(softmax_jacobian(softmax(z[None])[0]), np.array(columns).T, atol=1e-9)
    with pytest.raises(ValueError, match="p must have shape"):
        softmax_jacobian(np.ones((1, 3)))
