"""Read or leave keys in the kernel's keyring, which no namespace of ours divides."""

import ctypes
import os

WORKS_UNCONFINED = False


def attack(bait):
    libc = ctypes.CDLL(None)
    number = {"x86_64": 248, "aarch64": 217}[os.uname().machine]
    return libc.syscall(number, b"user", b"attack", b"x", 1, -2) >= 0
