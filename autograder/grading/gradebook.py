"""nbgrader's gradebook, written by one process, a transaction for each submission."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psutil
from nbgrader.api import Assignment, Gradebook, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from autograder.course_folder import CourseProblem

LOCK_SECONDS = 120.0


class RunStopped(CourseProblem):
    """The run cannot go on; what was recorded stays, and the next run does the rest."""


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
    """A gradebook that takes all that is said about a submission, or nothing.

    Parameters
    ----------
    say : callable
        Told, once for each wait, why it takes longer.
    """

    def __init__(self, db_url: str, week: str, say: Callable[[str], None]) -> None:
        super().__init__(db_url)
        self.close()
        self.db: Any = scoped_session(sessionmaker(class_=_OneTransaction, bind=self.engine, autoflush=False))
        self.week, self._say = week, say
        assignment = self.find_assignment(week)
        self._assignment_id = assignment.id
        self.cells = {n.name: Cells(n.id, {c.id: c.name for c in [*n.grade_cells, *n.task_cells]},
                                    {c.id: c.name for c in [*n.solution_cells, *n.task_cells]}) for n in assignment.notebooks}
        self.db.remove()

    def begin(self) -> None:
        """Begin a transaction by a write that changes nothing, so that whoever else writes is waited for here.

        Raises
        ------
        RunStopped
            If somebody else holds the gradebook for too long, or it cannot be written at all.
        """
        deadline, told = time.monotonic() + LOCK_SECONDS, False
        while True:
            try:
                self.db.execute(update(Assignment).where(Assignment.id == self._assignment_id).values(name=self.week))
                return
            except OperationalError as error:
                self.db.rollback()
                if not is_locked(error):
                    raise RunStopped(cannot_write(error)) from None
                if time.monotonic() > deadline:
                    raise RunStopped(f"the gradebook stayed locked for {LOCK_SECONDS:.0f} s ({self._users()}); close that program "
                                     "or let it finish, and run this again") from None
                if not told:
                    self._say(f"the gradebook is locked by another program ({self._users()}); waiting")
                told = True

    def commit(self) -> None:
        """Commit all that was said since `begin`.

        Raises
        ------
        RunStopped
            If it cannot be written; then nothing of it is.
        """
        try:
            Session.commit(self.db())
        except DBAPIError as error:
            raise RunStopped(cannot_write(error)) from None
        finally:
            self.db.remove()

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

    def _users(self) -> str:
        """Name the programs that have the gradebook's file open, as far as this user may see them."""
        open_in = []
        for process in psutil.process_iter(["pid", "name"]):
            try:
                files = {f.path for f in process.open_files()}
            except psutil.Error:
                continue
            if self.engine.url.database in files and process.pid != psutil.Process().pid:
                open_in.append(f"{process.info['name']}, process {process.pid}")
        return f"open in {'; '.join(open_in)}" if open_in else "who it is cannot be seen from here"


def is_locked(error: DBAPIError) -> bool:
    """Tell whether somebody else holds what was to be written."""
    return any(word in str(error.orig) for word in ("locked", "lock timeout"))


def cannot_write(error: Exception) -> str:
    """Say why the gradebook was not written."""
    reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
    return f"the gradebook could not be written ({reason}); nothing that was recorded is lost: put that right and run this again"
