"""Any submission in, a gradable notebook out: the release version with the student's answers put in.

Locked cells, tags, points, kernel and metadata come from the release. From the submission come the sources of solution and
answer cells, the outputs of experiments (as inert text and pictures), and the student's own extra cells, in place.
"""

import copy
import json
import re
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.evidence import in_code, in_metadata, in_text
from autograder.inert import handed_in, keep_pictures, writable

BETWEEN = re.compile(r"[ \t\r\n,]*")  # what stands between two cells


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
    cells = _read_cells(submitted, composed.notes)
    known = {_grade_id(c): c for c in composed.notebook.cells if _grade_id(c)}
    extras: dict[int, list[NotebookNode]] = {}
    filled: set[int] = set()
    anchor = -1
    for cell in cells:
        target = known.get(_grade_id(cell)) or _match_without_name(cell, composed.notebook.cells, filled)
        if target is not None and id(target) not in filled:
            anchor = _index(composed.notebook.cells, target)
            filled.add(id(target))
            if not _take(target, cell, composed):
                continue
        elif target is not None and _grade_id(target):
            composed.notes.append(f"the cell {_name(target)} was there more than once; the first was graded")
            if not _is_open(target):
                continue  # a copy of a locked cell, whose text is ours: nothing of the student's is lost
        extras.setdefault(anchor, []).append(_extra(cell, composed))
    missing = [_name(c) for c in composed.notebook.cells if cells and id(c) not in filled and _grade_id(c)]
    if len(missing) == 1:
        composed.notes.append(f"the cell {missing[0]} was missing and was put back as it was in the release")
    elif missing:
        names = f"{', '.join(missing[:-1])} and {missing[-1]}"
        composed.notes.append(f"the cells {names} were missing and were put back as they were in the release")
    composed.notebook.cells = _with_extras(composed.notebook.cells, extras)
    return composed


def _read_cells(submitted: bytes, notes: list[str]) -> list[dict]:
    try:
        data = read_json(submitted)
        if not isinstance(data, dict):
            raise ValueError("not a notebook")
        if not isinstance(data.get("cells"), list):  # before format 4 they stood elsewhere
            data = nbformat.reads(json.dumps(data), as_version=4)
            notes.append("the notebook was in another format and was converted")
        cells = data["cells"]
    except Exception as error:  # whatever is wrong with the file, the student is told and the others go on
        reason = f"line {error.lineno} is not valid JSON" if isinstance(error, json.JSONDecodeError) else "it is not a notebook"
        if saved := _cells_before_the_damage(submitted):
            notes.append(f"the file is damaged ({reason}); the {len(saved)} cells before the damage were graded and what follows is "
                         "lost; open it in JupyterLab, save it, and hand it in again")
            return saved
        notes.append(f"the file could not be read ({reason}), so nothing in it was graded; "
                     "open it in JupyterLab, save it, and hand it in again")
        return []
    return [c for c in cells if isinstance(c, dict)] if isinstance(cells, list) else []


def _cells_before_the_damage(submitted: bytes) -> list[dict]:
    """Read cell after cell of a file that breaks off, or that somebody's editor broke."""
    text = submitted.decode("utf-8", errors="replace")
    start = re.search(r'"cells"\s*:\s*\[', text)
    place, found, decoder = start.end() if start else len(text), [], json.JSONDecoder()
    try:
        while place < len(text):
            cell, place = decoder.raw_decode(text, BETWEEN.match(text, place).end())  # type: ignore[union-attr]  # it may be empty
            found.append(cell)
    except (ValueError, RecursionError):
        pass
    return [c for c in found if isinstance(c, dict)]


def read_json(content: bytes) -> Any:
    """Read JSON in whatever encoding an editor saved it.

    Raises
    ------
    ValueError
        If it is not JSON.
    """
    try:
        return json.loads(content)  # UTF-8, UTF-16 or UTF-32, with a byte order mark or without
    except UnicodeDecodeError:
        return json.loads(content.decode("latin-1"))


def _take(target: NotebookNode, cell: dict, composed: Composed) -> bool:
    """Take over what is the student's in a known cell; say whether the rest must be kept as an extra cell."""
    source = _source(cell)
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
    source = _source(cell)
    first = (source.strip() or "(empty)").splitlines()[0][:40]
    name = f"the student's own cell that begins {first!r}"
    composed.for_instructor += (in_code if cell.get("cell_type") == "code" else in_text)(source, name)
    if _grade_id(cell):
        composed.for_instructor.append(f"{name}: is marked as nbgrader's cell {_grade_id(cell)[:40]!r}; it was taken as an ordinary one")
    if cell.get("cell_type") == "code":
        return nbformat.v4.new_code_cell(source)
    extra = nbformat.v4.new_markdown_cell(_source(cell))
    keep_pictures(extra, cell)
    return extra


def _with_extras(cells: list[NotebookNode], extras: dict[int, list[NotebookNode]]) -> list[NotebookNode]:
    merged = list(extras.get(-1, []))
    for i, cell in enumerate(cells):
        merged += [cell, *extras.get(i, [])]
    own = {id(cell) for cell in cells}
    for i, cell in enumerate(merged):
        if id(cell) not in own:
            cell["id"] = f"extra-{i}"  # derived, so that grading twice gives the same notebook
    return merged


def _source(cell: dict) -> str:
    source = cell.get("source", "")
    text = "".join(s for s in source if isinstance(s, str)) if isinstance(source, list) else source
    return writable(text.replace("\r\n", "\n")) if isinstance(text, str) else ""


def _grade_id(cell: Any) -> str:
    meta = cell.get("metadata") if isinstance(cell, dict) else None
    nbgrader = meta.get("nbgrader") if isinstance(meta, dict) else None
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    return grade_id if isinstance(grade_id, str) else ""


def _match_without_name(cell: dict, cells: list[NotebookNode], filled: set[int]) -> NotebookNode | None:
    """Find the release's cell for one whose grade_id is lost or that never had one: by cell id, else by its text."""
    kind, source = cell.get("cell_type"), _source(cell)
    same_id = (c for c in cells if c.get("id") == cell.get("id") and c.cell_type == kind)
    same_text = (c for c in cells if c.cell_type == kind and c.source == source and not _is_open(c))
    return next((c for c in chain(same_id, same_text) if id(c) not in filled), None)


def _is_open(cell: NotebookNode) -> bool:
    return bool(cell.metadata.get("nbgrader", {}).get("solution"))


def _name(cell: NotebookNode) -> str:
    return repr(_grade_id(cell) or cell.source.splitlines()[0][:40] if cell.source else "(empty)")


def _index(cells: list[NotebookNode], target: NotebookNode) -> int:
    return next(i for i, cell in enumerate(cells) if cell is target)
