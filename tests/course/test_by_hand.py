"""Examples typed by hand, whose numbers are integers or lists: what comes out is what the same floats give."""

import numpy as np
import pytest

from course.layers import (
    BatchNorm,
    Conv1d,
    Conv2d,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePool,
    LastStep,
    MaxPool2d,
    Recurrent,
    ReLU,
    average_pool2d,
    average_pool2d_backward,
    batchnorm_backward,
    batchnorm_forward,
    batchnorm_inference,
    conv2d_backward,
    conv2d_forward,
    conv2d_matrix,
    dense_backward,
    dense_forward,
    dropout_backward,
    dropout_forward,
    fold_batchnorm,
    max_pool2d,
    max_pool2d_backward,
    recurrent_backward,
    recurrent_forward,
    relu_backward,
    update_running_statistics,
)
from course.linear import collapse_linear_layers, polynomial_features, ridge_fit
from course.losses import l1_penalty, l2_penalty, soft_threshold, softmax_jacobian
from course.optimizers import magnitude_masks
from course.subspaces import linear_autoencoder, pca_subspace, principal_angles

IMAGE = [[[[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11], [100, 100, 100, 100]]]]
FILTERS = [[[[1, -1], [2, 0]]]]
ROWS = [[100, 2], [100, 4], [100, -7]]  # three of the first do not fit into eight bits
SEQUENCE = [[[1, 2], [3, -1]]]

# a function, and its arrays; each is given as floats, as integers, as small integers and as lists
FUNCTIONS = {
    "dense_forward": (dense_forward, [[1, 2], [3, 4]], [[1], [-1]], [0.5]),
    "dense_backward": (lambda grad, *arrays: dense_backward(grad, dense_forward(*arrays)[1]), [[1], [2]], [[1, 2], [3, 4]], [[1], [-1]], [1]),
    "conv2d_forward": (conv2d_forward, IMAGE, FILTERS, [0.5]),
    "conv2d_backward": (conv2d_backward, [[[[1, 2, 3], [1, 2, 3], [1, 2, 3]]]], IMAGE, FILTERS),
    "conv2d_matrix": (lambda w: conv2d_matrix(w, (1, 3, 3)), FILTERS),
    "max_pool2d": (lambda x: max_pool2d(x, 2), IMAGE),
    "max_pool2d_backward": (lambda grad, x: max_pool2d_backward(grad, x, 2), [[[[1, 2], [3, 4]]]], IMAGE),
    "average_pool2d": (lambda x: average_pool2d(x, 2), IMAGE),
    "average_pool2d_backward": (lambda grad, x: average_pool2d_backward(grad, x, 2), [[[[1, 2], [3, 4]]]], IMAGE),
    "batchnorm_forward": (batchnorm_forward, ROWS, [1, 2], [0, 1]),
    "batchnorm_backward": (lambda grad, *arrays: batchnorm_backward(grad, batchnorm_forward(*arrays)[1]), [[1, 2], [3, 4], [5, 7]], ROWS, [1, 2], [0, 1]),
    "batchnorm_inference": (batchnorm_inference, ROWS, [1, 2], [0, 1], [3, 4], [1, 4]),
    "update_running_statistics": (update_running_statistics, [0, 0], [1, 1], ROWS),
    "fold_batchnorm": (fold_batchnorm, [[1, 2], [3, 4]], [0, 1], [1, 2], [0, 1], [3, 4], [1, 4]),
    "recurrent_forward": (recurrent_forward, SEQUENCE, [[1], [2]], [[-1]], [0]),
    "recurrent_backward": (lambda grad, *arrays: recurrent_backward(grad, recurrent_forward(*arrays)[1]), [[[1], [2]]], SEQUENCE, [[1], [2]], [[-1]], [0]),
    "relu_backward": (relu_backward, [1, 2, 3], [-1, 0, 1]),
    "dropout_forward": (lambda x: dropout_forward(x, 0.2, np.random.default_rng(0)), [2, 4, 6, 8]),
    "dropout_forward in use": (lambda x: dropout_forward(x, 0.2, np.random.default_rng(0), training=False), [2, 4, 6, 8]),
    "dropout_backward": (dropout_backward, [1, 2], np.array([0, 1.25])),
    "collapse_linear_layers": (lambda *arrays: collapse_linear_layers(arrays[:1], arrays[1:]), [[1, 2]], [3, 4]),
    "polynomial_features": (lambda x: polynomial_features(x, 9), [100, 2]),
    "ridge_fit": (lambda x, y: ridge_fit(x, y, 5.0), [[1], [2]], [3, 4]),
    "l1_penalty": (lambda w, b: list(l1_penalty({"w": w, "b": b}, 0.5)[1].values()), [100, -2], [1]),
    "l2_penalty": (lambda w, b: list(l2_penalty({"w": w, "b": b}, 0.5)[1].values()), [100, -2], [1]),
    "soft_threshold": (lambda w: soft_threshold(w, 1), [3, -1]),
    "softmax_jacobian": (softmax_jacobian, [0, 1]),
    "pca_subspace": (lambda x: pca_subspace(x, 1), ROWS),
    "principal_angles": (principal_angles, [[1], [2]], [[3], [-1]]),
    "linear_autoencoder": (linear_autoencoder, ROWS, [[1], [2]], [[3, -1]]),
    "magnitude_masks": (lambda w: magnitude_masks([w], 0.5), [3, -1]),
}
LAYERS = {
    "dense": (lambda rng, dtype: Dense(2, 3, rng=rng, dtype=dtype), [[1, 2]]),
    "conv2d": (lambda rng, dtype: Conv2d(1, 2, 3, rng=rng, dtype=dtype), IMAGE),
    "conv1d": (lambda rng, dtype: Conv1d(1, 2, 2, rng=rng, dtype=dtype), [[[1, 2, 3]]]),
    "recurrent": (lambda rng, dtype: Recurrent(2, 3, rng=rng, dtype=dtype), SEQUENCE),
    "batch norm": (lambda rng, dtype: BatchNorm(2, dtype=dtype), ROWS),
    "dropout": (lambda rng, dtype: Dropout(0.2, rng), ROWS),
    "relu": (lambda rng, dtype: ReLU(), ROWS),
    "max pool": (lambda rng, dtype: MaxPool2d(2), IMAGE),
    "global pool": (lambda rng, dtype: GlobalAveragePool(), IMAGE),
    "flatten": (lambda rng, dtype: Flatten(), IMAGE),
    "last step": (lambda rng, dtype: LastStep(), SEQUENCE),
}


def arrays_in(result):
    """Return all arrays in nested tuples and lists, one after the other."""
    if isinstance(result, (tuple, list)):
        return [array for part in result for array in arrays_in(part)]
    return [result] if isinstance(result, np.ndarray) else []


def integers_of(numbers, dtype):
    array = np.asarray(numbers)
    return array if array.dtype.kind == "f" else array.astype(dtype)


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("given", [np.int64, np.int8, list])
def test_integers_and_lists_give_what_floats_give(name, given):
    function, *numbers = FUNCTIONS[name]
    wanted = arrays_in(function(*(np.array(n, dtype=np.float64) for n in numbers)))
    got = arrays_in(function(*(np.asarray(n).tolist() if given is list else integers_of(n, given) for n in numbers)))
    assert len(got) == len(wanted) > 0
    for one, other in zip(got, wanted, strict=True):
        assert one.dtype == other.dtype and one.dtype.kind in "fb"
        np.testing.assert_allclose(one, other, rtol=1e-12)


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name not in (
    "collapse_linear_layers", "conv2d_matrix", "polynomial_features", "softmax_jacobian", "magnitude_masks")])
def test_float32_stays_float32(name):
    function, *numbers = FUNCTIONS[name]
    assert {array.dtype for array in arrays_in(function(*(np.array(n, dtype=np.float32) for n in numbers)))} == {np.dtype(np.float32)}


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_layer_takes_a_gradient_of_integers_or_a_list(name, dtype):
    make, x = LAYERS[name]
    layer = make(np.random.default_rng(0), dtype)
    ones = np.ones(layer(np.array(x, dtype=dtype)).shape, dtype)
    wanted = layer.backward(ones).copy(), {key: value.copy() for key, value in layer.grads.items()}
    for grad_out in (ones.astype(int), ones.tolist()):
        for call in (layer.backward, layer.backward_params):
            dx = call(grad_out)
            np.testing.assert_allclose(wanted[0] if dx is None else dx, wanted[0], rtol=1e-6, atol=1e-6)
            for key, value in layer.grads.items():
                assert value.dtype == dtype
                np.testing.assert_allclose(value, wanted[1][key], rtol=1e-6, atol=1e-6)
