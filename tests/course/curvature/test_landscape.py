"""Critical points: searched for, and those of the linear autoencoder, which are known."""

import numpy as np
import pytest

from course.curvature import (
    autoencoder_critical_point,
    autoencoder_critical_points,
    autoencoder_functions,
    autoencoder_index,
    classify_critical_point,
    escape_direction,
    extreme_eigenpairs,
    find_critical_points,
    gradient,
    hessian,
    hessian_vector_product,
    loss_along_line,
    loss_on_plane,
    net_functions,
    saddle_index,
)
from course.datasets import load_digits
from course.gradient_check import check_gradients

N, CODE = 8, 3


@pytest.fixture(scope="module")
def digits():
    """The digits in the coordinates of their first 8 principal components."""
    x = load_digits()[0]
    x = x - x.mean(0)
    return x @ np.linalg.svd(x, full_matrices=False)[2][:N].T


def test_digits_have_93_points_one_of_them_of_index_0(digits):
    points = autoencoder_critical_points(digits, CODE)
    assert len(points) == 93
    assert [p.components for p in points if p.index == 0] == [(0, 1, 2)]
    assert min(points, key=lambda p: p.loss).components == (0, 1, 2)
    assert 0.97 < np.corrcoef([p.loss for p in points], [p.index for p in points])[0, 1] < 0.99


def test_hessian_at_every_point_has_the_predicted_index(digits):
    f, grad = autoencoder_functions(digits, CODE)
    size = np.var(digits, axis=0).max()
    for point in autoencoder_critical_points(digits, CODE):
        theta = np.concatenate([w.ravel() for w in autoencoder_critical_point(digits, point.components, CODE)])
        assert np.linalg.norm(grad(theta)) < 1e-9 * size
        assert np.isclose(f(theta), point.loss)
        curved = hessian(grad, theta)
        assert saddle_index(curved) == point.index
        # an invertible matrix between the two changes nothing: zeros, code_size**2 of them where all units are in use
        zeros = np.sum(np.abs(np.linalg.eigvalsh(curved)) < 1e-6 * np.abs(curved).max())
        assert zeros >= len(point.components) ** 2
        assert classify_critical_point(curved) == ("saddle" if point.index else "degenerate")


def test_loss_and_gradient_of_the_autoencoder(digits):
    f, grad = autoencoder_functions(digits, CODE)
    theta = np.random.default_rng(0).normal(size=2 * N * CODE)
    assert check_gradients(f, grad, theta)
    encoder, decoder = theta[:N * CODE].reshape(N, CODE), theta[N * CODE:].reshape(CODE, N)
    assert np.isclose(f(theta), np.mean(np.sum((digits @ encoder @ decoder - digits) ** 2, axis=1)) / 2)


def test_projector_of_raw_data():
    x = np.random.default_rng(0).normal(size=(50, 5)) * [5, 4, 3, 2, 1] + 7
    for components in ([], [3], [0, 2], [4, 1]):
        encoder, decoder = autoencoder_critical_point(x, components, 2)
        assert (encoder.shape, decoder.shape) == ((5, 2), (2, 5))
        projector = encoder @ decoder
        assert np.allclose(projector @ projector, projector)
        assert np.isclose(np.trace(projector), len(components))
        f, grad = autoencoder_functions(x, 2)
        assert np.allclose(grad(np.concatenate([encoder.ravel(), decoder.ravel()])), 0, atol=1e-9)


def test_gradient_descent_leaves_a_saddle_by_the_escape_direction(digits):
    f, grad = autoencoder_functions(digits, CODE)
    theta = np.concatenate([w.ravel() for w in autoencoder_critical_point(digits, [0, 1, 5], CODE)])
    loss = f(theta)
    theta = theta + 1e-3 * escape_direction(hessian(grad, theta))
    for _ in range(2000):
        theta = theta - 2e-3 * grad(theta)
    best = min(p.loss for p in autoencoder_critical_points(digits, CODE))
    assert f(theta) < 0.99 * loss
    assert np.isclose(f(theta), best, rtol=1e-3)


def test_lowest_eigenvalue_without_the_matrix(digits):
    _, grad = autoencoder_functions(digits, CODE)
    theta = np.concatenate([w.ravel() for w in autoencoder_critical_point(digits, [1, 4], CODE)])
    (low, v), _ = extreme_eigenpairs(lambda v: hessian_vector_product(grad, theta, v), theta.size)
    values = np.linalg.eigvalsh(hessian(grad, theta))
    assert np.isclose(low, values[0], rtol=1e-5)


def test_index_counts_pairs():
    assert autoencoder_index([0, 1, 2], 8, 3) == 0
    assert autoencoder_index([], 8, 3) == 24
    assert autoencoder_index([2, 0, 4], 8, 3) == 1 + 2
    assert autoencoder_index([7], 8, 3) == 7 + 2 * 7


def two_wells(x):
    return (x[0] ** 2 - 1) ** 2 + x[1] ** 2


def test_search_finds_minima_and_the_saddle_between():
    rng = np.random.default_rng(0)
    points = find_critical_points(two_wells, lambda x: gradient(two_wells, x), rng.uniform(-1.5, 1.5, size=(20, 2)), tolerance=1e-7)
    assert len(points) >= 15
    found = {(p.kind, p.index, round(p.loss, 6)) for p in points}
    assert found == {("minimum", 0, 0.0), ("saddle", 1, 1.0)}
    assert all(p.gradient_norm < 1e-7 and p.x.shape == (2,) for p in points)


def test_search_in_the_autoencoder_finds_points_of_the_list():
    x = np.random.default_rng(1).normal(size=(200, 4)) * [3, 2, 1.5, 1]
    f, grad = autoencoder_functions(x, 1)
    known = {(round(p.loss, 6), p.index) for p in autoencoder_critical_points(x, 1)}
    starts = np.random.default_rng(0).normal(size=(30, 8)) * 0.7
    points = find_critical_points(f, grad, starts)
    assert len(points) > 15
    assert len({(round(p.loss, 6), p.index) for p in points}) >= 3
    assert {(round(p.loss, 6), p.index) for p in points} <= known


def test_search_from_many_starts_in_a_net():
    from course.layers import Dense, Sequential, Tanh
    from course.losses import squared_error

    rng = np.random.default_rng(0)
    x, target = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]]), np.array([[0.0], [1], [1], [0]])
    net = Sequential(Dense(2, 2, rng=rng), Tanh(), Dense(2, 1, rng=rng))
    f, grad, theta = net_functions(net, x, target, squared_error)
    before = net.flat_params.copy()
    assert check_gradients(f, grad, theta)
    points = find_critical_points(f, grad, 2 * rng.normal(size=(20, theta.size)), tolerance=1e-6)
    assert points
    assert all(p.gradient_norm <= 1e-6 for p in points)
    assert np.array_equal(net.flat_params, before)


def test_losses_ready_to_plot():
    t, losses = loss_along_line(two_wells, [-1.0, 0], [1.0, 0], 5, extend=0.5)
    assert np.allclose(t, [-0.5, 0, 0.5, 1, 1.5])
    assert np.allclose(losses, [9, 0, 1, 0, 9])
    a, b, grid = loss_on_plane(two_wells, [1.0, 0], [1.0, 0], [0, 2.0], 1.0, 3)
    assert np.allclose(a, [-1, 0, 1])
    assert np.allclose(grid[1], [1, 0, 9])
    assert np.allclose(grid[:, 1], [4, 0, 4])
    assert b.shape == (3,)


@pytest.mark.parametrize(("call", "words"), [
    (lambda: autoencoder_critical_point(np.ones((3, 4)), [1, 1], 3), "distinct"),
    (lambda: autoencoder_critical_point(np.ones((3, 4)), [4], 3), "from 0 to 3"),
    (lambda: autoencoder_critical_point(np.ones((3, 4)), [0, 1], 1), "at most 1"),
    (lambda: autoencoder_functions(np.ones(3), 1), r"shape \(N, D\)"),
    (lambda: autoencoder_functions(np.full((3, 2), np.nan), 1), "finite"),
    (lambda: autoencoder_functions(np.ones((3, 2)), 3), "code_size"),
    (lambda: loss_along_line(two_wells, [0, 0], [0]), "one shape"),
    (lambda: loss_on_plane(two_wells, [0, 0], [0], [0]), "one shape"),
])
def test_bad_input_is_told(call, words):
    with pytest.raises(ValueError, match=words):
        call()
