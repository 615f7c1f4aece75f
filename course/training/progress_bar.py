"""A progress bar for experiments, without a dependency."""

import sys
import time
from typing import Any


class ProgressBar:
    """A bar of text: in a terminal on one line that is cleared at the end, in Jupyter on one that stays short."""

    def __init__(self, total: int, wanted: bool) -> None:
        self.total, self.shown = total, 0.0
        self.terminal = wanted and sys.stderr.isatty()
        self.handle: Any = None
        shell = sys.modules["IPython"].get_ipython() if wanted and "IPython" in sys.modules else None
        if hasattr(shell, "kernel"):
            from IPython.display import display

            self.handle = display({"text/plain": ""}, raw=True, display_id=True)

    def __enter__(self) -> "ProgressBar":
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
