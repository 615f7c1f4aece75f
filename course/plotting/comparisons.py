"""Few figures side by side: one dot a seed, and parts of a whole."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from course.plotting.style import COLORS, array, cue, figures, finish, mapping, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_dots(settings: Mapping[str, ArrayLike], ax: "Axes | None" = None, *, xlabel: str, title: str | None = None,
              xscale: str = "linear", limit: float | None = None, limit_label: str = "limit") -> "Axes":
    """Draw one row of dots for each setting, one dot a seed, with a line at their median.

    Parameters
    ----------
    settings : dict of arrays, each of shape (seeds,)
    xlabel : str
        With the unit.
    limit : float, optional
        A figure from a rule that was written before the run; a dotted line stands there.
    """
    rows = {name: array(f"settings[{name!r}]", np.atleast_1d(np.asarray(v, dtype=float)), None)
            for name, v in mapping("settings", settings).items()}
    ax, sentences = new_axes(ax, (8.0, 1.3 + 0.5 * len(rows))), []
    for row, (name, values) in enumerate(rows.items()):
        style, finite = cue(row) | {"linestyle": "none"}, values[np.isfinite(values)]
        ax.plot(finite, row + np.linspace(-0.16, 0.16, len(finite)) * (len(finite) > 1), ms=6, alpha=0.8, **style)
        told = "none finite"
        if finite.size:
            middle, low, high = np.median(finite), finite.min(), finite.max()
            ax.plot([middle, middle], [row - 0.33, row + 0.33], color="black", lw=1.8)
            told = "{}".format(*figures(middle))
            told += " ({} to {})".format(*figures(low, high)) if finite.size > 1 else ""
            told += f", {values.size - finite.size} not finite" if finite.size < values.size else ""
        ax.text(1.01, row, told, transform=ax.get_yaxis_transform(), va="center", fontsize=9)
        sentences.append(f"{name} {told}")
    ax.set_yticks(range(len(rows)), list(rows))
    sentence = f"{xlabel}, median (smallest to largest) over seeds: {'; '.join(sentences)}."
    if limit is not None:
        ax.axvline(limit, color="black", ls=":", lw=1.5)
        line = "dotted line: {}, {}".format(limit_label, *figures(limit))
        xlabel, sentence = f"{xlabel}; {line}", f"{sentence[:-1]}; {line}."
    return finish(ax, title, sentence, xlabel=xlabel, xscale=xscale, ylim=(len(rows) - 0.4, -0.6))


def plot_shares(wholes: Mapping[str, Mapping[str, float]], ax: "Axes | None" = None, *, xlabel: str = "share (%)",
                unit: str = "", title: str | None = None) -> "Axes":
    """Draw what each whole is made of, as bars of 100 %.

    Parameters
    ----------
    wholes : dict of dicts of float
        Such as {"AlexNet": {"convolution": 2.3e6, "dense": 58.6e6}, ...}; amounts of at least 0, the same parts in each.
    unit : str
        Of the sums, which are written at the right.
    """
    rows, hatches, sentences = mapping("wholes", wholes), ("", "///", "...", "xx"), []
    parts = list(next(iter(rows.values())))
    if any(list(row) != parts or min(row.values()) < 0 or sum(row.values()) <= 0 for row in rows.values()):
        raise ValueError("wholes must have the same parts each, with amounts of at least 0 that are not all 0")
    ax = new_axes(ax, (8.0, 1.5 + 0.55 * len(rows)))
    for row, (name, amounts) in enumerate(rows.items()):
        left, total = 0.0, sum(amounts.values())
        shares = {part: 100 * amount / total for part, amount in amounts.items()}
        for i, (part, share) in enumerate(shares.items()):
            ax.barh(row, share, left=left, height=0.62, color=COLORS[i], alpha=0.45, hatch=hatches[i % 4],
                    edgecolor=COLORS[i], label=part if row == 0 else None)
            if share >= 12:
                ax.text(left + share / 2, row, f"{share:.3g} %", ha="center", va="center",
                        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5, "alpha": 0.9})
            left += share
        small = "".join(f"; {part} {share:.2g} %" for part, share in shares.items() if share < 12)
        told = f"{total:,.0f}" if total >= 1000 else "".join(figures(total))
        ax.text(101, row, f"{told}{f' {unit}' if unit else ''}{small}", va="center", fontsize=9)
        sentences.append(f"{name} " + ", ".join(f"{part} {share:.2g} %" for part, share in shares.items()))
    ax.set_yticks(range(len(rows)), list(rows))
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=len(parts), frameon=False)
    return finish(ax, title, f"{'; '.join(sentences)}.", pad=30, xlabel=xlabel, xlim=(0, 100), ylim=(len(rows) - 0.5, -0.5))
