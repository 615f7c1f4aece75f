"""Save as UTF-16."""

import nbformat

KEEPS = True  # an honest accident: what was right keeps its marks


def hand_in(nb):
    return nbformat.writes(nb).encode("utf-16")
