"""Open or make devices: disks, memory, the kernel's log."""

import os
import stat

WORKS_UNCONFINED = False


def attack(bait):
    found = []
    for name in ("sda", "vda", "nvme0n1", "mem", "kmem", "kmsg", "fuse", "kvm", "net/tun", "dri/card0", "snapshot"):
        if os.path.exists(f"/dev/{name}"):
            found.append(name)
    try:
        os.mknod("disk", stat.S_IFBLK | 0o600, os.makedev(254, 0))
        found.append("mknod")
    except OSError:
        pass
    return found
