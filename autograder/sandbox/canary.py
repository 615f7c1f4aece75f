"""Finds out whether a backend confines, by trying to break out of it: what it claims to be does not count."""

import json
import socket
import subprocess
import sys
import tempfile
import uuid
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from autograder.sandbox.backend import PROJECT, Backend, Running

SECONDS = 60.0
LEFT_BEHIND = "Leave that process behind when all is ended"
KILLED = "End another student's program, or what it was started by"
SCRIPT = Path(__file__).with_name("break_out.py")

# Another student's program: it leaves traces wherever it may, tells of them, and answers as long as it lives.
SIBLING = """
import json, os, socket, sys
wire = socket.socket(fileno=int(sys.argv[1]))
files = [os.path.join(folder, "sibling") for folder in (os.environ["HOME"], "/dev/shm")]
for name in files:
    open(name, "w").close()
listener = socket.create_server(("127.0.0.1", 0))
abstract = socket.socket(socket.AF_UNIX)
abstract.bind("\\0sibling")
abstract.listen()
wire.sendall(json.dumps({"files": files, "port": listener.getsockname()[1], "socket": "\\0sibling"}).encode() + b"\\n")
while wire.recv(1):
    wire.sendall(b"\\n")
"""


@dataclass(frozen=True)
class Found:
    """What a backend let through.

    Attributes
    ----------
    attempts : dict
        What was tried, and what came of it: empty where it was held back.
    error : str
        Why nothing could be tried.
    """

    backend: str
    attempts: dict[str, str]
    error: str = ""

    @property
    def confined(self) -> bool:
        """Whether every attempt was held back."""
        return not self.error and bool(self.attempts) and not any(self.attempts.values())

    @property
    def reason(self) -> str:
        """Why it confines or does not, in a line."""
        if self.error:
            return self.error
        through = [f"{what[0].lower()}{what[1:]}" for what, got in self.attempts.items() if got]
        return f"let through: {'; '.join(through)}" if through else f"held back all {len(self.attempts)} attempts to break out"


def try_out(backend: Backend) -> Found:
    """Run the attempts inside a backend, with bait for them outside."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="canary-")))
        folder.chmod(0o755)
        (folder / "secret").write_text("secret", encoding="utf-8")
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        abstract = stack.enter_context(socket.socket(socket.AF_UNIX))
        abstract.bind("\0" + (name := f"canary-{uuid.uuid4().hex}"))
        abstract.listen()
        outside = subprocess.Popen([sys.executable, "-I", "-S", "-c", "import time; time.sleep(120)"])
        stack.callback(outside.wait)
        stack.callback(outside.kill)
        secret = [folder / "secret", PROJECT / "notebooks", PROJECT / "autograder", Path.home(),
                  *map(Path, ("/etc/shadow", "/etc/passwd", "/root"))]
        bait = {"secret": [str(p) for p in secret if not _on_the_way(p)], "pid": outside.pid, "port": listener.getsockname()[1],
                "socket": name}
        try:
            sibling, beside = _start(stack, backend, SIBLING)
            if not (line := _line(beside)):
                return Found(backend.name, {}, f"nothing could be tried in it: {sibling.said() or 'no answer'}")
            running, ours = _start(stack, backend, SCRIPT.read_text(encoding="utf-8"), {**bait, "sibling": json.loads(line)})
        except OSError as error:
            return Found(backend.name, {}, f"it could not be started: {error}")
        return _read(backend, running, ours, beside, outside)


def _start(stack: ExitStack, backend: Backend, text: str, bait: dict | None = None) -> tuple[Running, socket.socket]:
    ours, theirs = socket.socketpair()
    stack.enter_context(ours)
    with theirs:
        argument = str(theirs.fileno()) if bait is None else json.dumps({**bait, "wire": theirs.fileno()})
        running = backend.start(["-c", text, argument], [theirs.fileno()])
    stack.callback(running.end)
    return running, ours


def _line(ours: socket.socket) -> bytes:
    """Read a line, or nothing if it does not come in time."""
    ours.settimeout(SECONDS)
    line = b""
    try:
        while not line.endswith(b"\n") and (chunk := ours.recv(65536)):
            line += chunk
    except OSError:
        return b""
    return line


def _on_the_way(path: Path) -> bool:
    """Tell whether Python itself lies below a folder, so that the folder's name is seen inside, with nothing else in it."""
    return any(Path(p).is_relative_to(path) for p in (sys.prefix, sys.base_prefix))


def _read(backend: Backend, running: Running, ours: socket.socket, beside: socket.socket, outside: subprocess.Popen) -> Found:
    line = _line(ours)
    running.exit_code(1 if not line else 0)
    said = running.said()
    running.end()
    if not line:
        return Found(backend.name, {}, f"nothing could be tried in it: {said or 'no answer'}")
    attempts = {what: str(got)[:200] if got else "" for what, got in json.loads(line).items()}
    ours.settimeout(2)
    try:
        attempts[LEFT_BEHIND] = "" if ours.recv(1) == b"" else "it sent something"
    except TimeoutError:
        attempts[LEFT_BEHIND] = "a process still lives"
    try:
        beside.sendall(b"?")
    except OSError:
        pass
    attempts[KILLED] = "" if _line(beside) else "it ended"
    if outside.poll() is not None:
        attempts["Signal a process outside"] = "it ended"
    return Found(backend.name, attempts)
