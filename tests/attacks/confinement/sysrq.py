"""Restart the machine."""

import os

WORKS_UNCONFINED = False


def attack(bait):
    os.close(os.open("/proc/sysrq-trigger", os.O_WRONLY))
    return "it could"
