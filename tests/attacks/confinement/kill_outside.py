"""Kill a process outside by its number."""

import os
import signal

WORKS_UNCONFINED = True


def attack(bait):
    os.kill(bait["pid"], signal.SIGKILL)
    return "killed"
