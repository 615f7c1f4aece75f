"""A filter of system calls that no honest notebook makes, as the small program that the kernel takes.

It closes what namespaces leave open: sockets that belong to no network namespace (vsock, netlink), memory that no limit
counts (memfd, System V), new namespaces, tracing, what shows or sets which files are in the kernel's cache (all sandboxes share
it, so it would carry messages from one to the next), and the parts of the kernel in which most holes were found.
"""

import errno
import platform
import struct

# machine: (number of its ABI for audit, {call: number})
_CALLS = {
    "x86_64": (0xC000003E, {
        "ptrace": 101, "process_vm_readv": 310, "process_vm_writev": 311, "pidfd_getfd": 438, "kcmp": 312,
        "mount": 165, "umount2": 166, "pivot_root": 155, "chroot": 161, "open_tree": 428, "move_mount": 429, "fsopen": 430,
        "fsconfig": 431, "fsmount": 432, "fspick": 433, "mount_setattr": 442, "unshare": 272, "setns": 308,
        "memfd_create": 319, "memfd_secret": 447, "shmget": 29, "shmat": 30, "msgget": 68, "semget": 64, "mq_open": 240,
        "bpf": 321, "perf_event_open": 298, "userfaultfd": 323, "io_uring_setup": 425, "io_uring_enter": 426,
        "io_uring_register": 427, "keyctl": 250, "add_key": 248, "request_key": 249, "init_module": 175,
        "finit_module": 313, "delete_module": 176, "kexec_load": 246, "kexec_file_load": 320, "open_by_handle_at": 304,
        "name_to_handle_at": 303, "syslog": 103, "personality": 135, "quotactl": 179, "acct": 163, "swapon": 167,
        "swapoff": 168, "reboot": 169, "settimeofday": 164, "clock_settime": 227, "iopl": 172, "ioperm": 173,
        "fanotify_init": 300, "vhangup": 153, "move_pages": 279, "modify_ldt": 154,
        "fadvise64": 221, "preadv2": 327, "pwritev2": 328, "cachestat": 451, "mincore": 27, "readahead": 187}, {"socket": 41, "clone": 56}),
    "aarch64": (0xC00000B7, {
        "ptrace": 117, "process_vm_readv": 270, "process_vm_writev": 271, "pidfd_getfd": 438, "kcmp": 272,
        "mount": 40, "umount2": 39, "pivot_root": 41, "chroot": 51, "open_tree": 428, "move_mount": 429, "fsopen": 430,
        "fsconfig": 431, "fsmount": 432, "fspick": 433, "mount_setattr": 442, "unshare": 97, "setns": 268,
        "memfd_create": 279, "memfd_secret": 447, "shmget": 194, "shmat": 196, "msgget": 186, "semget": 190, "mq_open": 180,
        "bpf": 280, "perf_event_open": 241, "userfaultfd": 282, "io_uring_setup": 425, "io_uring_enter": 426,
        "io_uring_register": 427, "keyctl": 219, "add_key": 217, "request_key": 218, "init_module": 105,
        "finit_module": 273, "delete_module": 106, "kexec_load": 104, "kexec_file_load": 294, "open_by_handle_at": 265,
        "name_to_handle_at": 264, "syslog": 116, "personality": 92, "quotactl": 60, "acct": 89, "swapon": 224,
        "swapoff": 225, "reboot": 142, "settimeofday": 170, "clock_settime": 112, "fanotify_init": 262,
        "vhangup": 58, "move_pages": 239,
        "fadvise64": 223, "preadv2": 286, "pwritev2": 287, "cachestat": 451, "mincore": 232, "readahead": 213},
        {"socket": 198, "clone": 220}),
}
_CLONE3 = 435
_NEW_NAMESPACES = 0x7E020000  # CLONE_NEWNS, CGROUP, UTS, IPC, USER, PID and NET
_FAMILIES = (1, 2, 10)  # AF_UNIX, AF_INET, AF_INET6: these stay inside the network namespace
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000


def program(machine: str | None = None) -> bytes | None:
    """Return the filter as the kernel's instructions, or None for a machine whose calls we have no list of."""
    machine = machine or platform.machine()
    if machine not in _CALLS:
        return None
    audit, refused, special = _CALLS[machine]
    denied, absent = _ERRNO | errno.EPERM, _ERRNO | errno.ENOSYS
    steps = [
        _step(_LOAD, 4), _step(_EQUAL, audit, 1, 0), _step(_RETURN, _KILL),  # calls of another ABI have other numbers
        _step(_LOAD, 0), _step(_AT_LEAST, 0x40000000, 0, 1), _step(_RETURN, _KILL),  # x32, on x86_64
        # clone3 has its flags in memory, where a filter cannot look; told that it is absent, libc uses clone.
        _step(_EQUAL, _CLONE3, 0, 1), _step(_RETURN, absent),
        _step(_EQUAL, special["clone"], 0, 4), _step(_LOAD, 16), _step(_ANY_BIT, _NEW_NAMESPACES, 0, 1),
        _step(_RETURN, denied), _step(_RETURN, _ALLOW),
        _step(_EQUAL, special["socket"], 0, 3 + len(_FAMILIES)), _step(_LOAD, 16),
        *(_step(_EQUAL, family, len(_FAMILIES) - i, 0) for i, family in enumerate(_FAMILIES)),
        _step(_RETURN, denied), _step(_RETURN, _ALLOW),
    ]
    for number in refused.values():
        steps += [_step(_EQUAL, number, 0, 1), _step(_RETURN, denied)]
    return b"".join([*steps, _step(_RETURN, _ALLOW)])


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)
