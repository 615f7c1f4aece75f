"""The students' version of a source notebook: solutions stripped, cells locked, checksums made, as nbgrader releases it."""

from pathlib import Path

import nbformat
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearHiddenTests,
    ClearMarkScheme,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
    NbGraderPreprocessor,
)

SKIP = "skip-execution"  # nbclient's own tag: Validate, which runs a notebook through nbclient, leaves such cells out
GO_ON = "raises-exception"  # JupyterLab's own tag: *Run All* goes on after such a cell, whatever came of it
STUB = {"python": '# YOUR CODE HERE\nraise NotImplementedError("not written yet")'}  # what stands where a solution stood


class TagCells(NbGraderPreprocessor):
    """Let Validate and stock grading pass over the cells tagged ``experiment``, and *Run All* over checks that do not pass yet."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Tag the experiments and checks of a notebook, and drop what only its authors need."""
        for cell in nb.cells:
            tags, is_check = cell.metadata.get("tags", []), cell.metadata.get("nbgrader", {}).get("grade") and cell.cell_type == "code"
            wanted = [SKIP, GO_ON] if "experiment" in tags else [GO_ON] if is_check else []
            if wanted:
                cell.metadata["tags"] = [*tags, *(tag for tag in wanted if tag not in tags)]
        nb.metadata.pop("jupytext", None)
        nb.metadata.pop("course", None)
        return nb, resources


# The release is made in these steps. Between the two halves nbgrader notes the cells in the gradebook.
BEFORE_SAVING: list[type[Preprocessor]] = [TagCells, LockCells, ClearSolutions, ClearOutput, CheckCellMetadata, ComputeChecksums]
AFTER_SAVING: list[type[Preprocessor]] = [ClearHiddenTests, ClearMarkScheme, ComputeChecksums, CheckCellMetadata]


def front_page_version(built: Path) -> NotebookNode:
    """Return the front page as students get it: with its tables, and without what was shown for the makers' own notebooks."""
    nb = nbformat.read(built, as_version=4)
    for cell in nb.cells:
        if "yours" in cell.metadata.get("tags", []):
            cell.outputs, cell.execution_count = [], None
    nb.metadata.pop("course", None)
    return nb


def student_version(built: Path) -> NotebookNode:
    """Return the release version of a built notebook, made as `nbgrader generate_assignment` makes it."""
    nb = nbformat.read(built, as_version=4)
    resources: dict = {"nbgrader": {}}
    for step in BEFORE_SAVING + AFTER_SAVING:
        options = {"code_stub": STUB} if step is ClearSolutions else {}
        nb, resources = step(**options).preprocess(nb, resources)
    return nb
