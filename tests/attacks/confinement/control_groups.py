"""Leave by the release agent of a control group."""

import os

WORKS_UNCONFINED = False


def attack(bait):
    return os.path.exists("/sys/fs/cgroup") or os.path.exists("/sys/kernel")
