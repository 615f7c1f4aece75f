"""Make the read-only files writable."""

import ctypes

WORKS_UNCONFINED = False


def attack(bait):
    libc = ctypes.CDLL(None)
    return [p for p in (b"/", b"/library/course", b"/usr/lib", b"/dev") if libc.mount(None, p, None, 32 | 4096, None) == 0]
