"""What goes forwards and backwards through a net, looked at layer by layer."""

from collections.abc import Sequence

import numpy as np

from course.layers.base import Layer
from course.layers.containers import Sequential


def activations(net: Layer, x: np.ndarray) -> dict[str, np.ndarray]:
    """Return the output of each layer of a `Sequential`, by number and name, in the mode that the net is in.

    Any other net, such as a `Residual`, counts as one layer.
    """
    outputs = {}
    for name, layer in _in_line(net):
        outputs[name] = x = layer.forward(x)
    return outputs


def zero_fraction(activations: Sequence[np.ndarray]) -> list[float]:
    """Return the share of entries that are exactly 0, for each of some arrays of any shape."""
    return [1 - np.count_nonzero(a) / a.size for a in activations]


def dead_units(activations: np.ndarray) -> np.ndarray:
    """Return which units of a layer's output (N, D) are exactly 0 for every sample, (D,) of bool."""
    return np.max(np.abs(activations), axis=0) == 0


def diagnose(train_error: float, test_error: float, shallow_train_error: float, shallow_test_error: float) -> str:
    """Say why a deep net is worse than a shallow one: ``"optimization"``, ``"overfitting"``, or ``"fine"`` if it is not.

    It is the test error that says whether it is worse, and the training error that says why.
    """
    if not test_error > shallow_test_error:
        return "fine"
    return "optimization" if train_error > shallow_train_error else "overfitting"


def backward_signals(net: Layer, grad_out: np.ndarray) -> dict[str, np.ndarray]:
    """Return the loss's gradient for the output of each layer that `activations` tells apart, after a forward pass."""
    signals = {}
    for name, layer in reversed(_in_line(net)):
        signals[name] = grad_out
        grad_out = layer.backward(grad_out)
    return dict(reversed(signals.items()))


def sigmoid_bound(weights: Sequence[np.ndarray]) -> float:
    """Return the largest factor by which sigmoid layers with these weights (D, M) can lengthen a gradient on its way back.

    No slope of a sigmoid is above a quarter, and no matrix lengthens a vector by more than its spectral norm.
    """
    return float(np.prod([np.linalg.svd(w, compute_uv=False)[0] / 4 for w in weights]))


def _in_line(net: Layer) -> list[tuple[str, Layer]]:
    """Return (name, layer) for the layers that a batch goes through one after the other."""
    inside = net.sublayers() if isinstance(net, Sequential) else [("", net)]
    return [(f"{name} {type(layer).__name__}".strip(), layer) for name, layer in inside]
