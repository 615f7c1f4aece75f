"""What all pictures share: colours and second cues, new axes, labels, and the sentence for those who cannot see."""

import textwrap
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe & Ito (2008), without the yellow, which is too pale on white. Told apart by colour-blind readers too.
COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
BLUE, ORANGE, GREEN, PURPLE, GREY = *COLORS[:4], "#6b6b6b"
DASHES = ("-", "--", "-.", ":", (0, (6, 1, 1, 1, 1, 1)))
MARKERS = "osD^vPX"


def cue(i: int) -> dict[str, Any]:
    """Return colour, line style and marker of the i-th line: alike in none of the first seven."""
    turn = i // len(COLORS)
    return {"color": COLORS[i % len(COLORS)], "linestyle": DASHES[(i + turn) % len(DASHES)],
            "marker": MARKERS[(i + turn) % len(MARKERS)]}


def new_axes(ax: "Axes | None", size: tuple[float, float] = (8.0, 4.6)) -> "Axes":
    """Return the axes that are passed, or those of a new figure of this size in inches."""
    if ax is None:
        import matplotlib.pyplot as plt

        _, ax = plt.subplots(figsize=size, layout="constrained")
    return ax


def finish(ax: "Axes", title: str | None, sentence: str, pad: float = 6, **settings: Any) -> "Axes":
    """Set labels and a title that is broken to fit (pad points above), add the description, and return the axes."""
    ax.set(**settings)
    if title is not None:
        figure, spec = ax.figure.figure, ax.get_subplotspec()
        place = spec.get_position(figure) if spec else ax.get_position()  # the colour bar's included
        width = max(int(13 * figure.get_figwidth() * place.width), 30)  # type: ignore[union-attr]
        ax.set_title("\n".join(_wrapped(line, width) for line in title.splitlines()), pad=pad)
    return describe(ax, sentence)


def _wrapped(line: str, width: int) -> str:
    """Break a line into as few as fit the width, of about one length: no word is left alone."""
    fewest = len(textwrap.wrap(line, width, break_long_words=False))
    while len(textwrap.wrap(line, width - 1, break_long_words=False)) == fewest and width > 2:
        width -= 1
    return textwrap.fill(line, width, break_long_words=False)


def legend(ax: "Axes", lines: int, **settings: Any) -> None:
    """Add a legend: inside for a few lines, at the right for many."""
    outside: dict[str, Any] = {"loc": "upper left", "bbox_to_anchor": (1.01, 1.0)} if lines > 5 else {}
    ax.legend(framealpha=0.9, **outside, **settings)


def describe(ax: "Axes", sentence: str) -> "Axes":
    """Add a sentence to what is said about the axes; `show` uses it as alt text."""
    sentence = sentence[:1].upper() + sentence[1:]
    ax.description = f"{getattr(ax, 'description', '')} {sentence}".strip()  # type: ignore[attr-defined]
    return ax


def description(picture: "Figure | Axes") -> str:
    """Return in words what axes, or all axes of a figure, show; empty where nothing was said."""
    axes = getattr(picture, "axes", picture)
    parts = axes if isinstance(axes, list) else [axes]
    return " ".join(text for part in parts if (text := getattr(part, "description", "")))


def array(name: str, values: Any, *shape: int | None) -> np.ndarray:
    """Return values as float64; an error names the argument unless the shape fits (None fits any length)."""
    a = np.asarray(values, dtype=np.float64)
    if a.ndim != len(shape) or any(want not in (None, got) for want, got in zip(shape, a.shape, strict=True)):
        wanted = ", ".join("any" if want is None else str(want) for want in shape)
        raise ValueError(f"{name} must have shape ({wanted}), got {a.shape}")
    return a


def mapping(name: str, values: Any) -> dict[str, Any]:
    """Return a dict that is not empty, with its keys as text."""
    if not isinstance(values, Mapping) or not values:
        raise ValueError(f"{name} must be a dict that gives an array to each name, got {type(values).__name__}")
    return {str(key): value for key, value in values.items()}


def figures(*values: float) -> Iterable[str]:
    """Write numbers with three digits."""
    return (f"{value:.3g}".replace("-", "−") for value in values)
