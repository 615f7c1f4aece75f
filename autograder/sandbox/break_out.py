"""Tries to break out. It is run inside a sandbox, as text, and imports nothing of ours; see `canary`.

Each function returns what it got hold of, or raises OSError when it was held back, which is what we hope for.
"""

import ctypes
import errno
import json
import mmap
import os
import resource
import signal
import socket
import sys

ALLOWED = {"PATH", "HOME", "USER", "PWD", "LANG", "LC_CTYPE", "PYTHONDONTWRITEBYTECODE", "PYTHONHASHSEED", "PYTHONPATH", "MPLBACKEND",
           "MPLCONFIGDIR"}
libc = ctypes.CDLL(None, use_errno=True)


def _call(function, *args):  # type: ignore[no-untyped-def]
    if function(*args) < 0:
        raise OSError(ctypes.get_errno(), "held back")
    return "the call went through"


def read_files(bait):  # type: ignore[no-untyped-def]
    """Read files of the host: the course, the home, a stranger's file."""
    return [path for path in bait["secret"] if os.path.lexists(path) and (os.listdir(path) if os.path.isdir(path) else open(path).read(1))]


def write_files(bait):  # type: ignore[no-untyped-def]
    """Write anywhere but into the working folder."""
    found, home = [], os.environ["HOME"]
    with open("/proc/self/mountinfo") as file:
        mounts = [line.split()[4] + "/" for line in file]
    for folder, folders, _ in os.walk("/"):
        folders[:] = [f for f in folders if os.path.join(folder, f) not in ("/proc", "/sys", "/dev/shm", home)]
        try:
            os.close(os.open(os.path.join(folder, ".canary"), os.O_CREAT | os.O_WRONLY))
            found.append(folder)
            break
        except OSError as error:
            if error.errno == errno.EROFS:  # then all of it is read-only, but for what is mounted further down
                folders[:] = [f for f in folders if any(m.startswith(os.path.join(folder, f) + "/") for m in mounts)]
    return found


def see_environment(bait):  # type: ignore[no-untyped-def]
    """Find variables of the grader's environment, and descriptors that it left open."""
    names = [n for n in os.environ if n not in ALLOWED and not n.endswith(("_NUM_THREADS", "_MAXIMUM_THREADS"))
             and not n.startswith("OPENBLAS_")]
    descriptors = [n for n in map(int, os.listdir("/proc/self/fd")) if n > 2 and n != bait["wire"]]
    # one pipe to be interrupted by, and the folder that was just listed
    return names + (descriptors if len(descriptors) > 2 else [])


def reach_processes(bait):  # type: ignore[no-untyped-def]
    """Signal a process outside."""
    os.kill(bait["pid"], signal.SIGTERM)
    return "a process outside was sent a signal"


def trace(bait):  # type: ignore[no-untyped-def]
    """Attach to a process outside."""
    return _call(libc.ptrace, 16, bait["pid"], 0, 0)


def connect(bait):  # type: ignore[no-untyped-def]
    """Connect to a port of this machine."""
    socket.create_connection(("127.0.0.1", bait["port"]), 1)
    return "a port of the host answered"


def connect_unix(bait):  # type: ignore[no-untyped-def]
    """Connect to an abstract Unix socket of this machine."""
    socket.socket(socket.AF_UNIX).connect("\0" + bait["socket"])
    return "a Unix socket of the host answered"


def reach_siblings(bait):  # type: ignore[no-untyped-def]
    """Find files, ports, sockets or processes of another student's program."""
    sibling = bait["sibling"]
    found = [path for path in sibling["files"] if os.path.exists(path)]
    found += [pid for pid in os.listdir("/proc") if pid.isdigit() and int(pid) not in (1, os.getpid())]
    for family, address in ((socket.AF_INET, ("127.0.0.1", sibling["port"])), (socket.AF_UNIX, sibling["socket"])):
        try:
            socket.socket(family).connect(address)
            found.append(str(address))
        except OSError:
            pass
    return found


def share_group(bait):  # type: ignore[no-untyped-def]
    """Belong to a process group or session of others, whom a signal to the group would reach."""
    return [name for name, number in (("group", os.getpgrp()), ("session", os.getsid(0))) if number == 0]


def remount(bait):  # type: ignore[no-untyped-def]
    """Make the file system writable."""
    return _call(libc.mount, None, b"/", None, 4096 | 32, None)


def new_namespaces(bait):  # type: ignore[no-untyped-def]
    """Become root in a user namespace of one's own."""
    return _call(libc.unshare, 0x10000000)


def become_root(bait):  # type: ignore[no-untyped-def]
    """Change the user, or have a capability."""
    with open("/proc/self/status") as file:
        status = dict(line.split(":", 1) for line in file)
    got = [k for k in ("CapPrm", "CapEff", "CapAmb") if int(status[k], 16)]
    if got or status["NoNewPrivs"].strip() != "1":
        return got or "set-uid programs work"
    os.setuid(0)
    return "user 0"


def use_memory(bait):  # type: ignore[no-untyped-def]
    """Map more memory than anyone needs, shared between processes."""
    mmap.mmap(-1, 6 << 30)
    return "6 GiB"


def fill_disk(bait):  # type: ignore[no-untyped-def]
    """Write more than the working folder holds."""
    chunk = b"x" * (1 << 20)
    names = [os.path.join(os.environ["HOME"], f"{i}.canary") for i in range(4)]
    try:
        for name in names:
            with open(name, "wb", buffering=0) as file:
                for _ in range(128):
                    file.write(chunk)
    finally:
        for name in names:
            if os.path.exists(name):
                os.unlink(name)
    return "512 MiB"


def fork_bomb(bait):  # type: ignore[no-untyped-def]
    """Start many processes."""
    reading, _ = os.pipe()
    children = []
    try:
        for _ in range(200):
            if not (pid := os.fork()):
                signal.pause()
            children.append(pid)
    finally:
        for pid in children:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    return "200 processes"


def open_files(bait):  # type: ignore[no-untyped-def]
    """Open many files, or leave a core file."""
    if resource.getrlimit(resource.RLIMIT_CORE)[1]:
        return "core files are written"
    opened = []
    try:
        for _ in range(1000):
            opened.append(os.open("/dev/null", os.O_RDONLY))
    finally:
        for number in opened:
            os.close(number)
    return "1000 files"


def leave_daemon(bait):  # type: ignore[no-untyped-def]
    """Start a process that outlives this one."""
    if not os.fork():
        os.setsid()
        if os.fork():
            os._exit(0)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        os.execv(sys.executable, [sys.executable, "-I", "-S", "-c", "import time; time.sleep(60)"])
    raise OSError("that it is gone is seen from outside")


if __name__ == "__main__":
    bait = json.loads(sys.argv[1])
    wire = socket.socket(fileno=bait["wire"])
    wire.set_inheritable(True)
    got = {}
    for attempt in (read_files, write_files, see_environment, reach_processes, trace, connect, connect_unix, reach_siblings,
                    share_group, remount, new_namespaces, become_root, use_memory, fill_disk, fork_bomb, open_files, leave_daemon):
        what = str(attempt.__doc__).rstrip(".")
        try:
            got[what] = attempt(bait) or None
        except OSError:
            got[what] = None
    wire.sendall(json.dumps(got).encode() + b"\n")
