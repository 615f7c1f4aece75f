"""Which cells an answer stands in, so that a check which passed can be told from one whose answer was changed afterwards."""

import ast
import hashlib
from collections.abc import Iterable, Sequence
from typing import Any


def record(exercise_id: str, names: Iterable[str]) -> dict[str, Any]:
    """Return what the output of a check keeps: the exercise, and the digest of each cell that its answer came from.

    Parameters
    ----------
    exercise_id : str
    names : iterable of str
        What the exercise asks for.
    """
    return {"course": {"exercise": exercise_id, "answer": digests(names, *_history())}}


def digests(names: Iterable[str], parsed: Sequence[str], raw: Sequence[str]) -> list[str]:
    """Find the cell that defined each name last, and return the digests of these cells; none, if a name came otherwise.

    Parameters
    ----------
    names : iterable of str
    parsed, raw : sequences of str
        The cells as they were run, in this order: as plain Python, and as they were typed.
    """
    missing, found = set(names), set()
    for code, typed in zip(reversed(parsed), reversed(raw), strict=False):
        defined = missing & _defined(code)
        if defined:
            found.add(digest(typed))
            missing -= defined
        if not missing:
            return sorted(found)
    return []


def digest(source: str) -> str:
    """Return a short digest of a cell's text."""
    return hashlib.sha256(source.strip().encode()).hexdigest()[:16]


def _defined(code: str) -> set[str]:
    try:
        body = ast.parse(code).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    found = set()
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.Assign):
            found |= {name.id for target in node.targets for name in ast.walk(target)
                      if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)}
    return found


def _history() -> tuple[list[str], list[str]]:
    from IPython.core.getipython import get_ipython

    manager = getattr(get_ipython(), "history_manager", None)
    parsed, raw = getattr(manager, "input_hist_parsed", []), getattr(manager, "input_hist_raw", [])
    return list(parsed), list(raw)
