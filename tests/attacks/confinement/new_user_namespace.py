"""Become root in a user namespace of one's own."""

import ctypes

WORKS_UNCONFINED = False


def attack(bait):
    libc = ctypes.CDLL(None)
    return libc.unshare(0x10000000) == 0
