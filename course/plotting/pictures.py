"""Arrays as pictures: weights, filters and samples, tables of settings, confusion matrices."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from course.plotting.style import array, figures, finish, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_images(images: ArrayLike, ax: "Axes | None" = None, *, names: Sequence[object] | None = None,
                columns: int | None = None, signed: bool | None = None, label: str = "value",
                title: str | None = None) -> "Axes":
    """Draw pictures side by side with one scale: samples in grey; weights and filters red above zero, blue below.

    Parameters
    ----------
    images : array, shape (n, H, W)
        For weights (D, M) of a dense layer on images: ``w.T.reshape(M, H, W)``.
    names : sequence, optional
        What stands above each picture.
    columns : int, optional
        Pictures in a row.
    signed : bool, optional
        Whether zero is the middle of the colours; unless told, whether there are negative values.
    label : str
        What the values are, with their unit, for the colour bar.
    """
    images = array("images", images, None, None, None)
    n, height, width = images.shape
    if names is not None and len(names) != n:
        raise ValueError(f"names must have {n} entries, one for each image, got {len(names)}")
    columns = min(columns or 10, n)
    rows = -(-n // columns)
    gap = 0.3 if names is not None else 0.12  # as shares of a picture's height
    high = height * (1 + gap)
    ax = new_axes(ax, (min(1.05 * columns + 1, 11), min(1.05 * columns + 1, 11) / columns * rows * (1 + gap) + 0.5))
    signed = bool(np.nanmin(images) < 0) if signed is None else signed
    top = np.nanmax(np.abs(images)) or 1.0
    low = -top if signed else min(float(np.nanmin(images)), 0.0)
    for i, image in enumerate(images):
        row, column = divmod(i, columns)
        left, upper = column * 1.1 * width, row * high
        drawn = ax.imshow(image, cmap="RdBu_r" if signed else "gray_r", vmin=low, vmax=top,
                          extent=(left, left + width, upper + height, upper), interpolation="nearest")
        ax.plot(left + np.array([0, 1, 1, 0, 0]) * width, upper + np.array([0, 0, 1, 1, 0]) * height, color="0.6", lw=0.8)
        if names is not None:
            ax.text(left + width / 2, upper - 0.04 * height, str(names[i]), ha="center", va="bottom", fontsize=9)
    ax.set(xlim=(-0.02 * width, (1.1 * columns - 0.08) * width), ylim=((rows - 1) * high + 1.02 * height, -gap * height), aspect="equal")
    ax.axis("off")
    ax.figure.colorbar(drawn, cax=ax.inset_axes((1.01, 0, 0.15 / columns, 1 - gap * height / (rows * high))), label=label)
    sentence = "{} pictures of {} by {} values, from {} to {}".format(
        n, height, width, *figures(np.nanmin(images), np.nanmax(images)))
    return finish(ax, title, sentence + (f": {'; '.join(map(str, names))}." if names is not None else "."))


def plot_heat_map(values: ArrayLike, ax: "Axes | None" = None, *, rows: Sequence[object], columns: Sequence[object],
                  xlabel: str, ylabel: str, label: str, title: str | None = None, digits: str = ".3g",
                  missing: str = "none", write: bool | None = None, signed: bool | None = None) -> "Axes":
    """Draw a table of settings (or a statistic by layer and epoch, a Jacobian, ...) in colours, with its figures.

    Parameters
    ----------
    values : array, shape (R, C)
        What is not finite is grey.
    rows, columns : sequences of length R and C
    label : str
        What the values are, with their unit, for the colour bar.
    digits : str
        Format of a written value.
    missing : str
        What is written for a value that is not finite.
    write : bool, optional
        Whether values are written; unless told, up to 12 rows and columns.
    signed : bool, optional
        Whether zero is the middle of the colours; unless told, whether there are negative values.
    """
    values = array("values", values, len(rows), len(columns))
    known = values[np.isfinite(values)]
    known = known if known.size else np.zeros(1)
    signed = bool(known.min() < 0) if signed is None else signed
    write = max(values.shape) <= 12 if write is None else write
    ax = new_axes(ax, (np.clip(3 + 0.8 * len(columns), 6, 9), np.clip(1.8 + 0.5 * len(rows), 3.6, 5.5)))
    low, high = (-np.abs(known).max(), np.abs(known).max()) if signed else (known.min(), known.max())
    drawn = ax.imshow(np.ma.masked_invalid(values), cmap="RdBu_r" if signed else "Blues", vmin=low, vmax=high,
                      aspect="auto", interpolation="nearest")
    ax.set_facecolor("0.85")  # seen where a value is not finite
    for (row, column), value in np.ndenumerate(values) if write else ():
        red, green, blue, _ = drawn.cmap(drawn.norm(value)) if np.isfinite(value) else (1, 1, 1, 1)
        dark = 0.3 * red + 0.59 * green + 0.11 * blue < 0.5
        ax.text(column, row, f"{value:{digits}}".replace("-", "−") if np.isfinite(value) else missing, ha="center", va="center",
                color="white" if dark else "black")
    for axis, names in ((ax.xaxis, columns), (ax.yaxis, rows)):
        step = -(-len(names) // 20)  # no more ticks than can be read
        axis.set_ticks(range(0, len(names), step), [str(name) for name in names[::step]])
    ax.figure.colorbar(drawn, ax=ax, label=label)
    told = []
    for word, value in (("largest", known.max()), ("smallest", known.min())) if np.isfinite(values).any() else ():
        row, column = np.argwhere(values == value)[0]
        told.append("{} {} at ({}, {})".format(word, *figures(value), rows[int(row)], columns[int(column)]))
    sentence = f"{label} by {ylabel} and {xlabel}: {', '.join(told) or 'nothing finite'}."
    return finish(ax, title, sentence, xlabel=xlabel, ylabel=ylabel)


def plot_confusion_matrix(labels: ArrayLike, predicted: ArrayLike, ax: "Axes | None" = None, *,
                          names: Sequence[object] | None = None, title: str | None = None) -> "Axes":
    """Draw which class was taken for which: numbers of samples, coloured by their share of the true class.

    Parameters
    ----------
    labels, predicted : array of integers, shape (n,)
        From 0 on.
    names : sequence, optional
        One for each class.
    """
    truth = array("labels", labels, None).astype(int)
    answer = array("predicted", predicted, len(truth)).astype(int)
    classes = len(names) if names is not None else int(max(truth.max(), answer.max())) + 1
    if min(truth.min(), answer.min()) < 0 or max(truth.max(), answer.max()) >= classes:
        raise ValueError(f"labels and predicted must lie in 0 .. {classes - 1}")
    counts = np.zeros((classes, classes), dtype=int)
    np.add.at(counts, (truth, answer), 1)
    share = 100 * counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    ax = new_axes(ax, (2.6 + 0.45 * classes, 1.6 + 0.42 * classes))
    shown = [str(name) for name in (names if names is not None else range(classes))]
    drawn = ax.imshow(share, cmap="Blues", vmin=0, vmax=100)
    for (row, column), count in np.ndenumerate(counts):
        if count:
            ax.text(column, row, count, ha="center", va="center", fontsize=9,
                    color="white" if share[row, column] > 60 else "black")
    ax.set_xticks(range(classes), shown)
    ax.set_yticks(range(classes), shown)
    ax.figure.colorbar(drawn, ax=ax, label="share of the true class (%)")
    off = counts - np.diag(np.diag(counts))
    row, column = np.unravel_index(off.argmax(), off.shape)
    sentence = f"Confusion matrix of {len(truth)} samples: {off.sum()} wrong" + (
        f"; most often {shown[row]} is taken for {shown[column]} ({off.max()} times)." if off.any() else ".")
    return finish(ax, title, sentence, xlabel="predicted class", ylabel="true class")
