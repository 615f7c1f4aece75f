"""Which cell of the release a handed-in cell is: by nbgrader's name for it, by its id, its text, or what it defines."""

import re
from itertools import chain
from typing import Any

from nbformat import NotebookNode

from autograder.inert import writable

DEFINED = re.compile(r"(?m)^(?:def|class)\s+(\w+)")


def source_of(cell: dict) -> str:
    """Return the text of a cell as it was handed in, whatever that is."""
    source = cell.get("source", "")
    text = "".join(s for s in source if isinstance(s, str)) if isinstance(source, list) else source
    return writable(text.replace("\r\n", "\n")) if isinstance(text, str) else ""


def grade_id(cell: Any) -> str:
    """Return nbgrader's name for a cell; empty if it has none."""
    meta = cell.get("metadata") if isinstance(cell, dict) else None
    nbgrader = meta.get("nbgrader") if isinstance(meta, dict) else None
    name = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    return name if isinstance(name, str) else ""


def is_open(cell: NotebookNode) -> bool:
    """Tell whether a cell of the release is for an answer."""
    return bool(cell.metadata.get("nbgrader", {}).get("solution"))


def match_without_name(cell: dict, cells: list[NotebookNode], filled: set[int], by_definition: bool) -> NotebookNode | None:
    """Find the release's cell for one whose name is lost or that never had one.

    Parameters
    ----------
    cell : dict
        As it was handed in.
    cells : list of NotebookNode
        Those of the release.
    filled : set of int
        `id` of each of them that was found before.
    by_definition : bool
        Whether an answer may be known by the functions and classes that it defines; where other cells have their names still,
        one that defines the same is the student's own.
    """
    kind, source, meta = cell.get("cell_type"), source_of(cell), cell.get("metadata")
    ids = [cell.get("id"), meta.get("id") if isinstance(meta, dict) else None]  # Colab writes it into the second place
    alike = [c for c in cells if c.cell_type == kind]
    defined = set(DEFINED.findall(source)) if by_definition and kind == "code" else set()
    same_id = (c for c in alike if c.get("id") in ids)
    same_text = (c for c in alike if c.source == source and not is_open(c))
    same_names = (c for c in alike if is_open(c) and set(DEFINED.findall(c.source)) and set(DEFINED.findall(c.source)) <= defined)
    return next((c for c in chain(same_id, same_text, same_names) if id(c) not in filled), None)
