"""nbgrader's view of a course folder: its own API, run in this process."""

import contextlib
import hashlib
import io
import json
import logging
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograder.answer_key import sources

CONFIG = "nbgrader_config.py"


class CourseProblem(Exception):
    """Something in the course folder is not as it should be; the message says what to do."""


def require_system(platform: str = sys.platform) -> None:
    """Say what to do where the grader cannot work at all: its sandboxes and locks are those of Unix."""
    if platform == "win32":
        raise CourseProblem("on Windows this works in WSL alone (https://learn.microsoft.com/windows/wsl/install); "
                            "students need none of it, only the zip file that `autograder release WEEK` makes there")


def api(course_dir: Path) -> Any:
    """Return nbgrader's API for a course folder, with our steps in it and what the folder's nbgrader_config.py says."""
    # Imported here, since nbgrader takes over a second to import and most commands end before they need it.
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import PyFileConfigLoader

    try:
        config = PyFileConfigLoader(CONFIG, str(course_dir)).load_config()
    except Exception as error:  # it is Python that the instructor wrote
        line = error.lineno if isinstance(error, SyntaxError) else traceback.extract_tb(error.__traceback__)[-1].lineno
        raise CourseProblem(f"{course_dir / CONFIG}, line {line}: {type(error).__name__}: {error}") from None
    if str(course_dir) not in sys.path:
        sys.path.append(str(course_dir))  # plug-ins for late work that lie there, as with nbgrader's own commands
    found = NbGraderAPI(config=config)
    found.log.setLevel(logging.ERROR)
    return found


@contextlib.contextmanager
def gradebook_of(course_dir: Path) -> Iterator[Any]:
    """Open a course's gradebook, to read in it.

    Raises
    ------
    CourseProblem
        If it cannot be read: another program has it locked, or it is damaged.
    """
    from sqlalchemy.exc import DatabaseError

    try:
        with api(course_dir).gradebook as gradebook:
            yield gradebook
    except DatabaseError as error:
        raise CourseProblem(f"the gradebook cannot be read ({error.orig}); if it is locked, try again later; if it is damaged, "
                            f"there may be copies of it in {course_dir / 'backups'}") from None


def weeks(course_dir: Path) -> list[str]:
    """List the weeks that have notebooks."""
    return sorted({source.parent.name for source in sources(course_dir)})


def require_week(course_dir: Path, week: str) -> str:
    """Return the week's name, or say which there are."""
    known = weeks(course_dir)
    if week not in known:
        raise CourseProblem(f"there is no {week!r} in {course_dir / 'notebooks'}; there is {', '.join(known) or 'nothing yet'}")
    return week


def built_notebooks(course_dir: Path, week: str) -> list[Path]:
    """List the built notebooks of a week.

    Raises
    ------
    CourseProblem
        If one was never built from its source, or its source has changed since.
    """
    built = [s.with_suffix(".ipynb") for s in sources(course_dir) if s.parent.name == week]
    missing = [p.name for p in built if not p.is_file()]
    if missing:
        raise CourseProblem(f"{', '.join(missing)} was never built; run `make notebooks` first")
    if stale := [p.name for p in built if _source_of(p) not in ("", hashlib.sha256(p.with_suffix(".md").read_bytes()).hexdigest())]:
        raise CourseProblem(f"the source of {', '.join(stale)} has changed since it was built; run `make notebooks` first")
    return built


def _source_of(built: Path) -> str:
    """Return the digest of what a notebook was built from; empty if it does not say."""
    try:
        return json.loads(built.read_bytes())["metadata"]["course"]["source_sha256"]
    except (ValueError, KeyError, TypeError):
        return ""


@contextlib.contextmanager
def quiet() -> Iterator[io.StringIO]:
    """Keep nbgrader's own talk from the terminal; what it said is in the value."""
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    root = logging.getLogger()
    before = root.handlers[:]
    root.handlers = [handler]
    try:
        with contextlib.redirect_stderr(said):
            yield said
    finally:
        root.handlers = before


def refusal(result: dict[str, Any], said: str = "") -> str:
    """Pick from what nbgrader logged the last line that says what was wrong."""
    lines = [line.strip() for line in f"{said}\n{result.get('log') or ''}\n{result.get('error') or ''}".splitlines()]
    errors = [line for line in lines if "Error" in line or "rror:" in line or "must" in line]
    telling = [line for line in errors if "see the" not in line and "NbGraderException" not in line]
    return (telling or errors or ["no reason was given"])[-1]
