"""Put the cells in the opposite order."""

KEEPS = True  # an honest accident: what was right keeps its marks


def hand_in(nb):
    nb.cells = nb.cells[::-1]
    return nb
