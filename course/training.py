"""One training loop for everything: what is learned is decided by the targets and the loss."""

import sys
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np

from course.layers.base import Layer, as_float, positive_int
from course.layers.containers import Sequential
from course.losses import error_rate, softmax_cross_entropy, squared_error
from course.optimizers import Optimizer

Loss = Callable[[np.ndarray, np.ndarray], tuple[float, np.ndarray]]
Penalty = Callable[[Mapping[str, np.ndarray]], tuple[float, dict[str, np.ndarray]]]


@dataclass
class History:
    """What happened in each epoch; arrays of one entry (or row) an epoch.

    Attributes
    ----------
    loss, error : ndarray, shape (epochs,)
        Means over the training batches, as they were seen (before the step, in training mode).
    validation_loss, validation_error : ndarray, shape (epochs,)
        On the validation data in evaluation mode; nan without.
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
        Shuffles the data. With the seeds of the net and of this, a run can be repeated exactly.
    loss : callable, optional
        ``loss(outputs, targets) -> (value, grad)``.
    epochs, batch_size : int, optional
        A remainder too small for a batch of its own is left for another epoch, unless it is all there is.
    validation : (x, targets), optional
    early_stop : int, optional
        Stop when the validation loss has not fallen below its best for so many epochs.
    penalty : callable, optional
        ``penalty(params) -> (value, grads)``, added to the loss.
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
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng must be a numpy.random.Generator, got {rng!r}")
    positive_int("epochs", epochs, 0)
    batch_size = min(positive_int("batch_size", batch_size), len(x))
    error = error or _default_error(loss)
    history = History()
    owners = [(name, layer) for name, layer in net.leaves() if layer.params]
    history.gradient_names = [f"{name} {type(layer).__name__}".strip() for name, layer in owners]
    start = time.perf_counter()

    # that a run diverges is told by the history, not by numpy's warnings
    with _Progress(epochs, progress) as bar, np.errstate(over="ignore", invalid="ignore", divide="ignore"):
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


@dataclass
class Sweep:
    """Results of a run for every combination of settings and every seed.

    Attributes
    ----------
    settings : dict of str to list
        The values of each setting, in the order of the axes.
    seeds : list of int
    values : dict of str to ndarray
        Shape (one axis for each setting, seeds, shape of what the run returned). Where runs returned arrays of different
        lengths, the shorter are filled up with nan.
    """

    settings: dict[str, list[Any]]
    seeds: list[int]
    values: dict[str, np.ndarray]

    def __getitem__(self, name: str) -> np.ndarray:
        return self.values[name]

    def mean(self, name: str = "value") -> np.ndarray:
        """Return the mean over seeds; shape (settings..., result...).

        Where a seed has nan, because it stopped earlier or its result is nan, the mean is over the others; it is nan
        where all seeds have.
        """
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # of places where all seeds have nan
            return np.nanmean(self.values[name], axis=len(self.settings))

    def spread(self, name: str = "value", low: float = 0.0, high: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
        """Return two quantiles over seeds, nan left out as in `mean`; without numbers the lowest and highest value."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            below, above = np.nanquantile(self.values[name], (low, high), axis=len(self.settings))
        return below, above

    def seeds_first(self, name: str = "value") -> np.ndarray:
        """Return the values with the seeds as the first axis, as the functions of `course.plotting` take them."""
        return np.moveaxis(self.values[name], len(self.settings), 0)


def sweep(run: Callable[..., Any], settings: Mapping[str, Sequence[Any]], seeds: Sequence[int], progress: bool = True
          ) -> Sweep:
    """Call ``run(**setting, seed=seed)`` for every combination of settings and every seed.

    Parameters
    ----------
    run : callable
        Returns a number or array, or a dict of them by name; without a name it is called ``"value"``. Every call must
        return the same names, each with the same number of axes.
    settings : dict of str to sequence
        For example ``{"depth": [1, 2, 4], "lr": [0.1, 0.01]}``.
    seeds : sequence of int
    progress : bool, optional

    Returns
    -------
    Sweep
        Its arrays have the seeds after the settings; pictures take them first: see `Sweep.seeds_first`.

    Raises
    ------
    TypeError, ValueError
        If a call returned something else than numbers, or not what the first call did.
    """
    axes = {name: list(values) for name, values in settings.items()}
    seeds = list(seeds)
    shape = (*map(len, axes.values()), len(seeds))
    if 0 in shape:
        raise ValueError(f"settings and seeds must not be empty, got {axes} and {seeds}")
    results: list[dict[str, np.ndarray]] = []
    wanted: dict[str, int] = {}
    with _Progress(int(np.prod(shape)), progress) as bar:
        for *chosen, seed in product(*axes.values(), seeds):
            setting = dict(zip(axes, chosen, strict=True))
            result = run(**setting, seed=seed)
            call = f"run({', '.join(f'{name}={value!r}' for name, value in (setting | {'seed': seed}).items())})"
            try:
                named = result if isinstance(result, dict) else {"value": result}
                results.append({name: as_float(value, name) for name, value in named.items()})
            except (TypeError, ValueError) as error:
                raise TypeError(f"{call} must return a number or array, or a dict of them (of a History for example "
                                f"history.loss): {error}") from error
            axes_by_name = {name: array.ndim for name, array in results[-1].items()}
            wanted = wanted or axes_by_name
            if axes_by_name != wanted:
                raise ValueError(f"{call} must return the names and numbers of axes that the first call did, "
                                 f"{wanted}, got {axes_by_name}")
            bar.show(len(results), ", ".join(f"{name} {value}" for name, value in setting.items()))
    return Sweep(axes, seeds, {name: _stack([result[name] for result in results], shape) for name in results[0]})


def _stack(arrays: list[np.ndarray], shape: tuple[int, ...]) -> np.ndarray:
    largest = tuple(np.max([array.shape for array in arrays], axis=0).astype(int))
    stacked = np.full((len(arrays), *largest), np.nan)
    for number, array in enumerate(arrays):
        corner: tuple[Any, ...] = (number, *map(slice, array.shape))
        stacked[corner] = array
    return stacked.reshape(*shape, *largest)


class _Progress:
    """A bar of text: in a terminal on one line that is cleared at the end, in Jupyter on one that stays short."""

    def __init__(self, total: int, wanted: bool) -> None:
        self.total, self.shown = total, 0.0
        self.terminal = wanted and sys.stderr.isatty()
        self.handle: Any = None
        shell = sys.modules["IPython"].get_ipython() if wanted and "IPython" in sys.modules else None
        if hasattr(shell, "kernel"):
            from IPython.display import display

            self.handle = display({"text/plain": ""}, raw=True, display_id=True)

    def __enter__(self) -> "_Progress":
        return self

    def show(self, done: int, note: str) -> None:
        """Draw the bar, at most ten times a second."""
        if time.perf_counter() - self.shown < 0.1:
            return
        self.shown = time.perf_counter()
        filled = round(30 * done / max(self.total, 1))
        self._write(f"[{'#' * filled}{'.' * (30 - filled)}] {done}/{self.total}  {note}"[:110])

    def _write(self, text: str) -> None:
        if self.handle is not None:
            self.handle.update({"text/plain": text}, raw=True)
        elif self.terminal:
            print(f"\r{text}\x1b[K", end="", file=sys.stderr, flush=True)

    def __exit__(self, *_: Any) -> None:
        self._write("")  # what stays on the page must not depend on the clock
