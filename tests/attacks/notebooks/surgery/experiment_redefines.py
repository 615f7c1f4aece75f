"""Put an answer into an experiment, which is not run, and the rest into a cell of one's own."""

from tests.attacks.small_class import KEY, cell_of

KEEPS = True  # an honest accident: what was right keeps its marks


def hand_in(nb):
    experiment = next(c for c in nb.cells if "experiment" in c.metadata.get("tags", []))
    experiment.source = KEY.solutions["unbroadcast"]
    cell_of(nb, "unbroadcast-code").source = ""
    return nb
