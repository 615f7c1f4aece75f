"""What the tests of the grader share: the answer key, the release, and submissions made from them."""

import copy
import os
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from autograder.answer_key import AnswerKey
from autograder.compose import compose
from autograder.grade import Report, grade
from autograder.sandbox import NotConfined, choose
from autograder.sandbox.ladder import VARIABLE
from autograder.student_version import student_version

SECRET = 20_240_229


@pytest.fixture(scope="session", autouse=True)
def sandbox() -> str:
    """Name of the sandbox that the tests run student code in; what they run is our own, so it may be none."""
    try:
        name = choose().name
    except NotConfined:
        os.environ[VARIABLE] = name = "none"
    return name


@pytest.fixture(scope="session")
def key(repository: Path) -> AnswerKey:
    return AnswerKey(repository / "notebooks" / "week3" / "02_backprop.md")


@pytest.fixture(scope="session")
def released(key: AnswerKey) -> NotebookNode:
    return student_version(key.source.with_suffix(".ipynb"))


@pytest.fixture
def perfect(released: NotebookNode, key: AnswerKey) -> NotebookNode:
    """A submission in which everything is answered."""
    nb = copy.deepcopy(released)
    for exercise, source in key.solutions.items():
        cell_of(nb, f"{exercise}-code").source = source
    for cell in nb.cells:
        if cell.cell_type == "markdown" and cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = "An answer of my own."
    return nb


def cell_of(nb: NotebookNode, grade_id: str) -> NotebookNode:
    return next(c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


@pytest.fixture(scope="session")
def graded(released: NotebookNode, repository: Path) -> Callable[..., tuple[Report, NotebookNode]]:
    """Grade a submission; with `only`, keep the check cells of these exercises alone, to be quick."""

    def run(nb: NotebookNode | bytes, only: set[str] | None = None, secret: int = SECRET) -> tuple[Report, NotebookNode]:
        content = nb if isinstance(nb, bytes) else nbformat.writes(nb).encode()
        composed = compose(content, released)
        cells = composed.notebook.cells
        if only is not None:
            composed.notebook.cells = [
                c for c in cells
                if c.cell_type != "code" or not c.metadata.get("nbgrader", {}).get("grade") or c.metadata.nbgrader.grade_id in only
            ]
        return grade(composed.notebook, composed.notes, secret, repository), composed.notebook

    return run
