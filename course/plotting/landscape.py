"""Losses and decisions over a plane, and the eigenvalues that tell minima from saddle points."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from course.plotting.style import COLORS, GREY, MARKERS, ORANGE, array, cue, figures, finish, mapping, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_loss_surface(x: ArrayLike, y: ArrayLike, loss: ArrayLike, ax: "Axes | None" = None, *,
                      path: ArrayLike | None = None, points: Mapping[str, ArrayLike] | None = None,
                      xlabel: str = "first direction", ylabel: str = "second direction",
                      label: str = "loss", title: str | None = None) -> "Axes":
    """Draw the loss over a plane as a map with contour lines, with a path and single points on it.

    Parameters
    ----------
    x, y : array, shapes (X,) and (Y,)
    loss : array, shape (Y, X)
        Where it is positive and spans more than a factor of 100, levels are spaced by factors.
    path : array, shape (T, 2), optional
        From the circle to the star, such as the steps of gradient descent.
    points : dict of arrays, each of shape (2,) or (points, 2), optional
        Such as {"minimum": ..., "saddle": ...}.
    label : str
        What is drawn, for the colour bar.
    """
    from matplotlib.ticker import LogLocator, MaxNLocator

    x, y = array("x", x, None), array("y", y, None)
    loss, ax = np.ma.masked_invalid(array("loss", loss, len(y), len(x))), new_axes(ax, (6.8, 5.0))
    if loss.mask.all():
        raise ValueError("loss must have finite values, got none")
    low, high = float(loss.min()), float(loss.max())
    wide = low > 0 and high > 100 * low
    factors = LogLocator(subs=(1, 2, 5) if wide and high < 1e6 * low else (1,), numticks=99)
    levels = np.asarray((factors if wide else MaxNLocator(14)).tick_values(low, high))
    if high > low:
        levels = levels[max(np.sum(levels <= low) - 1, 0) : np.sum(levels < high) + 1]
    drawn = ax.contourf(x, y, loss, levels=levels, cmap="Blues", norm="log" if wide else None, alpha=0.9)
    ax.contour(x, y, loss, levels=levels, colors=GREY, linewidths=0.6)
    ax.figure.colorbar(drawn, ax=ax, label=label, format="%g")
    sentences = ["{} over a plane, from {} to {}".format(label, *figures(low, high))]
    if path is not None:
        way = array("path", path, None, 2)
        ax.plot(*way.T, "-", color=ORANGE, lw=1.8)
        ax.plot(*way[0], "o", color=ORANGE, ms=9, mec="white", label="start of the path", zorder=5)
        ax.plot(*way[-1], "*", color=ORANGE, ms=14, mec="white", label="its end", zorder=5)
        sentences.append("a path of {} steps goes from ({}, {}) to ({}, {})".format(
            len(way) - 1, *figures(*way[0], *way[-1])))
    for i, (name, given) in enumerate((points or {}).items()):
        at = array(f"points[{name!r}]", np.atleast_2d(np.asarray(given, dtype=float)), None, 2)
        ax.plot(*at.T, MARKERS[1 + i], color="black", mec="white", ms=11, ls="none", label=name, zorder=4)
        sentences.append(f"{name} at " + ", ".join("({}, {})".format(*figures(*p)) for p in at))
    if path is not None or points:
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=4, frameon=False, columnspacing=1.2)
    return finish(ax, title, "; ".join(sentences) + ".", xlabel=xlabel, ylabel=ylabel)


def plot_decision_boundary(predict: Callable[[np.ndarray], np.ndarray], x: ArrayLike, labels: ArrayLike,
                           ax: "Axes | None" = None, *, names: list[str] | None = None, xlabel: str = "$x_1$",
                           ylabel: str = "$x_2$", title: str | None = None) -> "Axes":
    """Draw the regions of the plane that a classifier gives to its classes, and the samples over them.

    Parameters
    ----------
    predict : callable
        Takes points (M, 2), returns labels (M,) or scores (M, classes), of which the largest wins.
    x : array, shape (n, 2)
    labels : array of integers, shape (n,)
        From 0 on.
    names : list of str, optional
        One for each class.
    """
    from matplotlib.colors import ListedColormap

    def classes(points: np.ndarray) -> np.ndarray:
        answer = np.asarray(predict(points))
        return answer.argmax(axis=1) if answer.ndim == 2 else answer.astype(int)

    x = array("x", x, None, 2)
    labels, ax = array("labels", labels, len(x)).astype(int), new_axes(ax, (6.4, 5.0))
    low, high = x.min(axis=0), x.max(axis=0)
    margin = 0.1 * np.max(high - low)
    across, up = (np.linspace(low[k] - margin, high[k] + margin, 200) for k in (0, 1))
    grid = np.stack(np.meshgrid(across, up), axis=-1)
    region = classes(grid.reshape(-1, 2)).reshape(200, 200)
    count = max(labels.max(), region.max()) + 1
    tints = ListedColormap([COLORS[k % len(COLORS)] for k in range(count)])
    ax.pcolormesh(across, up, region, cmap=tints, vmin=-0.5, vmax=count - 0.5, alpha=0.2, shading="nearest", lw=0,
                  rasterized=True)
    for k in range(count):
        if 0 < np.mean(region == k) < 1:
            ax.contour(across, up, region == k, levels=[0.5], colors="black", linewidths=0.8)
        style = cue(k) | {"linestyle": "none"}
        ax.plot(*x[labels == k].T, ms=6, mec="white", mew=0.7, label=names[k] if names else f"class {k}", **style)
    ax.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), frameon=False)
    wrong = np.mean(classes(x) != labels)
    sentence = f"Regions of {count} classes in the plane; {100 * wrong:.3g} % of the {len(x)} samples lie in a wrong one."
    return finish(ax, title, sentence, xlabel=xlabel, ylabel=ylabel, aspect="equal")


def plot_spectra(spectra: Mapping[str, ArrayLike], ax: "Axes | None" = None, *, ylabel: str = "singular value",
                 title: str | None = None) -> "Axes":
    """Draw singular values or eigenvalues from the largest on, on a logarithmic axis; negative ones hollow.

    Parameters
    ----------
    spectra : dict of arrays, each of shape (values,)
        In any order. Of negative values the size is drawn. What is below 1e-16 of the largest is left out.
    """
    ax, sentences, hollow = new_axes(ax), [], False
    for i, (name, given) in enumerate(mapping("spectra", spectra).items()):
        values = np.sort(array(f"spectra[{name!r}]", given, None))[::-1]
        size, rank = np.abs(values), np.arange(1, len(values) + 1)
        seen, style = size > 1e-16 * size.max(), cue(i)
        ax.plot(rank[seen], size[seen], **(style | {"marker": None}), lw=1)
        for chosen, fill in ((seen & (values > 0), style["color"]), (seen & (values < 0), "white")):
            label = name if fill != "white" else None
            ax.plot(rank[chosen], size[chosen], style["marker"], color=style["color"], mfc=fill, ms=5, label=label)
        negative = int(np.sum(values[seen] < 0))
        hollow |= negative > 0
        sentences.append(f"{name} " + "from {} to {}".format(*figures(values[0], values[-1]))
                         + (f", {negative} of {len(values)} negative" if negative else ""))
    sentence = f"{ylabel} by rank: {'; '.join(sentences)}."
    if hollow:
        ylabel = f"size of the {ylabel}"
        ax.plot([], [], "o", color="black", mfc="white", label="hollow: negative")
    if len(spectra) > 1 or hollow:
        ax.legend(framealpha=0.9)
    return finish(ax, title, sentence, yscale="log", ylabel=ylabel, xlabel="rank (1 is the largest)")


def plot_index_against_loss(loss: ArrayLike, index: ArrayLike, ax: "Axes | None" = None, *, xlabel: str = "loss",
                            ylabel: str = "negative eigenvalues of the Hessian", title: str | None = None) -> "Axes":
    """Draw critical points: how high they lie, and how many directions lead down from them (the index).

    Parameters
    ----------
    loss, index : array, shape (points,)

    References
    ----------
    Y. Dauphin et al. (2014), Identifying and attacking the saddle point problem, arXiv 1406.2572.
    """
    from matplotlib.ticker import MaxNLocator

    loss = array("loss", loss, None)
    index, ax = array("index", index, len(loss)), new_axes(ax)
    minima = index == 0
    ax.plot(loss[~minima], index[~minima], "o", color=COLORS[0], alpha=0.6, mec="none", label="saddle points or maxima")
    ax.plot(loss[minima], index[minima], "*", color=ORANGE, ms=12, label="minima (index 0)")
    ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    ax.legend(framealpha=0.9)
    varied = len(loss) > 1 and np.ptp(loss) > 0 and np.ptp(index) > 0
    alike = f"; their correlation is {np.corrcoef(loss, index)[0, 1]:.2f}" if varied else ""
    sentence = f"Index against loss of {len(loss)} critical points, of which {minima.sum()} have index 0{alike}."
    return finish(ax, title, sentence, xlabel=xlabel, ylabel=ylabel)
