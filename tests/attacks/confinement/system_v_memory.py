"""Take shared memory of System V, which stays when a process ends."""

import ctypes

WORKS_UNCONFINED = True


def attack(bait):
    libc = ctypes.CDLL(None)
    number = libc.shmget(0, 1 << 20, 0o1600)
    if number >= 0:
        libc.shmctl(number, 0, None)
    return number >= 0
