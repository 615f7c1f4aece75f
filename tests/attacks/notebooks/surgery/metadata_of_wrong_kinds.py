"""Give metadata, sources and types that are of no kind a notebook has."""

import json


def hand_in(nb):
    for cell, metadata in zip(nb.cells, [None, [], 5, "x", {"nbgrader": 5}, {"nbgrader": {"grade_id": {}}}, {"tags": {"a": 1}}], strict=False):
        cell["metadata"] = metadata
    nb.cells[0]["source"] = {"a": 1}
    return json.dumps(nb).encode()
    return nb
