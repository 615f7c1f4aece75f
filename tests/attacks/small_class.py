"""A cut-down page of the course, what an honest student hands in for it, and what nobody may learn from it."""

import copy
import secrets
from collections.abc import Iterator
from functools import cache

import nbformat
import numpy as np
from nbformat import NotebookNode

from autograder.answer_key import keys
from autograder.compose import compose
from autograder.grade import Report, grade
from autograder.references import References
from autograder.student_version import student_version
from course.exercises import load
from course.exercises.local import Local
from course.exercises.plain import arrays_in
from course.exercises.probe import run
from tests.conftest import REPOSITORY

EXERCISES = ("relu_backward", "unbroadcast")
SECRET = secrets.randbits(128)
KEY = keys(REPOSITORY)["week3_backprop"]
REFERENCES = References(KEY)


@cache
def _release() -> NotebookNode:
    nb = student_version(KEY.source.with_suffix(".ipynb"))
    wanted = {*EXERCISES, *(f"{e}-code" for e in EXERCISES), "question-checker"}
    experiment = next(c for c in nb.cells if "experiment" in c.metadata.get("tags", []))
    nb.cells = [c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade_id") in wanted
                or "setup" in c.metadata.get("tags", []) or c is experiment]
    return nb


def release() -> NotebookNode:
    """What students get: imports, an experiment, two exercises and a question."""
    return copy.deepcopy(_release())


def cell_of(nb: NotebookNode, grade_id: str) -> NotebookNode:
    return next(c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


def honest() -> NotebookNode:
    """A right answer to one exercise, a wrong one to the other, and a text."""
    nb = release()
    cell_of(nb, "relu_backward-code").source = KEY.solutions["relu_backward"]
    cell_of(nb, "unbroadcast-code").source = "def unbroadcast(grad, shape):\n    return grad.sum()"
    cell_of(nb, "question-checker").source = "It cannot see what it does not measure."
    return nb


def graded(content: NotebookNode | bytes) -> tuple[Report, NotebookNode]:
    """Grade what was handed in, as the grader does it."""
    composed = compose(content if isinstance(content, bytes) else nbformat.writes(content).encode(), release())
    composed.notebook.metadata["grading"] = {"for_instructor": composed.for_instructor}
    report = grade(composed.notebook, composed.notes, SECRET, REFERENCES)
    nbformat.validate(composed.notebook)
    return report, composed.notebook


@cache
def hidden_texts() -> frozenset[str]:
    """The numbers that hidden inputs and answers are made of, as Python and the cards write them."""
    def numbers(value: object) -> Iterator[float]:
        for array in arrays_in(value):
            yield from (float(v) for v in np.ravel(array))

    found = set()
    for exercise in EXERCISES:
        for k in range(3):
            for outcome in run(load()[exercise], Local(KEY.names()), [SECRET, k]):
                found |= set(numbers(outcome.case.value)) | {v for _, args, _ in outcome.record.calls for v in numbers(list(args))}
    shown = {f"{abs(v):.17g}"[:9] for v in found if abs(v) > 1e-3 and v % 1}
    return frozenset(text for text in shown if len(text) == 9)
