"""Put what a learning management system hands out, one zip file for a class, under ``submitted/STUDENT/WEEK``."""

import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from autograder.course_folder import CourseProblem, api, built_notebooks, require_week
from autograder.grading.handed_in import grade_ids_in

LARGEST = 100_000_000  # bytes of a notebook; outputs included, none comes near it
Member = tuple[str, tuple[int, ...], bytes]  # path, date, content


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
    missing : list of str
        Students of the roster of whom nothing was found.
    """

    taken: dict[str, dict[str, str]] = field(default_factory=dict)
    nobody: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def collect(course_dir: Path, week: str, source: Path) -> Collected:
    """Copy each notebook of a zip file or folder to the student it belongs to, as the roster says.

    A student's earlier notebook of the same name is replaced. Nothing is executed, and no name in the zip file decides
    where anything is written.

    Raises
    ------
    CourseProblem
        If there is no such week or file, it is no zip file, or the roster is empty.
    """
    require_week(course_dir, week)
    people = roster(course_dir)
    cells = {built.stem: grade_ids_in(built.read_bytes()) for built in built_notebooks(course_dir, week)}
    newest: dict[tuple[str, str], Member] = {}
    done = Collected()
    for member in _members(source):
        path = PurePosixPath(member[0])
        named = next((name for name in cells if name in path.stem), "")
        person = whose((path.parent / path.stem.replace(named, "")).as_posix(), people)
        if person is None:
            done.nobody.append(member[0])
            continue
        key = person.id, f"{named or _by_its_cells(member[2], cells) or path.stem}.ipynb"
        newest[key] = max(newest.get(key, member), member, key=lambda m: m[1])
    for (student, name), (place, _, content) in sorted(newest.items()):
        folder = course_dir / "submitted" / student / week
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
        done.taken.setdefault(student, {})[name] = place
    done.missing = sorted(p.id for p in people if p.id not in done.taken)
    return done


def roster(course_dir: Path) -> list[Person]:
    """Read the students that the gradebook knows."""
    with api(course_dir).gradebook as gradebook:
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


def _members(source: Path) -> Iterator[Member]:
    if source.is_dir():
        for path in sorted(p for p in source.rglob("*") if p.is_file() and not p.is_symlink()):
            name = path.relative_to(source).as_posix()
            if _is_notebook(name):
                yield name, (int(path.stat().st_mtime),), path.read_bytes()
        return
    try:
        with zipfile.ZipFile(source) as archive:
            for info in archive.infolist():
                if _is_notebook(info.filename) and info.file_size <= LARGEST:
                    yield info.filename, info.date_time, archive.read(info)
    except FileNotFoundError:
        raise CourseProblem(f"there is no {source}") from None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise CourseProblem(f"{source} cannot be read as a zip file: {error}") from None


def _is_notebook(name: str) -> bool:
    path = PurePosixPath(name)
    return path.suffix.lower() == ".ipynb" and not {".ipynb_checkpoints", "__MACOSX"} & set(path.parts)
