"""Trace a process outside."""

import ctypes

WORKS_UNCONFINED = False


def attack(bait):
    libc = ctypes.CDLL(None)
    if libc.ptrace(16, bait["pid"], 0, 0) == 0:
        return libc.ptrace(17, bait["pid"], 0, 0) + 1
    return None
