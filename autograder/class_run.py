"""Grade, hand back and export a class, through nbgrader's own record."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

from autograder.course_folder import CourseProblem, api, built_notebooks, quiet, refusal, require_week
from autograder.nbgrader_steps import adopt
from autograder.release import release
from autograder.sandbox import choose


@dataclass
class StudentResult:
    """What came of one student's submission.

    Attributes
    ----------
    score, max_score : float
        Points that the checks gave, and all that they can give; questions marked by hand come on top.
    to_mark : list of str
        Questions that wait to be marked by hand.
    notes : list of str
        What needs attention, in words that a student can act on.
    """

    student: str
    score: float = 0.0
    max_score: float = 0.0
    exercises: dict[str, float] = field(default_factory=dict)
    misconceptions: dict[str, str] = field(default_factory=dict)
    to_mark: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    graded_now: bool = True


def students(course_dir: Path, week: str) -> list[str]:
    """List who handed in something for a week."""
    return sorted(p.parent.name for p in (course_dir / "submitted").glob(f"*/{week}") if p.is_dir())


def grade_class(
    course_dir: Path, week: str, only: str | None = None, force: bool = False, progress: Callable[[str], None] = lambda _: None
) -> list[StudentResult]:
    """Grade every submission of a week that is new or changed; one that fails does not stop the others.

    Raises
    ------
    CourseProblem
        If the week does not exist, nobody handed in anything, or nothing here confines student code.
    """
    course_dir = course_dir.resolve()
    require_week(course_dir, week)
    notebooks = [p.stem for p in built_notebooks(course_dir, week)]
    found = [s for s in students(course_dir, week) if only in (None, s)]
    if not found:
        wanted = f"submitted/{only or 'STUDENT'}/{week}/"
        raise CourseProblem(f"nothing to grade: put each student's notebook into {wanted} in {course_dir}")
    choose()  # refuse now, and not once for each student
    ensure_released(course_dir, week)
    results = []
    for student in found:
        results.append(_grade_student(course_dir, week, student, notebooks, force))
        progress(student)
    return results


def ensure_released(course_dir: Path, week: str) -> None:
    """Make the release if the gradebook does not know the week yet."""
    from nbgrader.api import MissingEntry

    with api(course_dir).gradebook as gradebook:
        try:
            known = {n.name for n in gradebook.find_assignment(week).notebooks}
        except MissingEntry:
            known = set()
    if known != {p.stem for p in built_notebooks(course_dir, week)}:
        release(course_dir, week)


def _grade_student(course_dir: Path, week: str, student: str, notebooks: list[str], force: bool) -> StudentResult:
    result = StudentResult(student)
    submitted = course_dir / "submitted" / student / week
    with quiet():
        adopt(course_dir, submitted)
    if not any(p.is_file() for p in submitted.glob("*.ipynb")):
        result.notes.append(f"there is no notebook in submitted/{student}/{week}, so there is nothing to grade")
        return result
    if not force and _is_graded(course_dir, week, student, notebooks):
        result.graded_now = False
    else:
        with quiet() as said:
            done = api(course_dir).autograde(week, student, force=True, create=True)
        if not done["success"]:
            result.notes.append(f"it could not be graded: {refusal(done, said.getvalue())}")
            return result
    _read_marks(course_dir, week, student, result)
    for name in notebooks:
        result.notes += graded_metadata(course_dir, week, student, name).get("notes", [])
    return result


def _is_graded(course_dir: Path, week: str, student: str, notebooks: list[str]) -> bool:
    for name in notebooks:
        submitted = course_dir / "submitted" / student / week / f"{name}.ipynb"
        meta = graded_metadata(course_dir, week, student, name)
        if not submitted.is_file() or meta.get("submission") != submission_digest(submitted.read_bytes()):
            return False
    return True


def submission_digest(content: bytes) -> str:
    """Return what tells one submission from another."""
    return hashlib.sha256(content).hexdigest()


def graded_metadata(course_dir: Path, week: str, student: str, notebook: str) -> dict[str, Any]:
    """Read what the grader wrote into a graded notebook."""
    path = course_dir / "autograded" / student / week / f"{notebook}.ipynb"
    if not path.is_file():
        return {}
    return dict(nbformat.read(path, as_version=4).metadata.get("grading", {}))


def _read_marks(course_dir: Path, week: str, student: str, result: StudentResult) -> None:
    from nbgrader.api import MissingEntry

    with api(course_dir).gradebook as gradebook:
        try:
            submission = gradebook.find_submission(week, student)
        except MissingEntry:
            return
        for grade in (g for notebook in submission.notebooks for g in notebook.grades):
            if grade.cell.cell_type == "code":
                result.exercises[grade.name] = float(grade.score)
                result.score += float(grade.score)
                result.max_score += float(grade.max_score)
            elif grade.needs_manual_grade:
                result.to_mark.append(grade.name)
        names = [notebook.name for notebook in submission.notebooks]
    for name in names:
        for entry in graded_metadata(course_dir, week, student, name).get("grades", []):
            if entry.get("misconception"):
                result.misconceptions[entry["exercise"]] = entry["misconception"]
    result.score = round(result.score, 2)


def feedback_class(course_dir: Path, week: str, only: str | None = None, progress: Callable[[str], None] = lambda _: None) -> list[Path]:
    """Write a feedback page for each graded submission of a week and return the pages."""
    course_dir = course_dir.resolve()
    require_week(course_dir, week)
    graded = sorted(p.parent.name for p in (course_dir / "autograded").glob(f"*/{week}") if p.is_dir())
    graded = [s for s in graded if only in (None, s)]
    if not graded:
        raise CourseProblem(f"nothing to give feedback on: grade first, with `autograder grade {week}`")
    pages = []
    for student in graded:
        with quiet() as said:
            done = api(course_dir).generate_feedback(week, student, force=True)
        if not done["success"]:
            raise CourseProblem(f"no feedback for {student}: {refusal(done, said.getvalue())}")
        pages += sorted((course_dir / "feedback" / student / week).glob("*.html"))
        progress(student)
    return pages


def export_csv(course_dir: Path, week: str, to: Path) -> int:
    """Write the marks of a week with nbgrader's own CSV exporter; return the number of rows."""
    from nbgrader.plugins import CsvExportPlugin

    course_dir = course_dir.resolve()
    require_week(course_dir, week)
    if not to.resolve().parent.is_dir():
        raise CourseProblem(f"there is no folder {to.resolve().parent}; make it, or choose another place with --to")
    part = to.with_name(to.name + ".part")
    with quiet(), api(course_dir).gradebook as gradebook:
        if week not in {a.name for a in gradebook.assignments}:
            raise CourseProblem(f"the gradebook does not know {week} yet: grade first, with `autograder grade {week}`")
        CsvExportPlugin(to=str(part), assignment=[week]).export(gradebook)
    part.replace(to)
    return max(0, len(to.read_text(encoding="utf-8").splitlines()) - 1)
