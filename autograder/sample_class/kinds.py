"""What a submission can look like: each kind turns the released notebook into one."""

import inspect
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

import nbformat
from nbformat import NotebookNode

from autograder import misconceptions
from autograder.answer_key import AnswerKey
from course.exercises import load

Kind = Callable[[NotebookNode, AnswerKey], None]


@dataclass(frozen=True)
class Sample:
    """A student of the sample class, who shows one kind in one notebook; the week's others are handed in blank.

    Attributes
    ----------
    notebook : str
        The notebook's name, without its ending.
    cut : float
        Share of the file that was saved before the disk was full.
    name : str
        The name that the file is handed in under, if not its own.
    alone : bool
        Whether the week's other notebooks are not handed in at all.
    """

    notebook: str
    kind: Kind
    cut: float = 1.0
    name: str = ""
    alone: bool = False


WRITTEN = "Because the figure above shows it, and because the formula says so."


def perfect(nb: NotebookNode, key: AnswerKey) -> None:
    """Answer everything as the reference does."""
    for exercise, source in key.solutions.items():
        _cell(nb, f"{exercise}-code").source = _as_written(source)
    for cell in nb.cells:
        if cell.cell_type == "markdown" and cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = WRITTEN


def blank(nb: NotebookNode, key: AnswerKey) -> None:
    """Hand in what was released."""
    del nb, key


def half_done(nb: NotebookNode, key: AnswerKey) -> None:
    """Answer the first half of the exercises and no question."""
    for exercise in list(key.solutions)[: len(key.solutions) // 2]:
        _cell(nb, f"{exercise}-code").source = _as_written(key.solutions[exercise])


def other_style(answers: ModuleType) -> Kind:
    """Answer everything with the functions of a module, in the first exercise's cell."""

    def make(nb: NotebookNode, key: AnswerKey) -> None:
        perfect(nb, key)
        for i, exercise in enumerate(key.solutions):
            source = inspect.getsource(answers) if i == 0 else "# defined in the first exercise's cell"
            _cell(nb, f"{exercise}-code").source = source

    return make


def answered(exercise: str, source: str) -> Kind:
    """Answer one exercise with this source, and the others as the reference does."""

    def make(nb: NotebookNode, key: AnswerKey) -> None:
        perfect(nb, key)
        _cell(nb, f"{exercise}-code").source = source

    return make


def mistaken(exercise: str, misconception: str) -> Kind:
    """Answer one exercise with a misconception that is planted by edits, and the others as the reference does."""

    def make(nb: NotebookNode, key: AnswerKey) -> None:
        perfect(nb, key)
        planted = next(p for p in misconceptions.of(load()[exercise]) if p.id == misconception)
        cell = _cell(nb, f"{exercise}-code")
        for old, new in planted.edits:
            cell.source = cell.source.replace(old, new)

    return make


def crash_before(exercise: str) -> Kind:
    """Put a cell that takes its process down before an exercise's check."""

    def make(nb: NotebookNode, key: AnswerKey) -> None:
        perfect(nb, key)
        nb.cells.insert(_index(nb, exercise), nbformat.v4.new_code_cell("import os\nos.abort()"))

    return make


def check_cell_gone(exercise: str) -> Kind:
    """Delete an exercise's check."""

    def make(nb: NotebookNode, key: AnswerKey) -> None:
        perfect(nb, key)
        nb.cells.pop(_index(nb, exercise))

    return make


def check_cell_twice(exercise: str) -> Kind:
    """Copy an exercise's check."""

    def make(nb: NotebookNode, key: AnswerKey) -> None:
        perfect(nb, key)
        copy = nbformat.from_dict(json.loads(json.dumps(_cell(nb, exercise))))
        copy["id"] = "a-copy"
        nb.cells.insert(_index(nb, exercise), copy)

    return make


def _as_written(solution: str) -> str:
    """Return a solution as a student would write it: without the markers."""
    return re.sub(r"(?m)^ *### (BEGIN|END) SOLUTION\n?", "", solution).rstrip("\n")


def _cell(nb: NotebookNode, grade_id: str) -> NotebookNode:
    return next(c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


def _index(nb: NotebookNode, grade_id: str) -> int:
    return nb.cells.index(_cell(nb, grade_id))
