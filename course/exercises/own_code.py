"""What of an error is the student's own code, and what it says about that code."""

import ast
import inspect
import linecache
import sysconfig
import textwrap
import traceback
from pathlib import Path
from types import CodeType

COURSE = str(Path(__file__).resolve().parent.parent)
STANDARD_LIBRARY = sysconfig.get_path("stdlib")
NOT_WRITTEN = "not written yet"


def _is_own(filename: str) -> bool:
    return not filename.startswith((COURSE, STANDARD_LIBRARY, "<frozen")) and "site-packages" not in filename


def what_is_not_written(error: BaseException) -> str:
    """Say which function is not written yet, where it is another than the one that was called, or is written below the stub's line."""
    own = [frame.f_code for frame, _ in traceback.walk_tb(error.__traceback__) if _is_own(frame.f_code.co_filename)]
    called, stub = (own[0].co_qualname, own[-1].co_qualname) if own else ("", "")
    if called != stub and "." not in stub:  # the methods of one class are one answer
        return f"{stub}, which this answer calls, is not written yet: write it"
    if own and _has_more_below_the_stub(own[-1]):
        return f"the line with NotImplementedError still stands in {stub}, before what you wrote: delete it"
    return NOT_WRITTEN


def _has_more_below_the_stub(code: CodeType) -> bool:
    try:
        body = ast.parse(textwrap.dedent(inspect.getsource(code))).body[0].body  # type: ignore[attr-defined]  # a function, if it is one
    except (OSError, SyntaxError, IndexError, AttributeError):
        return False
    return any(isinstance(statement, ast.Raise) for statement in body[:-1])


def own_lines(error: BaseException) -> tuple[str, ...]:
    """Lines of the student's own code in a traceback: none of this library's, of numpy's or of Python's own."""
    lines = []
    for frame in traceback.extract_tb(error.__traceback__):
        if _is_own(frame.filename) and frame.lineno:
            source = linecache.getline(frame.filename, frame.lineno).strip()
            lines.append(f"line {frame.lineno} in {frame.name}: {source}" if source else f"line {frame.lineno} in {frame.name}")
    return tuple(lines[-3:])
