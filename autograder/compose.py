"""Any submission in, a gradable notebook out: the release version with the student's answers put in.

Locked cells, tags, points, kernel and metadata come from the release. From the submission come the sources of solution and
answer cells, the outputs of experiments (as inert text and pictures), and the student's own extra cells, in place.
"""

import copy
from dataclasses import dataclass, field

import nbformat
from nbformat import NotebookNode

from autograder.evidence import in_code, in_metadata, in_text
from autograder.inert import handed_in, keep_pictures
from autograder.matching import grade_id, is_open, match_without_name, source_of
from autograder.reading import read_cells

MOST = 50  # lines of each kind that one notebook is worth


@dataclass
class Composed:
    """A gradable notebook.

    Attributes
    ----------
    notes : list of str
        What was repaired on the way, in words that a student can act on.
    for_instructor : list of str
        What someone may want to look at, with its place; see `autograder.evidence`.
    """

    notebook: NotebookNode
    notes: list[str] = field(default_factory=list)
    for_instructor: list[str] = field(default_factory=list)


def compose(submitted: bytes, release: NotebookNode) -> Composed:
    """Put a student's answers into the release version of a notebook; never raises for what the submission holds.

    Parameters
    ----------
    submitted : bytes
        The file as it was handed in.
    release : NotebookNode
        The students' version.
    """
    composed = Composed(copy.deepcopy(release))
    cells = read_cells(submitted, composed.notes)
    known = {grade_id(c): c for c in composed.notebook.cells if grade_id(c)}
    blank = {name: cell.source for name, cell in known.items()}
    nameless = bool(cells) and not any(grade_id(c) in known for c in cells)
    if nameless:
        composed.notes.append("no cell has the name that nbgrader gave it any more, as when cells are copied into a new notebook; answers "
                              "were looked for by the functions that they define; next time, work in the notebook that was handed out")
    extras: dict[int, list[NotebookNode]] = {}
    filled: set[int] = set()
    anchor = -1
    for cell in cells:
        target = known.get(grade_id(cell)) or match_without_name(cell, composed.notebook.cells, filled, nameless)
        if target is not None and id(target) not in filled:
            anchor = _index(composed.notebook.cells, target)
            filled.add(id(target))
            if not _take(target, cell, composed):
                continue
        elif target is not None and grade_id(target):
            composed.notes.append(f"the cell {_name(target)} was there more than once; {_what_counts(target)}")
            if not is_open(target):
                continue  # a copy of a locked cell, whose text is ours: nothing of the student's is lost
        extras.setdefault(anchor, []).append(_extra(cell, composed))
    _take_answers_beside(composed, blank, extras, filled)
    missing = [_name(c) for c in composed.notebook.cells if cells and id(c) not in filled and grade_id(c)]
    if len(missing) == 1:
        composed.notes.append(f"the cell {missing[0]} was missing and was put back as it was in the release")
    elif missing:
        names = f"{', '.join(missing[:-1])} and {missing[-1]}"
        composed.notes.append(f"the cells {names} were missing and were put back as they were in the release")
    composed.notebook.cells = _with_extras(composed.notebook.cells, extras)
    composed.notes, composed.for_instructor = _first(composed.notes), _first(composed.for_instructor)
    return composed


def _first(lines: list[str]) -> list[str]:
    return lines if len(lines) <= MOST else [*lines[:MOST], f"and {len(lines) - MOST} more like these"]


def _take(target: NotebookNode, cell: dict, composed: Composed) -> bool:
    """Take over what is the student's in a known cell; say whether the rest must be kept as an extra cell."""
    source = source_of(cell)
    meta = target.metadata.get("nbgrader", {})
    if meta:
        composed.for_instructor += in_metadata(cell.get("metadata"), target.metadata, f"the cell {_name(target)}")
    if meta.get("solution"):
        if source != target.source:
            seen = in_code if target.cell_type == "code" else in_text
            composed.for_instructor += seen(source, f"the cell {_name(target)}")
        target.source = source
        keep_pictures(target, cell)
        return False
    if "experiment" in target.metadata.get("tags", []):
        target.source = source
        target.outputs = handed_in(cell.get("outputs"))
        return False
    if source.strip() == target.source.strip():
        return False
    if meta.get("grade") or meta.get("locked"):
        composed.notes.append(f"the locked cell {_name(target)} had been changed; the release's own text was used")
        return False
    return True  # an ordinary cell that the student changed: ours stays, and theirs follows it


def _extra(cell: dict, composed: Composed) -> NotebookNode:
    source = source_of(cell)
    first = (source.strip() or "(empty)").splitlines()[0][:40]
    name = f"the student's own cell that begins {first!r}"
    composed.for_instructor += (in_code if cell.get("cell_type") == "code" else in_text)(source, name)
    if grade_id(cell):
        composed.for_instructor.append(f"{name}: is marked as nbgrader's cell {grade_id(cell)[:40]!r}; it was taken as an ordinary one")
    if cell.get("cell_type") == "code":
        return nbformat.v4.new_code_cell(source)
    extra = nbformat.v4.new_markdown_cell(source_of(cell))
    keep_pictures(extra, cell)
    return extra


def _what_counts(cell: NotebookNode) -> str:
    if not is_open(cell):
        return "one of them was taken"
    if cell.cell_type == "code":
        return "all of them were run as they stand, so the last one counts"
    return "the first was taken for the answer"


def _take_answers_beside(composed: Composed, blank: dict[str, str], extras: dict[int, list[NotebookNode]], filled: set[int]) -> None:
    """Where a question's own cell is as it was handed out, or gone, take for the answer what stands in new text cells right below it."""
    for i, cell in enumerate(composed.notebook.cells):
        if cell.cell_type != "markdown" or not is_open(cell) or cell.source != blank[grade_id(cell)]:
            continue
        anchor = i if id(cell) in filled else i - 1
        beside = [e for e in extras.get(anchor, []) if e.cell_type == "markdown" and e.source.strip() not in ("", cell.source.strip())]
        if beside:
            extras[anchor] = [e for e in extras[anchor] if not any(e is taken for taken in beside)]
            cell.source = "\n\n".join(e.source for e in beside)
            cell["attachments"] = {k: v for e in beside for k, v in e.get("attachments", {}).items()}
            filled.add(id(cell))
            composed.notes.append(f"what stood in a new cell below the question {_name(cell)} was taken for its answer; write it in "
                                  "the cell that says YOUR ANSWER HERE")


def _with_extras(cells: list[NotebookNode], extras: dict[int, list[NotebookNode]]) -> list[NotebookNode]:
    merged = list(extras.get(-1, []))
    for i, cell in enumerate(cells):
        merged += [cell, *extras.get(i, [])]
    own = {id(cell) for cell in cells}
    for i, cell in enumerate(merged):
        if id(cell) not in own:
            cell["id"] = f"extra-{i}"  # derived, so that grading twice gives the same notebook
    return merged


def _name(cell: NotebookNode) -> str:
    return repr(grade_id(cell) or cell.source.splitlines()[0][:40] if cell.source else "(empty)")


def _index(cells: list[NotebookNode], target: NotebookNode) -> int:
    return next(i for i, cell in enumerate(cells) if cell is target)
