"""What attacks are tried against: a class's course folder, processes, sockets and secrets of the host."""

import hashlib
import os
import secrets
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.sandbox.container import CONTAINERS
from autograder.sandbox.ladder import LADDER, found

EVERY_BACKEND = os.environ.get("EVERY_BACKEND", "") not in ("", "0")


def available() -> list:
    """Return bubblewrap, skipped with the reason if it confines nothing here; with EVERY_BACKEND=1 the engines that confine too."""
    engines = [pytest.param(b, id=b.name, marks=pytest.mark.slow) for b in CONTAINERS if EVERY_BACKEND and found(b.name).confined]
    return [
        pytest.param(backend, id=backend.name, marks=pytest.mark.skipif(
            not found(backend.name).confined, reason=f"{backend.name} confines nothing here: {found(backend.name).reason}"))
        for backend in LADDER if backend not in CONTAINERS
    ] + engines


def digest(folder: Path) -> dict[str, str]:
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() if p.is_file() else "" for p in folder.rglob("*")}


def marked(mark: str) -> list[str]:
    """List the processes of this machine that have `mark` in their command."""
    seen = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if mark.encode() in path.read_bytes():
                seen.append(path.parent.name)
        except OSError:
            pass
    return seen


@pytest.fixture
def host(tmp_path, monkeypatch):
    """The bait: what is told to an attack, and a function that says what it did to the host."""
    course = tmp_path / "course"
    for name in ("notebooks/week3/02_backprop.md", "notebooks/week3/02_backprop.ipynb", "submitted/bob/week3/02_backprop.ipynb", "secret_seed"):
        (course / name).parent.mkdir(parents=True, exist_ok=True)
        (course / name).write_text(f"secret {name}")
    with sqlite3.connect(course / "gradebook.db") as gradebook:
        gradebook.execute("CREATE TABLE grade (student TEXT, points REAL)")
        gradebook.execute("INSERT INTO grade VALUES ('bob', 3.0)")
    gradebook.close()
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("GRADER_PASSWORD", "let me in")
    before = digest(tmp_path)
    outside = subprocess.Popen([sys.executable, "-I", "-S", "-c", "import time; time.sleep(600)"], env={"GRADER_PASSWORD": "let me in"})
    listeners = [socket.create_server(("", 0), reuse_port=False), socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)]
    mark, abstract = f"mark{secrets.randbits(60)}", f"attack{secrets.randbits(60)}"
    unix = f"/tmp/{abstract}"  # the path of a socket has to be short
    listeners[1].bind("\0" + abstract)
    listeners[2].bind(unix)
    for listener in listeners:
        listener.listen()
        listener.setblocking(False)
    bait = {
        "course": str(course), "home": str(tmp_path / "home"), "real_home": str(Path.home()), "pid": outside.pid, "mark": mark,
        "port": listeners[0].getsockname()[1], "abstract": abstract, "unix": unix,
        "addresses": sorted({a[4][0] for a in socket.getaddrinfo(socket.gethostname(), None)}),
    }

    def harm() -> list[str]:
        done = []
        for listener in listeners:
            try:
                listener.accept()[0].close()
                done.append("connected")
            except BlockingIOError:
                pass
        if digest(tmp_path) != before:
            done.append("files changed")
        if outside.poll() is not None:
            done.append("a process outside was killed")
        if marked(mark):
            done.append("a process outlived the run")
        return done

    yield bait, harm
    outside.kill()
    outside.wait()
    for listener in listeners:
        listener.close()
    os.unlink(unix)
