"""See processes of the host in /proc."""

import os

WORKS_UNCONFINED = True


def attack(bait):
    return [p for p in filter(str.isdigit, os.listdir("/proc")) if int(p) == bait["pid"]]
