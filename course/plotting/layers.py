"""What happens inside a net, layer by layer."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from course.plotting.style import BLUE, figures, finish, mapping, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_distributions(layers: Mapping[str, ArrayLike], ax: "Axes | None" = None, *, xlabel: str = "activation",
                       title: str | None = None, limits: tuple[float, float] | None = None) -> "Axes":
    """Draw a histogram of the values of each layer, one above the other, the first layer on top.

    Parameters
    ----------
    layers : dict of arrays of any shape
        Activations or gradients. Exact zeros, as ReLU makes them, are told as a share and left out of the histogram,
        which they would flatten; so are values that are not finite.
    limits : tuple of two float, optional
        Ends of the x axis; unless told, all but the outermost 1 % of the values of all layers.
    """
    values = {name: np.ravel(np.asarray(v, dtype=float)) for name, v in mapping("layers", layers).items()}
    ax = new_axes(ax, (8.0, 1.2 + 0.6 * len(values)))
    parts = [v[np.isfinite(v) & (v != 0)] for v in values.values()]
    if limits is None:
        together = np.concatenate([*parts, [0.0]])
        low, high = np.quantile(together, [0.005, 0.995])
        limits = (min(float(low), 0.0), max(float(high), 0.0)) if high > low else (-1.0, 1.0)
    edges = np.linspace(*limits, 81)
    middles, sentences = (edges[1:] + edges[:-1]) / 2, []
    for row, ((name, v), part) in enumerate(zip(values.items(), parts, strict=True)):
        counts = np.histogram(part, edges)[0]
        height = 0.85 * counts / max(counts.max(), 1)
        ax.fill_between(middles, row - height, row, step="mid", color=BLUE, alpha=0.35, lw=0)
        ax.step(middles, row - height, where="mid", color=BLUE, lw=1)
        broken = np.mean(~np.isfinite(v))
        told = "sd {}".format(*figures(np.std(v[np.isfinite(v)]) if broken < 1 else np.nan))
        told += f", {100 * np.mean(v == 0):.0f} % zero" if np.any(v == 0) else ""
        told += f", {100 * broken:.0f} % not finite" if broken else ""
        ax.text(1.01, row - 0.35, told, transform=ax.get_yaxis_transform(), va="center", fontsize=9)
        sentences.append(f"{name}: {told}")
    ax.set_yticks(np.arange(len(values)) - 0.35, list(values))
    ax.tick_params(axis="y", length=0)
    ax.spines[["top", "right", "left"]].set_visible(False)
    sentence = f"Histograms of {xlabel} by layer. {'; '.join(sentences)}."
    return finish(ax, title, sentence, xlabel=xlabel, xlim=limits, ylim=(len(values) - 0.9, -0.95))
