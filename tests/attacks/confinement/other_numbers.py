"""Pass the filter by calls of another ABI, whose numbers differ."""

import ctypes
import os

WORKS_UNCONFINED = False


def attack(bait):
    if os.uname().machine != "x86_64":
        return None
    return ctypes.CDLL(None).syscall(0x40000000 + 272, 0x10000000) == 0
