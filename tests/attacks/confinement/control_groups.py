"""Leave by the release agent of a control group."""

import os

WORKS_UNCONFINED = False


def attack(bait):
    return [path for path in ("/sys/fs/cgroup", "/sys/kernel") if os.path.isdir(path) and os.listdir(path)]
