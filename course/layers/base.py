"""What every layer is: parameters, their gradients, a forward and a backward pass."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np

Shape = tuple[int, ...]


class Layer:
    """A step of a network; make your own by giving a subclass ``forward`` and ``backward``.

    Attributes
    ----------
    params : dict of str to ndarray
        What is learned; optimizers change the arrays in place.
    grads : dict of str to ndarray
        The loss's gradient for each parameter, written anew (not added up) by ``backward``. The next ``backward``
        writes into the same arrays: copy what you want to keep.
    training : bool
        Dropout and batch normalization act differently in training and in use.

    Notes
    -----
    What ``forward`` and ``backward`` return is a new array, but `Flatten` returns a view of its input where it can. Between
    the two the input must not be changed in place.
    """

    params: Mapping[str, np.ndarray]
    grads: Mapping[str, np.ndarray]
    training: bool

    def __init__(self, **params: np.ndarray) -> None:
        self.params = params
        self.grads = {name: np.zeros_like(value) for name, value in params.items()}
        self.training = True
        self._flat_params = self._flat_grads = np.zeros(0)

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Return the layer's output for a batch, and remember what ``backward`` needs."""
        raise NotImplementedError(f"{type(self).__name__} has no forward")

    def backward(self, grad_out: np.ndarray) -> np.ndarray:
        """Turn the loss's gradient for the last output into the one for its input; fill ``grads`` on the way."""
        raise NotImplementedError(f"{type(self).__name__} has no backward")

    def backward_params(self, grad_out: np.ndarray) -> None:
        """Fill ``grads`` as ``backward`` does, where nobody wants the gradient for the input."""
        self.backward(grad_out)

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """Do the forward pass."""
        return self.forward(x)

    def output_shape(self, input_shape: Shape) -> Shape:
        """Return the shape of one sample's output (no batch axis), given that of its input."""
        return input_shape

    def multiply_adds(self, input_shape: Shape) -> int:
        """Count the multiplications followed by an addition in one sample's forward pass; biases are not counted."""
        return 0

    def parameter_count(self) -> int:
        """Count the numbers that are learned."""
        return sum(value.size for value in self.params.values())

    def sublayers(self) -> list[tuple[str, "Layer"]]:
        """Return (name, layer) for each layer directly inside this one."""
        return []

    def leaves(self) -> list[tuple[str, "Layer"]]:
        """Return (dotted name, layer) for all innermost layers; for a plain layer itself alone."""
        return [("", self)]

    def flatten(self) -> tuple[np.ndarray, np.ndarray]:
        """Return all parameters and all gradients as two vectors whose memory the layers' own arrays share.

        One vector lets an optimizer do its step in a handful of operations, however many layers there are. If a
        layer's array was replaced since, the vectors are made anew from what the layers hold.
        """
        layers = [layer for _, layer in self.leaves() if layer.params]
        params = [(layer.params, name) for layer in layers for name in layer.params]
        grads = [(layer.grads, name) for layer in layers for name in layer.params]
        if not all(home[name].base is self._flat_params for home, name in params):
            self._flat_params = _gather(params)
        if not all(home[name].base is self._flat_grads for home, name in grads):
            self._flat_grads = _gather(grads)
        return self._flat_params, self._flat_grads

    @property
    def flat_params(self) -> np.ndarray:
        """All parameters as one vector: a view, so writing into it changes the layers."""
        return self.flatten()[0]

    @property
    def flat_grads(self) -> np.ndarray:
        """All gradients as one vector, in the order of ``flat_params``."""
        return self.flatten()[1]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.describe()})"

    def describe(self) -> str:
        """Return what stands between the brackets when the layer is printed."""
        return ""


def _gather(homes: list[tuple[Any, str]]) -> np.ndarray:
    """Move arrays into one new vector; the dicts they came from then hold views of it."""
    arrays = [home[name] for home, name in homes]
    if len({array.dtype for array in arrays}) > 1:
        raise TypeError(f"all parameters of a net must have one dtype, got {sorted({str(a.dtype) for a in arrays})}")
    flat = np.concatenate([array.ravel() for array in arrays])
    start = 0
    for (home, name), array in zip(homes, arrays, strict=True):
        home[name] = flat[start : start + array.size].reshape(array.shape)
        start += array.size
    return flat


def as_float(x: Any, name: str = "x") -> np.ndarray:
    """Return ``x`` as an array; floats keep their dtype, integers and booleans become float64.

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers.
    """
    if type(x) is np.ndarray and x.dtype.kind == "f":
        return x
    array = np.asarray(x)
    if array.dtype.kind not in "fiub":
        raise TypeError(f"{name} must be an array of real numbers, got {type(x).__name__} of dtype {array.dtype}")
    return array if array.dtype.kind == "f" else array.astype(np.float64)


def floats(**arrays: Any) -> list[np.ndarray]:
    """Return each of the arrays by `as_float`, under the name that its error tells."""
    return [as_float(array, name) for name, array in arrays.items()]


def wrong_shape(name: str, array: np.ndarray, wanted: str) -> ValueError:
    """Return the error that says which shape came and which was wanted."""
    return ValueError(f"{name} must have shape {wanted}, got {array.shape}")


def positive_int(name: str, value: Any, least: int = 1) -> int:
    """Return ``value`` as an int, or say what is wrong with it."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"{name} must be an integer, got {value!r}")
    if value < least:
        raise ValueError(f"{name} must be at least {least}, got {value}")
    return int(value)


def remembered(cache: Any, layer: Layer) -> Any:
    """Return what ``forward`` left for ``backward``, or say that there was no forward."""
    if cache is None:
        raise ValueError(f"{type(layer).__name__}.backward needs a forward pass first")
    return cache


def checked_grad(grad_out: np.ndarray, shape: Shape) -> np.ndarray:
    """Return ``grad_out`` by `as_float`; ValueError unless it has the shape of the layer's output."""
    grad_out = as_float(grad_out, "grad_out")
    if grad_out.shape != shape:
        raise wrong_shape("grad_out", grad_out, f"{shape} like the output")
    return grad_out


def to_rows(x: np.ndarray) -> np.ndarray:
    """Lay out (N, C, ...) as a matrix with one row for each place and one column for each channel."""
    return x if x.ndim == 2 else x.transpose(0, *range(2, x.ndim), 1).reshape(-1, x.shape[1])


def from_rows(rows: np.ndarray, shape: Shape) -> np.ndarray:
    """Undo `to_rows`, without copying: a view of shape (N, C, ...) whose channels come last in memory."""
    if len(shape) == 2:
        return rows
    last = rows.reshape(shape[0], *shape[2:], shape[1])
    return last.transpose(0, last.ndim - 1, *range(1, last.ndim - 1))


def sum_rows(rows: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Sum a matrix over its rows: as a product with ones it runs in BLAS, several times faster than ``sum(axis=0)``."""
    return np.dot(_ones(len(rows), rows.dtype), rows, out=out)


@lru_cache(maxsize=8)
def _ones(count: int, dtype: np.dtype) -> np.ndarray:
    return np.ones(count, dtype)
