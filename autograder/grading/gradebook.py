"""nbgrader's gradebook, written by one process, a transaction for each submission."""

import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import psutil
from nbgrader.api import Assignment, Gradebook, InvalidEntry, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import make_url, or_, text, update
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from autograder.grading.stopped import KEPT, RunStopped

LOCK_SECONDS, ASK_AGAIN_SECONDS = 120.0, 5
logging.getLogger("tornado.application").setLevel(logging.CRITICAL)  # nbgrader prints tracebacks there of what we tell in a sentence
Result = TypeVar("Result")


class _OneTransaction(Session):
    """A session in which the commits inside nbgrader's methods only flush; `OneWriter.commit` commits."""

    def commit(self) -> None:
        self.flush()


@dataclass(frozen=True)
class Cells:
    """A notebook in the gradebook: its id, and by id the names of its cells with points and of those with an answer."""

    notebook_id: str
    points: dict[str, str]
    answers: dict[str, str]


class OneWriter(Gradebook):
    """A gradebook that takes all that is said about a submission, or nothing."""

    def __init__(self, db_url: str, week: str) -> None:
        super().__init__(db_url)
        self.close()
        self.db: Any = scoped_session(sessionmaker(class_=_OneTransaction, bind=self.engine, autoflush=False))
        self.week = week
        assignment = self.find_assignment(week)
        self._assignment_id = assignment.id
        self.cells = {n.name: Cells(n.id, {c.id: c.name for c in [*n.grade_cells, *n.task_cells]},
                                    {c.id: c.name for c in [*n.solution_cells, *n.task_cells]}) for n in assignment.notebooks}
        self.db.remove()

    def begin(self) -> None:
        """Begin a transaction by a write that changes nothing: from here on nobody else writes, or we wait here."""
        if self.engine.dialect.name == "postgresql":
            self.db.execute(text(f"SET LOCAL lock_timeout = '{ASK_AGAIN_SECONDS}s'"))
        self.db.execute(update(Assignment).where(Assignment.id == self._assignment_id).values(name=self.week))

    def commit(self) -> None:
        """Commit all that was said since `begin`."""
        Session.commit(self.db())

    def notebook_of(self, submission: SubmittedAssignment, name: str) -> SubmittedNotebook:
        """Find a notebook of a submission; it is made if the week got that notebook after the submission.

        Here and in `rows` we ask by the keys for which the gradebook has an index; nbgrader's own way of asking takes the
        longer the larger the class is.
        """
        keys = {"notebook_id": self.cells[name].notebook_id, "assignment_id": submission.id}
        found = self.db.query(SubmittedNotebook).filter_by(**keys).one_or_none()
        if found is None:
            self.db.add(found := SubmittedNotebook(**keys))
            self.db.flush()
        return found

    def late_notebooks(self) -> list[SubmittedNotebook]:
        """Find what was handed in late, or has a penalty for that from before."""
        late = SubmittedAssignment.timestamp > Assignment.duedate
        return (self.db.query(SubmittedNotebook).join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
                .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
                .filter(Assignment.id == self._assignment_id, or_(late, SubmittedNotebook.late_submission_penalty > 0)).all())

    def rows(self, kind: Any, cells: dict[str, str], notebook: SubmittedNotebook) -> dict[str, Any]:
        """Find or make the grades or comments of a submitted notebook, by the names of their cells.

        Until the transaction ends nobody else changes them.
        """
        query = self.db.query(kind).filter(kind.cell_id.in_(cells), kind.notebook_id == notebook.id)
        found = {cells[row.cell_id]: row for row in query.with_for_update(of=kind)}
        for cell_id, name in cells.items():
            if name not in found:
                self.db.add(row := kind(cell_id=cell_id, notebook_id=notebook.id))
                found[name] = row
        return found


def patiently(action: Callable[[], Result], db_url: str, say: Callable[[str], None]) -> Result:
    """Do something with a gradebook, again and again while another program has it locked, for a bounded time.

    Parameters
    ----------
    action : callable
        What to do; when it raises, nothing of it may remain.
    say : callable
        Told once who is waited for.

    Raises
    ------
    RunStopped
        If it stays locked, or the database cannot be used at all.
    """
    deadline, told = time.monotonic() + LOCK_SECONDS, False
    while True:
        try:
            return action()
        except (DatabaseError, InvalidEntry) as error:  # the latter is what nbgrader's methods make of the former
            reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0].removeprefix("(sqlite3.OperationalError) ")
            if isinstance(error, (IntegrityError, DataError)) or isinstance(error, InvalidEntry) and "OperationalError" not in str(error):
                raise  # it is about what was to be written, not about the gradebook
            if not any(word in reason for word in ("locked", "lock timeout")):
                raise RunStopped(f"the gradebook could not be used ({reason}). {KEPT}") from None
            if time.monotonic() > deadline:
                raise RunStopped(f"the gradebook stayed locked for {LOCK_SECONDS:.0f} s ({_users(db_url)}). {KEPT}") from None
            if not told:
                say(f"the gradebook is locked by another program ({_users(db_url)}); waiting")
            told = True
            time.sleep(0.2)


def _users(db_url: str) -> str:
    """Name the programs that have the gradebook's file open, as far as this user may see them."""
    path, found = make_url(db_url).database, []
    for process in psutil.process_iter(["pid", "name"]):
        try:
            if process.pid != os.getpid() and path in {f.path for f in process.open_files()}:
                found.append(f"{process.info['name']}, process {process.pid}")
        except psutil.Error:
            continue
    return f"open in {'; '.join(found)}" if found else "who it is cannot be seen from here"
