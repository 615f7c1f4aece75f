"""The bundled sample class, from release to feedback and marks, in a copy of the course folder."""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograder import course_folder
from autograder.class_run import export_csv, feedback_class, grade_class
from autograder.course_folder import CourseProblem
from autograder.grading.run import StudentResult
from autograder.release import pack, release
from autograder.sample_class import hand_in, samples
from autograder.secret import NAME

PARTS = ("notebooks", "course", "nbgrader_config.py", "pyproject.toml", "README.md", "LICENSE", "LICENSE-text")


@dataclass
class Demo:
    """Where the demonstration was done, and what came of it, week by week."""

    folder: Path
    results: dict[str, list[StudentResult]]
    pages: list[Path]


def copy_course(course_dir: Path, to: Path) -> None:
    """Copy what a course folder needs to release and grade."""
    for part in PARTS:
        source = course_dir / part
        if source.is_dir():
            shutil.copytree(source, to / part, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"))
        elif source.is_file():
            shutil.copy(source, to / part)


def weeks_of(course_dir: Path) -> list[str]:
    """List the weeks of a course that have notebooks and a sample class."""
    return [week for week in course_folder.weeks(course_dir) if samples(week)]


def run_demo(
    course_dir: Path, to: Path | None = None, weeks: list[str] | None = None, secret: int | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Demo:
    """Release each week, let its sample class hand in, grade it, write feedback and marks.

    Parameters
    ----------
    to : Path, optional
        A folder that is empty or not there yet; by default a temporary one.
    weeks : list of str, optional
        Not all weeks, but these.
    secret : int, optional
        The secret seed; by default one is drawn.
    """
    if to is not None and to.exists() and not (to.is_dir() and not any(to.iterdir())):
        raise CourseProblem(f"{to} is no empty folder; name a new one with --to, so that nothing is overwritten")
    folder = Path(tempfile.mkdtemp(prefix="sample-class-")) if to is None else to.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    copy_course(course_dir, folder)
    if secret is not None:
        (folder / NAME).write_text(f"{secret}\n", encoding="ascii")
    done = Demo(folder, {}, [])
    for week in weeks or weeks_of(folder):
        release(folder, week)
        pack(folder, week)
        hand_in(folder, week)
        done.results[week] = grade_class(folder, week, progress=progress)
        done.pages += feedback_class(folder, week)
        export_csv(folder, week, folder / f"marks-{week}.csv")
    return done
