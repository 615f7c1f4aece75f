"""What a gradient check found: arrays to look at, a table to print, a picture."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass
class CheckedArray:
    """One array's gradient, checked.

    Attributes
    ----------
    analytic, numeric : ndarray of float64
        The gradient under test, and by differences: nan where an entry was not measured.
    relative_error : ndarray of float64
        ``abs(analytic - numeric) / max(abs(analytic), abs(numeric))``, the denominator enlarged where rounding spoils
        the difference, so that it can be compared with the tolerance; 0 where both are 0.
    ok : bool
        Whether the gradient passed.
    worst : float
        Largest relative error, of an entry or a direction.
    wrong, kinks : list of tuple of int
        Index of each entry that is wrong, and of each where `f` has a kink (which is not an error).
    diagnosis, message : str
        Kind of mistake (empty if none), and a sentence.
    evaluations, directions : int
        How often `f` was evaluated, and the number of random directions (0: every entry was measured).
    rtol : float
        The relative error that was allowed.
    """

    name: str
    analytic: np.ndarray
    numeric: np.ndarray
    relative_error: np.ndarray
    ok: bool
    worst: float
    wrong: list[tuple[int, ...]] = field(default_factory=list)
    kinks: list[tuple[int, ...]] = field(default_factory=list)
    diagnosis: str = ""
    message: str = ""
    evaluations: int = 0
    directions: int = 0
    rtol: float = 0.0


@dataclass(repr=False)
class GradientCheck:
    """Result of a check; true if every array passed. `numeric` and so on are those of the worst array."""

    parts: Mapping[str, CheckedArray]

    def __bool__(self) -> bool:
        return self.ok

    def __getitem__(self, name: str) -> CheckedArray:
        return self.parts[name]

    def __getattr__(self, name: str) -> Any:
        if name in CheckedArray.__dataclass_fields__:
            return getattr(self._main, name)
        raise AttributeError(f"a gradient check has no {name!r}")

    @property
    def ok(self) -> bool:
        """Whether every array passed."""
        return all(part.ok for part in self.parts.values())

    @property
    def evaluations(self) -> int:
        """How often the function was evaluated."""
        return sum(part.evaluations for part in self.parts.values())

    @property
    def _main(self) -> CheckedArray:
        return max(self.parts.values(), key=lambda part: (not part.ok, part.worst))

    def __str__(self) -> str:
        rows = [("array", "shape", "measured", "worst error", "verdict")]
        for p in self.parts.values():
            entries = f"{p.analytic.size} entries" if p.analytic.size != 1 else "1 entry"
            measured = f"{p.directions} directions" if p.directions else f"all {entries}"
            worst = f"< {p.rtol:.0e}" if p.ok else f"{p.worst:.1e}"  # rounding differs from machine to machine
            rows.append((p.name, str(p.analytic.shape), measured, worst, "right" if p.ok else "WRONG"))
        widths = [max(len(row[k]) for row in rows) for k in range(5)]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
        lines[1:1] = ["  ".join("-" * width for width in widths)]
        lines += [f"{p.name}: {p.message}" for p in self.parts.values() if p.message]
        return "\n".join([*lines, f"{self.evaluations} evaluations"])

    __repr__ = __str__

    def plot(self, ax: Any = None, name: str | None = None) -> Any:
        """Draw where a gradient is wrong: relative error by entry, wrong entries crossed, unmeasured ones grey.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            Where to draw; a new figure otherwise.
        name : str, optional
            Which array; the worst one otherwise. Arrays of more than two axes are drawn with a row for each ``x[i]``.

        Returns
        -------
        Axes
        """
        import matplotlib.pyplot as plt
        from matplotlib.ticker import MaxNLocator

        part = self.parts[name] if name is not None else self._main
        ax = plt.subplots(layout="constrained")[1] if ax is None else ax
        shape = part.relative_error.shape
        rows = shape[0] if len(shape) > 1 else 1
        grid = part.relative_error.reshape(rows, -1)
        cmap = plt.get_cmap("cividis").with_extremes(bad="0.7")
        image = ax.imshow(np.log10(np.maximum(grid, 1e-12)), cmap=cmap, vmin=-12, vmax=0, aspect="auto")
        flat = [int(np.ravel_multi_index(i, shape)) if shape else 0 for i in part.wrong]
        y, x = np.divmod(np.array(flat, dtype=int), max(grid.shape[1], 1))
        ax.plot(x, y, "x", color="tab:red", markersize=6, label="wrong")
        ax.figure.colorbar(image, ax=ax, label="log10 of the relative error")
        verdict = "right" if part.ok else part.message.split(", where")[0].split("; else")[0]
        note = " (grey: not measured)" if np.isnan(grid).any() else ""
        ax.set(xlabel=("index along axis 1" if len(shape) == 2 else "entry") + note, title=f"{part.name}: {verdict}",
               ylabel="index along axis 0 (row)" if len(shape) > 1 else "")
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.yaxis.set_major_locator(MaxNLocator(integer=True) if len(shape) > 1 else plt.NullLocator())
        return ax
