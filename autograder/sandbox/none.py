"""No confinement: for code that is trusted, and only when an instructor asks for it by name."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from autograder.sandbox.backend import PROJECT, environment


class Unconfined:
    """Runs Python as the instructor, with an environment and a working folder of its own and nothing more."""

    name = "none"
    confines = False

    def start(self, arguments: list[str], descriptors: list[int], library: Path = PROJECT) -> "UnconfinedProcess":
        """Start Python; see `Backend`."""
        return UnconfinedProcess(arguments, descriptors, library)


class UnconfinedProcess:
    """A process in a session of its own; what leaves that session is not found again."""

    def __init__(self, arguments: list[str], descriptors: list[int], library: Path) -> None:
        self._folder = TemporaryDirectory(prefix="student-", ignore_cleanup_errors=True)
        names = environment(self._folder.name, os.pathsep.join(map(str, (library, PROJECT))), str(Path.home() / ".cache" / "matplotlib"))
        self._process = subprocess.Popen(
            [sys.executable, *arguments], pass_fds=descriptors, cwd=self._folder.name, env=names, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def interrupt(self) -> None:
        """Send SIGINT; see `Running`."""
        if self._process.poll() is None:
            os.kill(self._process.pid, signal.SIGINT)

    def exit_code(self, seconds: float) -> int | None:
        """Wait for the end; see `Running`."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def said(self) -> str:
        """Nothing is set up that could fail; see `Running`."""
        return ""

    def end(self) -> None:
        """Kill the process and what is left of its session."""
        for kill in (lambda: os.killpg(self._process.pid, signal.SIGKILL), self._process.kill):
            try:
                kill()
            except (ProcessLookupError, PermissionError):
                pass
        self._process.wait()
        self._folder.cleanup()
