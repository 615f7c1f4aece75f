"""Break off in the middle of the second answer."""

import nbformat

KEEPS = True  # an honest accident: what was right keeps its marks
NOTE = 'the file is damaged'


def hand_in(nb):
    text = nbformat.writes(nb)
    return text[: text.index("grad.sum()")].encode()
