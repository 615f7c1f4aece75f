"""What a backend is: it starts our Python on a student's code, and gives a hold on what it started."""

import os
from pathlib import Path
from typing import Protocol

PROJECT = Path(__file__).resolve().parents[2]
NO_THREADS = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class Running(Protocol):
    """A process that was started, with all that it starts itself."""

    def interrupt(self) -> None:
        """Send SIGINT to the process, and to it alone."""

    def exit_code(self, seconds: float) -> int | None:
        """Wait for the process to end by itself; -N stands for signal N, None for a process that still runs."""

    def said(self) -> str:
        """Return what the backend itself complained about."""

    def end(self) -> None:
        """Kill the process and everything it started; when this returns, they are gone as far as the backend can see."""


class Backend(Protocol):
    """A way to run code that is not trusted."""

    name: str
    confines: bool

    def start(self, arguments: list[str], descriptors: list[int], library: Path = PROJECT) -> Running:
        """Start Python with these arguments, in an empty working folder of its own.

        Parameters
        ----------
        arguments : list of str
            What follows `python` on the command line.
        descriptors : list of int
            Open descriptors that it gets under the same numbers; it gets no others.
        library : Path
            The folder whose ``course/`` it imports; see `autograder.library`.
        """


def environment(home: str, python_path: str, matplotlib_folder: str) -> dict[str, str]:
    """Return everything that a student's process finds in its environment."""
    blas = {k: v for k, v in os.environ.items() if k.startswith("OPENBLAS_")}
    return {
        "PATH": os.defpath, "HOME": home, "USER": "student", "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",  # the order of sets of text, which a mark may come to depend on, is the same in every run
        "PYTHONPATH": python_path, "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": matplotlib_folder, **blas, **NO_THREADS,
    }
