"""Put a second check cell of one's own before the locked one."""

import copy

from tests.attacks.small_class import cell_of

KEEPS = True  # an honest accident: what was right keeps its marks
NOTE = 'more than once'


def hand_in(nb):
    second = copy.deepcopy(cell_of(nb, "unbroadcast"))
    second["id"], second.source = "another", "print('passed')"
    nb.cells.insert(0, second)
    return nb
