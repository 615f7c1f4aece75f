"""What the student's side answers, checked before anything is done with it."""

from typing import Any

from autograder.protocol import Reference, WireError
from course.exercises.backend import FAILURES, Failed, Remote, Reply, missing
from course.exercises.plain import is_plain

_LINES = 3


def kind_of(reply: Any, length: int) -> str:
    """Return the word that a list of this length begins with, or nothing if it is no such list."""
    return reply[0] if _is_list(reply, length) and type(reply[0]) is str else ""


def checked(reply: Any, name: str = "") -> Reply:
    """Turn an answer into a `Reply`.

    What the student's side says about changed arguments and shared memory is used against the answer only: to hide them
    gains nothing that copying the arguments would not.

    Parameters
    ----------
    name : str, optional
        What was asked for, if it was a name.

    Raises
    ------
    WireError
        If it is none of the answers that there are.
    """
    kind = kind_of(reply, 4)
    answer: list[Any] = reply[1:] if kind else [None] * 3
    value, changed, aliased = answer
    if kind == "value" and is_plain(value):
        shared = {i for i in aliased if type(i) is int and i >= 0} if _is_list(aliased) else set()
        return Reply(value, changed is True, tuple(shared))
    if kind == "remote" and _is_list(value, 2) and type(value[0]) is int and 0 <= value[0] < 2**32:
        return Reply(Remote(Reference(value[0]), _text(value[1], 200)), changed is True)
    failure = kind_of(value, 4)
    if kind == "failed" and failure in FAILURES and _is_list(value[3]):
        if failure == "missing":  # this sentence is told for hidden seeds too, so it is not taken from there
            return Reply(missing(name) if name else Failed("unusable", message="a name is missing"))
        lines = tuple(_text(line, 300) for line in value[3][:_LINES])
        return Reply(Failed(failure, _text(value[1], 100), _text(value[2], 300), lines), changed is True)
    raise WireError("an answer of the wrong form")


def _is_list(value: Any, length: int | None = None) -> bool:
    return type(value) is list and length in (None, len(value))


def _text(value: Any, length: int) -> str:
    """Cut a text and take out what would move a terminal's cursor or turn the direction of writing."""
    if type(value) is not str:
        raise WireError("an answer of the wrong form")
    if value.isprintable():
        return value[:length]
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in value[:length])
