"""Ask and set which pages of a file are in the kernel's cache, which all sandboxes share: a way to hand messages on."""

import ctypes
import os

WORKS_UNCONFINED = False


def attack(bait):
    libc = ctypes.CDLL(None, use_errno=True)
    numbers = {"x86_64": (221, 327, 328, 451, 27, 187), "aarch64": (223, 286, 287, 451, 232, 213)}[os.uname().machine]
    reached = []
    for number in numbers:
        ctypes.set_errno(0)
        libc.syscall(number, -1, 0, 0, 0, 0, 0)
        if ctypes.get_errno() != 1:
            reached.append(number)
    return reached
