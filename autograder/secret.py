"""The secret seed of a course: made on first use, kept beside the gradebook, never shipped."""

import fcntl
import os
import secrets
from pathlib import Path

from autograder.course_folder import CourseProblem

NAME = "secret_seed"


def secret_seed(course_dir: Path) -> int:
    """Return the course's secret seed; the first call makes it.

    Raises
    ------
    CourseProblem
        If something else stands in its file, or the file cannot be read.
    """
    path = course_dir / NAME
    try:
        text = path.read_text(encoding="ascii", errors="replace").strip() if path.exists() else ""
        text = text or _made(path)
    except OSError as error:
        raise CourseProblem(f"{path} cannot be read or made: {error.strerror}") from None
    if not text.isdecimal():
        raise CourseProblem(f"{path} does not hold a number; put back the one that was there, or delete it: then a new seed is made, "
                            "and everybody is graded again")
    return int(text)


def _made(path: Path) -> str:
    """Make it, unless another process is just doing that: then wait for what it makes."""
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if not (text := file.read().strip()):
            text = str(secrets.randbits(128))
            file.write(f"{text}\n")
        return text
