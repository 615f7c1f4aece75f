"""Convolution, as one matrix product: every patch of the image becomes a row, every filter a column.

Images are (N, C, H, W) for whoever calls. In memory the channels come last, because a row of a patch (kernel column and
channel together) is then one contiguous piece: gathering the patches, which takes most of the time when it is done the
textbook way, is one copy of long pieces. Results are views of such memory, so the layer that follows finds it in order.

With ``COURSE_THREADS=2`` (or more) in the environment the images of a batch are shared out among so many threads.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from math import prod
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from course.layers.base import Shape, as_float, checked_grad, floats, positive_int, to_rows, wrong_shape

Pair = tuple[int, int]
BLOCK = 1 << 17  # numbers in one block of patches: half a MB in float32, still in the cache when it is multiplied
SHARED = 10_000_000  # multiply-adds from which on it pays to wake another thread: about a fifth of a millisecond


def conv2d_forward(x: np.ndarray, w: np.ndarray, b: np.ndarray | None = None, stride: int | Pair = 1,
                   padding: int | Pair = 0) -> np.ndarray:
    """Return the cross-correlation of images with filters.

    Parameters
    ----------
    x : ndarray, shape (N, C, H, W)
    w : ndarray, shape (F, C, kh, kw)
    b : ndarray, shape (F,), optional
    stride, padding : int or (int, int)
        For rows and columns; that many zeros are put on each side. The padding is smaller than the kernel.

    Returns
    -------
    ndarray, shape (N, F, (H + 2 padding - kh) // stride + 1, the same for W)

    Raises
    ------
    ValueError
        If the channels do not agree, the kernel is larger than the padded image, or the padding not smaller than it.

    References
    ----------
    Y. LeCun et al. (1989), Backpropagation applied to handwritten zip code recognition.
    K. Chellapilla, S. Puri and P. Simard (2006), High performance convolutional neural networks (patches as a matrix).
    """
    stride, padding = pair("stride", stride, 1), pair("padding", padding, 0)
    x, w = floats(x=x, w=w)
    b = None if b is None else as_float(b, "b")
    size = _output_size(x, w, stride, padding)
    if b is not None and b.shape != w.shape[:1]:
        raise wrong_shape("b", b, str(w.shape[:1]))
    filters = w.transpose(2, 3, 1, 0).reshape(-1, len(w))  # (kh kw C, F)
    out = np.empty((len(x), *size, len(w)), np.result_type(x, w))

    def work(images: slice) -> None:
        out_rows = out[images].reshape(-1, len(w))
        for rows, patches in _patches(_padded(x[images], padding), w.shape[2:], stride, size):
            np.matmul(patches, filters, out=out_rows[rows])
            if b is not None:
                out_rows[rows] += b

    _share_out(len(x), work, w.size * prod(size))
    return _channels_first(out)


def conv2d_backward(grad_out: np.ndarray, x: np.ndarray, w: np.ndarray, stride: int | Pair = 1,
                    padding: int | Pair = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return the gradients ``(dx, dw)`` of a loss whose gradient for the output is ``grad_out``.

    The gradient for the bias, if there is one, is ``grad_out.sum(axis=(0, 2, 3))``.

    Notes
    -----
    Every input place is fed by the outputs around it, weighted by the filter turned by half a turn. So one set of
    patches, taken from ``grad_out``, serves both: times the turned filters it is ``dx``, times the input ``dw``. With a
    stride above 1 the outputs stand apart, with zeros between them.
    """
    stride, padding = pair("stride", stride, 1), pair("padding", padding, 0)
    x, w = floats(x=x, w=w)
    grad_out = checked_grad(grad_out, (len(x), len(w), *_output_size(x, w, stride, padding)))
    (n, c, height, width), (f, _, kh, kw) = x.shape, w.shape
    turned = w[:, :, ::-1, ::-1].transpose(2, 3, 0, 1).reshape(-1, c)  # (kh kw F, C)
    dx = np.empty((n, height, width, c), np.result_type(grad_out, w))
    top, left = kh - 1 - padding[0], kw - 1 - padding[1]
    below, beyond = top + grad_out.shape[2] * stride[0], left + grad_out.shape[3] * stride[1]

    def work(images: slice) -> np.ndarray:
        grad, x_rows, dx_rows = _channels_last(grad_out[images]), to_rows(x[images]), dx[images].reshape(-1, c)
        frame = np.zeros((len(grad), height + kh - 1, width + kw - 1, f), grad.dtype)
        frame[:, top : below : stride[0], left : beyond : stride[1]] = grad
        dw = np.zeros(turned.shape, np.result_type(grad_out, x))
        for rows, patches in _patches(frame, (kh, kw), (1, 1), (height, width)):
            np.matmul(patches, turned, out=dx_rows[rows])
            dw += patches.T @ x_rows[rows]
        return dw

    dw_turned = sum(_share_out(n, work, w.size * height * width))
    return _channels_first(dx), dw_turned.reshape(kh, kw, f, c)[::-1, ::-1].transpose(2, 3, 0, 1)


def conv2d_filter_gradient(grad_out: np.ndarray, x: np.ndarray, w: np.ndarray, stride: int | Pair = 1,
                           padding: int | Pair = 0) -> np.ndarray:
    """Return ``dw`` alone, which is cheaper where the input has few channels: the patches are those of the input."""
    stride, padding = pair("stride", stride, 1), pair("padding", padding, 0)
    x, w = floats(x=x, w=w)
    size = _output_size(x, w, stride, padding)
    grad_out = checked_grad(grad_out, (len(x), len(w), *size))

    def work(images: slice) -> np.ndarray:
        grad_rows = to_rows(grad_out[images])
        dw = np.zeros((w[0].size, len(w)), np.result_type(grad_out, x))
        for rows, patches in _patches(_padded(x[images], padding), w.shape[2:], stride, size):
            dw += patches.T @ grad_rows[rows]
        return dw

    dw = sum(_share_out(len(x), work, w.size * prod(size)))
    return dw.reshape(*w.shape[2:], w.shape[1], len(w)).transpose(3, 2, 0, 1)


def conv2d_matrix(w: np.ndarray, input_shape: Shape) -> np.ndarray:
    """Return the matrix that maps an unrolled image of shape (C, H, W) to its unrolled convolution.

    A column is what becomes of an image that is 1 at one place and 0 elsewhere.
    """
    places = prod(input_shape)
    columns = conv2d_forward(np.eye(places).reshape(places, *input_shape), w)
    return np.ascontiguousarray(columns.reshape(places, -1).T)


def _share_out(images: int, work: Callable[[slice], Any], multiply_adds: int) -> list[Any]:
    """Call ``work`` on all images, in as many parts as there may be threads; numpy's copies and products run side by side.

    Unlike threads inside BLAS, which share each product, these share the copying too and meet only once. To wake one
    takes some tens of microseconds, so little work (``multiply_adds`` for one image) is done at once.
    """
    threads = int(os.environ.get("COURSE_THREADS", "1"))
    if threads < 2 or images < threads or images * multiply_adds < SHARED:
        return [work(slice(0, images))]
    bounds = [images * part // threads for part in range(threads + 1)]
    first, *others = map(slice, bounds, bounds[1:])
    promises = [_pool(threads - 1, os.getpid()).submit(work, part) for part in others]
    return [work(first), *(promise.result() for promise in promises)]


@lru_cache(maxsize=1)
def _pool(threads: int, process: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads)  # one for each process: threads do not survive a fork


def _channels_first(x: np.ndarray) -> np.ndarray:
    return x.transpose(0, 3, 1, 2)


def _channels_last(x: np.ndarray) -> np.ndarray:
    return x.transpose(0, 2, 3, 1)


def _padded(x: np.ndarray, padding: Pair) -> np.ndarray:
    """Return a channels-last copy with a border of zeros (no copy where none is needed)."""
    if padding == (0, 0):
        return np.ascontiguousarray(_channels_last(x))
    (n, c, height, width), (top, left) = x.shape, padding
    frame = np.zeros((n, height + 2 * top, width + 2 * left, c), x.dtype)
    frame[:, top : top + height, left : left + width] = _channels_last(x)
    return frame


def _patches(frame: np.ndarray, kernel: Shape, stride: Pair, size: Pair) -> Iterator[tuple[slice, np.ndarray]]:
    """Yield, for a few images at a time, which rows of the whole they are and their patches, one a row.

    The patches are written over when the next are asked for: the memory stays in the cache.
    """
    n, height, width, c = frame.shape
    by_channel = frame.itemsize  # not frame.strides, which may be anything along an axis of length 1
    by_column = c * by_channel
    by_row = width * by_column
    by_image = height * by_row
    windows = as_strided(frame, (n, *size, kernel[0], kernel[1] * c),  # kernel column and channel are one axis
                         (by_image, by_row * stride[0], by_column * stride[1], by_row, by_channel), writeable=False)
    images = max(1, min(n, BLOCK // prod(windows.shape[1:])))
    block = np.empty((images, *windows.shape[1:]), frame.dtype)
    for first in range(0, n, images):
        count = min(images, n - first)
        block[:count] = windows[first : first + count]
        rows = slice(first * prod(size), (first + count) * prod(size))
        yield rows, block[:count].reshape(count * prod(size), -1)


def pair(name: str, value: int | Pair, least: int) -> Pair:
    """Return a pair of integers, checked; one number stands for two."""
    first, second = value if isinstance(value, (tuple, list)) else (value, value)
    return positive_int(name, first, least), positive_int(name, second, least)


def _output_size(x: np.ndarray, w: np.ndarray, stride: Pair, padding: Pair) -> Pair:
    if w.ndim != 4:
        raise wrong_shape("w", w, "(F, C, kh, kw)")
    if x.ndim != 4 or x.shape[1] != w.shape[1]:
        raise wrong_shape("x", x, f"(N, {w.shape[1]}, H, W)")
    return window_count(x.shape[2:], w.shape[2:], stride, padding)


def window_count(size: Shape, kernel: Shape, stride: Pair, padding: Pair) -> Pair:
    """Return how many windows fit into an image, down and across."""
    if padding[0] >= kernel[0] or padding[1] >= kernel[1]:
        raise ValueError(f"padding must be smaller than the kernel {tuple(kernel)}, got {padding}")
    counts = [(n + 2 * p - k) // s + 1 for n, p, k, s in zip(size, padding, kernel, stride, strict=True)]
    if min(counts) < 1:
        raise ValueError(f"kernel of {tuple(kernel)} is larger than the image of {tuple(size)} with padding {padding}")
    return counts[0], counts[1]


def conv_parameters(in_channels: int, out_channels: int, kernel_size: int | Pair, groups: int = 1, bias: bool = True
                    ) -> int:
    """Count the parameters of a convolution whose channels are split into ``groups`` that do not see each other."""
    return out_channels * (in_channels // groups) * prod(pair("kernel_size", kernel_size, 1)) + out_channels * bias


def conv_multiply_adds(in_channels: int, out_channels: int, kernel_size: int | Pair, out_height: int, out_width: int,
                       groups: int = 1) -> int:
    """Count the multiply-adds of a convolution for one image; the bias is not counted."""
    return conv_parameters(in_channels, out_channels, kernel_size, groups, bias=False) * out_height * out_width
