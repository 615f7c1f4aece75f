"""Record graded submissions: the one writer to the gradebook and to ``autograded/``."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.api import Comment, Grade, InvalidEntry, SubmittedAssignment
from nbgrader.preprocessors import AssignLatePenalties
from nbgrader.utils import parse_utc
from sqlalchemy.exc import SQLAlchemyError
from traitlets import TraitError

from autograder.course_folder import CONFIG, CourseProblem
from autograder.grading.backup import Change, Changes
from autograder.grading.files import write_graded
from autograder.grading.gradebook import OneWriter, patiently
from autograder.grading.marks import Mark, marks_of
from autograder.grading.stopped import KEPT, RunStopped
from autograder.grading.work import Graded, Submission

LATE = "late penalty"


class NotRecorded(Exception):
    """The gradebook does not take this submission; others may be recorded."""


class Recorder:
    """Notes in the gradebook what `nbgrader autograde` would, and keeps what people have entered there.

    The gradebook is committed first and the files are written after it: a submission counts as graded once its files say
    so, and a run that is killed in between records the same marks again.
    """

    def __init__(self, api: Any, week: str, say: Callable[[str], None]) -> None:
        self._course = api.coursedir
        self._say = say
        self.gradebook = OneWriter(self._course.db_url, week)
        self.changes = Changes(Path(self._course.root), week, self.gradebook.engine)
        try:
            self._late = AssignLatePenalties(parent=api)
            self._late.init_plugin()
        except TraitError as error:
            raise CourseProblem(f"{CONFIG}: what it says about late work cannot be used: {error}") from None

    def __enter__(self) -> "Recorder":
        return self

    def __exit__(self, *_error: object) -> None:
        self.gradebook.close()

    def marks(self, only: str | None = None) -> list[Mark]:
        """Read all marks of the week, or those of one student."""
        try:
            return patiently(lambda: list(marks_of(self.gradebook, self.gradebook.week, only)), self._course.db_url, self._say)
        finally:
            self.gradebook.db.remove()  # a transaction that only reads would hold others up, too

    def record(self, submission: Submission, graded: dict[str, Graded]) -> list[Change]:
        """Record one submission and return the marks that it had before and that are others now.

        Raises
        ------
        RunStopped
            If the gradebook or the disk cannot be written; then the next run does it.
        NotRecorded
            If the gradebook does not take this one.
        """
        try:
            changes = patiently(lambda: self._record(submission, graded), self._course.db_url, self._say)
            texts = {name: g.text for name, g in graded.items()}
            for line in write_graded(self._course, self.gradebook.week, submission.student, texts):
                self._say(f"{submission.student}: {line}")
        except OSError as error:
            raise RunStopped(f"{error.filename or 'a file'} could not be written ({error.strerror or error}). {KEPT}") from None
        except (SQLAlchemyError, InvalidEntry) as error:
            raise NotRecorded(str(error).splitlines()[0]) from None
        return changes

    def _record(self, submission: Submission, graded: dict[str, Graded]) -> list[Change]:
        book = self.gradebook
        try:
            book.begin()
            book.update_or_create_student(submission.student)
            row = book.update_or_create_submission(book.week, submission.student, timestamp=read_time(submission.timestamp))
            notebooks = {name: book.notebook_of(row, name) for name in book.cells}
            grades = {name: book.rows(Grade, book.cells[name].points, notebook) for name, notebook in notebooks.items()}
            before = {(name, cell): (grade.auto_score, _score(grade)) for name in grades for cell, grade in grades[name].items()}
            late = {name: notebook.late_submission_penalty or 0.0 for name, notebook in notebooks.items()}
            for name, notebook in notebooks.items():
                _set_grades(grades[name], graded.get(name))
                if name in graded:
                    for cell, comment in book.rows(Comment, book.cells[name].answers, notebook).items():
                        comment.auto_comment = graded[name].comments.get(cell)
                    notebook.late_submission_penalty = self._penalty(row, sum(map(_score, grades[name].values())))
            changes = [Change(submission.student, name, cell, before[name, cell][1], _score(grade))
                       for name in grades for cell, grade in grades[name].items()
                       if before[name, cell][0] is not None and _score(grade) != before[name, cell][1]]
            changes += [Change(submission.student, name, LATE, late[name], notebook.late_submission_penalty or 0.0)
                        for name, notebook in notebooks.items() if any(before[name, cell][0] is not None for cell in grades[name])
                        and (notebook.late_submission_penalty or 0.0) != late[name]]
            self.changes.add(changes)
            book.commit()
        finally:
            book.db.remove()
        return changes

    def reckon_late(self) -> list[Change]:
        """Reckon anew what being late costs, from all points that count by now, also those that people gave; return what changed.

        Raises
        ------
        RunStopped
            If the gradebook or the disk cannot be written.
        """
        try:
            return patiently(self._reckon_late, self._course.db_url, self._say)
        except OSError as error:
            raise RunStopped(f"{error.filename or 'a file'} could not be written ({error.strerror or error}). {KEPT}") from None

    def _reckon_late(self) -> list[Change]:
        book, changes = self.gradebook, []
        try:
            book.begin()
            for notebook in book.late_notebooks():
                row, before = notebook.assignment, notebook.late_submission_penalty or 0.0
                now = self._penalty(row, sum(map(_score, notebook.grades))) or 0.0
                if round(before - now, 6):
                    notebook.late_submission_penalty = now
                    changes.append(Change(row.student_id, notebook.name, LATE, before, now))
            self.changes.add(changes)
            book.commit()
        finally:
            book.db.remove()
        return changes

    def _penalty(self, row: SubmittedAssignment, score: float) -> float | None:
        """Ask nbgrader's plug-in what being late costs; None if it was not late, or costs nothing."""
        if row.total_seconds_late <= 0:
            return None
        penalty = self._late.plugin_inst.late_submission_penalty(row.student_id, score, row.total_seconds_late)
        return None if penalty is None else min(max(penalty, 0), score)


def _set_grades(grades: dict[str, Grade], graded: Graded | None) -> None:
    """Set what the grader says; what a person gave stays, and is to be looked at again only where the answer changed."""
    for cell, grade in grades.items():
        if graded is None:  # the notebook was not handed in
            grade.auto_score, grade.needs_manual_grade = 0, False
        elif cell in graded.scores:
            score = graded.scores[cell]
            as_before = cell in graded.same and grade.manual_score is not None and score == grade.auto_score
            grade.auto_score = score
            if not as_before:
                grade.needs_manual_grade = grade.manual_score is not None or score is None


def _score(grade: Grade) -> float:
    points = grade.manual_score if grade.manual_score is not None else grade.auto_score
    return 0.0 if points is None else points + (grade.extra_credit or 0.0)


def read_time(text: str) -> datetime | None:
    """Read when a submission was handed in, in UTC if no zone is named; None if the text does not say it."""
    try:
        return parse_utc(text) if text else None
    except (ValueError, OverflowError):
        return None
