"""A warm process that students' processes are copied from. It has imported what they need and never runs their code.

It stands in a sandbox of its own and holds the few capabilities that its children need to go one room further in: each
child gets namespaces, file systems and a user number of its own, loses all rights, and only then becomes a student's.
"""

import fcntl
import gc
import importlib
import json
import os
import resource
import signal
import socket
import sys
from collections.abc import Iterator
from typing import Any, NoReturn

import numpy as np

from autograder import namespaces, student_process

READY = b"ready"
REQUEST_BYTES, REQUEST_DESCRIPTORS = 1 << 17, 16


def main() -> None:
    """Serve requests on the socket whose descriptor is the first argument; the second says what bounds a child."""
    control, bounds = socket.socket(fileno=int(sys.argv[1])), json.loads(sys.argv[2])
    if bounds["imports"]:
        student_process.prepare()
    if strange := [n for n in map(int, os.listdir("/proc/self/fd")) if n > 2 and n != control.fileno() and _is_open(n)]:
        control.send(f"the warm process has files open that its copies would share: {strange}".encode())
        return
    bounds["home"] = list(_folders_and_links(os.environ["HOME"]))
    gc.freeze()  # a collection in a child would touch, and so copy, all that was imported
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children are watched by pidfd, and none stays behind as a zombie
    control.send(READY)
    while True:
        text, descriptors, _, _ = socket.recv_fds(control, REQUEST_BYTES, REQUEST_DESCRIPTORS)
        if not text:
            return
        try:
            pid, pidfd = namespaces.clone(bounds["namespaces"])
        except OSError as error:
            control.send(str(error).encode())
        else:
            if pid == 0:
                control.close()
                _first_process(descriptors, json.loads(text), bounds)
            socket.send_fds(control, [READY], [pidfd])
            os.close(pidfd)
        for descriptor in descriptors:
            os.close(descriptor)


def _folders_and_links(home: str) -> Iterator[tuple[str, str]]:
    """List what the libraries have made in the working folder, for that of a copy: each path, and where it leads to."""
    for folder, folders, names in os.walk(home):
        yield from ((os.path.join(folder, name), "") for name in folders)
        paths = [os.path.join(folder, name) for name in names]
        yield from ((path, os.readlink(path)) for path in paths if os.path.islink(path))


def _is_open(number: int) -> bool:
    return os.path.exists(f"/proc/self/fd/{number}")  # the folder that was listed is closed again


def _first_process(descriptors: list[int], request: dict[str, Any], bounds: dict[str, Any]) -> NoReturn:
    """Be the first process of the new namespaces: set all up, start the student's process and wait for its end."""
    report, interrupt, *given = _moved(descriptors, request["descriptors"])
    try:
        _confine(request["user"], bounds)
        if (student := os.fork()) == 0:
            os.close(report)
            _student(interrupt, request["arguments"], bounds["home"])
        os.closerange(0, report)
        os.closerange(report + 1, interrupt + 1)
        os.write(report, READY)
        while (ended := os.wait())[0] != student:
            pass
        os.write(report, str(os.waitstatus_to_exitcode(ended[1])).encode())
    except Exception as error:
        os.write(report, f"{type(error).__name__}: {error}".encode())
    finally:
        os._exit(0)  # and the kernel ends all others with it


def _moved(given: list[int], wanted: list[int]) -> list[int]:
    """Give the last descriptors the numbers that are wanted, close all others but the first two, and return their numbers."""
    above = max([2, *wanted]) + 1
    moved = [fcntl.fcntl(number, fcntl.F_DUPFD_CLOEXEC, above) for number in given]
    for number, place in zip(moved[2:], wanted, strict=True):
        os.dup2(number, place, inheritable=False)
    kept = [*moved[:2], *wanted]
    for number in range(3, max(moved) + 1):
        if number not in kept:
            os.closerange(number, number + 1)
    os.dup2(1, 2)  # the template's complaints are heard, a student's are not
    return moved[:2]


def _confine(user: int, bounds: dict[str, Any]) -> None:
    with open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:  # if memory runs out, this goes first
        file.write("1000")
    os.setsid()  # else a signal to the process group would reach the template
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    closed = namespaces.NO_SET_UID | namespaces.NO_DEVICES
    namespaces.mount(None, "/", namespaces.PRIVATE | namespaces.RECURSIVE)
    for where, size in bounds["folders"].items():
        namespaces.mount("tmpfs", where, closed, f"mode=1777,size={size},nr_inodes={bounds['files']}")
    namespaces.mount("devpts", "/dev/pts", namespaces.NO_SET_UID | namespaces.NO_EXEC, "newinstance,ptmxmode=0666,mode=620")
    namespaces.mount("proc", "/proc", closed | namespaces.NO_EXEC | namespaces.READ_ONLY)
    namespaces.start_loopback()
    for limit, value in bounds["limits"]:
        hard = resource.getrlimit(limit)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (value, value))
    namespaces.drop_rights(user)
    namespaces.set_dumpable(False)  # the student's code may have this process's user, and could make it work for it
    if bounds["filter"]:
        namespaces.filter_calls(bytes.fromhex(bounds["filter"]))


def _student(interrupt: int, arguments: list[str], home: list[tuple[str, str]]) -> NoReturn:
    """Become the student's process: run `-m MODULE ...` or `-c TEXT ...` as Python would."""
    code = 1
    try:
        namespaces.set_dumpable(True)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        fcntl.fcntl(interrupt, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(interrupt, fcntl.F_SETSIG, signal.SIGINT)  # type: ignore[attr-defined]
        fcntl.fcntl(interrupt, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
        os.chdir(os.environ["HOME"])
        for path, target in home:
            os.symlink(target, path) if target else os.mkdir(path)
        np.random.seed()  # a copy must not draw what its siblings draw
        way, what, *rest = arguments
        sys.argv = [way, *rest]
        if way == "-m":
            importlib.import_module(what).main()
        else:
            exec(compile(what, "<string>", "exec"), {"__name__": "__main__"})
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
