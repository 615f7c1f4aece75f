"""Reach a file outside through a hard link in the working folder."""

import os
import sys

WORKS_UNCONFINED = False


def attack(bait):
    os.link(sys.executable, "link")
    return "linked" if os.stat("link").st_mode & 0o222 else None
