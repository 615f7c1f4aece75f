"""Hold up the grader by filling the pipe that interrupts come by."""

import os

WORKS_UNCONFINED = False


def attack(bait):
    for number in range(3, 64):
        try:
            os.write(number, b"x" * 1_000_000)
            return None
        except OSError:
            pass
    return None
