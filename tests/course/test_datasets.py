"""Every data set: shapes and dtypes, seeds, what makes it hard or easy, and what is said about bad arguments."""

import numpy as np
import pytest

from course.datasets import (
    load_digits,
    make_blobs,
    make_boards,
    make_moons,
    make_polynomial,
    make_signals,
    make_spirals,
    make_xor,
    one_hot,
    permute_features,
    signal_templates,
    train_test_split,
)

DRAWN = [
    (make_moons, {}, (2,), 2), (make_spirals, {"arms": 3}, (2,), 3), (make_xor, {"noise": 0.1}, (2,), 2),
    (make_blobs, {"classes": 4, "features": 5}, (5,), 4), (make_boards, {}, (1, 8, 8), 64), (make_signals, {}, (40,), 10),
]


def test_the_digits_are_all_there():
    images, labels = load_digits()
    assert images.shape == (1797, 64) and images.dtype == np.float64
    assert images.min() == 0 and images.max() == 16
    assert labels.shape == (1797,) and labels.dtype == np.int64
    assert np.bincount(labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


def test_each_call_gives_new_arrays():
    images, _ = load_digits()
    images[:] = 0
    assert load_digits()[0].max() == 16


@pytest.mark.parametrize("make, arguments, sample, classes", DRAWN, ids=lambda a: getattr(a, "__name__", None))
def test_shapes_dtypes_and_seeds(make, arguments, sample, classes):
    x, labels = make(301, **arguments, rng=5)
    assert x.shape == (301, *sample) and x.dtype == np.float64
    assert labels.shape == (301,) and labels.dtype == np.int64
    assert labels.min() >= 0 and labels.max() < classes
    for again in (5, np.int64(5), np.random.default_rng(5)):
        np.testing.assert_array_equal(make(301, **arguments, rng=again)[0], x)
    assert not np.array_equal(make(301, **arguments, rng=6)[0], x)
    state = np.random.default_rng(5)
    assert not np.array_equal(make(301, **arguments, rng=state)[0], make(301, **arguments, rng=state)[0])
    if classes <= 10:
        assert np.ptp(np.bincount(labels, minlength=classes)) <= 1  # dealt evenly


def test_moons_lie_on_two_half_circles():
    x, labels = make_moons(200, noise=0)
    upper, lower = x[labels == 0], x[labels == 1]
    np.testing.assert_allclose(np.hypot(*upper.T), 1)
    np.testing.assert_allclose(np.hypot(*(lower - [1, 0.5]).T), 1)
    assert upper[:, 1].min() >= 0 and lower[:, 1].max() <= 0.5


def test_an_arm_is_another_arm_turned():
    x, labels = make_spirals(400, arms=4, turns=1.5, noise=0)
    radius, angle = np.hypot(*x.T), np.arctan2(x[:, 1], x[:, 0])
    assert radius.min() >= 0.1 and radius.max() <= 1
    start = angle - 2 * np.pi * 1.5 * (radius - 0.1) / 0.9
    np.testing.assert_allclose(np.exp(1j * start), np.exp(2j * np.pi * labels / 4), atol=1e-9)


def test_xor_is_the_truth_table_and_no_plane_parts_it():
    x, labels = make_xor()
    assert x.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]] and labels.tolist() == [0, 1, 1, 0]
    design = np.c_[x, np.ones(4)]
    np.testing.assert_allclose(design @ np.linalg.lstsq(design, labels, rcond=None)[0], 0.5)
    clouds, cloud_labels = make_xor(400, noise=0.1)
    assert np.mean((np.round(clouds[:, 0]) != np.round(clouds[:, 1])) == cloud_labels) > 0.99


def test_a_cubic_fits_the_curve():
    x, y = make_polynomial(50, noise=0)
    np.testing.assert_allclose(np.polynomial.polynomial.polyfit(x, y, 3), [0, 10.4, -31.2, 20.8], atol=1e-9)
    assert x[0] == 0 and x[-1] == 1 and 0.99 < y.max() < 1.02
    assert make_polynomial(5, [2.0], noise=0)[1].tolist() == [2] * 5


def lines_after_move(board, square, line):
    """Count, slowly and in another way than the library, the lines on a board once an own stone is on the square."""
    size, count = len(board), 0
    played = board.copy()
    played[divmod(square, size)] = 1
    for row in range(size):
        for column in range(size):
            for down, right in ((0, 1), (1, 0), (1, 1), (1, -1)):
                squares = [(row + k * down, column + k * right) for k in range(line)]
                count += all(0 <= r < size and 0 <= c < size and played[r, c] == 1 for r, c in squares)
    return count


@pytest.mark.parametrize("size, line", [(8, 4), (5, 3), (4, 4)])
def test_exactly_one_square_wins(size, line):
    boards, squares = make_boards(12, size, line, rng=3)
    assert set(np.unique(boards)) <= {-1, 0, 1}
    for board, square in zip(boards[:, 0], squares, strict=True):
        winning = [s for s in range(size**2) if board.flat[s] == 0 and lines_after_move(board, s, line)]
        assert winning == [square]
        own = np.flatnonzero(board == 1)
        assert lines_after_move(board, own[0], line) == 0  # nothing is decided yet


def test_the_winning_squares_are_spread_over_the_board():
    squares = make_boards(3000, rng=0)[1]
    assert np.count_nonzero(np.bincount(squares, minlength=64)) >= 60
    assert np.bincount(squares).max() < 0.06 * 3000


def test_templates_differ_and_have_mean_square_1():
    templates = signal_templates(60)
    assert templates.shape == (10, 60)
    np.testing.assert_allclose(np.mean(templates**2, axis=1), 1)
    np.testing.assert_allclose(templates[5:], -templates[:5])
    alike = templates[:5] @ templates[:5].T / 60 - np.eye(5)
    assert alike.max() < 0.97


def test_a_linear_classifier_gets_a_third_of_the_signals():
    x, labels = make_signals(6000, rng=1)
    design = np.c_[x, np.ones(len(x))]
    weights = np.linalg.lstsq(design[:4000], one_hot(labels[:4000]), rcond=None)[0]
    right = np.mean((design[4000:] @ weights).argmax(axis=1) == labels[4000:])
    assert 0.27 < right < 0.37


def test_the_noise_of_the_signals_is_smooth_and_as_large_as_told():
    quiet, noisy = make_signals(2000, noise=0, rng=4)[0], make_signals(2000, noise=0.5, rng=4)[0]
    noise = noisy - quiet
    assert abs(noise.std() - 0.5) < 0.01
    neighbours = np.corrcoef(noise[:, :-1].ravel(), noise[:, 1:].ravel())[0, 1]
    assert 0.7 < neighbours < 0.85


def test_one_hot():
    assert one_hot([2, 0]).tolist() == [[0, 0, 1], [1, 0, 0]]
    assert one_hot(np.array([1], dtype=np.uint8), classes=4).tolist() == [[0, 1, 0, 0]]
    assert one_hot([0]).dtype == np.float64


def test_a_split_parts_every_sample_with_its_label():
    x, labels = np.arange(20.0).reshape(10, 2), np.arange(10)
    x_train, x_test, train, test = train_test_split(x, labels, 0.3, rng=1)
    assert len(x_test) == 3 and sorted([*train, *test]) == list(range(10))
    np.testing.assert_array_equal(x_train[:, 0], 2 * train)
    np.testing.assert_array_equal(x_test[:, 1], 2 * test + 1)
    assert len(train_test_split(x, labels, 0.001)[1]) == 1 and len(train_test_split(x, labels, 0.999)[0]) == 1


@pytest.mark.parametrize("shape", [(6, 10), (6, 3, 10), (6, 3, 4, 5)])
def test_one_permutation_for_all_samples_and_channels(shape):
    positions = int(np.prod(shape[2:])) if len(shape) > 2 else shape[1]
    x = np.broadcast_to(np.arange(positions).reshape(shape[2:] or shape[1:]), shape)
    permuted = permute_features(x, rng=3)
    assert permuted.shape == shape and permuted.dtype == x.dtype
    rows = permuted.reshape(-1, positions)
    assert np.all(rows == rows[0]) and sorted(rows[0]) == list(range(positions)) and not np.array_equal(rows[0], x.reshape(-1, positions)[0])
    np.testing.assert_array_equal(permute_features(x[:2], rng=3), permuted[:2])  # test data as training data


@pytest.mark.parametrize("call, words", [
    (lambda: make_moons(1), "n must be a whole number of at least 2, got 1"),
    (lambda: make_moons(10.0), "n must be a whole number of at least 2, got 10.0"),
    (lambda: make_moons(True), "n must be a whole number"),
    (lambda: make_moons(10, noise=-1), "noise must be a finite number of at least 0, got -1"),
    (lambda: make_moons(10, noise=np.nan), "noise must be a finite number of at least 0, got nan"),
    (lambda: make_moons(10, noise="0.1"), "noise must be a finite number"),
    (lambda: make_spirals(10, arms=1), "arms must be a whole number of at least 2, got 1"),
    (lambda: make_spirals(10, turns=np.inf), "turns must be"),
    (lambda: make_xor(3), "n must be a whole number of at least 4, got 3"),
    (lambda: make_blobs(10, classes=0), "classes must be"),
    (lambda: make_blobs(10, features=0), "features must be"),
    (lambda: make_polynomial(10, [1.0, np.nan]), "coefficients must be a sequence of finite numbers, got"),
    (lambda: make_boards(5, size=3), "size must be a whole number of at least 4, got 3"),
    (lambda: make_boards(5, line=2), "line must be a whole number of at least 3, got 2"),
    (lambda: make_signals(9), "n must be a whole number of at least 10, got 9"),
    (lambda: one_hot([0.0, 1.0]), r"labels must be integers of shape \(n,\), got float64 of shape \(2,\)"),
    (lambda: one_hot([0, 3], classes=3), r"labels must lie in 0 .. 2, got 0 .. 3"),
    (lambda: one_hot([-1, 2]), r"labels must lie in 0 .. 2, got -1 .. 2"),
    (lambda: train_test_split(np.ones((4, 2)), np.ones(3)), "x and labels must have the same length"),
    (lambda: train_test_split(np.ones((4, 2)), np.ones(4), 1.0), "test_share must lie between 0 and 1, got 1.0"),
    (lambda: permute_features(np.ones(4)), r"x must have shape \(n, D\)"),
])
def test_bad_arguments_are_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()


@pytest.mark.parametrize("rng", [None, -1, 1.5, "seed", True])
def test_a_seed_has_to_be_one(rng):
    with pytest.raises(TypeError, match="rng must be a seed"):
        make_moons(10, rng=rng)
