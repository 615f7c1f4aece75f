"""Take memory in files without a name, which no process's size shows."""

import os

WORKS_UNCONFINED = True


def attack(bait):
    numbers = [os.memfd_create(f"m{i}") for i in range(4)]
    return len(numbers)
