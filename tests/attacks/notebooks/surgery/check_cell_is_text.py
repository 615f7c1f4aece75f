"""Turn the check cells into text, so that nothing is checked."""

from tests.attacks.small_class import cell_of

KEEPS = True  # an honest accident: what was right keeps its marks


def hand_in(nb):
    for name in ("relu_backward", "unbroadcast"):
        cell = cell_of(nb, name)
        cell["cell_type"] = "markdown"
        cell.pop("outputs"), cell.pop("execution_count")
    return nb
