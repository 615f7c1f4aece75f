"""Turn the answers into raw cells and text."""

from tests.attacks.small_class import cell_of

KEEPS = True  # an honest accident: what was right keeps its marks


def hand_in(nb):
    for name, kind in (("relu_backward-code", "raw"), ("unbroadcast-code", "markdown")):
        cell = cell_of(nb, name)
        cell["cell_type"] = kind
        cell.pop("outputs"), cell.pop("execution_count")
    return nb
