"""Put NaN and infinity into the JSON."""

import nbformat

KEEPS = True  # an honest accident: what was right keeps its marks


def hand_in(nb):
    nb.metadata["value"] = "PLACE"
    nb.cells[0].metadata["value"] = "PLACE"
    return nbformat.writes(nb).replace('"PLACE"', "NaN", 1).replace('"PLACE"', "-Infinity").encode()
