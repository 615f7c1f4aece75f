"""Residual blocks (K. He et al. 2015, Deep residual learning for image recognition, arXiv 1512.03385)."""
# ruff: noqa: D102  (what the methods promise stands in Layer)

import numpy as np

from course.layers.base import Layer, Shape
from course.layers.containers import Container


class Residual(Container):
    """The input plus what the inner layers make of it: ``x + inner(x)``.

    Parameters
    ----------
    *layers : Layer
    shortcut : Layer, optional
        Goes between the input and the sum, where the inner layers change the shape. Its parameters are named
        ``"shortcut.w"`` and so on.
    """

    def __init__(self, *layers: Layer, shortcut: Layer | None = None) -> None:
        self.shortcut = shortcut
        super().__init__(*layers, *([] if shortcut is None else [shortcut]))
        self.inner = layers

    def sublayers(self) -> list[tuple[str, Layer]]:
        return [("shortcut" if layer is self.shortcut else name, layer) for name, layer in super().sublayers()]

    def forward(self, x: np.ndarray) -> np.ndarray:
        out = x
        for layer in self.inner:
            out = layer.forward(out)
        past = x if self.shortcut is None else self.shortcut.forward(x)
        if out.shape != past.shape:
            raise ValueError(f"the inner layers must keep the shape of the shortcut {past.shape}, got {out.shape}")
        return out + past

    def backward(self, grad_out: np.ndarray) -> np.ndarray:
        grad = grad_out
        for layer in reversed(self.inner):
            grad = layer.backward(grad)
        return grad + (grad_out if self.shortcut is None else self.shortcut.backward(grad_out))

    def output_shape(self, input_shape: Shape) -> Shape:
        for layer in self.inner:
            input_shape = layer.output_shape(input_shape)
        return input_shape

    def multiply_adds(self, input_shape: Shape) -> int:
        total = 0 if self.shortcut is None else self.shortcut.multiply_adds(input_shape)
        for layer in self.inner:
            total += layer.multiply_adds(input_shape)
            input_shape = layer.output_shape(input_shape)
        return total
