import warnings

import numpy as np
import pytest

from course.curvature import autoencoder_functions
from course.gradient_check import numerical_gradient, relative_error
from course.layers import conv2d_forward, conv2d_matrix
from course.subspaces import linear_autoencoder, pca_subspace, principal_angles
from course.training import diagnose, sigmoid_bound


@pytest.mark.parametrize("shape", [(30, 4), (4, 6)])
def test_no_other_subspace_keeps_more_of_the_spread(shape):
    rng = np.random.default_rng(0)
    x = rng.normal(size=shape) * np.linspace(1, 3, shape[1]) + 5
    basis, centred = pca_subspace(x, 2), x - x.mean(axis=0)
    np.testing.assert_allclose(basis.T @ basis, np.eye(2), atol=1e-12)
    for _ in range(50):
        other, _ = np.linalg.qr(basis + 0.1 * rng.normal(size=basis.shape))
        assert np.linalg.norm(centred @ other) < np.linalg.norm(centred @ basis)


def test_angles_are_those_that_were_built_in_whatever_the_basis():
    rng = np.random.default_rng(1)
    true = np.array([1e-10, 1e-5, 0.4])
    axes, _ = np.linalg.qr(rng.normal(size=(7, 7)))
    a, b = axes[:, :3], axes[:, :3] * np.cos(true) + axes[:, 3:6] * np.sin(true)
    found = principal_angles(a @ rng.normal(size=(3, 3)), b @ rng.normal(size=(3, 3)))
    np.testing.assert_allclose(found, true, rtol=1e-5, atol=1e-13)
    assert principal_angles(np.eye(2)[:, :1], np.eye(2)[:, 1:]).tolist() == [np.pi / 2]


def test_gradients_of_the_autoencoder_are_slopes_of_its_loss_and_twice_the_half_of_it():
    rng = np.random.default_rng(2)
    x, encoder, decoder = rng.normal(size=(9, 4)), rng.normal(size=(4, 2)), rng.normal(size=(2, 4))
    _, d_encoder, d_decoder = linear_autoencoder(x + 1, encoder, decoder)
    np.testing.assert_allclose(d_encoder, numerical_gradient(lambda e: linear_autoencoder(x + 1, e, decoder)[0], encoder), rtol=1e-6)
    np.testing.assert_allclose(d_decoder, numerical_gradient(lambda d: linear_autoencoder(x + 1, encoder, d)[0], decoder), rtol=1e-6)
    half = autoencoder_functions(x, 2)[0](np.concatenate([encoder.ravel(), decoder.ravel()]))
    assert linear_autoencoder(x - x.mean(axis=0), encoder, decoder)[0] == pytest.approx(2 * half)


@pytest.mark.parametrize(("shape", "kernels", "k"), [((1, 8, 8), 1, 3), ((2, 3, 5), 3, 2), ((1, 2, 2), 1, 2)])
def test_the_matrix_of_a_convolution_does_what_the_convolution_does(shape, kernels, k):
    rng = np.random.default_rng(3)
    x, w = rng.normal(size=shape), rng.normal(size=(kernels, shape[0], k, k))
    matrix = conv2d_matrix(w, shape)
    np.testing.assert_allclose(matrix @ x.ravel(), conv2d_forward(x[None], w).ravel(), atol=1e-12)
    assert np.count_nonzero(matrix) == len(matrix) * w[0].size


@pytest.mark.parametrize(("errors", "word"), [
    ((0.3, 0.4, 0.1, 0.25), "optimization"), ((0.02, 0.4, 0.1, 0.25), "overfitting"), ((0.1, 0.4, 0.1, 0.25), "overfitting"),
    ((0.3, 0.25, 0.1, 0.25), "fine"), ((0.3, 0.2, 0.1, 0.25), "fine"),
])
def test_what_ails_a_deep_net_is_read_off_four_errors(errors, word):
    assert diagnose(*errors) == word


def test_no_gradient_is_longer_than_the_bound_of_sigmoid_layers_and_one_of_them_comes_up_to_it():
    rng = np.random.default_rng(4)
    weights = [rng.normal(size=shape) for shape in ((3, 5), (5, 2))]
    whole = weights[0] @ weights[1] / 16  # all slopes at their largest
    for grad in rng.normal(size=(50, 2)):
        assert np.linalg.norm(whole @ grad) <= sigmoid_bound(weights) * np.linalg.norm(grad)
    assert sigmoid_bound([np.diag([2.0, 1.0]), np.array([[3.0], [4.0]])]) == pytest.approx(0.625)


def test_the_largest_relative_error_counts_whatever_the_size():
    assert relative_error([1.0, -2.0, 0.0], [1.1, -2.0, 0.0]) == pytest.approx(0.1 / 1.1)
    assert relative_error([0], [1e-300]) == 1 and relative_error([0, 0], [0, 0]) == 0
    assert relative_error(np.array([3e-12, 1e3]), np.array([-3e-12, 1e3])) == 2


@pytest.mark.parametrize(("a", "b"), [([np.nan, np.nan], [1, 1]), ([1, 0, 2], [1, np.nan, 2]), ([np.inf], [np.inf]), ([1, -np.inf], [1, 2])])
def test_where_nothing_can_be_measured_the_relative_error_is_no_number(a, b):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isnan(relative_error(a, b)) and np.isnan(relative_error(b, a))


@pytest.mark.parametrize(("call", "said"), [
    (lambda: pca_subspace(np.zeros(3), 1), "x must"),
    (lambda: pca_subspace(np.zeros((4, 3)), 0), "k must be from 1 to 3"),
    (lambda: principal_angles(np.zeros((2, 3)), np.zeros((2, 3))), "a must"),
    (lambda: principal_angles(np.zeros((3, 2)), np.zeros((3, 1))), "b must"),
    (lambda: linear_autoencoder(np.zeros((3, 2)), np.zeros((3, 1)), np.zeros((1, 3))), "encoder must"),
    (lambda: linear_autoencoder(np.zeros((3, 2)), np.zeros((2, 1)), np.zeros((1, 3))), "decoder must"),
    (lambda: relative_error([1.0], [1.0, 2.0]), "one shape"),
    (lambda: relative_error([], []), "not be empty"),
    (lambda: conv2d_matrix(np.zeros((1, 2, 2, 2)), (1, 3, 3)), "x must"),
])
def test_errors_say_what_was_wanted(call, said):
    with pytest.raises(ValueError, match=said):
        call()
