"""Take over the first process of the sandbox, if it may do more than others."""

import ctypes
import os

WORKS_UNCONFINED = False


def attack(bait):
    libc = ctypes.CDLL(None)
    if libc.ptrace(16, 1, 0, 0) == 0:
        return "traced"
    os.close(os.open("/proc/1/mem", os.O_RDWR))  # an ordinary user's is written with the student's own rights
    more = [line for line in open("/proc/1/limits") if line.startswith(("Max address", "Max processes", "Max file size")) and "unlimited" in line]
    return more + [line for line in open("/proc/1/status") if line.startswith(("CapPrm", "CapEff")) and int(line.split()[1], 16)]
