"""What the tests of the grader share: the answer key, the release, and submissions made from them."""

import copy
import os
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from autograder.answer_key import AnswerKey, keys
from autograder.compose import compose
from autograder.grade import Report, grade
from autograder.references import References
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


references_of = cache(References)


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
def graded(key: AnswerKey) -> Callable[..., tuple[Report, NotebookNode]]:
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
        return grade(composed.notebook, composed.notes, secret, references_of(key)), composed.notebook

    return run


def as_an_ordinary_user(command: list[str], repository: Path, home: Path) -> subprocess.CompletedProcess:
    """Run as the user nobody, who is let through, in a view of the file system of their own, to where our Python and the course lie."""
    closed = [Path("/root"), *(p for p in reversed(repository.parents) if not p.stat().st_mode & 0o001 and p != Path("/root"))]
    script = f"""
    mount --make-rprivate / && mount -t tmpfs none /mnt || exit 77
    let_through() {{
        mkdir /mnt/$1 && mount --rbind "$2" /mnt/$1 && mount -t tmpfs -o mode=755 none "$2" || exit 77
        for name in $(ls -A /mnt/$1); do mkdir -p "$2/$name" 2>/dev/null; mount --rbind /mnt/$1/$name "$2/$name" 2>/dev/null; done
    }}
    {"; ".join(f"let_through {number} '{folder}'" for number, folder in enumerate(closed))}
    cd '{repository}' && exec setpriv --reuid 65534 --regid 65534 --clear-groups env HOME={home} "$@" """
    changed = ["unshare", "-m", "sh", "-c", script, "sh", *command] if os.geteuid() == 0 else command
    return subprocess.run(changed, cwd=repository, capture_output=True, text=True, check=False)
