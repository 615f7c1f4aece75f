"""What a saved notebook says about its checks. Nothing is run for this, and no file is too damaged to be told about."""

import json
import re
from pathlib import Path
from typing import Any

from course.answer_cells import digest
from course.contents import Item, Notebook

PASSED, CHANGED, OPEN = "passed", "changed", "open"
UNWRITTEN = "YOUR ANSWER HERE"  # what stands in the release where words are wanted
STATE = re.compile(r'class="course-check" data-state="([a-z ]+)"')
DAMAGED = "the file is damaged; an older state may be found in JupyterLab with File, Revert Notebook to Checkpoint"


class Unreadable(Exception):
    """A file is not a notebook that can be read; the message says why."""


def read_cells(path: Path) -> list[dict[str, Any]]:
    """Read the cells of a notebook, whatever else may be wrong with it.

    Raises
    ------
    Unreadable
        If the file is no notebook.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Unreadable(error.strerror or "the file cannot be opened") from None
    except (ValueError, RecursionError):
        raise Unreadable(DAMAGED) from None
    cells = data.get("cells") if isinstance(data, dict) else None
    if not isinstance(cells, list):
        raise Unreadable("it has no cells, so it is no notebook, or one of a format of long ago")
    return [c for c in cells if isinstance(c, dict)]


def grade_ids(cells: list[dict[str, Any]]) -> set[str]:
    """Collect the names by which nbgrader knows cells."""
    return {_grade_id(c) for c in cells}


def states(notebook: Notebook, cells: list[dict[str, Any]]) -> dict[str, str]:
    """Say how each exercise and each question of a notebook stands in these cells.

    Returns
    -------
    dict of str to str
        For an exercise `PASSED`; `CHANGED`, if its check passed and the answer or the check was changed afterwards;
        or `OPEN`. For a question `PASSED`, if something is written, or `OPEN`.
    """
    named: dict[str, list[dict[str, Any]]] = {}
    for cell in cells:
        named.setdefault(_grade_id(cell), []).append(cell)
    code = {digest(_text(c)) for c in cells if c.get("cell_type") == "code"}
    found = {}
    for item in notebook.items:
        its = named.get(item.id, [])
        if item.by_hand:
            found[item.id] = PASSED if any(_text(c).strip() not in ("", UNWRITTEN) for c in its) else OPEN
        else:
            verdicts = {_checked(item, check, named.get(f"{item.id}-code", []), code) for check in its}
            found[item.id] = verdicts.pop() if len(verdicts) == 1 else OPEN
    return found


def _checked(item: Item, check: dict[str, Any], solutions: list[dict[str, Any]], code: set[str]) -> str:
    outputs = [o for o in _list(check.get("outputs")) if isinstance(o, dict)]
    shown = [state for o in outputs for state in STATE.findall(_joined(_dict(o.get("data")).get("text/html")))]
    if shown != ["right"] or any(o.get("output_type") == "error" for o in outputs):
        return OPEN
    if _text(check).strip() != f'check("{item.id}")':
        return CHANGED
    kept = [d for o in outputs for d in _list(_dict(_dict(o.get("metadata")).get("course")).get("answer"))]
    if kept:
        return PASSED if all(d in code for d in kept) else CHANGED
    # The check could not say which cells the answer came from: then the order in which they were run must do.
    return PASSED if all(_ran_before(cell, check) for cell in solutions) else CHANGED


def _ran_before(cell: dict[str, Any], check: dict[str, Any]) -> bool:
    one, other = cell.get("execution_count"), check.get("execution_count")
    return isinstance(one, int) and isinstance(other, int) and one < other


def _grade_id(cell: dict[str, Any]) -> str:
    return str(_dict(_dict(cell.get("metadata")).get("nbgrader")).get("grade_id", ""))


def _text(cell: dict[str, Any]) -> str:
    return _joined(cell.get("source"))


def _joined(text: Any) -> str:
    return "".join(map(str, text)) if isinstance(text, list) else str(text or "")


def _list(value: Any) -> list:
    return value if isinstance(value, list) else []


def _dict(value: Any) -> dict:
    return value if isinstance(value, dict) else {}
