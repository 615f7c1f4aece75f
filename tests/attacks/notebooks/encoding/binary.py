"""Hand in something that is no text."""

import os

NOTE = 'could not be read'


def hand_in(nb):
    return os.urandom(10_000)
