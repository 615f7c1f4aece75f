"""What was handed in, as cells: a notebook of any format, a damaged one as far as it goes, or a sentence that says what it is."""

import json
import re
from typing import Any

import nbformat

OTHER_FILES = {b"%PDF": "a PDF", b"PK\x03\x04": "a zip file", b"\x1f\x8b": "a compressed file", b"<": "a web page", b"#!": "a program"}
BETWEEN = re.compile(r"[ \t\r\n,]*")  # what stands between two cells


def read_cells(submitted: bytes, notes: list[str]) -> list[dict]:
    """Read the cells of a file that was handed in, as far as they go; what is wrong with it is added to the notes.

    Nothing that the file holds raises.
    """
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
        if other := _other_file(submitted):
            notes.append(f"the file is {other}, so there was nothing to grade; hand in the notebook itself, the file that ends in .ipynb")
            return []
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


def _other_file(content: bytes) -> str:
    text = content.removeprefix(b"\xef\xbb\xbf").strip()
    return next((what for begin, what in OTHER_FILES.items() if text.startswith(begin)), "") if text else "empty"
