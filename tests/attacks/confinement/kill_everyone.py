"""Kill the parent and all that may be killed."""

import os
import signal

WORKS_UNCONFINED = False


def attack(bait):
    for pid in (os.getppid(), 1, -1):
        for number in (signal.SIGSTOP, signal.SIGKILL):
            try:
                os.kill(pid, number)
            except OSError:
                pass
    return None
