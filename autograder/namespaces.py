"""Calls of the kernel for namespaces and rights, which Python 3.11 does not offer; used inside a sandbox only."""

import ctypes
import errno
import fcntl
import os
import platform
import signal
import socket
import struct

# From <linux/sched.h>, <linux/mount.h>, <linux/prctl.h>, <linux/seccomp.h>, <linux/capability.h> and <linux/if.h>.
NEW_MOUNTS, NEW_NAMES, NEW_IPC, NEW_PROCESSES, NEW_NETWORK = 0x20000, 0x4000000, 0x8000000, 0x20000000, 0x40000000
NO_SET_UID, NO_DEVICES, NO_EXEC, READ_ONLY, RECURSIVE, PRIVATE = 2, 4, 8, 1, 16384, 1 << 18
_CLONE = {"x86_64": 56, "aarch64": 220}
_CLONE_PIDFD = 0x1000
_SET_DUMPABLE, _SET_SECCOMP, _DROP_BOUNDING, _AMBIENT, _CLEAR_ALL = 4, 22, 24, 47, 4
_SECCOMP_FILTER = 2
_CAPABILITY_VERSION = 0x20080522
_GET_FLAGS, _SET_FLAGS, _UP = 0x8913, 0x8914, 1

_libc = ctypes.CDLL(None, use_errno=True)
_libc_with_gil = ctypes.PyDLL(None, use_errno=True)


def clone(namespaces: int) -> tuple[int, int]:
    """Fork into new namespaces; what `os.fork` gives, and in the parent a pidfd of the child.

    `unshare` before `os.fork` would move this process too, and could be done once only: it has one set of namespaces
    for its children.
    """
    pidfd = ctypes.c_int(-1)
    python = ctypes.pythonapi
    number = _CLONE.get(platform.machine())
    if number is None:
        raise OSError(errno.ENOSYS, f"clone is not known for {platform.machine()}")
    python.PyOS_BeforeFork()
    pid = _libc_with_gil.syscall(*map(ctypes.c_long, (number, namespaces | _CLONE_PIDFD | signal.SIGCHLD, 0)),
                                 ctypes.byref(pidfd), ctypes.c_long(0), ctypes.c_long(0))
    if pid == 0:
        python.PyOS_AfterFork_Child()
        return 0, -1
    python.PyOS_AfterFork_Parent()
    return _checked(pid, "clone"), pidfd.value


def mount(kind: str | None, where: str, flags: int, options: str = "") -> None:
    """Mount a new file system of a kind, or change the flags of what is there."""
    name = kind.encode() if kind else None
    _checked(_libc.mount(name, where.encode(), name, ctypes.c_ulong(flags), options.encode() or None), f"mount on {where}")


def start_loopback() -> None:
    """Let a new network namespace reach itself."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sh22x", b"lo", 0)
        (flags,) = struct.unpack("16xh22x", fcntl.ioctl(any_socket, _GET_FLAGS, request))
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sh22x", b"lo", flags | _UP))


def drop_rights(user: int) -> None:
    """Become another user, unless it is 0, and lose every capability for good."""
    for capability in range(64):
        if _libc.prctl(_DROP_BOUNDING, capability, 0, 0, 0) < 0 and ctypes.get_errno() != errno.EINVAL:
            _checked(-1, "prctl(PR_CAPBSET_DROP)")
    if user:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    _checked(_libc.prctl(_AMBIENT, _CLEAR_ALL, 0, 0, 0), "prctl(PR_CAP_AMBIENT)")
    head, none = struct.pack("=Ii", _CAPABILITY_VERSION, 0), bytes(24)
    _checked(_libc.capset(head, none), "capset")


def set_dumpable(yes: bool) -> None:
    """Let processes of the same user look into this one, or not."""
    _checked(_libc.prctl(_SET_DUMPABLE, int(yes), 0, 0, 0), "prctl(PR_SET_DUMPABLE)")


def filter_calls(program: bytes) -> None:
    """Refuse system calls by a filter, from here on and in all children."""
    steps = ctypes.create_string_buffer(program, len(program))
    description = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(steps))
    _checked(_libc.prctl(_SET_SECCOMP, _SECCOMP_FILTER, description, 0, 0), "prctl(PR_SET_SECCOMP)")


def _checked(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result
