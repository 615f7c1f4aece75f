"""What a student handed in: which file is which notebook, and how one submission is told from another."""

import hashlib
import io
from pathlib import Path

from autograder.matching import grade_id
from autograder.reading import read_cells

TIMESTAMP, LONGEST_TIME = "timestamp.txt", 200  # bytes


def find_notebooks(folder: Path, wanted: dict[str, set[str]]) -> dict[str, Path]:
    """Find each wanted notebook in a submission, also under another name or in a folder too deep.

    Parameters
    ----------
    folder : Path
        ``submitted/STUDENT/WEEK``.
    wanted : dict of str to set of str
        The names of the notebooks, with the names of the cells that nbgrader knows in each.

    Returns
    -------
    dict of str to Path
        Where each lies; those that are not there are left out.
    """
    found = {name: folder / f"{name}.ipynb" for name in wanted if _is_own_file(folder / f"{name}.ipynb", folder)}
    missing = [name for name in wanted if name not in found]
    if not missing:
        return found
    strangers = [p for p in sorted(folder.rglob("*")) if p.suffix.lower() == ".ipynb" and _is_own_file(p, folder)
                 and ".ipynb_checkpoints" not in p.parts and p not in found.values()]
    ids = {p: grade_ids_in(p.read_bytes()) for p in strangers}
    for name in missing:
        best = max(strangers, key=lambda p: (len(wanted[name] & ids[p]), p.stat().st_mtime), default=None)
        if best is not None and (wanted[name] & ids[best] or len(wanted) == 1):
            found[name] = best
    return found


def links(folder: Path) -> list[str]:
    """Return a line for the instructor on each symbolic link that was handed in; none is followed."""
    return [f"{p.relative_to(folder).as_posix()!r} is a symbolic link (to {str(p.readlink())!r}); it was not followed"
            for p in sorted(folder.rglob("*")) if p.is_symlink()]


def _is_own_file(path: Path, folder: Path) -> bool:
    """Tell whether it is a file that was handed in, and no link to a classmate's, no pipe and no device."""
    return path.is_file() and not any(p.is_symlink() for p in (path, *path.parents) if p.is_relative_to(folder))


def renamed(path: Path, folder: Path, name: str) -> list[str]:
    """Return the note for a notebook that was found elsewhere than it should be."""
    if path == folder / f"{name}.ipynb":
        return []
    return [f"the file was handed in as {path.relative_to(folder).as_posix()!r} and was graded as '{name}.ipynb'"]


def submission_digest(content: bytes, timestamp: str = "") -> str:
    """Return what tells one submission of a notebook from another."""
    return hashlib.sha256(content + timestamp.encode()).hexdigest()


def timestamp_of(folder: Path) -> str:
    """Return when a submission was handed in, as it says itself; empty if it does not."""
    path = folder / TIMESTAMP
    try:
        with path.open("rb") if _is_own_file(path, folder) else io.BytesIO() as file:
            return file.read(LONGEST_TIME).decode(errors="replace").strip()
    except OSError:
        return ""


def grade_ids_in(content: bytes) -> set[str]:
    """Name the cells of a notebook that nbgrader knows; none, if it cannot be read."""
    return {grade_id(cell) for cell in read_cells(content, [])} - {""}
