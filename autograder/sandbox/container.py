"""Confinement by a container engine, podman or docker, where there is no bubblewrap or it is not allowed to work."""

import json
import os
import secrets
import select
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from autograder.sandbox import mounts, seccomp
from autograder.sandbox.backend import PROJECT, environment
from autograder.sandbox.bubblewrap import END_SECONDS, STUDENT, new_user, send_interrupt
from autograder.sandbox.image import DOOR, bind, engine_environment, image, options
from autograder.sandbox.limits import entering, limits

START_SECONDS = 60.0
FIRST = Path(__file__).with_name("first_process.py")


class Container:
    """Runs Python in a container."""

    name = "container"
    confines = True
    own_options: tuple[str, ...] = ()

    @classmethod
    def program(cls) -> str | None:
        """Return where the engine is, if it is installed."""
        return shutil.which(cls.name)

    def start(self, arguments: list[str], descriptors: list[int], library: Path = PROJECT) -> "ContainedProcess":
        """Start Python; see `Backend`.

        Raises
        ------
        OSError
            If the engine could not set it up; the message is its own.
        """
        engine = self.program() or self.name
        return ContainedProcess(engine, [*options(library), *self.own_options, image(engine)], arguments, descriptors)


class Podman(Container):
    """Runs Python in a container of podman's."""

    name = "podman"
    own_options = ("--read-only-tmpfs=false", "--passwd=false", "--no-hosts", "--http-proxy=false",
                   "--security-opt", "mask=/sys/fs/cgroup")


class Docker(Container):
    """Runs Python in a container of docker's."""

    name = "docker"
    # It would show which servers this machine asks for names.
    own_options = (*bind("/dev/null", "/etc/resolv.conf"), *bind("/dev/null", "/etc/hosts"))


CONTAINERS = (Podman, Docker)


class ContainedProcess:
    """A container, and the line to its first process, which ends all others when the line is cut."""

    def __init__(self, engine: str, chosen: list[str], arguments: list[str], descriptors: list[int]) -> None:
        self._engine, self._name = engine, f"student-{secrets.token_hex(8)}"
        interrupt, self._interrupt = os.pipe()
        self._errors, errors = os.pipe()
        os.set_blocking(self._errors, False)
        user = new_user() if os.geteuid() == 0 else STUDENT
        settings = {
            "numbers": [*descriptors, interrupt], "door": f"{DOOR}/wire", "limits": limits(), "filter": (seccomp.program() or b"").hex(),
            "environment": environment(mounts.HOME, mounts.python_path(), mounts.MATPLOTLIB), "links": mounts.links(),
            "command": entering(sys.executable, [sys.executable, *arguments], interrupt)}
        with TemporaryDirectory(prefix="door-") as private, socket.socket(socket.AF_UNIX) as listener:
            folder = Path(private, "door")  # the private one around it keeps other users of this machine out
            folder.mkdir(mode=0o755)
            listener.bind(str(folder / "wire"))
            (folder / "wire").chmod(0o666)
            listener.listen(1)
            command = [engine, "run", "--rm", "--name", self._name, "--user", f"{user}:{user}", *bind(str(folder), DOOR), *chosen,
                       sys.executable, "-I", "-S", "-c", FIRST.read_text(encoding="utf-8"), json.dumps(settings)]
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors, cwd="/", env=engine_environment())
            os.close(errors)
            try:
                self._line = self._accept(listener)
                socket.send_fds(self._line, [b"x"], [*descriptors, interrupt])
            except OSError:
                self._line = socket.socket()
                self.end()
                raise
            finally:
                os.close(interrupt)

    def _accept(self, listener: socket.socket) -> socket.socket:
        """Wait until the first process knocks."""
        deadline = time.monotonic() + START_SECONDS
        while self._process.poll() is None and time.monotonic() < deadline:
            if select.select([listener], [], [], 0.05)[0]:
                return listener.accept()[0]
        raise OSError(self.said() or f"{self._engine} did not start a container")

    def interrupt(self) -> None:
        """Send SIGINT; see `Running`."""
        send_interrupt(self._interrupt)

    def exit_code(self, seconds: float) -> int | None:
        """Wait for the end; see `Running`. Engines report signal N as 128 + N."""
        try:
            code = self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        return 128 - code if code > 128 else code

    def said(self) -> str:
        """Return the engine's own message; see `Running`."""
        try:
            return os.read(self._errors, 2000).decode(errors="replace").strip()
        except BlockingIOError:
            return ""

    def end(self) -> None:
        """Cut the line; the engine reports the end when no process is left."""
        if self._errors < 0:
            return
        self._line.close()
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            subprocess.run([self._engine, "kill", self._name], capture_output=True, check=False, env=engine_environment())
            self._process.kill()
            self._process.wait()
        os.close(self._interrupt)
        os.close(self._errors)
        self._errors = -1
