"""What the tests of the grader share: the answer key, the release, and submissions made from them."""

import copy
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from autograder.answer_key import AnswerKey, keys
from autograder.compose import compose
from autograder.grade import Report, grade
from autograder.sandbox import NotConfined, choose
from autograder.sandbox.ladder import VARIABLE
from autograder.student_version import student_version

SECRET = 20_240_229
REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session", autouse=True)
def sandbox() -> str:
    """Name of the sandbox that the tests run student code in; what they run is our own, so it may be none."""
    try:
        name = choose().name
    except NotConfined:
        os.environ[VARIABLE] = name = "none"
    return name


KEYS = keys(REPOSITORY)  # by module of the probes, one a notebook


@pytest.fixture(scope="session")
def key() -> AnswerKey:
    return KEYS["week3_backprop"]


@cache
def _student_version(source: Path) -> NotebookNode:
    return student_version(source.with_suffix(".ipynb"))


def released_of(key: AnswerKey) -> NotebookNode:
    """A copy of what students get of a notebook."""
    return copy.deepcopy(_student_version(key.source))


def perfect_of(key: AnswerKey) -> NotebookNode:
    """A submission in which everything is answered."""
    nb = released_of(key)
    for exercise, source in key.solutions.items():
        cell_of(nb, f"{exercise}-code").source = source
    for cell in nb.cells:
        if cell.cell_type == "markdown" and cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = "An answer of my own."
    return nb


@pytest.fixture(scope="session")
def released(key: AnswerKey) -> NotebookNode:
    return released_of(key)


@pytest.fixture
def perfect(key: AnswerKey) -> NotebookNode:
    return perfect_of(key)


def cell_of(nb: NotebookNode, grade_id: str) -> NotebookNode:
    return next(c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


@pytest.fixture(scope="session")
def graded(key: AnswerKey, repository: Path) -> Callable[..., tuple[Report, NotebookNode]]:
    """Grade a submission; with `only`, keep the check cells of these exercises alone, to be quick."""

    def run(
        nb: NotebookNode | bytes, only: set[str] | None = None, secret: int = SECRET, key: AnswerKey = key
    ) -> tuple[Report, NotebookNode]:
        content = nb if isinstance(nb, bytes) else nbformat.writes(nb).encode()
        composed = compose(content, released_of(key))
        cells = composed.notebook.cells
        if only is not None:
            composed.notebook.cells = [
                c for c in cells
                if c.cell_type != "code" or not c.metadata.get("nbgrader", {}).get("grade") or c.metadata.nbgrader.grade_id in only
            ]
        return grade(composed.notebook, composed.notes, secret, repository), composed.notebook

    return run
