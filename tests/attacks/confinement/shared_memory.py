"""Take all memory as anonymous shared memory, which RLIMIT_DATA does not count."""

import mmap

WORKS_UNCONFINED = False


def attack(bait):
    mmap.mmap(-1, 16 << 30)
    return "16 GiB"
