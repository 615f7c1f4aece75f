"""Before marks change: a copy of the gradebook; and a list of what changed, for each student."""

import csv
import sqlite3
from contextlib import closing
from dataclasses import astuple, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from autograder.grading.stopped import KEPT, RunStopped

FOLDER = "backups"
COLUMNS = ("student", "notebook", "exercise", "before", "after")


@dataclass(frozen=True)
class Change:
    """One mark that a regrade changed; the points are those that count, with what was given by hand."""

    student: str
    notebook: str
    exercise: str
    before: float
    after: float


class Changes:
    """The changes of one run, in a file that is written as they happen, after the gradebook was copied.

    Attributes
    ----------
    backup : Path or None
        The copy; there is none before the first change, nor of a gradebook that is no SQLite file.
    path : Path
        The list, as CSV.
    """

    def __init__(self, course_dir: Path, week: str, engine: Engine) -> None:
        self._engine, self._began = engine, False
        self._last: list[Change] = []
        folder = course_dir / FOLDER
        stamp = datetime.now().strftime("%Y-%m-%d-%H%M%S")
        self.backup: Path | None = None
        self._copy = _unused(folder / f"gradebook-{stamp}.db")
        self.path = _unused(folder / f"changes-{week}-{stamp}.csv")

    def add(self, changes: list[Change]) -> None:
        """Note changes that are about to be recorded.

        They are noted first: a run that is ended between the two notes them again, and none is ever missing.
        """
        if not changes or changes == self._last:  # the same again, because the gradebook was locked
            return
        if not self._began:
            self.path.parent.mkdir(exist_ok=True)
            self.backup = copy_gradebook(self._engine, self._copy)
        with open(self.path, "a", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            if not self._began:
                rows.writerow(COLUMNS)
            rows.writerows(astuple(change) for change in changes)
        self._began, self._last = True, changes


def copy_gradebook(engine: Engine, to: Path) -> Path | None:
    """Copy a gradebook as it stands committed, while others may use it; None if it is no SQLite file.

    Raises
    ------
    RunStopped
        If there is no room for the copy.
    """
    if engine.dialect.name != "sqlite" or not engine.url.database:
        return None
    part = to.with_name(to.name + ".part")
    try:
        with closing(sqlite3.connect(engine.url.database)) as source, closing(sqlite3.connect(part)) as copy:
            source.backup(copy)
        part.replace(to)
    except sqlite3.Error as error:
        raise RunStopped(f"{to} could not be written ({error}). {KEPT}") from None
    finally:
        part.unlink(missing_ok=True)
    return to


def _unused(path: Path) -> Path:
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_stem(f"{path.stem}-{number}")
    return free
