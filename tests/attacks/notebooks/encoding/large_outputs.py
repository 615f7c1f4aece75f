"""Hand in 200 MB of outputs."""

import nbformat

KEEPS = True  # an honest accident: what was right keeps its marks


def hand_in(nb):
    experiment = next(c for c in nb.cells if "experiment" in c.metadata.get("tags", []))
    experiment.outputs = [nbformat.v4.new_output("stream", text="PLACE")]
    return nbformat.writes(nb).replace("PLACE", "x" * 200_000_000).encode()
