"""Take the processor from the others."""

import os

WORKS_UNCONFINED = False


def attack(bait):
    os.nice(-10)
    return "faster"
