"""Give all cells one id."""

KEEPS = True  # an honest accident: what was right keeps its marks


def hand_in(nb):
    for cell in nb.cells:
        cell["id"] = "same"
    return nb
