"""Reach a file outside through a symbolic link in the working folder."""

import os

WORKS_UNCONFINED = True


def attack(bait):
    os.symlink(f"{bait['course']}/secret_seed", "link")
    return open("link").read()
