"""Break off before the first cell."""

import nbformat

NOTE = 'could not be read'


def hand_in(nb):
    return nbformat.writes(nb)[:20].encode()
