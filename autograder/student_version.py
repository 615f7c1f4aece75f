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
STUB = {"python": '# YOUR CODE HERE\nraise NotImplementedError("not written yet")'}  # what stands where a solution stood


class SkipExperiments(NbGraderPreprocessor):
    """Let Validate and stock grading pass over the cells tagged ``experiment``; students run them by hand."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Tag the experiments of a notebook, and drop what only its authors need."""
        for cell in nb.cells:
            tags = cell.metadata.get("tags", [])
            if "experiment" in tags and SKIP not in tags:
                cell.metadata["tags"] = [*tags, SKIP]
        nb.metadata.pop("jupytext", None)
        nb.metadata.pop("course", None)
        return nb, resources


# The release is made in these steps. Between the two halves nbgrader notes the cells in the gradebook.
BEFORE_SAVING: list[type[Preprocessor]] = [SkipExperiments, LockCells, ClearSolutions, ClearOutput, CheckCellMetadata, ComputeChecksums]
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
