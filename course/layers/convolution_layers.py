"""Convolution layers for images and for signals; the arithmetic is that of `course.layers.convolution`."""
# ruff: noqa: D102  (what the methods promise stands in Layer)

from math import prod
from typing import Any

import numpy as np

from course.initializers import initialize
from course.layers.base import Layer, Shape, as_float, positive_int, remembered, sum_rows, to_rows, wrong_shape
from course.layers.convolution import (
    Pair,
    conv2d_backward,
    conv2d_filter_gradient,
    conv2d_forward,
    conv_multiply_adds,
    pair,
    window_count,
)


class Conv2d(Layer):
    """Convolution of images (N, in_channels, H, W); params ``w`` (out_channels, in_channels, kh, kw) and ``b``.

    Parameters
    ----------
    in_channels, out_channels : int
    kernel_size : int or (int, int)
    stride : int or (int, int), optional
    padding : int, (int, int) or "same", optional
        ``"same"`` keeps the image's size; it needs stride 1 and an odd kernel, which has a middle.
    bias : bool, optional
    init, rng, dtype
        As for `Dense`.
    """

    def __init__(self, in_channels: int, out_channels: int, kernel_size: int | Pair, *, stride: int | Pair = 1,
                 padding: int | Pair | str = 0, bias: bool = True, init: str | float = "he",
                 rng: np.random.Generator | None = None, dtype: Any = np.float64) -> None:
        self.in_channels, self.out_channels = (positive_int("in_channels", in_channels),
                                               positive_int("out_channels", out_channels))
        self.kernel, self.stride = pair("kernel_size", kernel_size, 1), pair("stride", stride, 1)
        if isinstance(padding, str):
            if padding != "same" or self.stride != (1, 1) or not all(k % 2 for k in self.kernel):
                raise ValueError("padding must be numbers, or 'same' with stride 1 and an odd kernel_size; got "
                                 f"{padding!r} with stride {stride} and kernel_size {kernel_size}")
            padding = (self.kernel[0] // 2, self.kernel[1] // 2)
        self.padding = pair("padding", padding, 0)
        if self.padding[0] >= self.kernel[0] or self.padding[1] >= self.kernel[1]:
            raise ValueError(f"padding must be smaller than the kernel_size {self.kernel}, got {self.padding}")
        places = prod(self.kernel)
        w = initialize(init, (out_channels, in_channels, *self.kernel), in_channels * places, out_channels * places, rng,
                       dtype)
        super().__init__(w=w, **({"b": np.zeros(out_channels, dtype)} if bias else {}))
        self._cache: Any = None

    def forward(self, x: np.ndarray) -> np.ndarray:
        x = as_float(x).astype(self.params["w"].dtype, copy=False)
        out = conv2d_forward(x, self.params["w"], self.params.get("b"), self.stride, self.padding)
        self._cache = x
        return out

    def backward(self, grad_out: np.ndarray) -> np.ndarray:
        x = remembered(self._cache, self)
        grad_out = as_float(grad_out, "grad_out").astype(x.dtype, copy=False)
        dx, self.grads["w"][...] = conv2d_backward(grad_out, x, self.params["w"], self.stride, self.padding)
        self._backward_bias(grad_out)
        return dx

    def backward_params(self, grad_out: np.ndarray) -> None:
        x = remembered(self._cache, self)
        grad_out = as_float(grad_out, "grad_out").astype(x.dtype, copy=False)
        self.grads["w"][...] = conv2d_filter_gradient(grad_out, x, self.params["w"], self.stride, self.padding)
        self._backward_bias(grad_out)

    def _backward_bias(self, grad_out: np.ndarray) -> None:
        if "b" in self.grads:
            sum_rows(to_rows(grad_out), out=self.grads["b"])

    def output_shape(self, input_shape: Shape) -> Shape:
        if len(input_shape) != 3 or input_shape[0] != self.in_channels:
            raise ValueError(f"{self!r} takes images of shape ({self.in_channels}, H, W), got {input_shape}")
        return self.out_channels, *window_count(input_shape[1:], self.kernel, self.stride, self.padding)

    def multiply_adds(self, input_shape: Shape) -> int:
        _, height, width = Conv2d.output_shape(self, input_shape)
        return conv_multiply_adds(self.in_channels, self.out_channels, self.kernel, height, width)

    def describe(self) -> str:
        size = str(self.kernel[0]) if self.kernel[0] == self.kernel[1] else str(self.kernel)
        return f"{self.in_channels}, {self.out_channels}, {size}"


class Conv1d(Conv2d):
    """Convolution of signals (N, in_channels, length): that of images one row high; ``w`` is (F, C, 1, k)."""

    def __init__(self, in_channels: int, out_channels: int, kernel_size: int, *, stride: int = 1,
                 padding: int | str = 0, bias: bool = True, init: str | float = "he",
                 rng: np.random.Generator | None = None, dtype: Any = np.float64) -> None:
        super().__init__(in_channels, out_channels, (1, positive_int("kernel_size", kernel_size)),
                         stride=(1, stride) if padding != "same" else stride, bias=bias, init=init, rng=rng, dtype=dtype,
                         padding=padding if isinstance(padding, str) else (0, padding))

    def forward(self, x: np.ndarray) -> np.ndarray:
        x = as_float(x)
        if x.ndim != 3:
            raise wrong_shape("x", x, f"(N, {self.in_channels}, length)")
        return super().forward(x[:, :, None])[:, :, 0]

    def backward(self, grad_out: np.ndarray) -> np.ndarray:
        return super().backward(as_float(grad_out, "grad_out")[:, :, None])[:, :, 0]

    def backward_params(self, grad_out: np.ndarray) -> None:
        super().backward_params(as_float(grad_out, "grad_out")[:, :, None])

    def output_shape(self, input_shape: Shape) -> Shape:
        if len(input_shape) != 2:
            raise ValueError(f"{self!r} takes signals of shape ({self.in_channels}, length), got {input_shape}")
        channels, _, length = super().output_shape((input_shape[0], 1, input_shape[1]))
        return channels, length

    def multiply_adds(self, input_shape: Shape) -> int:
        return super().multiply_adds((input_shape[0], 1, input_shape[1]))

    def describe(self) -> str:
        return f"{self.in_channels}, {self.out_channels}, {self.kernel[1]}"
