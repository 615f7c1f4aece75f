"""The backend for objects of this very process: the student's notebook, the reference, a misconception."""

import copy
import marshal
import operator
import time
import warnings
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import numpy as np

from course.exercises.backend import CALLS, Failed, Remote, Reply, missing
from course.exercises.delegation import Delegated
from course.exercises.namespace import Handle
from course.exercises.own_code import own_lines, what_is_not_written
from course.exercises.plain import arrays_in, copied, is_plain, only_scalars
from course.exercises.time_limit import TooLong, stopped_after

CONTAINERS = (np.ndarray, list, tuple, dict)
_NO_REFERENCES = 2  # the last version of marshal in which the same value is always the same bytes
OPERATORS: dict[str, Callable[..., Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
    "@": operator.matmul, "**": operator.pow, "negative": operator.neg,
}


class Local:
    """The backend for objects of this very process: the student's notebook, the reference, a misconception.

    Parameters
    ----------
    seconds : float, optional
        Computing time that one call may take; what took longer is an answer that came too late.
    stops : bool
        Whether a call is stopped then, and none after it made; without it, whoever waits for the answer has limits of their own.
    """

    def __init__(self, names: dict[str, Any], seconds: float | None = None, stops: bool = False) -> None:
        self.names, self.seconds, self._stops = names, seconds, stops
        self._gone: Failed | None = None

    def perform(self, action: str, target: Any, args: tuple, kwargs: dict, keep: bool = False) -> Reply:
        """Carry out one operation; see `Backend`."""
        if self._gone:
            return Reply(self._gone)
        if action == "name":
            if target not in self.names:
                return Reply(missing(target))
            return Reply(Remote(self.names[target], _describe(self.names[target])))
        # What is the student's own (a cache, say) may be changed and handed back; what the probe made may not.
        given = [a for a in (*args, *kwargs.values()) if not isinstance(a, Handle)] if action in CALLS else []
        before = [_snapshot(value) for value in given]
        arrays = [a for value, kept in zip(given, before, strict=True) if not isinstance(kept, _Written) for a in arrays_in(value)]
        args = tuple(a._reference if isinstance(a, Handle) else a for a in args)
        kwargs = {k: v._reference if isinstance(v, Handle) else v for k, v in kwargs.items()}
        args, kwargs = _own_generators(args, kwargs)
        real = target._reference if isinstance(target, Handle) else target
        start = time.process_time()
        try:
            with np.errstate(), stopped_after(self.seconds) if self._stops and self.seconds else nullcontext():
                value = _act(action, real, args, kwargs)
        except TooLong:
            self._gone = Failed("too slow", message=f"it was stopped after {self.seconds:g} s of computing, which is the limit")
            return Reply(self._gone)
        except NotImplementedError as error:
            return Reply(Failed("not attempted", "NotImplementedError", what_is_not_written(error), own_lines(error)))
        except Delegated as error:
            return Reply(Failed("delegated", message=str(error), lines=own_lines(error)))
        except (Exception, SystemExit) as error:  # whatever the student's code raises is an answer, and a wrong one
            return Reply(Failed("raised", type(error).__name__, _message(error), own_lines(error)))
        if self.seconds is not None and time.process_time() - start > self.seconds:
            return Reply(Failed("too slow", message=f"took {time.process_time() - start:.1f} s of computing, "
                                                     f"and {self.seconds:g} s is the limit"))
        return _reply(value, not all(map(_unchanged, before, given)), arrays, keep)


def _act(action: str, real: Any, args: tuple, kwargs: dict) -> Any:
    if action == "call":
        return real(*args, **kwargs)
    if action == "quiet call":
        with np.errstate(divide="warn", over="warn", under="ignore", invalid="warn"), warnings.catch_warnings():
            warnings.simplefilter("error", RuntimeWarning)
            return real(*args, **kwargs)
    if action == "get":
        return getattr(real, args[0])
    if action == "set":  # a copy: what the student's code does to its attribute stays with it
        return setattr(real, args[0], copy.deepcopy(args[1]))
    if action == "item":
        return real[args[0]]
    if action == "chain":
        for sign, number in args[0]:
            real = OPERATORS[sign](real, number)
        return real
    return OPERATORS[real](*args)


def _reply(value: Any, changed: bool, arguments: list[np.ndarray], keep: bool) -> Reply:
    if keep or not is_plain(value):
        return Reply(Remote(value, _describe(value)), changed)
    aliased = tuple(i for i, array in enumerate(arrays_in(value))
                    if any(np.may_share_memory(array, other) for other in arguments))
    # A copy: what the student's code later does to an array that it keeps must not change what it gave before.
    return Reply(copied(value), changed, aliased)


def _snapshot(value: Any) -> Any:
    """Keep a value as it is, to be compared later with what became of it."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if only_scalars(value):
        return _Written(marshal.dumps(value, _NO_REFERENCES))
    if isinstance(value, (list, tuple)):
        return [_snapshot(v) if isinstance(v, CONTAINERS) else v for v in value]
    if isinstance(value, dict):
        return {k: _snapshot(v) if isinstance(v, CONTAINERS) else v for k, v in value.items()}
    return value


class _Written(bytes):
    """A list or dict of scalars as bytes, made and compared without a step of Python's for each of what may be 100,000 entries."""


def _unchanged(old: Any, new: Any) -> bool:
    if isinstance(old, np.ndarray):
        if not isinstance(new, np.ndarray) or old.shape != new.shape:
            return False
        same_bytes = old.dtype == new.dtype and old.tobytes() == new.tobytes()  # ten times as fast, and nearly always enough
        return same_bytes or np.array_equal(old, new, equal_nan=old.dtype.kind == "f")
    if isinstance(old, _Written):
        try:
            same_bytes = old == marshal.dumps(new, _NO_REFERENCES)
        except ValueError:  # something else stands in it now
            same_bytes = False
        return same_bytes or _unchanged(marshal.loads(old), new)
    if isinstance(old, (list, tuple)):
        return isinstance(new, (list, tuple)) and len(old) == len(new) and all(map(_unchanged, old, new))
    if isinstance(old, dict):
        return isinstance(new, dict) and old.keys() == new.keys() and all(_unchanged(v, new[k]) for k, v in old.items())
    return old is new or (type(old) is type(new) and bool(old == new))


def _own_generators(args: tuple, kwargs: dict) -> tuple[tuple, dict]:
    # A generator crosses as its state: what the student draws does not move the probe's own.
    def own(value: Any) -> Any:
        return copy.deepcopy(value) if isinstance(value, np.random.Generator) else value

    return tuple(own(a) for a in args), {k: own(v) for k, v in kwargs.items()}


def _message(error: BaseException) -> str:
    try:
        text = str(error)
    except Exception:  # a __str__ of the student's own may raise too
        text = ""
    return text if len(text) <= 300 else text[:297] + "..."


def _describe(value: Any) -> str:
    kind = type(value)
    if kind is np.ndarray:
        return f"an array of dtype {value.dtype}"
    return f"an object of type {kind.__name__}"
