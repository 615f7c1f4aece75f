"""Carry ten megabytes of metadata in every cell."""

KEEPS = True  # an honest accident: what was right keeps its marks


def hand_in(nb):
    for cell in nb.cells:
        cell.metadata["weight"] = "x" * 10_000_000
    return nb
