"""Put what a learning management system hands out, one zip file for a class, under ``submitted/STUDENT/WEEK``."""

import re
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from autograder.course_folder import CourseProblem, built_notebooks, gradebook_of, require_week
from autograder.grading.handed_in import grade_ids_in
from autograder.grading.lock import one_run

LARGEST = 300_000_000  # bytes of a notebook; outputs included, none comes near it
LONGEST_NAME = 60  # characters, of a notebook that is none of ours
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


class Member(NamedTuple):
    """A notebook in a zip file or folder; it is read when it is wanted, since a class's together may be larger than the memory."""

    place: str
    date: tuple[int, ...]
    size: int
    read: Callable[[], bytes]


@dataclass(frozen=True)
class Person:
    """A row of the roster."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""

    def keys(self) -> set[str]:
        """List what the person may be called in a file's name: Moodle has names, Canvas run-together ones, others the id."""
        first, last = self.first_name, self.last_name
        names = {f"{first} {last}", f"{last} {first}", f"{last}, {first}", f"{last}{first}"} if first and last else set()
        names.add("".join(c for c in last + first if c.isalnum()))
        return {_plain(name) for name in {self.id, self.email, self.lms_user_id} | names} - {""}


@dataclass
class Collected:
    """What came of one collection.

    Attributes
    ----------
    taken : dict of str to dict of str to str
        For each student, for each file that lies in the submission now, where it came from.
    nobody : list of str
        Notebooks that no row of the roster fits, or several do; they were left where they are.
    unreadable : dict of str to str
        Notebooks that could not be taken, with the reason.
    missing : list of str
        Students of the roster of whom nothing was found.
    """

    taken: dict[str, dict[str, str]] = field(default_factory=dict)
    nobody: list[str] = field(default_factory=list)
    unreadable: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)


def collect(course_dir: Path, week: str, source: Path, say: Callable[[str], None] = lambda _: None) -> Collected:
    """Copy each notebook of a zip file or folder to the student it belongs to, as the roster says.

    A student's earlier notebook of the same name is replaced. Nothing is executed, and no name in the zip file decides
    where anything is written.

    Parameters
    ----------
    say : callable
        Called with what is waited for: a grading that runs here.

    Raises
    ------
    CourseProblem
        If there is no such week or file, it is no zip file, the roster is empty, or the disk cannot be written.
    """
    require_week(course_dir, week)
    people = roster(course_dir)
    cells = {built.stem: grade_ids_in(built.read_bytes()) for built in built_notebooks(course_dir, week)}
    newest: dict[tuple[str, str], Member] = {}
    done = Collected()
    with _opened(source) as members, one_run(course_dir, say):
        for member in members:
            path = PurePosixPath(member.place)
            named = next((name for name in cells if name in path.stem), "")
            person = whose((path.parent / path.stem.replace(named, "")).as_posix(), people)
            if person is None:
                done.nobody.append(member.place)
            elif (fault := _fault(member)) is not None:
                done.unreadable[member.place] = fault
            else:
                key = person.id, f"{named or _by_its_cells(member.read(), cells) or path.stem[:LONGEST_NAME]}.ipynb"
                newest[key] = max(newest.get(key, member), member, key=lambda m: m.date)
        for (student, name), member in sorted(newest.items(), key=lambda item: item[0]):
            _put(course_dir / "submitted" / student / week / name, member.read())
            done.taken.setdefault(student, {})[name] = member.place
    done.missing = sorted(p.id for p in people if p.id not in done.taken)
    return done


def _fault(member: Member) -> str | None:
    if member.size > LARGEST:
        return f"it has {member.size / 1e6:.0f} MB, and {LARGEST / 1e6:.0f} are the most"
    try:
        member.read()
    except (*DAMAGED, OSError) as error:
        return f"it cannot be read ({error})"
    return None


def _put(target: Path, content: bytes) -> None:
    """Put a file in its place in full or not at all, and nowhere else."""
    for folder in (target.parent, target.parent.parent):
        if folder.is_symlink():
            raise CourseProblem(f"{folder} is a symbolic link; put a folder there, then collect again")
    part = target.with_name(f"{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        part.write_bytes(content)
        part.replace(target)
    except OSError as error:
        raise CourseProblem(f"{target} could not be written ({error.strerror}); what was there before is there still: put that right, "
                            "then collect again") from None
    finally:
        part.unlink(missing_ok=True)


def roster(course_dir: Path) -> list[Person]:
    """Read the students that the gradebook knows."""
    with gradebook_of(course_dir) as gradebook:
        people = [Person(s.id, s.first_name or "", s.last_name or "", s.email or "", s.lms_user_id or "") for s in gradebook.students]
    if not people:
        raise CourseProblem("there is nobody on the roster, so it cannot be told whose work is whose; "
                            "fill it first, with `nbgrader db student import students.csv`")
    return people


def whose(path: str, people: Iterable[Person]) -> Person | None:
    """Find the one person whose id, name, e-mail address or LMS number stands in a path as a whole piece.

    Pieces are what stands between ``/`` and ``_``, and several in a row: ``Ada Lovelace_1815_file`` is Ada Lovelace's, and not that of
    somebody whose id is ``ada``. Where several people fit, the longest name decides.
    """
    pieces = {run for part in path.split("/") for run in _runs(part.split("_"))}
    lengths = {person: max((len(k) for k in person.keys() & pieces), default=0) for person in people}
    longest = max(lengths.values(), default=0)
    found = [person for person, length in lengths.items() if length == longest > 0]
    return found[0] if len(found) == 1 else None


def _by_its_cells(content: bytes, cells: dict[str, set[str]]) -> str:
    common = {name: len(ids & grade_ids_in(content)) for name, ids in cells.items()}
    best = max(common, key=lambda name: common[name])
    return best if common[best] else ""


def _runs(pieces: list[str]) -> Iterator[str]:
    for start in range(len(pieces)):
        for end in range(start + 1, min(start + 6, len(pieces)) + 1):
            yield _plain("_".join(pieces[start:end]))


def _plain(text: str) -> str:
    return re.sub(r"[\s_]+", " ", unicodedata.normalize("NFKC", text)).strip().casefold()


@contextmanager
def _opened(source: Path) -> Iterator[list[Member]]:
    if source.is_dir():
        files = {p.relative_to(source).as_posix(): p for p in sorted(source.rglob("*")) if p.is_file() and not p.is_symlink()}
        yield [Member(name, (int(p.stat().st_mtime),), p.stat().st_size, p.read_bytes) for name, p in files.items() if _is_notebook(name)]
        return
    try:
        archive = zipfile.ZipFile(source)
    except FileNotFoundError:
        raise CourseProblem(f"there is no {source}") from None
    except (*DAMAGED, OSError) as error:
        raise CourseProblem(f"{source} cannot be read as a zip file: {error}") from None
    with archive:
        yield [Member(info.filename, info.date_time, info.file_size, partial(archive.read, info))
               for info in archive.infolist() if _is_notebook(info.filename)]


def _is_notebook(name: str) -> bool:
    path = PurePosixPath(name)
    return path.suffix.lower() == ".ipynb" and not {".ipynb_checkpoints", "__MACOSX"} & set(path.parts)
