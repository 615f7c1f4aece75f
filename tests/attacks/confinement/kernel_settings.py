"""Change settings of the kernel that let a program run as root."""

import os

WORKS_UNCONFINED = False


def attack(bait):
    found = []
    for name in ("kernel/core_pattern", "kernel/modprobe", "fs/binfmt_misc/register", "user/max_user_namespaces", "vm/overcommit_memory"):
        try:
            os.close(os.open(f"/proc/sys/{name}", os.O_WRONLY))
            found.append(name)
        except OSError:
            pass
    return found
