"""Whose is it? What the names of files say, compared with the roster."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from autograder.course_folder import CourseProblem, gradebook_of

MOST_PIECES = 6  # that a name may have


@dataclass(frozen=True)
class Person:
    """A row of the roster."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""

    def names(self) -> set[str]:
        """List what the person may be called in a file's name, folded: Moodle has the name in either order, Canvas runs it together."""
        first, last = self.first_name, self.last_name
        return {_folded(first + last), _folded(last + first)} - {""} if last else set()

    def signs(self) -> set[str]:
        """List what is the person's alone and cannot be a number of something else: the e-mail address, and an id that is a word."""
        return {_plain(sign) for sign in (self.id, self.email) if not sign.strip().isdecimal()} - {""}

    def numbers(self) -> set[str]:
        """List the numbers that stand for the person."""
        return {number.strip() for number in (self.id, self.lms_user_id) if number.strip().isdecimal()}


def roster(course_dir: Path) -> list[Person]:
    """Read the students that the gradebook knows."""
    with gradebook_of(course_dir) as gradebook:
        people = [Person(s.id, s.first_name or "", s.last_name or "", s.email or "", s.lms_user_id or "") for s in gradebook.students]
    if not people:
        raise CourseProblem("there is nobody on the roster, so it cannot be told whose work is whose; "
                            "fill it first, with `nbgrader db student import students.csv`")
    if wrong := [p.id for p in people if p.id != Path(p.id).name or p.id != p.id.strip()]:
        raise CourseProblem(f"the id {wrong[0]!r} on the roster cannot be the name of a folder; take another, without slashes or spaces "
                            "at the ends, and remove this one with `nbgrader db student remove`")
    return people


def whose(path: str, people: Sequence[Person]) -> Person | None:
    """Find the one person whose name, id, e-mail address or LMS number stands in a path as a whole piece.

    Pieces are what stands between ``/``, ``_`` and `` - ``, and several in a row: ``Ada Lovelace_1815_file`` is Ada Lovelace's, and not
    that of somebody whose id is ``ada``. The first person named counts, since what stands further right may be of the student's choice; of
    several named in one place the one of the longest name, and of people of one name the one whose id or number is there too. A number
    alone counts only where nobody is named, and where systems put the person's own: first in a file's name, and not in Moodle's
    folders, whose numbers count hand-ins.
    """
    parts = [part.replace(" - ", "_").split("_") for part in path.split("/")]
    pieces = {_plain(run) for part in parts for run in part}
    numbers = {next((p for p in part if p.isdecimal()), "") for part in parts if "assignsubmission" not in part} - {""}
    found = next(filter(None, (_named(part[start:], people) for part in parts for start in range(len(part)))), [])
    if len(found) > 1:
        found = [p for p in found if p.signs() & pieces] or found
    if len(found) != 1:
        found = [p for p in found or people if p.numbers() & numbers]
    return found[0] if len(found) == 1 else None


def _named(pieces: list[str], people: Sequence[Person]) -> list[Person]:
    """Find those whose name, address or id the pieces begin with; of the longest name, if there are several."""
    for end in range(min(MOST_PIECES, len(pieces)), 0, -1):
        run = "_".join(pieces[:end])
        found = [p for p in people if _folded(run) in p.names()] or [p for p in people if _plain(run) in p.signs()]
        if found:
            return found
    return []


@lru_cache(maxsize=100_000)
def _folded(text: str) -> str:
    """Return the letters and digits of a name, without accents and case: of O’Brien and O'Brien, of Seán and Sean they are the same."""
    return "".join(c for c in unicodedata.normalize("NFKD", text).casefold() if c.isalnum())


@lru_cache(maxsize=100_000)
def _plain(text: str) -> str:
    return re.sub(r"[\s_]+", " ", unicodedata.normalize("NFKC", text)).strip().casefold()
