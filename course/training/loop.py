"""One training loop for everything: what is learned is decided by the targets and the loss."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from course.generators import no_seed
from course.layers.base import Layer, as_float, positive_int
from course.losses import error_rate, softmax_cross_entropy, squared_error
from course.optimizers import Optimizer
from course.training.progress_bar import ProgressBar
from course.training.signals import activations, zero_fraction

Loss = Callable[[np.ndarray, np.ndarray], tuple[float, np.ndarray]]
Penalty = Callable[[Mapping[str, np.ndarray]], tuple[float, dict[str, np.ndarray]]]


@dataclass
class History:
    """What happened in each epoch; arrays of one entry (or row) an epoch.

    Attributes
    ----------
    loss, error : ndarray, shape (epochs,)
        Means over the training batches, as they were seen (before the step, in training mode). The loss includes the
        penalty, if there is one.
    validation_loss, validation_error : ndarray, shape (epochs,)
        On the validation data in evaluation mode, without the penalty; nan without such data.
    gradient_norms : ndarray, shape (epochs, parametrised layers)
        With ``watch=("gradient_norms",)``: norm of each layer's parameter gradient, averaged over the batches.
    activation_mean, activation_std, zero_fraction : ndarray, shape (epochs, layers)
        With ``watch=("activations",)``: of each layer's output for the first batch of data, in evaluation mode.
    gradient_names, activation_names : list of str
        Which layers the columns are.
    seconds : float
    diverged : bool
        Whether training stopped because the loss, in training or on the validation data, was no longer finite.
    """

    loss: np.ndarray = field(default_factory=lambda: np.zeros(0))
    error: np.ndarray = field(default_factory=lambda: np.zeros(0))
    validation_loss: np.ndarray = field(default_factory=lambda: np.zeros(0))
    validation_error: np.ndarray = field(default_factory=lambda: np.zeros(0))
    gradient_norms: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))
    activation_mean: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))
    activation_std: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))
    zero_fraction: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))
    gradient_names: list[str] = field(default_factory=list)
    activation_names: list[str] = field(default_factory=list)
    seconds: float = 0.0
    diverged: bool = False

    def append(self, **values: Any) -> None:
        """Add one epoch's values."""
        for name, value in values.items():
            old, row = getattr(self, name), np.asarray(value, dtype=np.float64)[None]
            setattr(self, name, np.concatenate([old, row]) if len(old) else row)


def train_step(net: Layer, x: np.ndarray, targets: np.ndarray, loss: Loss, optimizer: Optimizer,
               penalty: Penalty | None = None) -> tuple[float, np.ndarray]:
    """Do one step on one batch: forward, loss, backward, update.

    Returns
    -------
    value : float
        The loss before the step, the penalty included.
    outputs : ndarray
        What the net put out.
    """
    outputs = net.forward(x)
    value, grad = loss(outputs, targets)
    net.backward_params(grad)
    if penalty is not None:
        extra, grads = penalty(net.params)
        value += extra
        for name, array in net.grads.items():
            array += grads[name]
    optimizer.step(net)
    return value, outputs


def fit(net: Layer, x: np.ndarray, targets: np.ndarray, *, optimizer: Optimizer, rng: np.random.Generator,
        loss: Loss = softmax_cross_entropy, epochs: int = 10, batch_size: int = 64,
        validation: tuple[np.ndarray, np.ndarray] | None = None, early_stop: int | None = None,
        penalty: Penalty | None = None, error: Callable[[np.ndarray, np.ndarray], float] | None = None,
        watch: str | Sequence[str] = (), after_epoch: Callable[[Layer, History], bool | None] | None = None,
        progress: bool = True) -> History:
    """Train a net in place on shuffled mini-batches; leave it in evaluation mode.

    Parameters
    ----------
    net : Layer
    x : ndarray, shape (N, ...)
    targets : ndarray, shape (N, ...)
        Labels for a classifier, ``x`` itself for an autoencoder, anything computed from ``x`` for self-supervision.
    optimizer : Optimizer
    rng : numpy.random.Generator
        Shuffles the data. With the seeds of the net and of this, a run can be repeated exactly. No seed itself, with
        which training that is continued would see the same batches again.
    loss : callable, optional
        ``loss(outputs, targets) -> (value, grad)``.
    epochs, batch_size : int, optional
        A remainder too small for a batch of its own is left for another epoch, unless it is all there is.
    validation : (x, targets), optional
    early_stop : int, optional
        Stop when the validation loss has not fallen below its best for so many epochs. The net keeps the weights of the
        last epoch, not those of the best.
    penalty : callable, optional
        ``penalty(params) -> (value, grads)``, added to the loss in training.
    error : callable, optional
        ``error(outputs, targets) -> float``; the share of wrong answers, or for the squared error that loss.
    watch : sequence of {"gradient_norms", "activations"}, or one of them, optional
    after_epoch : callable, optional
        ``after_epoch(net, history)``; training stops when it returns True.
    progress : bool, optional
        Show a bar, in a terminal or in Jupyter.

    Returns
    -------
    History

    Raises
    ------
    ValueError, TypeError
        If the data hold nan or inf, lengths differ, or an argument is out of range.
    """
    x, targets = _checked_data("x", x, targets)
    if validation is not None:
        validation = _checked_data("validation", *validation)
    if early_stop is not None and validation is None:
        raise ValueError("early_stop needs validation data, got none")
    watch = (watch,) if isinstance(watch, str) else watch
    if set(watch) - {"gradient_norms", "activations"}:
        raise ValueError(f"watch must hold 'gradient_norms' or 'activations', got {watch!r}")
    rng = no_seed(rng)
    positive_int("epochs", epochs, 0)
    batch_size = min(positive_int("batch_size", batch_size), len(x))
    error = error or _default_error(loss)
    history = History()
    owners = [(name, layer) for name, layer in net.leaves() if layer.params]
    history.gradient_names = [f"{name} {type(layer).__name__}".strip() for name, layer in owners]
    start = time.perf_counter()

    # that a run diverges is told by the history, not by numpy's warnings
    with ProgressBar(epochs, progress) as bar, np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for epoch in range(epochs):
            net.training = True
            order = rng.permutation(len(x))
            losses, errors, norms = [], [], []
            for first in range(0, len(x) - batch_size + 1, batch_size):
                batch = order[first : first + batch_size]
                value, outputs = train_step(net, x[batch], targets[batch], loss, optimizer, penalty)
                losses.append(value)
                errors.append(error(outputs, targets[batch]))
                if "gradient_norms" in watch:
                    norms.append([np.sqrt(sum(np.vdot(g, g) for g in layer.grads.values())) for _, layer in owners])
                if not np.isfinite(value):
                    history.diverged = True
                    break
            net.training = False
            on_validation = (np.nan, np.nan) if validation is None else evaluate(net, *validation, loss, error)
            history.diverged |= validation is not None and not np.isfinite(on_validation[0])
            history.append(loss=np.mean(losses), error=np.mean(errors), validation_loss=on_validation[0],
                           validation_error=on_validation[1])
            if "gradient_norms" in watch:
                history.append(gradient_norms=np.mean(norms, axis=0))
            if "activations" in watch:
                outputs_by_name = activations(net, x[:batch_size])
                history.activation_names = list(outputs_by_name)
                layers = outputs_by_name.values()
                history.append(activation_mean=[a.mean() for a in layers], activation_std=[a.std() for a in layers],
                               zero_fraction=zero_fraction(list(layers)))
            bar.show(epoch + 1, f"loss {history.loss[-1]:.4g}  error {history.error[-1]:.4g}")
            if history.diverged or (after_epoch is not None and after_epoch(net, history)):
                break
            if early_stop is not None and epoch - np.argmin(history.validation_loss) >= early_stop:
                break
    net.training = False
    history.seconds = time.perf_counter() - start
    return history


def evaluate(net: Layer, x: np.ndarray, targets: np.ndarray, loss: Loss = softmax_cross_entropy,
             error: Callable[[np.ndarray, np.ndarray], float] | None = None) -> tuple[float, float]:
    """Return loss and error of a net on data, in evaluation mode; the mode it was in is restored."""
    outputs = predict(net, x)
    return loss(outputs, targets)[0], (error or _default_error(loss))(outputs, targets)


def predict(net: Layer, x: np.ndarray, batch_size: int = 256) -> np.ndarray:
    """Return the net's outputs in evaluation mode, computed in batches; the mode it was in is restored."""
    was_training, net.training = net.training, False
    try:
        return np.concatenate([net.forward(x[i : i + batch_size]) for i in range(0, max(len(x), 1), batch_size)])
    finally:
        net.training = was_training


def _default_error(loss: Loss) -> Callable[[np.ndarray, np.ndarray], float]:
    return (lambda outputs, targets: squared_error(outputs, targets)[0]) if loss is squared_error else error_rate


def _checked_data(name: str, x: Any, targets: Any) -> tuple[np.ndarray, np.ndarray]:
    x, targets = as_float(x, name), np.asarray(targets)
    if x.ndim < 2 or len(x) == 0:
        raise ValueError(f"{name} must have shape (N, ...), not empty, got {x.shape}")
    if targets.shape[:1] != x.shape[:1]:
        raise ValueError(f"{name} and its targets must be of one length, got {x.shape} and {targets.shape}")
    for what, array in ((name, x), ("targets", targets)):
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            raise ValueError(f"{what} must be finite, got {np.sum(~np.isfinite(array))} nan or inf")
    return x, targets
