"""Our steps inside nbgrader, so that `nbgrader autograde`, formgrader's button and `autograder grade` do the same."""

import logging
import os
import sys
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbformat import NotebookNode
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    GetGrades,
    NbGraderPreprocessor,
    SaveAutoGrades,
    SaveCells,
)
from traitlets.config import Config

from autograder.grade import NOT_CONFINED, grade
from autograder.grading.assignment import Page, read_page
from autograder.grading.handed_in import find_notebooks, renamed, timestamp_of
from autograder.grading.work import prepare
from autograder.safe_html import FILTERS
from autograder.sandbox import choose
from autograder.secret import secret_seed
from autograder.student_version import AFTER_SAVING, BEFORE_SAVING, STUB

log = logging.getLogger("autograder")
ADOPTED: dict[Path, Path] = {}  # where a notebook lies now -> where it was handed in


class SubmissionExporter(NotebookExporter):
    """Reads a submission, whatever it is, and hands on the release version with its answers in it."""

    def from_filename(self, filename: str, resources: dict | None = None, **kwargs: Any) -> tuple[Any, dict[str, Any]]:
        """Compose a submission on the way in; read our own graded notebook plainly afterwards."""
        converter = self.parent
        if converter is None or resources is None or not getattr(converter, "_sanitizing", False):
            return super().from_filename(filename, resources=resources, **kwargs)
        place, path = resources["nbgrader"], Path(filename)
        course_dir = Path(converter.coursedir.root)
        page = _page(course_dir, place)
        notes = renamed(ADOPTED.get(path, path), path.parent, path.stem)
        notebook = prepare(path.read_bytes(), page.notebook, page.digests, notes, timestamp_of(path.parent))
        return super().from_notebook_node(notebook, resources=resources, **kwargs)


def _page(course_dir: Path, place: dict[str, str]) -> Page:
    """Return the page that nbgrader is at."""
    return _read(course_dir / "notebooks" / place["assignment"] / f"{place['notebook']}.ipynb", secret_seed(course_dir))


def _read(built: Path, secret: int) -> Page:
    return _page_of(built, secret, tuple(built.with_suffix(suffix).stat().st_mtime_ns for suffix in (".ipynb", ".md")))


@lru_cache(maxsize=16)
def _page_of(built: Path, secret: int, _times: tuple[int, ...]) -> Page:
    return read_page(built, secret)


class GradeByProbes(NbGraderPreprocessor):
    """Takes the place of nbgrader's Execute step."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Run the notebook's cells in the student's process and decide the marks in this one."""
        if not choose().confines:
            self.log.warning(NOT_CONFINED)
        course_dir = Path(self.parent.parent.coursedir.root)  # our parent is the exporter, and its parent the converter
        references = _page(course_dir, resources["nbgrader"]).references
        grade(nb, nb.metadata.get("grading", {}).get("notes", []), secret_seed(course_dir), references)
        return nb, resources


class FeedbackStyle(NbGraderPreprocessor):
    """On feedback pages: names in the list at the top, room in tables, and a mark that says that a hint unfolds."""

    CSS = """
#toc a::after { content: " " attr(href); color: #555; }
.rendered_html th, .rendered_html td { padding: 0.2em 0.7em; text-align: left; vertical-align: top; }
summary { display: list-item; cursor: pointer; }
.text_cell_render { overflow: auto; contain: paint; } /* a formula can be moved, but not over another cell */
"""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Add the styles to those of nbconvert."""
        resources["inlining"]["css"].append(self.CSS)
        return nb, resources


def before_converting(course_dir: Path, notebooks: list[str], **_nbgrader: Any) -> None:
    """Adopt misnamed notebooks and take links away; nbgrader calls this for a submission before it converts it."""
    if notebooks:
        folder = Path(notebooks[0]).parent
        for path in [p for p in folder.rglob("*") if p.is_symlink()]:  # nbgrader would follow them, to a classmate's work or to yours
            log.warning("%s: %s, a symbolic link, was removed", folder, path.relative_to(folder))
            path.unlink()
        notebooks[:] = [n for n in notebooks if os.path.isfile(n)]
        notebooks += [str(path) for path in adopt(course_dir, folder) if str(path) not in notebooks]


def after_converting(**_nbgrader: Any) -> None:
    """Take the copies of adopted notebooks away: they would stand in the way of what is handed in later."""
    for copy in list(ADOPTED):
        copy.unlink(missing_ok=True)
        del ADOPTED[copy]


def adopt(course_dir: Path, folder: Path) -> list[Path]:
    """Copy what was handed in under another name, or in a folder too deep, to the name that nbgrader looks for.

    Parameters
    ----------
    folder : Path
        ``submitted/STUDENT/WEEK``; what lies there stays as it is.

    Returns
    -------
    list of Path
        The copies that were made.
    """
    pages = {p.stem: _read(p, secret_seed(course_dir)) for p in sorted((course_dir / "notebooks" / folder.name).glob("*.ipynb"))}
    copies = []
    for name, path in find_notebooks(folder, {name: set(page.sources) for name, page in pages.items()}).items():
        copy = folder / f"{name}.ipynb"
        if path != copy:
            copy.write_bytes(path.read_bytes())
            ADOPTED[copy] = path
            copies.append(copy)
            log.warning("%s: %s was graded as %s", folder, path.relative_to(folder), copy.name)
    return copies


def settings(course_dir: Path) -> Config:
    """Return nbgrader's configuration for a course folder."""
    course_dir = course_dir.resolve()
    # nbgrader calls `alembic` by name to make its gradebook; it stands beside our Python, whether that is on the PATH or not.
    bin_dir = str(Path(sys.executable).parent)
    if bin_dir not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join(filter(None, [bin_dir, os.environ.get("PATH")]))
    c = Config()
    c.CourseDirectory.root = str(course_dir)
    c.CourseDirectory.source_directory = "notebooks"
    c.Exchange.root = str(course_dir / "exchange")  # unused here; nbgrader warns when its own default is not writable
    # Setting `ignore` replaces nbgrader's defaults, so they stand here too; text sources hold solutions.
    c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback", ".git", "*.md", "*.part"]
    c.GenerateAssignment.preprocessors = [*BEFORE_SAVING, SaveCells, *AFTER_SAVING]
    c.ClearSolutions.code_stub = STUB
    c.Autograde.exporter_class = SubmissionExporter
    c.Autograde.sanitize_preprocessors = []
    c.Autograde.autograde_preprocessors = [GradeByProbes, SaveAutoGrades, AssignLatePenalties, CheckCellMetadata]
    c.GenerateFeedback.preprocessors = [GetGrades, CSSHTMLHeaderPreprocessor, FeedbackStyle]
    c.HTMLExporter.filters = FILTERS  # what formgrader and the feedback pages make of Markdown
    c.Autograde.pre_convert_hook = partial(before_converting, course_dir)
    c.Autograde.post_convert_hook = after_converting
    return c
