"""Lines: medians with their spread over seeds, against epochs, depth, sparsity or anything else."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from course.plotting.style import array, cue, describe, figures, finish, legend, mapping, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_curves(x: ArrayLike | Mapping[str, ArrayLike], series: Mapping[str, ArrayLike], ax: "Axes | None" = None, *,
                xlabel: str, ylabel: str, title: str | None = None, xscale: str = "linear",
                yscale: str = "linear") -> "Axes":
    """Draw lines against x; where there are several seeds, their median and in a band their whole range.

    Parameters
    ----------
    x : array, shape (P,), or dict of such arrays
        The same for all lines, or one for each name in series.
    series : dict of arrays, each of shape (P,) or (seeds, P)
        One line each. Values that are not finite, such as those after the end of a run, are left out; a cross stands
        at the last point before the first of them. Of a sweep, which has the seeds after the settings: see
        `course.training.Sweep.seeds_first`.
    ax, title
        As for all pictures: see `course.plotting`.
    xlabel, ylabel : str
        With their units.
    xscale, yscale : str
        "linear", "log" or another scale of matplotlib.
    """
    lines, ax = mapping("series", series), new_axes(ax)
    places = mapping("x", x) if isinstance(x, Mapping) else dict.fromkeys(lines, x)
    if places.keys() != lines.keys():
        raise ValueError(f"x must have the names of series, {list(lines)}, got {list(places)}")
    sentences, seeds = [], set()
    cross: dict[str, Any] = {}
    for i, (name, given) in enumerate(lines.items()):
        x = array("x", places[name], None)
        values = np.ma.masked_invalid(array(f"series[{name!r}]", np.atleast_2d(given), None, len(x)))
        low, high = (f(values, axis=0).filled(np.nan) for f in (np.ma.min, np.ma.max))
        middle = np.ma.filled(np.ma.median(values, axis=0), np.nan)
        style = cue(i) if len(x) <= 25 else cue(i) | {"marker": None}
        ax.plot(x, middle, label=name, ms=5, **style)
        if len(values) > 1:
            ax.fill_between(x, low, high, color=style["color"], alpha=0.15, lw=0)
            seeds.add(len(values))
        drawn = np.flatnonzero(np.isfinite(middle))
        sentences.append(f"{name} " + ("nowhere finite" if not drawn.size else
                                       "from {} to {}".format(*figures(*middle[drawn[[0, -1]]]))))
        broken = np.flatnonzero(np.ma.getmaskarray(values).any(axis=0))
        at = max(broken[0] - 1, 0) if broken.size else 0
        if broken.size and np.isfinite(middle[at]):
            cross = {"color": "black", "ms": 10, "mew": 2, "zorder": 5}
            ax.plot(x[at], middle[at], "x", **cross)
            sentences[-1] += f" ({'some runs ' if len(values) > 1 else ''}not finite beyond {x[at]:.3g})"
    if cross:  # once, and last in the legend
        ax.plot([], [], "x", label=f"beyond: {'some runs ended or ' if seeds else ''}not finite", **cross)
    over = f"median and range of {' or '.join(map(str, sorted(seeds)))} seeds" if seeds else None
    if len(lines) > 1 or over or cross:
        legend(ax, len(lines), title=over)
    sentence = f"{ylabel} against {xlabel}: {'; '.join(sentences)}{f' ({over})' if over else ''}."
    return finish(ax, title, sentence, xlabel=xlabel, ylabel=ylabel, xscale=xscale, yscale=yscale)


def counted(lines: Mapping[str, ArrayLike]) -> dict[str, np.ndarray]:
    """Return 1, 2, ... for each line, as far as it goes."""
    return {name: np.arange(1, np.shape(values)[-1] + 1) for name, values in lines.items()}


def whole_numbers(ax: "Axes") -> "Axes":
    """Put ticks on the x axis at whole numbers only."""
    from matplotlib.ticker import MaxNLocator

    ax.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1, steps=[1, 2, 5, 10]))
    return ax


def plot_learning_curves(history: Mapping[str, ArrayLike], ax: "Axes | None" = None, *, ylabel: str = "loss",
                         yscale: str = "log", title: str | None = None) -> "Axes":
    """Draw what a training recorded, epoch by epoch.

    Parameters
    ----------
    history : dict of arrays, each of shape (epochs,) or (seeds, epochs)
        One line each; the first value is that after epoch 1. Of a sweep: see `course.training.Sweep.seeds_first`.
    """
    ax = plot_curves(counted(mapping("history", history)), history, ax, xlabel="epoch", ylabel=ylabel, title=title,
                     yscale=yscale)
    return whole_numbers(ax)


def plot_error_against_depth(depths: ArrayLike, errors: Mapping[str, ArrayLike], ax: "Axes | None" = None, *,
                             xlabel: str = "hidden layers", ylabel: str = "error (%)",
                             title: str | None = None) -> "Axes":
    """Draw the error of nets against how deep they are.

    Parameters
    ----------
    depths : array of integers, shape (P,)
    errors : dict of arrays, each of shape (P,) or (seeds, P)
        Shares from 0 to 1 (drawn in per cent), such as {"training": ..., "test": ...}. Of a sweep over depths:
        ``runs.seeds_first("test")``, see `course.training.Sweep`.
    """
    percent = {name: 100 * np.asarray(e, dtype=float) for name, e in mapping("errors", errors).items()}
    ax = whole_numbers(plot_curves(depths, percent, ax, xlabel=xlabel, ylabel=ylabel, title=title))
    ax.set_ylim(bottom=0)
    return ax


def plot_gradient_norms(norms: Mapping[str, ArrayLike], ax: "Axes | None" = None, *,
                        ylabel: str = "norm of the loss's gradient", title: str | None = None) -> "Axes":
    """Draw a norm for each layer on a logarithmic axis, for several nets or settings; bounds may be lines too.

    Parameters
    ----------
    norms : dict of arrays, each of shape (layers,) or (seeds, layers)
        From the layer next to the input on. Nets may differ in depth. Of a sweep: see
        `course.training.Sweep.seeds_first`.
    """
    ax = plot_curves(counted(mapping("norms", norms)), norms, ax, xlabel="layer (1 is next to the input)",
                     ylabel=ylabel, title=title, yscale="log")
    return whole_numbers(ax)


def plot_pruning_curves(kept: ArrayLike, accuracies: Mapping[str, ArrayLike], ax: "Axes | None" = None, *,
                        ylabel: str = "test accuracy (%)", title: str | None = None) -> "Axes":
    """Draw accuracy against the share of weights that pruning leaves; fewer to the right.

    Parameters
    ----------
    kept : array, shape (P,)
        Shares of the weights that stay, above 0 and at most 1.
    accuracies : dict of arrays, each of shape (P,) or (seeds, P)
        Shares from 0 to 1, such as {"no retraining": ..., "all layers retrained": ...}. Of a sweep: see
        `course.training.Sweep.seeds_first`.
    """
    kept = array("kept", kept, None)
    if not np.all((kept > 0) & (kept <= 1)):
        raise ValueError(f"kept must hold shares above 0 and at most 1, got {kept.min():g} to {kept.max():g}")
    percent = {name: 100 * np.asarray(a, dtype=float) for name, a in mapping("accuracies", accuracies).items()}
    ax = plot_curves(100 * kept, percent, ax, xlabel="weights kept (%)", ylabel=ylabel, title=title, xscale="log")
    ticks = [t for t in (100, 50, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1) if 100 * kept.min() <= t <= 100 * kept.max()]
    ax.set_xticks(ticks, [f"{t:g}" for t in ticks])
    ax.set_xticks([], minor=True)
    ax.invert_xaxis()
    return ax


def plot_loss_along_line(t: ArrayLike, losses: Mapping[str, ArrayLike], ax: "Axes | None" = None, *,
                         ylabel: str = "loss", yscale: str = "linear", title: str | None = None,
                         ends: tuple[str, str] = ("start", "end")) -> "Axes":
    """Draw the loss on the way from one setting of the parameters (t = 0) to another (t = 1), straight or curved.

    Parameters
    ----------
    t : array, shape (P,)
        Places on the way; it may begin before 0 and go on after 1.
    losses : dict of arrays, each of shape (P,) or (seeds, P)
        Of a sweep: see `course.training.Sweep.seeds_first`.
    ends : tuple of two str
        What stands at t = 0 and t = 1.

    References
    ----------
    I. J. Goodfellow, O. Vinyals and A. M. Saxe (2014), arXiv 1412.6544; T. Garipov et al. (2018), arXiv 1802.10026.
    """
    t = array("t", t, None)
    xlabel = f"place t on the way (0: {ends[0]}, 1: {ends[1]})"
    ax = plot_curves(t, losses, ax, xlabel=xlabel, ylabel=ylabel, title=title, yscale=yscale)
    for end in (0, 1):
        ax.axvline(end, color="black", ls=":", lw=1)
    first, last = np.abs(t).argmin(), np.abs(t - 1).argmin()
    for name, given in losses.items():
        loss = np.median(np.atleast_2d(given), axis=0)
        barrier = loss[first : last + 1].max() - max(loss[first], loss[last])
        describe(ax, f"The barrier of {name} is {barrier:.3g} above the higher end.")
    return ax


def plot_weight_paths(strengths: ArrayLike, weights: ArrayLike, ax: "Axes | None" = None, *,
                      xlabel: str = "strength of the penalty", ylabel: str = "weight", title: str | None = None,
                      names: list[str] | None = None) -> "Axes":
    """Draw each weight of a model against the strength of a penalty (a logarithmic axis).

    Parameters
    ----------
    strengths : array, shape (P,)
        Above 0.
    weights : array, shape (P, weights)
    names : list of str, optional
        One for each weight, for the legend.
    """
    strengths = array("strengths", strengths, None)
    weights, ax = array("weights", weights, len(strengths), None), new_axes(ax)
    for i, path in enumerate(weights.T):
        style: dict[str, Any] = cue(i) | {"marker": None, "label": names[i] if names else None}
        ax.plot(strengths, path, lw=1.3, **style)
    ax.axhline(0, color="black", lw=0.8)
    if names:
        legend(ax, len(names))
    zeros = np.count_nonzero(weights == 0, axis=1)
    sentence = (f"Paths of {weights.shape[1]} weights against {xlabel}: exactly zero are {zeros[0]} of them at "
                f"{strengths[0]:.3g} and {zeros[-1]} at {strengths[-1]:.3g}.")
    return finish(ax, title, sentence, xlabel=xlabel, ylabel=ylabel, xscale="log")
