"""Leave the marks of a merge conflict in the file."""

import nbformat

KEEPS = True  # an honest accident: what was right keeps its marks
NOTE = 'the file is damaged'


def hand_in(nb):
    text = nbformat.writes(nb)
    at = text.index("{", text.index("grad.sum()"))
    return (text[:at] + "<<<<<<< HEAD\n" + text[at:]).encode()
