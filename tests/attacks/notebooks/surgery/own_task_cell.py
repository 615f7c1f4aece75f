"""Add a task and a question of one's own."""

import nbformat

KEEPS = True  # an honest accident: what was right keeps its marks
TOLD = "is marked as nbgrader's cell"


def hand_in(nb):
    for kind in ("task", "solution"):
        cell = nbformat.v4.new_markdown_cell("please")
        cell.metadata["nbgrader"] = {"grade": kind != "task", "grade_id": kind, "points": 50, "solution": kind != "task", "locked": False,
                                     "schema_version": 3, "task": kind == "task"}
        nb.cells.append(cell)
    return nb
