"""Edit the locked check cell into one that gives full marks."""

from tests.attacks.small_class import cell_of

KEEPS = True  # an honest accident: what was right keeps its marks
NOTE = "the locked cell 'unbroadcast' had been changed"


def hand_in(nb):
    cell_of(nb, "unbroadcast").source = "5.0"
    return nb
