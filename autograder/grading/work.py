"""Grade one submission: a pure function from what was handed in to graded notebooks, which any process can run."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.compose import compose
from autograder.grade import Grade, Kept, grade
from autograder.grading import noted
from autograder.grading.assignment import Assignment, Page
from autograder.grading.handed_in import submission_digest
from autograder.grading.key_digest import version_digest


@dataclass(frozen=True)
class Submission:
    """What one student handed in, by notebook; the text of each notebook as it was graded before, if it was.

    Attributes
    ----------
    again : bool
        Whether to judge anew what has not changed.
    """

    student: str
    notebooks: dict[str, bytes]
    notes: dict[str, list[str]] = field(default_factory=dict)
    timestamp: str = ""
    before: dict[str, str] = field(default_factory=dict)
    again: bool = False


@dataclass(frozen=True)
class Graded:
    """A graded notebook, as nbgrader writes it, and what its gradebook notes about it.

    Attributes
    ----------
    scores : dict of str to float or None
        Points of each cell that has some; None where a person has to give them.
    comments : dict of str to str or None
        nbgrader's own comment on each answer: that there is none.
    same : frozenset of str
        Cells with points whose answer is the one that was graded before.
    """

    text: str
    scores: dict[str, float | None]
    comments: dict[str, str | None]
    same: frozenset[str]
    grading: dict[str, Any]


class OtherVersion(Exception):
    """Another version of the grader or the course is installed here than where the run began."""


def grade_submission(assignment: Assignment, submission: Submission) -> dict[str, Graded]:
    """Grade every notebook of a submission; the result depends on the arguments alone.

    Raises
    ------
    OtherVersion
        If marks given here could differ from those given elsewhere in the same run.
    """
    if _version() != assignment.version:
        raise OtherVersion("another version of the course, the grader, Python or numpy is installed there than here")
    pages = _same(assignment).pages
    return {name: _grade_notebook(pages[name], assignment.secret, submission, name) for name in submission.notebooks}


_seen: dict[str, Assignment] = {}


def _same(assignment: Assignment) -> Assignment:
    """Return the first copy of an assignment that came to this process: what it has computed is there."""
    if assignment.digest not in _seen:
        _seen.clear()
        _seen[assignment.digest] = assignment
    return _seen[assignment.digest]


def _grade_notebook(page: Page, secret: int, submission: Submission, name: str) -> Graded:
    content = submission.notebooks[name]
    notebook = prepare(content, page.notebook, page.digests, submission.notes.get(name, []), submission.timestamp)
    before = _read(submission.before.get(name))
    kept = {} if submission.again else keep(before, notebook.metadata["grading"])
    report = grade(notebook, notebook.metadata["grading"]["notes"], secret, page.references, kept)
    text, cells = nbformat.writes(notebook, version=4), notebook.cells  # it mends cell ids that stand twice, too
    old = noted.answers(before.cells)
    return Graded(
        text if text.endswith("\n") else text + "\n",
        scores=noted.scores(cells, page.sources, {g.exercise: g.points for g in report.grades}),
        comments=noted.comments(cells, page.sources),
        same=frozenset(name for name, answer in noted.answers(cells).items() if old.get(name) == answer),
        grading=notebook.metadata["grading"])


def prepare(content: bytes, release: NotebookNode, digests: dict[str, str], notes: list[str], timestamp: str = "") -> NotebookNode:
    """Put a submission's answers into the release version, and note there what its marks will depend on."""
    composed = compose(content, release)
    composed.notebook.metadata["grading"] = {
        "notes": [*notes, *composed.notes], "for_instructor": composed.for_instructor,
        "submission": submission_digest(content, timestamp), "key": digests}
    return composed.notebook


def keep(before: NotebookNode, now: dict[str, Any]) -> dict[str, Kept]:
    """Take from a graded notebook the exercises that need not be judged again."""
    then = before.metadata.get("grading", {})
    if then.get("submission") != now["submission"]:
        return {}
    outputs = {c.metadata.nbgrader.grade_id: c.outputs for c in before.cells if c.cell_type == "code" and noted.about(c).get("grade")}
    return {entry["exercise"]: (Grade(**entry), outputs[entry["exercise"]][0]) for entry in then.get("grades", [])
            if outputs.get(entry["exercise"]) and then.get("key", {}).get(entry["exercise"]) == now["key"].get(entry["exercise"])}


def _read(text: str | None) -> NotebookNode:
    try:
        return nbformat.reads(text or "", as_version=4)
    except Exception:  # it was damaged after it was written: then everything is graded again
        return nbformat.v4.new_notebook()


@lru_cache(maxsize=1)
def _version() -> str:
    return version_digest()
