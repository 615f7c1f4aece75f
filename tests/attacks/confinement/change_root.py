"""Leave by changing the root folder."""

import os

WORKS_UNCONFINED = False


def attack(bait):
    os.chroot(".")
    return "changed"
