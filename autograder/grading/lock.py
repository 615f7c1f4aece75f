"""One run at a time in a course folder: the second waits and is told for whom."""

import fcntl
import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

NAME = ".grading.lock"
POLL_SECONDS = 0.5


@contextmanager
def one_run(course_dir: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Hold the course folder; the system lets go of it when this process ends, however it ends."""
    with open(course_dir / NAME, "a+", encoding="utf-8") as file:
        _acquire(file.fileno(), lambda: say(f"{_holder(course_dir)}; waiting for it to end (Ctrl-C to leave it)"))
        file.truncate(0)
        file.write(json.dumps({"host": socket.gethostname(), "pid": os.getpid(), "since": f"{datetime.now():%Y-%m-%d %H:%M:%S}"}))
        file.flush()
        yield
        file.truncate(0)


def _acquire(descriptor: int, tell: Callable[[], None]) -> None:
    told = False
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not told:
                time.sleep(0.1)  # who has just got it is still writing who they are
                tell()
            told = True
            time.sleep(POLL_SECONDS)


def _holder(course_dir: Path) -> str:
    try:
        holder = json.loads((course_dir / NAME).read_text(encoding="utf-8"))
        return f"another run is grading here (on {holder['host']}, process {holder['pid']}, since {holder['since']})"
    except (OSError, ValueError, KeyError):
        return "another run is grading here"
