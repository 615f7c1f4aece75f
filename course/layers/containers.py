"""Layers made of layers."""
# ruff: noqa: D102  (what the methods promise stands in Layer)

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from course.layers.base import Layer, Shape


class Container(Layer):
    """A layer made of others; its ``params`` and ``grads`` are theirs under dotted names such as ``"0.w"``."""

    def __init__(self, *layers: Layer) -> None:
        for layer in layers:
            if not isinstance(layer, Layer):
                raise TypeError(f"{type(self).__name__} is made of layers, got {layer!r}")
        self.layers = layers  # a tuple: what is inside stays the same, so its leaves can be listed once
        self._leaves = [(f"{name}.{inner}" if inner else name, leaf) for name, layer in self.sublayers()
                        for inner, leaf in layer.leaves()]
        if len({id(leaf) for _, leaf in self._leaves}) < len(self._leaves):
            raise ValueError(f"{type(self).__name__} was given one layer twice; make a second one")
        self._training = True
        self._flat_params = self._flat_grads = np.zeros(0)
        if all(p.base is None for p in self.params.values()):  # else they are at home in another net, and may stay
            self.flatten()

    @property
    def params(self) -> Mapping[str, np.ndarray]:  # type: ignore[override]
        """Parameters of all inner layers; the arrays are theirs, so change them in place."""
        return MappingProxyType({f"{name}.{key}": p for name, leaf in self._leaves for key, p in leaf.params.items()})

    @property
    def grads(self) -> Mapping[str, np.ndarray]:  # type: ignore[override]
        """Gradients of all inner layers."""
        return MappingProxyType({f"{name}.{key}": g for name, leaf in self._leaves for key, g in leaf.grads.items()})

    @property
    def training(self) -> bool:  # type: ignore[override]
        """Whether in training or in use; setting it sets it for all inner layers."""
        return self._training

    @training.setter
    def training(self, value: bool) -> None:
        self._training = bool(value)
        for layer in self.layers:
            layer.training = bool(value)

    def sublayers(self) -> list[tuple[str, Layer]]:
        return [(str(number), layer) for number, layer in enumerate(self.layers)]

    def leaves(self) -> list[tuple[str, Layer]]:
        return self._leaves

    def forward(self, x: np.ndarray) -> np.ndarray:
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, grad_out: np.ndarray) -> np.ndarray:
        for layer in reversed(self.layers):
            grad_out = layer.backward(grad_out)
        return grad_out

    def output_shape(self, input_shape: Shape) -> Shape:
        for layer in self.layers:
            input_shape = layer.output_shape(input_shape)
        return input_shape

    def multiply_adds(self, input_shape: Shape) -> int:
        total = 0
        for layer in self.layers:
            total += layer.multiply_adds(input_shape)
            input_shape = layer.output_shape(input_shape)
        return total

    def describe(self) -> str:
        return ", ".join(repr(layer) for layer in self.layers)


class Sequential(Container):
    """Layers one after the other.

    ``print(net)`` shows a table; ``net[2]`` is a layer and ``net[:2]`` a net of the first two, sharing their weights.
    """

    def __getitem__(self, index: int | slice) -> Any:
        return Sequential(*self.layers[index]) if isinstance(index, slice) else self.layers[index]

    def __len__(self) -> int:
        return len(self.layers)

    def forward(self, x: np.ndarray) -> np.ndarray:
        out = super().forward(x)
        self._input_shape: Shape | None = np.shape(x)[1:]
        return out

    def backward_params(self, grad_out: np.ndarray) -> None:
        learning = (number for number, layer in enumerate(self.layers) if layer.parameter_count())
        first = next(learning, None)
        if first is not None:  # nothing before the first layer that learns needs a gradient
            for layer in reversed(self.layers[first + 1 :]):
                grad_out = layer.backward(grad_out)
            self.layers[first].backward_params(grad_out)

    def summary(self, input_shape: Shape | None = None) -> str:
        """Return a table of layers, output shapes, parameters and multiply-adds, for one sample.

        Parameters
        ----------
        input_shape : tuple of int, optional
            Of one sample. Without it that of the last forward pass, or what a dense first layer asks for.
        """
        shape = input_shape or getattr(self, "_input_shape", None)
        if shape is None and self.layers and hasattr(self.layers[0], "inputs"):
            shape = (self.layers[0].inputs,)
        rows = [("layer", "output", "parameters", "multiply-adds")]
        for number, layer in enumerate(self.layers):
            adds = "" if shape is None else f"{layer.multiply_adds(shape):,}"
            shape = None if shape is None else layer.output_shape(shape)
            size = "" if shape is None else " x ".join(map(str, shape))
            rows.append((f"{number} {layer!r}", size, f"{layer.parameter_count():,}", adds))
        total = sum(int(row[3].replace(",", "") or 0) for row in rows[1:])
        rows.append(("total", "", f"{self.parameter_count():,}", "" if shape is None else f"{total:,}"))
        widths = [max(len(row[column]) for row in rows) for column in range(4)]
        lines = [f"{a:<{widths[0]}}  {b:<{widths[1]}}  {c:>{widths[2]}}  {d:>{widths[3]}}".rstrip() for a, b, c, d in rows]
        rule = "-" * max(map(len, lines))
        return "\n".join([lines[0], rule, *lines[1:-1], rule, lines[-1]])

    def __str__(self) -> str:
        return self.summary()
