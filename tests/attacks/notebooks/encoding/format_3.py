"""Hand in the format of 2013."""

import nbformat

KEEPS = True  # an honest accident: what was right keeps its marks
NOTE = 'another format'


def hand_in(nb):
    return nbformat.v3.writes_json(nbformat.convert(nb, 3)).encode()
