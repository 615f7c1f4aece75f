"""Confinement by bubblewrap: namespaces, no capabilities, a system-call filter, and a file system with Python in it alone."""

import json
import os
import resource
import secrets
import select
import shutil
import signal
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

from autograder.sandbox import mounts, seccomp
from autograder.sandbox.backend import PROJECT, environment
from autograder.sandbox.limits import FOLDER_BYTES, SHARED_BYTES, entering, limits

STUDENT = 61_184  # the first of the numbers that systemd keeps free for users that come and go
END_SECONDS = 10.0


def program() -> str | None:
    """Return where bubblewrap is, if it is installed."""
    return shutil.which("bwrap", path=os.environ.get("PATH", os.defpath) + ":/usr/bin:/bin")


class Bubblewrap:
    """Runs Python in namespaces of its own, started anew for each student."""

    name = "bubblewrap-cold"
    confines = True

    def start(self, arguments: list[str], descriptors: list[int], library: Path = PROJECT) -> "ConfinedProcess":
        """Start Python; see `Backend`.

        Raises
        ------
        OSError
            If bubblewrap could not set it up; the message is its own.
        """
        return ConfinedProcess(arguments, descriptors, library)


class Sandbox:
    """bubblewrap, which we started, and the first process inside, with whose end all others end."""

    def __init__(self, options: tuple[str, ...], command: list[str], descriptors: list[int]) -> None:
        told, info = os.pipe()
        said, errors = os.pipe()
        try:
            self._process = subprocess.Popen(
                [program() or "bwrap", *options, "--info-fd", str(info), "--", *command], pass_fds=[*descriptors, info],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors, env={}, cwd="/")
        except OSError:
            os.close(told)
            os.close(said)
            raise
        finally:
            os.close(errors)
            os.close(info)
        with open(told, encoding="utf-8") as file:
            information = file.read()
        self._errors = said
        os.set_blocking(said, False)
        try:
            # bubblewrap tells the number before it runs anything, and nobody else can collect that process.
            self._number = json.loads(information)["child-pid"]
            self._first = os.pidfd_open(self._number)
        except (ValueError, KeyError, ProcessLookupError):
            self._process.wait()
            message = self.said()
            os.close(said)
            raise OSError(message or f"bubblewrap ended with {self._process.returncode}") from None

    def exit_code(self, seconds: float) -> int | None:
        """Wait for the end; see `Running`. bubblewrap reports signal N as 128 + N."""
        try:
            code = self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        return 128 - code if code > 128 else code

    def said(self) -> str:
        """Return bubblewrap's own message; see `Running`."""
        try:
            return os.read(self._errors, 2000).decode(errors="replace").strip()
        except BlockingIOError:
            return ""

    def end(self) -> None:
        """Kill the first process inside; the kernel kills all others before that one counts as ended."""
        if self._first < 0:
            return
        kill_first(self._first)
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._errors)
        self._first = -1


class ConfinedProcess(Sandbox):
    """A sandbox with Python in it, which runs what it is told to and holds no capability."""

    def __init__(self, arguments: list[str], descriptors: list[int], library: Path) -> None:
        interrupt, self._interrupt = os.pipe()
        filter_end = _filter()
        root = os.geteuid() == 0
        options = (*_options(root, library), *(["--seccomp", str(filter_end)] if filter_end is not None else []))
        command = entering(sys.executable, [sys.executable, *arguments], interrupt, new_user() if root else 0)
        passed = [interrupt, *([filter_end] if filter_end is not None else [])]
        try:
            super().__init__(options, command, [*descriptors, *passed])
        except OSError:
            os.close(self._interrupt)
            raise
        finally:
            for descriptor in passed:
                os.close(descriptor)
        # An ordinary user's first process is the same user as the student's code, which could make it work for it.
        for limit, value in limits():
            resource.prlimit(self._number, limit, (value, value))

    def interrupt(self) -> None:
        """Send SIGINT; see `Running`."""
        send_interrupt(self._interrupt)

    def end(self) -> None:
        """End all inside; see `Running`."""
        if self._first >= 0:
            super().end()
            os.close(self._interrupt)


def kill_first(pidfd: int) -> None:
    """Kill the first process of a process namespace and wait until it is gone, and all others with it."""
    try:
        signal.pidfd_send_signal(pidfd, signal.SIGKILL)
    except ProcessLookupError:
        pass
    select.select([pidfd], [], [], END_SECONDS)
    os.close(pidfd)


def send_interrupt(pipe: int) -> None:
    """Write to the pipe whose other end turns what comes into SIGINT."""
    try:
        os.write(pipe, b"i")
    except (BrokenPipeError, BlockingIOError):
        pass


def new_user() -> int:
    """Return the number of a user that nobody is.

    As root the student's code runs as a user of its own, because the kernel does not count root's processes, and as
    another for each sandbox, because it counts those of one user together.
    """
    with open("/proc/self/uid_map", encoding="ascii") as file:
        everybody = file.read().split() == ["0", "0", "4294967295"]
    return 1_900_000_000 + secrets.randbelow(2**26) if everybody else STUDENT + secrets.randbelow(4000)


def _filter() -> int | None:
    """Return a descriptor to read the system-call filter from."""
    if (code := seccomp.program()) is None:
        return None
    reading, writing = os.pipe()
    os.write(writing, code)  # a few KB: a pipe holds 64
    os.close(writing)
    return reading


@lru_cache(maxsize=64)
def _options(root: bool, library: Path) -> tuple[str, ...]:
    # Root keeps two capabilities for the one step to the student's user.
    return options(root, library, ("CAP_SETUID", "CAP_SETGID") if root else ())


def options(root: bool, library: Path, capabilities: tuple[str, ...]) -> tuple[str, ...]:
    """Return bubblewrap's options for a sandbox whose first command keeps these capabilities."""
    names = environment(mounts.HOME, mounts.python_path(), mounts.MATPLOTLIB)
    # Nobody in it can make a user namespace: root's student code by the filter, others by this.
    user = [] if root else ["--unshare-user", "--disable-userns", "--uid", str(STUDENT), "--gid", str(STUDENT)]
    return (
        "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try", *user,
        "--cap-drop", "ALL", *(part for name in capabilities for part in ("--cap-add", name)),
        "--die-with-parent", "--new-session", "--hostname", "sandbox", "--clearenv",
        *(part for name, value in names.items() for part in ("--setenv", name, value)),
        *mounts.files(library),
        "--proc", "/proc", "--dev", "/dev", "--perms", "1777", "--size", str(SHARED_BYTES), "--tmpfs", "/dev/shm",
        "--remount-ro", "/dev",
        "--perms", "1777", "--size", str(FOLDER_BYTES), "--tmpfs", mounts.HOME,
        *([] if "/tmp" in mounts.files() else ["--symlink", mounts.HOME, "/tmp"]),
        "--perms", "0777", "--dir", mounts.MATPLOTLIB,
        *(part for place, target in mounts.links().items() for part in ("--symlink", target, place)),
        "--chdir", mounts.HOME, "--remount-ro", "/")
