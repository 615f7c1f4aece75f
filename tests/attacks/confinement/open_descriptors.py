"""Read what the grader left open."""

import os

WORKS_UNCONFINED = False


def attack(bait):
    found = []
    for number in range(3, 256):
        try:
            target = os.readlink(f"/proc/self/fd/{number}")
        except OSError:
            continue
        if not target.startswith(("socket:", "pipe:", "/proc/", "/dev/", "anon_inode")):
            found.append(target)
    return found
