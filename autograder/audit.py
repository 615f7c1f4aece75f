"""Look into what is handed to students for anything that must not be there."""

import io
import json
import re
import zipfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any

from autograder.answer_key import keys
from autograder.secret import NAME as SECRET_NAME

DATA_LIMIT = 2_000_000
TELLING = 24  # a line of code shorter than this may stand anywhere by chance
FORBIDDEN = {
    r"\.py[co]$": "compiled code",
    r"(^|/)__pycache__(/|$)": "compiled code",
    r"(^|/)autograder(/|$)": "part of the grader",
    rf"(^|/){SECRET_NAME}": "the secret seed",
    r"(^|/)gradebook\.db": "the gradebook",
    r"(^|/)(misconceptions|right_answers|answer_key)": "part of the grader",
    r"(^|/)(submitted|autograded|feedback)/": "students' work",
    r"(^|/)\d\d_[^/]*\.md$": "a text source with its solutions",
}


def audit(files: Iterable[tuple[str, bytes]], course_dir: Path) -> list[str]:
    """List what is wrong with files that students are to get; an empty list means that nothing was found.

    Parameters
    ----------
    files : iterable of (str, bytes)
        Names as in the archive, and contents.
    course_dir : Path
        The course folder, from which solutions, misconceptions and the secret seed are known.
    """
    secrets = _secret_lines(course_dir)
    seed = (course_dir / SECRET_NAME).read_text(encoding="ascii").strip() if (course_dir / SECRET_NAME).is_file() else ""
    problems, check_data = [], 0
    for name, content in files:
        problems += [f"{name}: {what}" for pattern, what in FORBIDDEN.items() if re.search(pattern, name)]
        text = _text_of(name, content)
        if seed and seed in text:
            problems.append(f"{name}: holds the secret seed")
        if "BEGIN SOLUTION" in text or "END SOLUTION" in text:
            problems.append(f"{name}: holds a solution's markers")
        if PurePosixPath(name).match("course/exercises/data/*"):
            check_data += len(content)
        if _may_hold_answers(name):
            continue
        lines = {line.strip() for line in text.splitlines()}
        problems += [f"{name}: holds a line of {what}: {line[:50]!r}" for line, what in secrets.items() if line in lines]
    if check_data > DATA_LIMIT:
        problems.append(f"the data of the checks takes {check_data} bytes; {DATA_LIMIT} is the limit")
    return list(dict.fromkeys(problems))


def audit_archive(path: Path, course_dir: Path) -> list[str]:
    """Audit a zip file or a wheel, and the wheels inside it."""
    return _audit_zip(path.name, path.read_bytes(), course_dir)


def _audit_zip(name: str, content: bytes, course_dir: Path) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = [(n, archive.read(n)) for n in archive.namelist() if not n.endswith("/")]
    problems = audit(files, course_dir)
    if name.endswith(".whl"):
        strangers = [n for n, _ in files if not re.match(r"(course/|[^/]+\.dist-info/)", n)]
        problems += [f"{n}: the students' wheel holds course/ and nothing else" for n in strangers]
    for inner, inside in files:
        if inner.endswith((".whl", ".zip")):
            problems += _audit_zip(inner, inside, course_dir)
    return problems


def _may_hold_answers(name: str) -> bool:
    # The library may compute what an exercise asks for; what ships for the checks may not.
    return name.startswith("course/") and not name.startswith("course/exercises/")


def _text_of(name: str, content: bytes) -> str:
    text = content.decode("utf-8", errors="replace")
    if name.endswith(".ipynb"):
        try:
            return "\n".join(_strings(json.loads(text)))
        except ValueError:
            return text
    return text


def _strings(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        if all(isinstance(v, str) for v in value):
            yield "".join(value)
        else:
            for item in value:
                yield from _strings(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)


def _secret_lines(course_dir: Path) -> dict[str, str]:
    """Lines that only a solution, a model answer or a misconception has."""
    found: dict[str, str] = {}
    shown: set[str] = set()
    for key in keys(course_dir).values():
        for text in key.stubs():
            shown |= {line.strip() for line in text.splitlines()}
        for line in key.secret_lines():
            found[line] = "a solution"
        for line in key.model_answers():
            found[line] = "a model answer"
    for path in sorted((Path(__file__).parent / "misconceptions").glob("week*.py")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if re.match(r"\s+(return|def|for|if|[a-z_]+\s*=)\s*\S", line) and '"' not in line:
                found.setdefault(line.strip(), "a misconception")
    return {line: what for line, what in found.items() if len(line) >= TELLING and line not in shown}
