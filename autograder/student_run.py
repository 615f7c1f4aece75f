"""A notebook's cells in a student's process, and copies of it that are asked for answers."""

import time
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.inert import inert_outputs
from autograder.remote import CELL_SECONDS, CellEndedProcess, RemoteBackend, StudentProcess
from course.exercises.probe import Exercise

RESTARTS = 3
OUTPUT_BYTES = 30_000_000
NOTEBOOK_SECONDS = 900.0  # of all cells together, after which no other is begun


class StudentRun:
    """A student's process that survives its own cells: when one takes it down, it is started anew without that cell.

    Answers are asked of copies of the process, set aside where the check cells stand. They are asked when all cells have
    run, because what a copy has seen of the inputs it could hand on, through a file, to whatever runs after it.

    Attributes
    ----------
    sandbox : str
        Name of the backend that it runs in.
    """

    def __init__(self, library: Path) -> None:
        self._library = library
        self._process = StudentProcess(library=library)
        self.sandbox = self._process.sandbox
        self._before: list[str | Exercise] = []
        self._copies: dict[str, RemoteBackend] = {}
        self._restarts = 0
        self._left, self._room = NOTEBOOK_SECONDS, OUTPUT_BYTES

    def cell(self, source: str) -> tuple[list[NotebookNode], str]:
        """Run a cell; return its outputs, inert, and a note if it ended the process."""
        if self._restarts > RESTARTS:
            return [], "it was not run, because earlier cells ended the process again and again"
        if self._left <= 0:
            return [], f"it was not run, because the cells before it took more than {NOTEBOOK_SECONDS:g} s together"
        start = time.monotonic()
        try:
            _, outputs = self._process.run_cell(source, CELL_SECONDS)
        except CellEndedProcess as ended:
            self._restart()
            error = nbformat.v4.new_output("error", ename="CellEndedProcess", evalue=str(ended), traceback=[str(ended)])
            return [error], f"{ended}; the cells after it ran without it"
        finally:
            self._left -= time.monotonic() - start
        if self._process.interrupted:
            return inert_outputs(outputs), f"it ran longer than {CELL_SECONDS:g} s and was stopped"
        self._before.append(source)
        shown = inert_outputs(outputs)
        self._room -= sum(len(str(output)) for output in shown)
        if self._room < 0:
            return [], f"its outputs were left out, because those of the notebook are over {OUTPUT_BYTES / 1e6:g} MB"
        return shown, ""

    def set_aside(self, exercise: Exercise) -> None:
        """Copy the process as it is now, to ask for the answer to an exercise later."""
        self._before.append(exercise)
        self._copies[exercise.id] = self._process.probe(exercise.seconds)

    def anew(self, wanted: set[str]) -> "StudentRun":
        """Run the cells that went well in another process, with which this one shares nothing, and set aside what is wanted.

        Cells after the last of it are left out.

        Parameters
        ----------
        wanted : set of str
            Ids of exercises.
        """
        other = StudentRun(self._library)
        last = max(i for i, step in enumerate(self._before) if not isinstance(step, str) and step.id in wanted)
        other._before = [step for step in self._before[:last + 1] if isinstance(step, str) or step.id in wanted]
        other._replay()
        return other

    def _restart(self) -> None:
        self._restarts += 1
        self._close_copies()
        self._process = StudentProcess(library=self._library)
        self._replay()

    def _replay(self) -> None:
        for i, step in enumerate(self._before):
            if isinstance(step, Exercise):
                self._copies[step.id] = self._process.probe(step.seconds)
                continue
            try:
                self._process.run_cell(step)
            except CellEndedProcess:  # it went well before; without it the rest may still go well
                del self._before[i]
                if self._restarts <= RESTARTS:
                    self._restart()
                return

    def backend(self, exercise: Exercise) -> RemoteBackend | None:
        """Return the copy of the process that is asked for the answer to an exercise; None if none could be made."""
        if self._process.ended and self._restarts <= RESTARTS:  # an exercise before this one took all others with it
            self._restart()
        return self._copies.get(exercise.id)

    def _close_copies(self) -> None:
        for copy in self._copies.values():
            copy.close()

    def close(self) -> None:
        """End the student's process."""
        self._process.close()  # and with it its copies
        self._close_copies()
