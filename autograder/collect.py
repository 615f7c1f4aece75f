"""Put what a learning management system hands out, one zip file for a class, under ``submitted/STUDENT/WEEK``."""

import re
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from autograder.course_folder import CourseProblem, built_notebooks, require_week
from autograder.grading.handed_in import grade_ids_in
from autograder.grading.lock import one_run
from autograder.roster import roster, whose

LARGEST = 300_000_000  # bytes of a notebook; outputs included, none comes near it
LONGEST_NAME = 60  # characters, of a notebook that is none of ours
NOTEBOOK = re.compile(r"\.ipynb(\.txt|\.json)?$", re.IGNORECASE)  # some browsers add a second ending
ATTEMPT = re.compile(r"attempt_(\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d)")
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


class Member(NamedTuple):
    """A notebook in a zip file or folder; it is read when it is wanted, since a class's together may be larger than the memory."""

    place: str
    date: tuple[int, ...]
    size: int
    read: Callable[[], bytes]


@dataclass
class Collected:
    """What came of one collection.

    Attributes
    ----------
    taken : dict of str to dict of str to str
        For each student, for each file that lies in the submission now, where it came from.
    nobody : list of str
        Notebooks that no row of the roster fits, or several do; they were left where they are.
    left : dict of str to str
        What was left where it is though it is somebody's, with the reason: it cannot be read, is no notebook, or another version was taken.
    missing : list of str
        Students of the roster of whom nothing was found, now or before.
    """

    taken: dict[str, dict[str, str]] = field(default_factory=dict)
    nobody: list[str] = field(default_factory=list)
    left: dict[str, str] = field(default_factory=dict)
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
        If there is no such week or file, it is no zip file, the roster is empty or has ids that no folder can be called, or the disk
        cannot be written.
    """
    require_week(course_dir, week)
    people = roster(course_dir)
    cells = {built.stem: grade_ids_in(built.read_bytes()) for built in built_notebooks(course_dir, week)}
    versions: dict[tuple[str, str], list[Member]] = {}
    others: dict[str, list[str]] = {}
    done = Collected()
    with _opened(source) as members, one_run(course_dir, say):
        for member in members:
            path = PurePosixPath(NOTEBOOK.sub("", member.place))
            named = next((name for name in cells if name in path.name), "")
            person = whose((path.parent / path.name.replace(named, "")).as_posix(), people)
            if not NOTEBOOK.search(member.place):
                if person is not None:
                    others.setdefault(person.id, []).append(member.place)
            elif person is None:
                done.nobody.append(member.place)
            elif (fault := _fault(member)) is not None:
                done.left[member.place] = fault
            else:
                name = named or _by_its_cells(member.read(), cells) or path.name[:LONGEST_NAME]
                versions.setdefault((person.id, f"{name}.ipynb"), []).append(member)
        for (student, name), found in sorted(versions.items(), key=lambda item: item[0]):
            newest = max(found, key=_handed_in)
            _put(course_dir / "submitted" / student / week / name, newest.read())
            done.taken.setdefault(student, {})[name] = newest.place
            done.left |= {m.place: f"of {student}'s {name}, {newest.place} was taken, which is {_why(newest, m)}"
                          for m in found if m is not newest}
    without = [p.id for p in people if p.id not in done.taken]
    done.left |= {place: f"of {student} there is no notebook, and this is none by its name" for student in without
                  for place in others.get(student, [])}
    done.missing = sorted(s for s in without if not any((course_dir / "submitted" / s / week).rglob("*.ipynb")))
    return done


def _handed_in(member: Member) -> tuple[int, ...]:
    """Return when: by the name, where it says so (Blackboard), else by the date of the file."""
    told = ATTEMPT.search(member.place)
    return tuple(map(int, told[1].split("-"))) if told else member.date


def _why(newest: Member, other: Member) -> str:
    return "newer" if _handed_in(newest) > _handed_in(other) else "as new: look which of them counts"


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


def _by_its_cells(content: bytes, cells: dict[str, set[str]]) -> str:
    common = {name: len(ids & grade_ids_in(content)) for name, ids in cells.items()}
    best = max(common, key=lambda name: common[name])
    return best if common[best] else ""


@contextmanager
def _opened(source: Path) -> Iterator[list[Member]]:
    if source.is_dir():
        files = {p.relative_to(source).as_posix(): p for p in sorted(source.rglob("*")) if p.is_file() and not p.is_symlink()}
        yield [Member(name, time.localtime(p.stat().st_mtime)[:6], p.stat().st_size, p.read_bytes)
               for name, p in files.items() if _is_theirs(name)]
        return
    try:
        archive = zipfile.ZipFile(source)
    except FileNotFoundError:
        raise CourseProblem(f"there is no {source}") from None
    except (*DAMAGED, OSError) as error:
        raise CourseProblem(f"{source} cannot be read as a zip file: {error}") from None
    with archive:
        yield [Member(info.filename, info.date_time, info.file_size, partial(archive.read, info))
               for info in archive.infolist() if not info.is_dir() and _is_theirs(info.filename)]


def _is_theirs(name: str) -> bool:
    """Tell what a student handed in from what their system put beside it: copies of Jupyter's, and macOS's notes (``._NAME``)."""
    parts = PurePosixPath(name).parts
    return not {".ipynb_checkpoints", "__MACOSX"} & set(parts) and not parts[-1].startswith(".")
