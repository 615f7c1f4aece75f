"""Our steps inside nbgrader, so that `nbgrader autograde`, formgrader's button and `autograder grade` do the same."""

import hashlib
import json
import logging
import os
import sys
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    NbGraderPreprocessor,
    SaveAutoGrades,
    SaveCells,
)
from traitlets.config import Config

from autograder.compose import compose, read_json
from autograder.grade import NOT_CONFINED, grade
from autograder.sandbox import choose
from autograder.secret import secret_seed
from autograder.student_version import AFTER_SAVING, BEFORE_SAVING, STUB, student_version

log = logging.getLogger("autograder")
ADOPTED: dict[str, str] = {}  # path of a notebook -> the name that it was handed in under


class SubmissionExporter(NotebookExporter):
    """Reads a submission, whatever it is, and hands on the release version with its answers in it."""

    def from_filename(self, filename: str, resources: dict | None = None, **kwargs: Any) -> tuple[Any, dict[str, Any]]:
        """Compose a submission on the way in; read our own graded notebook plainly afterwards."""
        converter = self.parent
        if converter is None or resources is None or not getattr(converter, "_sanitizing", False):
            return super().from_filename(filename, resources=resources, **kwargs)
        place = resources["nbgrader"]
        built = Path(converter.coursedir.root) / "notebooks" / place["assignment"] / f"{place['notebook']}.ipynb"
        content = Path(filename).read_bytes()
        composed = compose(content, student_version(built))
        if filename in ADOPTED:
            composed.notes.insert(0, f"the file was handed in as {ADOPTED[filename]!r} and was graded as {Path(filename).name!r}")
        submission = hashlib.sha256(content).hexdigest()
        composed.notebook.metadata["grading"] = {"notes": composed.notes, "submission": submission}
        return super().from_notebook_node(composed.notebook, resources=resources, **kwargs)


class GradeByProbes(NbGraderPreprocessor):
    """Takes the place of nbgrader's Execute step."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Run the notebook's cells in the student's process and decide the marks in this one."""
        if not choose().confines:
            self.log.warning(NOT_CONFINED)
        course_dir = Path(self.parent.parent.coursedir.root)  # our parent is the exporter, and its parent the converter
        grade(nb, nb.metadata.get("grading", {}).get("notes", []), secret_seed(course_dir), course_dir)
        return nb, resources


def before_converting(course_dir: Path, notebooks: list[str], **_nbgrader: Any) -> None:
    """Adopt misnamed notebooks; nbgrader calls this for a submission before it converts it."""
    if notebooks:
        folder = Path(notebooks[0]).parent
        notebooks += [str(path) for path in adopt(course_dir, folder) if str(path) not in notebooks]


def adopt(course_dir: Path, folder: Path) -> list[Path]:
    """Copy what was handed in under another name, or in a folder too deep, to the name that is wanted.

    Parameters
    ----------
    folder : Path
        ``submitted/STUDENT/WEEK``; what lies there stays as it is.

    Returns
    -------
    list of Path
        The copies that were made.
    """
    wanted = {p.name: _grade_ids(p.read_bytes()) for p in sorted((course_dir / "notebooks" / folder.name).glob("*.ipynb"))}
    strangers = [p for p in sorted(folder.rglob("*")) if p.suffix.lower() == ".ipynb" and p.is_file()
                 and ".ipynb_checkpoints" not in p.parts and (p.parent != folder or p.name not in wanted)]
    copies = []
    for name, ours in wanted.items():
        if (folder / name).exists():
            continue
        shared = {p: len(ours & _grade_ids(p.read_bytes())) for p in strangers}
        best = max(shared, key=lambda p: (shared[p], p.stat().st_mtime), default=None)
        if best is None or (shared[best] == 0 and len(wanted) > 1):
            continue
        (folder / name).write_bytes(best.read_bytes())
        ADOPTED[str(folder / name)] = best.relative_to(folder).as_posix()
        copies.append(folder / name)
        log.warning("%s: %s was graded as %s", folder, best.relative_to(folder), name)
    return copies


def _grade_ids(content: bytes) -> set[str]:
    try:
        cells = nbformat.reads(json.dumps(read_json(content)), as_version=4).cells
        return {c.metadata["nbgrader"]["grade_id"] for c in cells if "grade_id" in c.metadata.get("nbgrader", {})}
    except Exception:  # an unreadable file has no cells that we know
        return set()


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
    c.Autograde.pre_convert_hook = partial(before_converting, course_dir)
    return c
