"""A course folder with one short notebook, and submissions to it, for tests that grade a whole class again and again."""

import json
import shutil
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbformat import NotebookNode

from autograder.answer_key import AnswerKey
from autograder.student_version import student_version

REPOSITORY = Path(__file__).resolve().parent.parent
WEEK, NOTEBOOK = "week3", "02_backprop"
EXERCISES = ("relu_backward", "relative_error")
QUESTION = "question-checker"
POINTS = {"relu_backward": 2.0, "relative_error": 2.0}
RIGHT = {
    "relu_backward": "def relu_backward(grad_out, x):\n    return grad_out * (x > 0)",
    "relative_error": "def relative_error(a, b):\n    a, b = np.asarray(a, float), np.asarray(b, float)\n"
                      "    return np.max(np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b)))",
}
WRONG = {"relu_backward": "def relu_backward(grad_out, x):\n    return np.where(x >= 0, grad_out, 0.0)"}


def small_course(folder: Path, points: dict[str, float] | None = None) -> Path:
    """Make a course folder that holds two quick exercises and a question of the real notebook."""
    wanted = {QUESTION, *EXERCISES, *(f"{e}-code" for e in EXERCISES)}
    nb = jupytext.read(REPOSITORY / "notebooks" / WEEK / f"{NOTEBOOK}.md")
    nb.cells = [c for c in nb.cells if "setup" in c.metadata.get("tags", [])
                or c.metadata.get("nbgrader", {}).get("grade_id") in wanted]
    for cell in nb.cells:
        meta = cell.metadata.get("nbgrader", {})
        if meta.get("grade_id") in (points or {}):
            meta["points"] = points[meta["grade_id"]]
    built = folder / "notebooks" / WEEK / f"{NOTEBOOK}.ipynb"
    built.parent.mkdir(parents=True, exist_ok=True)
    jupytext.write(nb, built.with_suffix(".md"), fmt="md:myst")
    for i, cell in enumerate(nb.cells):
        cell["id"] = f"cell-{i}"
    nbformat.write(nb, built)
    shutil.copy(REPOSITORY / "nbgrader_config.py", folder)
    return folder


def submission(course: Path, answers: dict[str, str] | None = None, question: str = "Because.") -> NotebookNode:
    """Return a notebook in which everything is answered rightly, but what `answers` says."""
    built = course / "notebooks" / WEEK / f"{NOTEBOOK}.ipynb"
    nb = student_version(built)
    texts = {**AnswerKey(built.with_suffix(".md")).solutions, **(answers or {})}
    for cell in nb.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if grade_id.removesuffix("-code") in texts and grade_id.endswith("-code"):
            cell.source = texts[grade_id.removesuffix("-code")]
        elif grade_id == QUESTION:
            cell.source = question
    return nb


def hand_in(course: Path, student: str, nb: NotebookNode | bytes, timestamp: str = "") -> Path:
    """Put a notebook where submissions lie."""
    path = course / "submitted" / student / WEEK / f"{NOTEBOOK}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(nb if isinstance(nb, bytes) else nbformat.writes(nb).encode())
    if timestamp:
        (path.parent / "timestamp.txt").write_text(timestamp)
    return path


def graded_notebook(course: Path, student: str) -> dict[str, Any]:
    """Read a graded notebook as plain JSON."""
    return json.loads((course / "autograded" / student / WEEK / f"{NOTEBOOK}.ipynb").read_text())


# Every row that people or the grader write, without the random ids by which the tables refer to each other.
ROWS = """
SELECT s.id, a.name, sa.timestamp, n.name, sn.late_submission_penalty, c.name, 'grade',
       g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade, NULL, NULL
FROM grade g JOIN base_cell c ON c.id = g.cell_id JOIN submitted_notebook sn ON sn.id = g.notebook_id
JOIN notebook n ON n.id = sn.notebook_id JOIN submitted_assignment sa ON sa.id = sn.assignment_id
JOIN assignment a ON a.id = sa.assignment_id JOIN student s ON s.id = sa.student_id
UNION ALL
SELECT s.id, a.name, sa.timestamp, n.name, sn.late_submission_penalty, c.name, 'comment',
       NULL, NULL, NULL, NULL, m.auto_comment, m.manual_comment
FROM comment m JOIN base_cell c ON c.id = m.cell_id JOIN submitted_notebook sn ON sn.id = m.notebook_id
JOIN notebook n ON n.id = sn.notebook_id JOIN submitted_assignment sa ON sa.id = sn.assignment_id
JOIN assignment a ON a.id = sa.assignment_id JOIN student s ON s.id = sa.student_id
"""


def gradebook_rows(course: Path) -> list[tuple]:
    """Read all that the gradebook says about submissions, in an order of its own."""
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(course / "gradebook.db")) as db:
        return sorted(db.execute(ROWS).fetchall(), key=repr)
