"""Wrong answers about parameters and compression as students write them: the right sentence comes all the same."""

from collections.abc import Callable

import numpy as np
import pytest

from autograder.answer_key import AnswerKey
from course.check import judge_names
from tests.autograder.conftest import KEYS


@pytest.fixture(scope="module")
def compression() -> AnswerKey:
    return KEYS["week1_parameters_and_compression"]


def weights_of_one_side(in_channels, out_channels, kernel_size, groups=1, bias=True):
    n = in_channels / groups * kernel_size * out_channels
    return int(n) + (out_channels if bias else 0)


def both_divided(in_channels, out_channels, kernel_size, groups=1, bias=True):
    return in_channels // groups * (out_channels // groups) * kernel_size * kernel_size + bias * out_channels


def true_division(in_channels, out_channels, kernel_size, groups=1, bias=True):
    return out_channels * (in_channels / groups * kernel_size**2 + bool(bias))


def two_operations(in_channels, out_channels, kernel_size, out_height, out_width, groups=1):
    return sum(2 for _ in range(1)) * in_channels // groups * out_channels * kernel_size**2 * out_height * out_width


def bias_in_the_work(in_channels, out_channels, kernel_size, out_height, out_width, groups=1):
    return (kernel_size * kernel_size * in_channels // groups + 1) * out_channels * out_height * out_width


def ranked_with_sign(weights, sparsity):
    flat = np.concatenate([w.flatten() for w in weights])
    limit = np.sort(flat)[: round(sparsity * flat.size)].max(initial=-np.inf)
    return [np.asarray(w > limit) for w in weights]


def layer_by_layer(weights, sparsity):
    return [(np.abs(w).ravel().argsort().argsort() >= round(sparsity * w.size)).reshape(w.shape) for w in weights]


def by_quantile(weights, sparsity):
    limit = np.quantile(np.abs(np.concatenate([w.ravel() for w in weights])), sparsity)
    return [np.asarray(np.abs(w) > limit) for w in weights]


def kept_from_the_end(weights, sparsity):
    flat = np.concatenate([np.abs(w).ravel() for w in weights])
    keep = np.isin(np.arange(flat.size), np.argsort(flat)[-(flat.size - round(sparsity * flat.size)) :])
    parts = np.split(keep, np.cumsum([w.size for w in weights])[:-1])
    return [part.reshape(w.shape) for part, w in zip(parts, weights, strict=True)]


def gradient_masked(w, grad, mask, lr):
    return w - lr * np.where(mask, grad, 0)


def masked_first(w, grad, mask, lr):
    w = np.where(mask, w, 0.0)
    return w - lr * grad


def coins(masks, rng):
    return [np.array(rng.uniform(size=m.shape) < np.mean(m)) for m in masks]


def anew_for_each(masks, rng):
    seed = int(rng.integers(1000))
    return [np.random.default_rng(seed).permutation(m.ravel()).reshape(m.shape) for m in masks]


def shuffled_rows(masks, rng):
    result = []
    for m in masks:
        new = m.copy()
        rng.shuffle(new)
        result.append(new)
    return result


def numpy_random(masks, rng):
    return [np.random.permutation(m.flatten()).reshape(m.shape) for m in masks]


def rows_then_columns(masks, rng):
    return [rng.permutation(rng.permutation(m), axis=-1) for m in masks]


def rows_shuffled_then_moved(masks, rng):
    return [rng.permutation(rng.permuted(m, axis=-1)) for m in masks]


def rows_moved_then_shuffled(masks, rng):
    return [rng.permuted(rng.permutation(m), axis=-1) for m in masks]


def one_axis_after_the_other(masks, rng):
    return [rng.permuted(m if m.ndim == 1 else rng.permuted(m, axis=0), axis=-1) for m in masks]


def drawn_with_repetition(masks, rng):
    return [rng.choice(m.ravel(), size=m.shape) for m in masks]


def the_first_ones(masks, rng):
    return [(np.arange(m.size) < m.sum()).reshape(m.shape) for m in masks]


def pooled_by_rows(x, size):
    n, c, h, w = x.shape
    return x.reshape(n, c, h // size, w // size, size * size).max(axis=-1)


def zeros_first(x, size):
    n, c, h, w = x.shape
    out = np.zeros((n, c, h // size, w // size))
    for i in range(h):
        for j in range(w):
            out[:, :, i // size, j // size] = np.maximum(out[:, :, i // size, j // size], x[:, :, i, j])
    return out


def window_of_the_batch(x, size):
    n, c, h, w = x.shape
    out = np.zeros((n, c, h // size, w // size))
    for i, j in np.ndindex(out.shape[2:]):
        out[:, :, i, j] = x[:, :, i * size : (i + 1) * size, j * size : (j + 1) * size].max()
    return out


def every_place(x, size):
    h, w = x.shape[2] - size + 1, x.shape[3] - size + 1
    return np.stack([np.stack([x[:, :, i : i + size, j : j + size].max(axis=(2, 3)) for j in range(w)], -1) for i in range(h)], 2)


def not_pooled(boards, size):
    return len({board.tobytes() for board in boards})


def rounded(boards, size):
    b, h, w = boards.shape
    return len({tuple(np.round(p, 3).ravel()) for p in boards.reshape(b, h // size, size, w // size, size).max(axis=(2, 4))})


def unique_numbers(boards, size):
    b, h, w = boards.shape
    return np.unique(boards.reshape(b, h // size, size, w // size, size).max(axis=(2, 4))).size


def boards_as_channels(boards, size):
    _, h, w = boards.shape
    pooled = boards[None].reshape(1, -1, h // size, size, w // size, size).max(axis=(3, 5))
    return len({tuple(image.ravel()) for image in pooled})


def stones_or_none(boards, size):
    b, h, w = boards.shape
    return len({tuple(p.ravel() > 0) for p in boards.reshape(b, h // size, size, w // size, size).max(axis=(2, 4))})


def order_as_ranks(weights, sparsity):
    flat = np.concatenate([abs(w).ravel() for w in weights])
    keep = np.argsort(flat) >= round(sparsity * flat.size)
    parts = np.split(keep, np.cumsum([w.size for w in weights])[:-1])
    return [part.reshape(w.shape) for part, w in zip(parts, weights, strict=True)]


def size_before_blocks(x, size):
    n, c, h, w = x.shape
    return x.reshape(n, c, size, h // size, size, w // size).max(axis=2).max(axis=3)


def largest_of_the_blocks(x, size):
    n, c, h, w = x.shape
    return x.reshape(n, c, h // size, size, w // size, size).max(axis=(2, 4))


WRONG: list[tuple[str, Callable, str]] = [
    ("conv_parameters", weights_of_one_side, "square_forgotten"),
    ("conv_parameters", both_divided, "one_group_only"),
    ("conv_parameters", true_division, "divides_to_a_float"),
    ("conv_multiply_adds", two_operations, "counted_apart"),
    ("conv_multiply_adds", bias_in_the_work, "bias_counted"),
    ("magnitude_masks", ranked_with_sign, "signed_values"),
    ("magnitude_masks", layer_by_layer, "each_array_by_itself"),
    ("magnitude_masks", by_quantile, "above_the_quantile"),
    ("magnitude_masks", kept_from_the_end, "last_none_is_all"),
    ("masked_sgd_step", gradient_masked, "mask_on_the_gradient_only"),
    ("masked_sgd_step", masked_first, "mask_before_the_step"),
    ("random_masks", coins, "tosses_a_coin"),
    ("random_masks", shuffled_rows, "moves_rows"),
    ("random_masks", numpy_random, "another_generator"),
    ("random_masks", anew_for_each, "one_draw_for_all"),
    ("random_masks", rows_then_columns, "moves_rows_and_columns"),
    ("random_masks", rows_shuffled_then_moved, "moves_rows_and_columns"),
    ("random_masks", rows_moved_then_shuffled, "moves_rows_and_columns"),
    ("random_masks", one_axis_after_the_other, "moves_rows_and_columns"),
    ("random_masks", drawn_with_repetition, "tosses_a_coin"),
    ("random_masks", the_first_ones, "own_seed"),
    ("magnitude_masks", order_as_ranks, "argsort_taken_for_ranks"),
    ("max_pool2d", size_before_blocks, "windows_torn_apart"),
    ("max_pool2d", largest_of_the_blocks, "over_the_blocks"),
    ("distinguishable_boards", boards_as_channels, "one_image_of_many_channels"),
    ("distinguishable_boards", stones_or_none, "above_zero_or_not"),
    ("max_pool2d", pooled_by_rows, "rows_taken_for_windows"),
    ("max_pool2d", zeros_first, "starts_at_zero"),
    ("max_pool2d", every_place, "windows_overlap"),
    ("max_pool2d", window_of_the_batch, "over_samples_and_channels"),
    ("distinguishable_boards", not_pooled, "before_pooling"),
    ("distinguishable_boards", unique_numbers, "counts_numbers"),
    ("distinguishable_boards", rounded, "nearly_equal_is_equal"),
]


@pytest.mark.parametrize(("exercise", "answer", "named"), WRONG, ids=[w[1].__name__ for w in WRONG])
def test_a_students_wrong_answer_is_recognised(exercise, answer, named, compression):
    verdict = judge_names(exercise, {**compression.names(), exercise: answer})
    assert verdict.state == "wrong"
    assert verdict.misconception is not None
    assert verdict.misconception.id == named


def shares_of_the_other_layers(layers):
    """Two slips at once: no biases anywhere, and the share of the convolutions."""
    dense = sum(layer["inputs"] * layer["outputs"] for layer in layers if layer["kind"] == "dense")
    return {"parameters": dense, "multiply_adds": dense, "dense_parameter_share": 0.5, "dense_multiply_add_share": 0.5}


@pytest.mark.parametrize("answer", [shares_of_the_other_layers, lambda layers: 12, lambda layers: {"parameters": 3}])
def test_a_cost_that_is_wrong_in_a_way_of_its_own_gets_no_sentence(answer, compression):
    verdict = judge_names("network_cost", {**compression.names(), "network_cost": answer})
    assert verdict.state == "wrong" and verdict.misconception is None


@pytest.mark.parametrize(("exercise", "library"), [
    ("conv_parameters", "course.layers"), ("conv_multiply_adds", "course.layers"), ("network_cost", "course.architectures"),
    ("magnitude_masks", "course.optimizers"), ("random_masks", "course.optimizers"), ("max_pool2d", "course.layers"),
])
def test_handing_the_work_to_the_library_is_told(exercise, library, compression):
    answer = f"import {library}\ndef {exercise}(*args, **kwargs):\n    return {library}.{exercise}(*args, **kwargs)\n"
    verdict = judge_names(exercise, compression.names({exercise: answer}))
    assert verdict.state == "wrong" and verdict.mark == 0
    assert verdict.first_wrong is not None and "asked to write yourself" in verdict.first_wrong.difference.detail
