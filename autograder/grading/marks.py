"""What the gradebook says about a week, read at one go: asking for each student in turn would take hours for a large class."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nbgrader.api import Assignment, BaseCell, Grade, Gradebook, Notebook, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import select


@dataclass(frozen=True)
class Mark:
    """The mark of one cell in one submission, as nbgrader counts it."""

    student: str
    notebook: str
    exercise: str
    by_hand: bool
    auto_score: float | None
    score: float
    max_score: float
    to_mark: bool


def marks_of(gradebook: Gradebook, week: str, only: str | None = None) -> Iterator[Mark]:
    """Yield every mark of a week, or those of one student."""
    columns: list[Any] = [SubmittedAssignment.student_id, Notebook.name, BaseCell.name, Grade.cell_type, Grade.auto_score, Grade.score,
                          Grade.max_score, Grade.needs_manual_grade]
    query = (select(*columns).select_from(Grade).join(BaseCell, BaseCell.id == Grade.cell_id)
             .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
             .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
             .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
             .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
             .where(Assignment.name == week))
    if only is not None:
        query = query.where(SubmittedAssignment.student_id == only)
    for student, notebook, exercise, kind, auto, score, most, waits in gradebook.db.execute(query.execution_options(yield_per=1000)):
        yield Mark(student, notebook, exercise, kind != "code", auto, float(score), float(most), bool(waits))
