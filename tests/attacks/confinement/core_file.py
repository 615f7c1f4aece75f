"""Leave a core file, or hand one to the host's crash collector."""

import resource

WORKS_UNCONFINED = False


def attack(bait):
    return resource.getrlimit(resource.RLIMIT_CORE)[1]
