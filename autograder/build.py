"""Build the notebooks: execute each hand-written ``NAME.md`` and store it, with its outputs, as ``NAME.ipynb``."""

import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, CellExecutionError, DeadKernelError

from autograder import contents
from autograder.answer_key import FRONT_PAGE, front_page, module_name, sources
from autograder.course_folder import CourseProblem
from autograder.expected import DATA

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE = {"name": "python", "pygments_lexer": "ipython3"}
CELL_SECONDS = 600  # an endless loop ends; a busy machine is only slow


class BuildFailed(CourseProblem):
    """A notebook could not be built; the message says which cell failed and why."""


def build(source: Path, force: bool = False, say: Callable[[str], None] = lambda _: None) -> bool:
    """Execute a source notebook and store the result, unless it is already up to date.

    Parameters
    ----------
    source : Path
        ``NAME.md`` in MyST form.
    force : bool
        Build even if nothing has changed.
    say : callable
        Told once that the notebook is being run, before it is.

    Returns
    -------
    bool
        Whether the notebook was executed.

    Raises
    ------
    BuildFailed
        If the source cannot be read or a cell fails. The notebook that stood there before is left as it was.
    """
    if not force and is_fresh(source):
        return False
    notebook = read_source(source)
    say(f"running {source.parent.name}/{source.name}")
    started: list[int] = []  # which cells were executed: a kernel that dies leaves no trace in the cell that killed it
    client = NotebookClient(
        notebook, kernel_name=KERNEL["name"], timeout=CELL_SECONDS, record_timing=False, coalesce_streams=True,
        skip_cells_with_tag="",  # nothing may be skipped: no cell has the empty tag
        extra_arguments=["--log-level=ERROR"], resources={"metadata": {"path": str(source.resolve().parent)}},
        on_cell_execute=lambda cell, cell_index: started.append(cell_index))
    try:
        client.execute()
    except (CellControlSignal, DeadKernelError) as error:
        raise BuildFailed(_failure(source, notebook, started, error)) from None
    _settle(notebook)
    _write(notebook, built_path(source))
    return True


def build_all(course_dir: Path, force: bool = False, say: Callable[[str], None] = lambda _: None) -> list[Path]:
    """Build every notebook of a course that is not up to date, and return those that were executed."""
    return [built_path(source) for source in sources(course_dir) if build(source, force, say)]


def build_front_page(course_dir: Path, force: bool = False) -> list[Path]:
    """Build the page with the tables of the whole course, after all others; return what was written."""
    source = front_page(course_dir)
    if not source.is_file():
        return []
    return [*contents.write_contents(course_dir), *([built_path(source)] if build(source, force) else [])]


def is_fresh(source: Path) -> bool:
    """Tell whether the built notebook is there, complete, and from this very source."""
    return not problems(source)


def problems(source: Path) -> list[str]:
    """Say, a sentence each, what is wrong with the built notebook of a source; nothing if it is as it should be."""
    path = built_path(source)
    if not path.is_file():
        return [f"{path.name} is missing"]
    try:
        built = nbformat.read(path, as_version=4)
    except Exception as error:  # nbformat raises many kinds, for broken JSON and for broken notebooks
        return [f"{path.name} cannot be read: {error}"]
    wanted = read_source(source)
    found = []
    for name, what in {"source_sha256": source.name, "checks_sha256": "the data that its cells show"}.items():
        if built.metadata.get("course", {}).get(name) != wanted.metadata["course"][name]:
            found.append(f"{what} has changed since {path.name} was built")
    if [_content(c) for c in built.cells] != [_content(c) for c in wanted.cells]:
        found.append(f"the cells of {path.name} are not those of {source.name}")
    for number, cell in enumerate(built.cells, start=1):
        if cell.cell_type == "code":
            if cell.execution_count is None:
                found.append(f"cell {number} ({cell.id}) was never executed")
            found += [f"cell {number} ({cell.id}) ended in {o.ename}" for o in cell.outputs if o.output_type == "error"]
    return found


def built_path(source: Path) -> Path:
    """Name the notebook that is built from a source."""
    return source.with_suffix(".ipynb")


def read_source(source: Path) -> nbformat.NotebookNode:
    """Read a source as a notebook without outputs, every cell with an id that follows from what it holds.

    Raises
    ------
    BuildFailed
        If there is no such file, or it is no notebook.
    """
    try:
        text = source.read_text(encoding="utf-8")
        notebook = jupytext.reads(text, fmt="md:myst")
    except Exception as error:  # jupytext raises whatever its parsers raise
        raise BuildFailed(f"{source} cannot be read as a notebook: {error}") from None
    made_from = {"source_sha256": hashlib.sha256(text.encode()).hexdigest(), "checks_sha256": _data_digest(source)}
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNEL, "language_info": LANGUAGE, "course": made_from})
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    used: dict[str, int] = {}
    for cell in notebook.cells:
        name = _derived_id(cell)
        used[name] = used.get(name, 0) + 1
        cell.id = name if used[name] == 1 else f"{name}-{used[name]}"
    return notebook


def _data_digest(source: Path) -> str:
    # The stored cards and tables say what this data said; when it says something else, they are stale.
    data = contents.DATA if source.stem == FRONT_PAGE else DATA / f"{module_name(source)}.json"
    return hashlib.sha256(data.read_bytes()).hexdigest() if data.is_file() else ""


def _derived_id(cell: nbformat.NotebookNode) -> str:
    grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
    if grade_id:
        return re.sub(r"[^a-zA-Z0-9_-]", "-", grade_id)[:60]
    return hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:12]


def _content(cell: nbformat.NotebookNode) -> tuple[str, str, Any]:
    return cell.cell_type, cell.source, cell.metadata


def _settle(notebook: nbformat.NotebookNode) -> None:
    # The kernel writes its own version here, which differs from machine to machine.
    notebook.metadata["kernelspec"], notebook.metadata["language_info"] = KERNEL, LANGUAGE
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)


def _failure(source: Path, notebook: nbformat.NotebookNode, started: list[int], error: Exception) -> str:
    if isinstance(error, CellExecutionError):
        reason = f"{error.ename}: {error.evalue}"
    elif isinstance(error, TimeoutError):
        reason = f"it took longer than {CELL_SECONDS} s"
    else:
        reason = "the kernel died"
    if not started:
        return f"{source}: no cell was executed: {reason}"
    cell = notebook.cells[started[-1]]
    return f"{source}: cell {started[-1] + 1} ({cell.id}) failed: {reason}\n\n{cell.source}"


def _write(notebook: nbformat.NotebookNode, path: Path) -> None:
    nbformat.validate(notebook)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        nbformat.write(notebook, temporary)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
