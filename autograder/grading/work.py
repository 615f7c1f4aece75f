"""Grade one submission: a pure function from what was handed in to graded notebooks, which any process can run."""

import tempfile
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.utils import compute_checksum, determine_grade, is_grade, is_solution, is_task

from autograder.compose import compose
from autograder.grade import Grade, Kept, grade
from autograder.grading.assignment import Assignment
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
    course_dir = _unpacked(assignment.digest, assignment)
    return {name: _grade_notebook(assignment, submission, name, course_dir) for name in submission.notebooks}


def _grade_notebook(assignment: Assignment, submission: Submission, name: str, course_dir: Path) -> Graded:
    page, content = assignment.pages[name], submission.notebooks[name]
    notebook = prepare(content, _parsed(page.release), page.digests, submission.notes.get(name, []), submission.timestamp)
    before = _read(submission.before.get(name))
    kept = {} if submission.again else keep(before, notebook.metadata["grading"])
    grade(notebook, notebook.metadata["grading"]["notes"], assignment.secret, course_dir, kept)
    text = nbformat.writes(notebook, version=4)
    cells = notebook.cells
    answers, old = _answers(cells), _answers(before.cells)
    return Graded(
        text if text.endswith("\n") else text + "\n",
        scores={c.metadata.nbgrader.grade_id: determine_grade(c)[0] for c in cells if is_grade(c)},
        comments={c.metadata.nbgrader.grade_id: _comment(c) for c in cells if is_solution(c) or is_task(c)},
        same=frozenset(name for name, answer in answers.items() if old.get(name) == answer),
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
    outputs = {c.metadata.nbgrader.grade_id: c.outputs for c in before.cells if c.cell_type == "code" and is_grade(c)}
    return {entry["exercise"]: (Grade(**entry), outputs[entry["exercise"]][0]) for entry in then.get("grades", [])
            if then.get("key", {}).get(entry["exercise"]) == now["key"].get(entry["exercise"])}


def _answers(cells: list[NotebookNode]) -> dict[str, str]:
    """Return the text that each cell with points is about: its own, or that of the solution cell of its exercise."""
    named = {c.metadata["nbgrader"]["grade_id"]: c for c in cells if "nbgrader" in c.metadata}
    return {name: (cell if is_solution(cell) else named.get(f"{name}-code", cell)).source
            for name, cell in named.items() if is_grade(cell) or is_task(cell)}


def _comment(cell: NotebookNode) -> str | None:
    untouched = cell.metadata.nbgrader.get("checksum") == compute_checksum(cell) and not is_task(cell)
    return "No response." if untouched else None


def _read(text: str | None) -> NotebookNode:
    try:
        return nbformat.reads(text or "", as_version=4)
    except Exception:  # it was damaged after it was written: then everything is graded again
        return nbformat.v4.new_notebook()


@lru_cache(maxsize=1)
def _version() -> str:
    return version_digest()


@lru_cache(maxsize=8)
def _parsed(release: str) -> NotebookNode:
    notebook = nbformat.reads(release, as_version=4)
    MetadataValidator().validate_nb(notebook)  # once: submissions take their metadata from here
    return notebook


_folders: dict[str, tempfile.TemporaryDirectory] = {}


def _unpacked(digest: str, assignment: Assignment) -> Path:
    """Return a course folder with the sources of the week; it stays for as long as this process grades that week."""
    if digest not in _folders:
        _folders.clear()
        folder = _folders[digest] = tempfile.TemporaryDirectory(prefix="week-")
        for name, page in assignment.pages.items():
            path = Path(folder.name) / "notebooks" / assignment.week / f"{name}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(page.source, encoding="utf-8")
    return Path(_folders[digest].name)
