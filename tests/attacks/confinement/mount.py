"""Mount a file system, or the root of the host by its device."""

import ctypes
import os

WORKS_UNCONFINED = False


def attack(bait):
    libc = ctypes.CDLL(None)
    return [k for k in (b"tmpfs", b"proc", b"sysfs", b"cgroup2", b"overlay") if libc.mount(b"none", os.getcwd().encode(), k, 0, None) == 0]
