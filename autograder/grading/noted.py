"""What nbgrader's gradebook notes about a graded notebook, by its rules.

They are written out here, since nbgrader takes a second to import and each process that grades would have to.
"""

from typing import Any

from nbformat import NotebookNode

NO_RESPONSE = "No response."  # nbgrader's own comment


def about(cell: NotebookNode) -> dict[str, Any]:
    """Return nbgrader's metadata of a cell; empty where it has none."""
    return cell.metadata.get("nbgrader", {})


def scores(cells: list[NotebookNode], released: dict[str, str], points: dict[str, float]) -> dict[str, float | None]:
    """Return the points of each cell that has some; None where a person has to give them.

    Parameters
    ----------
    cells : list of NotebookNode
        Those of the graded notebook.
    released : dict of str to str
        Source of each cell of the release, by nbgrader's name for it.
    points : dict of str to float
        What the probes gave, by exercise.
    """
    found = {about(c)["grade_id"]: c for c in cells if about(c).get("grade")}
    return {name: points[name] if name in points else _score(cell, released) for name, cell in found.items()}


def _score(cell: NotebookNode, released: dict[str, str]) -> float | None:
    if cell.cell_type == "code" and not about(cell).get("solution"):  # a check that is not one of ours
        from nbgrader.utils import determine_grade

        return determine_grade(cell)[0]
    return 0.0 if about(cell).get("solution") and _is_untouched(cell, released) else None


def comments(cells: list[NotebookNode], released: dict[str, str]) -> dict[str, str | None]:
    """Return nbgrader's own comment on each answer: that there is none."""
    return {about(c)["grade_id"]: NO_RESPONSE if _is_untouched(c, released) and not about(c).get("task") else None
            for c in cells if about(c).get("solution") or about(c).get("task")}


def _is_untouched(cell: NotebookNode, released: dict[str, str]) -> bool:
    """Say what nbgrader tells by a checksum: all else that it covers, a graded notebook has from the release."""
    return released.get(about(cell)["grade_id"]) == cell.source


def answers(cells: list[NotebookNode]) -> dict[str, str]:
    """Return the text that each cell with points is about: its own, or that of the solution cell of its exercise."""
    named = {about(c)["grade_id"]: c for c in cells if about(c)}
    return {name: (cell if about(cell).get("solution") else named.get(f"{name}-code", cell)).source
            for name, cell in named.items() if about(cell).get("grade") or about(cell).get("task")}
