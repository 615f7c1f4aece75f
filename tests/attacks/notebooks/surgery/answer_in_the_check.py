"""Write the right answer into the locked check cell, where it is not read."""

from tests.attacks.small_class import KEY, cell_of

KEEPS = True  # an honest accident: what was right keeps its marks
NOTE = 'had been changed'


def hand_in(nb):
    cell_of(nb, "unbroadcast").source = KEY.solutions["unbroadcast"] + "\n5.0"
    return nb
