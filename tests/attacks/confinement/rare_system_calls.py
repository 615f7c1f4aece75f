"""Use the parts of the kernel in which most holes were found: bpf, perf, io_uring, userfaultfd."""

import ctypes
import os

WORKS_UNCONFINED = False


def attack(bait):
    libc = ctypes.CDLL(None, use_errno=True)
    numbers = {"x86_64": (321, 298, 425, 323), "aarch64": (280, 241, 425, 282)}[os.uname().machine]
    reached = []
    for number in numbers:
        libc.syscall(number, 0, 0, 0, 0, 0)
        if ctypes.get_errno() != 1:
            reached.append(number)
    return reached
