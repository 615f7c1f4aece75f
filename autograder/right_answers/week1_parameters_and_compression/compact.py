"""As a reader of numpy's manual would write it."""

from math import prod
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def conv_parameters(in_channels: Any, out_channels: Any, kernel_size: Any, groups: Any = 1, bias: Any = True) -> Any:
    return out_channels * (in_channels * kernel_size**2 // groups + bias)


def conv_parameters__shapes(in_channels: Any, out_channels: Any, kernel_size: Any, groups: Any = 1, bias: Any = True) -> Any:
    return sum(map(prod, [(out_channels, in_channels // groups, kernel_size, kernel_size)] + [(out_channels,)] * bool(bias)))


def conv_multiply_adds(
    in_channels: Any, out_channels: Any, kernel_size: Any, out_height: Any, out_width: Any, groups: Any = 1
) -> Any:
    return np.prod([out_height, out_width, kernel_size, kernel_size, in_channels // groups, out_channels], dtype=np.int64)


def conv_multiply_adds__from_parameters(
    in_channels: Any, out_channels: Any, kernel_size: Any, out_height: Any, out_width: Any, groups: Any = 1
) -> Any:
    return conv_parameters(in_channels, out_channels, kernel_size, groups, False) * (out_height * out_width)


def network_cost(layers: Any) -> Any:
    def cost(kind: str, groups: Any = 1, bias: Any = True, **size: Any) -> Any:
        if kind == "norm":
            return 2 * size["channels"], 0
        if kind == "dense":
            return (size["inputs"] + bool(bias)) * size["outputs"], size["inputs"] * size["outputs"]
        kernel = size["in_channels"] // groups * size["kernel_size"] ** 2
        return (kernel + bool(bias)) * size["out_channels"], kernel * size["out_channels"] * size["out_height"] * size["out_width"]

    costs = np.array([cost(**layer) for layer in layers], dtype=np.int64).reshape(-1, 2)
    dense = np.array([layer["kind"] == "dense" for layer in layers], dtype=bool)
    total = costs.sum(axis=0)
    shares = costs[dense].sum(axis=0) / np.maximum(total, 1)
    return dict(zip(["dense_parameter_share", "dense_multiply_add_share", "parameters", "multiply_adds"],
                    [*shares, *total], strict=True))


def magnitude_masks(weights: Any, sparsity: Any) -> Any:
    flat = np.hstack([np.ravel(w) for w in weights]) ** 2
    ranks = flat.argsort().argsort()
    pieces = np.split(ranks >= round(sparsity * flat.size), np.cumsum([np.size(w) for w in weights])[:-1])
    return tuple(piece.reshape(np.shape(w)) for piece, w in zip(pieces, weights, strict=True))


def magnitude_masks__threshold(weights: Any, sparsity: Any) -> Any:
    flat = np.sort(np.concatenate([np.abs(w.flatten()) for w in weights]))
    limit = np.append(flat, np.inf)[round(sparsity * len(flat))]
    return [np.asarray(np.abs(w) >= limit) for w in weights]


def masked_sgd_step(w: Any, grad: Any, mask: Any, lr: Any) -> Any:
    return np.where(mask, w - lr * grad, 0)


def masked_sgd_step__own_copy(w: Any, grad: Any, mask: Any, lr: Any) -> Any:
    new = np.array(w, order="F")
    new -= lr * grad
    new[~mask] = 0
    return new


def random_masks(masks: Any, rng: Any) -> Any:
    def draw(mask: Any) -> Any:
        flat = np.zeros(mask.size, dtype=bool)
        flat[rng.choice(mask.size, size=np.count_nonzero(mask), replace=False)] = True
        return flat.reshape(mask.shape)

    return tuple(draw(mask) for mask in masks)


def random_masks__ranks(masks: Any, rng: Any) -> Any:
    return [rng.random(m.size).argsort().argsort().reshape(m.shape) < m.sum() for m in masks]


def random_masks__permuted(masks: Any, rng: Any) -> Any:
    return [rng.permuted(mask.reshape(-1)).reshape(mask.shape, order="F") for mask in masks]


def max_pool2d(x: Any, size: Any) -> Any:
    return sliding_window_view(x, (size, size), axis=(2, 3))[:, :, ::size, ::size].max(axis=(-1, -2))


def max_pool2d__shifted(x: Any, size: Any) -> Any:
    return np.maximum.reduce([x[:, :, i::size, j::size] for i in range(size) for j in range(size)])


def max_pool2d__rows_then_columns(x: Any, size: Any) -> Any:
    rows = np.maximum.reduceat(x, np.arange(0, x.shape[2], size), axis=2)
    return np.asfortranarray(np.maximum.reduceat(rows, np.arange(0, x.shape[3], size), axis=3))


def distinguishable_boards(boards: Any, size: Any) -> Any:
    return len({tuple(board.ravel().tolist()) for board in max_pool2d(boards[None], size)[0]})


def distinguishable_boards__pairs(boards: Any, size: Any) -> Any:
    flat = max_pool2d(boards[:, None], size).reshape(len(boards), -1)
    alike = (flat[:, None] == flat).all(axis=-1)
    return np.sum(alike.argmax(axis=1) == np.arange(len(boards)))
