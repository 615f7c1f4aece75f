"""Take away what hides something."""

import ctypes
import os

WORKS_UNCONFINED = False


def attack(bait):
    libc = ctypes.CDLL(None)
    return [p for p in (b"/proc", b"/dev/shm", os.getcwd().encode()) if libc.umount2(p, 2) == 0]
