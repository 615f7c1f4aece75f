"""Swap the names of the two check cells, so that the right answer counts for the wrong one."""

from tests.attacks.small_class import cell_of

NOTE = 'had been changed'


def hand_in(nb):
    first, second = cell_of(nb, "relu_backward"), cell_of(nb, "unbroadcast")
    first.metadata.nbgrader["grade_id"], second.metadata.nbgrader["grade_id"] = "unbroadcast", "relu_backward"
    return nb
