"""The bundled sample class, from release to feedback and marks, in a copy of the course folder."""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat

from autograder.answer_key import AnswerKey
from autograder.class_run import StudentResult, export_csv, feedback_class, grade_class
from autograder.course_folder import CourseProblem
from autograder.release import pack, release
from autograder.sample_class import NOTEBOOK, WEEK, hand_in

PARTS = ("notebooks", "course", "nbgrader_config.py", "pyproject.toml", "README.md", "LICENSE", "LICENSE-text")


@dataclass
class Demo:
    """Where the demonstration was done, and what came of it."""

    folder: Path
    week: str
    results: list[StudentResult]
    pages: list[Path]


def copy_course(course_dir: Path, to: Path) -> None:
    """Copy what a course folder needs to release and grade."""
    for part in PARTS:
        source = course_dir / part
        if source.is_dir():
            shutil.copytree(source, to / part, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"))
        elif source.is_file():
            shutil.copy(source, to / part)


def run_demo(course_dir: Path, to: Path | None = None, progress: Callable[[str], None] = lambda _: None) -> Demo:
    """Release a week, let the sample class hand in, grade it, write feedback and marks.

    Parameters
    ----------
    to : Path, optional
        A folder that is empty or not there yet; by default a temporary one.
    """
    if to is not None and to.exists() and any(to.iterdir()):
        raise CourseProblem(f"{to} is not empty; name a new folder with --to, so that nothing is overwritten")
    folder = Path(tempfile.mkdtemp(prefix="sample-class-")) if to is None else to.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    copy_course(course_dir, folder)
    released = release(folder, WEEK) / f"{NOTEBOOK}.ipynb"
    pack(folder, WEEK)
    key = AnswerKey(folder / "notebooks" / WEEK / f"{NOTEBOOK}.md")
    hand_in(nbformat.read(released, as_version=4), key, folder / "submitted")
    results = grade_class(folder, WEEK, progress=progress)
    pages = feedback_class(folder, WEEK)
    export_csv(folder, WEEK, folder / "marks.csv")
    return Demo(folder, WEEK, results, pages)
