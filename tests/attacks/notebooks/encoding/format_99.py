"""Claim a format that does not exist yet."""

import json

import nbformat

KEEPS = True  # an honest accident: what was right keeps its marks


def hand_in(nb):
    data = json.loads(nbformat.writes(nb)) | {"nbformat": 99, "nbformat_minor": 99}
    return json.dumps(data).encode()
