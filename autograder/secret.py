"""The secret seed of a course: made on first use, kept beside the gradebook, never shipped."""

import os
import secrets
from pathlib import Path

NAME = "secret_seed"


def secret_seed(course_dir: Path) -> int:
    """Return the course's secret seed; the first call makes it."""
    path = course_dir / NAME
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        text = path.read_text(encoding="ascii").strip()
        if not text.isdigit():
            raise ValueError(f"{path} does not hold a number; delete it, and a new seed is made") from None
        return int(text)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"{secrets.randbits(128)}\n")
    return secret_seed(course_dir)
