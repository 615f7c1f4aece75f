"""Raise the limits again."""

import resource

WORKS_UNCONFINED = False


def attack(bait):
    for name in ("RLIMIT_AS", "RLIMIT_NPROC", "RLIMIT_NOFILE", "RLIMIT_CORE"):
        number = getattr(resource, name)
        try:
            resource.setrlimit(number, (resource.getrlimit(number)[1] + 1,) * 2)
            return name
        except (OSError, ValueError):
            pass
    return None
