"""The student's names as a probe sees them.

A probe holds handles, never the student's objects: each call, attribute and arithmetic operation on a handle
is carried out by a backend, in this process (`Local`) or in another one. What comes back is plain data,
another handle, or a `Failed` value. Equality, truth, iteration and array conversion never reach the student.
"""

import copy
import linecache
import operator
import sysconfig
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn, Protocol

import numpy as np

from course.exercises.plain import arrays_in, is_plain

COURSE = str(Path(__file__).resolve().parent.parent)
SHOWN_ENTRIES = 200
OPERATORS: dict[str, Callable[..., Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
    "@": operator.matmul, "**": operator.pow, "negative": operator.neg,
}


STANDARD_LIBRARY = sysconfig.get_path("stdlib")
CONTAINERS = (np.ndarray, list, tuple, dict)
MANY = 1000


class ProbeStopped(Exception):
    """The probe cannot go on, because it needs a value that the student's code did not give."""

    def __init__(self, failed: "Failed") -> None:
        super().__init__(failed.message)
        self.failed = failed


@dataclass(frozen=True)
class Failed:
    """What came instead of a value. Whatever is done with it gives it back, so that a probe goes on.

    Attributes
    ----------
    kind : str
        ``not attempted``, ``missing`` (no such name), ``raised``, ``too slow``, ``ended`` (the process died) or
        ``unusable`` (the probe could not work with what came before).
    error : str
        Name of the exception's class, where there is one.
    message : str
        What happened, in a sentence.
    lines : tuple of str
        The student's own lines that led to it.
    """

    kind: str
    error: str = ""
    message: str = ""
    lines: tuple[str, ...] = ()

    def __getattr__(self, name: str) -> "Failed":
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *_args: Any, **_kwargs: Any) -> "Failed":
        """Go on being failed."""
        return self

    def __iter__(self) -> Iterator[NoReturn]:
        raise ProbeStopped(self)

    def _same(self, _other: Any = None) -> "Failed":
        return self

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _same
    __matmul__ = __rmatmul__ = __pow__ = __rpow__ = __neg__ = _same
    __array_ufunc__ = None


@dataclass(frozen=True)
class Reply:
    """A backend's answer to one operation."""

    value: Any
    changed_arguments: bool = False
    aliased: tuple[int, ...] = ()  # which of the arrays in `value` share memory with an argument


class Backend(Protocol):
    """Where the student's objects live."""

    def perform(self, action: str, target: Any, args: tuple, kwargs: dict, keep: bool) -> Reply:
        """Carry out ``name``, ``get``, ``call``, ``item`` or ``operator``."""


@dataclass
class Record:
    """What a probe did since its last output: shown to the student, and judged by the manners of the course."""

    calls: list[tuple[str, tuple, dict]] = field(default_factory=list)
    changed_arguments: bool = False


class Handle:
    """A student's object, seen from outside."""

    __array_ufunc__ = None
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, namespace: "Namespace", reference: Any, text: str, description: str) -> None:
        self._namespace, self._reference, self._text = namespace, reference, text
        self.description = description

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the student's function."""
        return self._namespace._do("call", self, args, kwargs)

    def keep(self, *args: Any, **kwargs: Any) -> Any:
        """Call, and leave the result where it is, even if it is plain (a cache that is the student's own)."""
        return self._namespace._do("call", self, args, kwargs, keep=True)

    def item(self, index: int, keep: bool = False) -> Any:
        """Take one entry of a returned tuple or list."""
        return self._namespace._do("item", self, (index,), {}, keep=keep)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._namespace._do("get", self, (name,), {})

    def __eq__(self, other: object) -> bool:
        return False

    def __bool__(self) -> NoReturn:
        raise ProbeStopped(Failed("unusable", message=f"got {self.description} where a plain value was wanted"))

    __iter__ = __len__ = __float__ = __array__ = __bool__  # type: ignore[assignment]

    def _operate(self, sign: str, left: Any, right: Any) -> Any:
        return self._namespace._do("operator", sign, (left, right), {})

    def __neg__(self) -> Any:
        return self._namespace._do("operator", "negative", (self,), {})


def _add_operators() -> None:
    for name, sign in dict(add="+", sub="-", mul="*", truediv="/", matmul="@", pow="**").items():
        setattr(Handle, f"__{name}__", lambda self, other, sign=sign: self._operate(sign, self, other))
        setattr(Handle, f"__r{name}__", lambda self, other, sign=sign: self._operate(sign, other, self))


_add_operators()


class Namespace:
    """What a probe is given: ``student.relu`` is a handle on the student's ``relu``."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._record = Record()
        self._aliased: list[np.ndarray] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._wrap(self._backend.perform("name", name, (), {}, False), name)

    def _do(self, action: str, target: Any, args: tuple, kwargs: dict, keep: bool = False) -> Any:
        failed = next((a for a in (*args, *kwargs.values()) if isinstance(a, Failed)), None)
        if failed is not None:
            return failed
        text = _text(action, target, args, kwargs)
        if action == "call" and not self._record.calls:  # the first call stands for the output; copies of all cost too much
            self._record.calls.append((target._text, copy.deepcopy(tuple(_shown(a) for a in args)),
                                       copy.deepcopy({k: _shown(v) for k, v in kwargs.items()})))
        return self._wrap(self._backend.perform(action, target, args, kwargs, keep), text)

    def _wrap(self, reply: Reply, text: str) -> Any:
        self._record.changed_arguments |= reply.changed_arguments
        if isinstance(reply.value, Remote):
            return Handle(self, reply.value.reference, text, reply.value.description)
        arrays = arrays_in(reply.value)
        self._aliased += [arrays[i] for i in reply.aliased if i < len(arrays)]
        return reply.value

    def _take_record(self, value: Any) -> tuple[Record, bool]:
        """Give the record of an output and begin a new one; say whether its value shares memory with an argument."""
        record, self._record = self._record, Record()
        shares = any(array is other for array in arrays_in(value) for other in self._aliased)
        return record, shares


@dataclass(frozen=True)
class Remote:
    """A backend's word for an object that stays behind."""

    reference: Any
    description: str


class Local:
    """The backend for objects of this very process: the student's notebook, the reference, a misconception."""

    def __init__(self, names: dict[str, Any], seconds: float | None = None) -> None:
        self.names, self.seconds = names, seconds

    def perform(self, action: str, target: Any, args: tuple, kwargs: dict, keep: bool = False) -> Reply:
        """Carry out one operation; see `Backend`."""
        if action == "name":
            if target not in self.names:
                return Reply(Failed("missing", "NameError", f"there is no {target} yet: run the cell that defines it"))
            return Reply(Remote(self.names[target], _describe(self.names[target])))
        # What is the student's own (a cache, say) may be changed and handed back; what the probe made may not.
        given = [a for a in (*args, *kwargs.values()) if not isinstance(a, Handle)] if action == "call" else []
        before, arrays = _snapshot(given), arrays_in(given)
        args = tuple(a._reference if isinstance(a, Handle) else a for a in args)
        kwargs = {k: v._reference if isinstance(v, Handle) else v for k, v in kwargs.items()}
        args, kwargs = _own_generators(args, kwargs)
        real = target._reference if isinstance(target, Handle) else target
        start = time.process_time()
        try:
            with np.errstate():
                value = _act(action, real, args, kwargs)
        except NotImplementedError as error:
            return Reply(Failed("not attempted", "NotImplementedError", "not written yet", own_lines(error)))
        except (Exception, SystemExit) as error:  # whatever the student's code raises is an answer, and a wrong one
            return Reply(Failed("raised", type(error).__name__, _message(error), own_lines(error)))
        if self.seconds is not None and time.process_time() - start > self.seconds:
            return Reply(Failed("too slow", message=f"took {time.process_time() - start:.1f} s of computing, "
                                                     f"and {self.seconds:g} s is the limit"))
        return _reply(value, not _unchanged(before, given), arrays, keep)


def _act(action: str, real: Any, args: tuple, kwargs: dict) -> Any:
    if action == "call":
        return real(*args, **kwargs)
    if action == "get":
        return getattr(real, args[0])
    if action == "item":
        return real[args[0]]
    return OPERATORS[real](*args)


def _reply(value: Any, changed: bool, arguments: list[np.ndarray], keep: bool) -> Reply:
    if keep or not is_plain(value):
        return Reply(Remote(value, _describe(value)), changed)
    aliased = tuple(i for i, array in enumerate(arrays_in(value))
                    if any(np.may_share_memory(array, other) for other in arguments))
    return Reply(value, changed, aliased)


def _snapshot(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, (list, tuple)):
        return [_snapshot(v) if isinstance(v, CONTAINERS) else v for v in value]
    if isinstance(value, dict):
        return {k: _snapshot(v) if isinstance(v, CONTAINERS) else v for k, v in value.items()}
    return value


def _unchanged(old: Any, new: Any) -> bool:
    if isinstance(old, np.ndarray):
        return isinstance(new, np.ndarray) and np.array_equal(old, new, equal_nan=old.dtype.kind == "f")
    if isinstance(old, list):
        return isinstance(new, (list, tuple)) and len(old) == len(new) and all(map(_unchanged, old, new))
    if isinstance(old, dict):
        return isinstance(new, dict) and old.keys() == new.keys() and all(_unchanged(v, new[k]) for k, v in old.items())
    return old is new or (type(old) is type(new) and bool(old == new))


def _own_generators(args: tuple, kwargs: dict) -> tuple[tuple, dict]:
    # A generator crosses as its state: what the student draws does not move the probe's own.
    def own(value: Any) -> Any:
        return copy.deepcopy(value) if isinstance(value, np.random.Generator) else value

    return tuple(own(a) for a in args), {k: own(v) for k, v in kwargs.items()}


def own_lines(error: BaseException) -> tuple[str, ...]:
    """Lines of the student's own code in a traceback: none of this library's, of numpy's or of Python's own."""
    lines = []
    for frame in traceback.extract_tb(error.__traceback__):
        inside = frame.filename.startswith((COURSE, STANDARD_LIBRARY, "<frozen")) or "site-packages" in frame.filename
        if not inside and frame.lineno:
            source = linecache.getline(frame.filename, frame.lineno).strip()
            lines.append(f"line {frame.lineno} in {frame.name}: {source}" if source else f"line {frame.lineno} in {frame.name}")
    return tuple(lines[-3:])


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


def _shown(value: Any) -> Any:
    if isinstance(value, Handle):
        return Shown(value._text)
    if isinstance(value, np.random.Generator):
        return Shown("rng")
    if isinstance(value, (list, dict)) and len(value) > SHOWN_ENTRIES:
        return Shown(f"a {type(value).__name__} of {len(value)} entries")
    if isinstance(value, (list, dict)) and len(value) > MANY:
        return Shown(f"a {type(value).__name__} of {len(value):,} entries")  # copying it would take longer than the call
    if callable(value):
        return Shown(getattr(value, "__doc__", None) or getattr(value, "__name__", "a function"))
    return value


class Shown(str):
    """Text that stands for an argument which is not data."""


def _text(action: str, target: Any, args: tuple, kwargs: dict) -> str:
    texts = [_argument_text(a) for a in args] + [f"{k}={_argument_text(v)}" for k, v in kwargs.items()]
    if action == "call":
        return f"{target._text}({', '.join(texts)})"
    if action == "get":
        return f"{target._text}.{args[0]}"
    if action == "item":
        return f"{target._text}[{args[0]}]"
    return f"(-{texts[0]})" if target == "negative" else f"({texts[0]} {target} {texts[1]})"


def _argument_text(value: Any) -> str:
    if isinstance(value, Handle):
        return value._text
    if isinstance(value, np.ndarray):
        return f"array{value.shape}" if value.ndim else f"{value:.3g}"
    text = str(_shown(value)) if not isinstance(value, float) else f"{value:.4g}"
    return text if len(text) < 40 else text[:37] + "..."
