"""Confinement by bubblewrap with a head start: students' processes are copied from a warm one inside the sandbox.

Each thread of the grader that needs them keeps templates (`autograder.template`), one for each library that student code
is to import. They die with that thread, and what was copied from them dies with them.
"""

import json
import os
import select
import socket
import sys
import threading
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from autograder import namespaces
from autograder.sandbox import mounts, seccomp
from autograder.sandbox.backend import PROJECT
from autograder.sandbox.bubblewrap import Sandbox, kill_first, new_user, options, send_interrupt
from autograder.sandbox.limits import FOLDER_BYTES, FOLDER_FILES, SHARED_BYTES, limits

READY = b"ready"
NAMESPACES = ("NEW_MOUNTS", "NEW_NAMES", "NEW_IPC", "NEW_PROCESSES", "NEW_NETWORK")
CAPABILITIES = ("CAP_SYS_ADMIN", "CAP_NET_ADMIN", "CAP_SETPCAP")  # for namespaces and mounts, loopback, and to drop these
AS_ROOT = ("CAP_SETUID", "CAP_SETGID")
TEMPLATES = 3  # as many as a thread keeps; each takes some 80 MB
TEMPLATE_SECONDS, COPY_SECONDS = 120.0, 30.0

class _Kept(threading.local):
    """The templates of one thread."""

    def __init__(self) -> None:
        self.templates: dict[Path, Template] = {}


_kept = _Kept()
os.register_at_fork(after_in_child=lambda: _kept.templates.clear())  # they are the parent's


def end_templates() -> None:
    """End the templates of this thread, and what was copied from them."""
    while _kept.templates:
        _kept.templates.popitem()[1].end()


def warm_up(library: Path) -> None:
    """Start the template of this thread for a library, which takes a second; where it fails, that is told when it is needed."""
    with suppress(OSError):
        _kept.templates[library] = Template(library, imports=True)


class WarmBubblewrap:
    """Copies students' processes from a warm one, into namespaces of their own inside its sandbox.

    Parameters
    ----------
    imports : bool
        Whether that process imports what notebooks need; to try out whether its copies are confined it need not.
    """

    name = "bubblewrap"
    confines = True

    def __init__(self, imports: bool = True) -> None:
        self._imports = imports

    def start(self, arguments: list[str], descriptors: list[int], library: Path = PROJECT) -> "WarmProcess":
        """Start Python; see `Backend`. A template that is gone or does not answer is replaced, once.

        Raises
        ------
        OSError
            If no copy could be made; the message says why.
        """
        if template := _kept.templates.pop(library, None):
            try:
                return self._copied(template, arguments, descriptors, library)
            except OSError:
                pass
        while len(_kept.templates) >= TEMPLATES:
            _kept.templates.pop(next(iter(_kept.templates))).end()
        return self._copied(Template(library, self._imports), arguments, descriptors, library)

    def _copied(self, template: "Template", arguments: list[str], descriptors: list[int], library: Path) -> "WarmProcess":
        try:
            process = template.copy(arguments, descriptors)
        except OSError:
            template.end()
            raise
        _kept.templates[library] = template  # now the one that was used last
        return process


class Template:
    """A sandbox with a warm process in it, that never runs a student's code."""

    def __init__(self, library: Path, imports: bool) -> None:
        root = os.geteuid() == 0
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-m", "autograder.template", str(theirs.fileno()), json.dumps({**_bounds(), "imports": imports})]
        with theirs:
            self._sandbox = Sandbox(_options(root, library), command, [theirs.fileno()])
        self._ready = False

    def copy(self, arguments: list[str], descriptors: list[int]) -> "WarmProcess":
        """Make a student's process; see `Backend.start`."""
        with ExitStack() as stack:
            report, theirs = socket.socketpair()
            stack.callback(theirs.close)
            reading, interrupt = os.pipe()
            stack.callback(os.close, reading)
            request = {"arguments": arguments, "descriptors": descriptors, "user": new_user() if os.geteuid() == 0 else 0}
            undo = stack.enter_context(ExitStack())
            undo.callback(report.close)
            undo.callback(os.close, interrupt)
            if not self._ready:
                self._answer(TEMPLATE_SECONDS)
                self._ready = True
            socket.send_fds(self._control, [json.dumps(request).encode()], [theirs.fileno(), reading, *descriptors])
            first = self._answer(COPY_SECONDS)
            theirs.close()
            process = WarmProcess(first, interrupt, report)
            undo.pop_all()
            process.wait_until_ready()
            return process

    def _answer(self, seconds: float) -> int:
        """Wait for the template's word; return the descriptor that came with it, or -1."""
        self._control.settimeout(seconds)
        text, descriptors, _, _ = socket.recv_fds(self._control, 4096, 1)
        if text != READY:
            for descriptor in descriptors:
                os.close(descriptor)
            raise OSError(text.decode(errors="replace") or self._sandbox.said() or "the warm process ended")
        return descriptors[0] if descriptors else -1

    def end(self) -> None:
        """End the template, and with it all that was copied from it."""
        self._control.close()
        self._sandbox.end()


class WarmProcess:
    """A copy of the template, which a student's code runs in, and the first process of its namespaces."""

    def __init__(self, first: int, interrupt: int, report: socket.socket) -> None:
        self._first, self._interrupt, self._report = first, interrupt, report
        self._said = b""

    def wait_until_ready(self) -> None:
        """Wait until the copy is confined and runs; OSError if it could not be."""
        self._report.settimeout(COPY_SECONDS)
        try:
            self._said = self._report.recv(len(READY))
        except OSError:
            self._said = b""
        if self._said != READY:
            self._report.settimeout(1)
            with suppress(OSError):
                self._said += self._report.recv(2000)
            message = self.said()
            self.end()
            raise OSError(message or "the copy of the warm process ended")

    def interrupt(self) -> None:
        """Send SIGINT; see `Running`."""
        send_interrupt(self._interrupt)

    def exit_code(self, seconds: float) -> int | None:
        """Wait for the end; see `Running`. The first process of the namespaces tells how the student's ended."""
        readable, _, _ = select.select([self._report], [], [], seconds)
        if not readable:
            return None
        text = self._report.recv(100)
        return int(text) if text.removeprefix(b"-").isdigit() else None

    def said(self) -> str:
        """Return what could not be set up; see `Running`."""
        return "" if self._said == READY else self._said.decode(errors="replace")

    def end(self) -> None:
        """Kill the first process of the namespaces; see `Running`."""
        if self._first < 0:
            return
        kill_first(self._first)
        self._first = -1
        self._report.close()
        os.close(self._interrupt)


def _bounds() -> dict[str, Any]:
    """Return what bounds each copy, as the template wants it."""
    return {
        "namespaces": sum(vars(namespaces)[name] for name in NAMESPACES), "limits": limits(),
        "folders": {mounts.HOME: FOLDER_BYTES, "/dev/shm": SHARED_BYTES}, "files": FOLDER_FILES,
        "filter": (seccomp.program() or b"").hex(),
    }


def _options(root: bool, library: Path) -> tuple[str, ...]:
    return options(root, library, (*CAPABILITIES, *(AS_ROOT if root else ())))
