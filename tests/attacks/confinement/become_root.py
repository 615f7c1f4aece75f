"""Become user 0."""

import os

WORKS_UNCONFINED = False


def attack(bait):
    for change in (lambda: os.setuid(0), lambda: os.setresuid(0, 0, 0), lambda: os.setgid(0), lambda: os.setgroups([0])):
        try:
            change()
            return "changed"
        except OSError:
            pass
    return None
