"""One by one, as on paper."""

from typing import Any

import numpy as np


def conv_parameters(in_channels: Any, out_channels: Any, kernel_size: Any, groups: Any = 1, bias: Any = True) -> Any:
    total = 0
    for _ in range(groups):
        for _ in range(out_channels // groups):
            total += in_channels // groups * kernel_size * kernel_size
            if bias:
                total += 1
    return total


def conv_multiply_adds(
    in_channels: Any, out_channels: Any, kernel_size: Any, out_height: Any, out_width: Any, groups: Any = 1
) -> Any:
    total = 0
    for _ in range(out_height):
        for _ in range(groups):
            total += out_width * (out_channels // groups) * (in_channels // groups) * kernel_size * kernel_size
    return total


def network_cost(layers: Any) -> Any:
    cost = {"parameters": 0, "multiply_adds": 0, "dense_parameter_share": 0.0, "dense_multiply_add_share": 0.0}
    for layer in layers:
        is_dense = layer["kind"] == "dense"
        if layer["kind"] == "norm":
            cost["parameters"] += layer["channels"] + layer["channels"]
            continue
        if is_dense:
            parameters, work = layer["inputs"] * layer["outputs"], layer["inputs"] * layer["outputs"]
            if layer["bias"]:
                parameters += layer["outputs"]
        else:
            groups = layer["groups"] if "groups" in layer else 1
            bias = layer["bias"] if "bias" in layer else True
            sizes = layer["in_channels"], layer["out_channels"], layer["kernel_size"]
            parameters = conv_parameters(*sizes, groups, bias)
            work = conv_multiply_adds(*sizes, layer["out_height"], layer["out_width"], groups)
        cost["parameters"] += parameters
        cost["multiply_adds"] += work
        if is_dense:
            cost["dense_parameter_share"] += parameters
            cost["dense_multiply_add_share"] += work
    if cost["parameters"] > 0:
        cost["dense_parameter_share"] /= cost["parameters"]
    if cost["multiply_adds"] > 0:
        cost["dense_multiply_add_share"] /= cost["multiply_adds"]
    return cost


def magnitude_masks(weights: Any, sparsity: Any) -> Any:
    places = []
    for number, w in enumerate(weights):
        for index in np.ndindex(w.shape):
            places.append((abs(w[index]), number, index))
    places.sort(reverse=True)
    masks = [np.zeros(w.shape, dtype=bool) for w in weights]
    for _, number, index in places[: len(places) - round(sparsity * len(places))]:
        masks[number][index] = True
    return masks


def masked_sgd_step(w: Any, grad: Any, mask: Any, lr: Any) -> Any:
    new = np.zeros(w.shape)
    for index in np.ndindex(w.shape):
        if mask[index]:
            new[index] = w[index] - lr * grad[index]
    return new


def random_masks(masks: Any, rng: Any) -> Any:
    drawn = []
    for mask in masks:
        places = list(np.ndindex(mask.shape))
        kept = np.zeros(mask.shape, dtype=bool)
        for _ in range(int(mask.sum())):
            kept[places.pop(rng.integers(len(places)))] = True
        drawn.append(kept)
    return drawn


def max_pool2d(x: Any, size: Any) -> Any:
    n, c, h, w = x.shape
    out = np.zeros((n, c, h // size, w // size))
    for index in np.ndindex(out.shape):
        s, channel, i, j = index
        out[index] = x[s, channel, i * size : (i + 1) * size, j * size : (j + 1) * size].max()
    return out


def distinguishable_boards(boards: Any, size: Any) -> Any:
    seen: list[Any] = []
    for board in boards:
        rows, columns = board.shape
        small = [[max(board[i + a][j + b] for a in range(size) for b in range(size)) for j in range(0, columns, size)]
                 for i in range(0, rows, size)]
        if small not in seen:
            seen.append(small)
    return len(seen)
