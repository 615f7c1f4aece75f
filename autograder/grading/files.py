"""The folder of a graded submission, as nbgrader's other steps expect it: ``autograded/STUDENT/WEEK``."""

import errno
import json
import shutil
from pathlib import Path
from typing import Any

from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import find_all_files

READ_ONLY, GROUP = 0o444, 0o664  # as nbgrader has it
ITS_NAME = {errno.ENAMETOOLONG, errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ENOTEMPTY}  # a folder is there now, say, where a file was


def graded_folder(course_dir: Path, week: str, student: str) -> Path:
    """Return where a student's graded notebooks lie."""
    return course_dir / "autograded" / student / week


def write_graded(course: CourseDirectory, week: str, student: str, texts: dict[str, str]) -> list[str]:
    """Write graded notebooks beside copies of what else was handed in and of what the week comes with.

    Each file is there in full or not at all, and the notebooks come last: they say that all is done.

    Returns
    -------
    list of str
        Which of the other files could not be copied for what they are called, with the reason.
    """
    left = []
    root = Path(course.root)
    folder = graded_folder(root, week, student)
    mode = GROUP if course.groupshared else READ_ONLY
    folder.mkdir(parents=True, exist_ok=True)
    for source in (root / "submitted" / student / week, root / course.source_directory / week):
        for name in find_all_files(str(source), [*course.ignore, "*.ipynb"]):
            path = Path(name)
            if path.is_file() and not path.is_symlink():
                try:
                    _put(folder / path.relative_to(source), path, mode)
                except OSError as error:
                    if error.errno not in ITS_NAME:
                        raise
                    left.append(f"{path.relative_to(source)} was not copied ({error.strerror})")
    for name, text in texts.items():
        _put(folder / f"{name}.ipynb", text, mode)
    for path in folder.glob("*.ipynb"):
        if path.stem not in texts:
            path.unlink()
    return left


def _put(target: Path, content: Path | str, mode: int) -> None:
    part = target.with_name("writing.part")
    target.parent.mkdir(parents=True, exist_ok=True)
    part.unlink(missing_ok=True)  # it cannot be written over, if it was left read-only
    try:
        if isinstance(content, Path):
            shutil.copy(content, part)
        else:
            part.write_text(content, encoding="utf-8")
        part.chmod(mode)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def read_text(folder: Path, name: str) -> str:
    """Return a graded notebook's text; empty if there is none that can be read."""
    try:
        return (folder / f"{name}.ipynb").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def grading_of(text: str) -> dict[str, Any]:
    """Return what the grader noted in a graded notebook; empty if it is not one."""
    try:
        noted = json.loads(text)["metadata"]["grading"] if text else {}
    except (ValueError, KeyError, TypeError):
        return {}
    return noted if isinstance(noted, dict) else {}
