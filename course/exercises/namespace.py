"""The student's names as a probe sees them.

A probe holds handles, never the student's objects: each call, attribute and arithmetic operation on a handle
is carried out by a backend, in this process or in another one. What comes back is plain data, another handle,
or a `Failed` value. Equality, truth, iteration and array conversion never reach the student.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn

import numpy as np

from course.exercises.backend import CALLS, Backend, Failed, ProbeStopped, Remote, Reply
from course.exercises.plain import arrays_in, copied

MANY = 200  # entries of a list or dict that are shown one by one


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

    def quietly(self, *args: Any, **kwargs: Any) -> Any:
        """Call, and let a warning count as an error, under numpy's default settings."""
        return self._namespace._do("quiet call", self, args, kwargs)

    def item(self, index: int, keep: bool = False) -> Any:
        """Take one entry of a returned tuple or list."""
        return self._namespace._do("item", self, (index,), {}, keep=keep)

    def assign(self, name: str, value: Any) -> Any:
        """Give an attribute of the student's object another value; None, or what failed."""
        return self._namespace._do("set", self, (name, value), {})

    def chain(self, steps: list[list[Any]]) -> Any:
        """Carry out operators one after another, each with a number on its right: ``[["*", 2.0], ["+", 1.0]]``."""
        return self._namespace._do("chain", self, (steps,), {})

    def named(self, text: str) -> None:
        """Show the object under this name from now on, where a card tells what was called."""
        self._text = text

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
        self._aliased: dict[int, np.ndarray] = {}  # by id, which stays theirs while they are kept
        self._names: dict[str, Handle] = {}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name not in self._names:
            found = self._wrap(self._backend.perform("name", name, (), {}, False), lambda: name)
            if not isinstance(found, Handle):
                return found
            self._names[name] = found
        return self._names[name]

    def _do(self, action: str, target: Any, args: tuple, kwargs: dict, keep: bool = False) -> Any:
        failed = next((a for a in (*args, *kwargs.values()) if isinstance(a, Failed)), None)
        if failed is not None:
            return failed
        if action in CALLS and not self._record.calls:  # the first call stands for the output; copies of all cost too much
            self._record.calls.append((target._text, tuple(copied(_shown(a)) for a in args),
                                       {k: copied(_shown(v)) for k, v in kwargs.items()}))
        return self._wrap(self._backend.perform(action, target, args, kwargs, keep), lambda: _text(action, target, args, kwargs))

    def _wrap(self, reply: Reply, text: Callable[[], str]) -> Any:
        self._record.changed_arguments |= reply.changed_arguments
        if isinstance(reply.value, Remote):
            return Handle(self, reply.value.reference, text(), reply.value.description)
        if reply.aliased:
            arrays = arrays_in(reply.value)
            self._aliased |= {id(arrays[i]): arrays[i] for i in reply.aliased if i < len(arrays)}
        return reply.value

    def _take_record(self, value: Any) -> tuple[Record, bool]:
        """Give the record of an output and begin a new one; say whether its value shares memory with an argument."""
        record, self._record = self._record, Record()
        shares = any(id(array) in self._aliased for array in arrays_in(value))
        return record, shares


def _shown(value: Any) -> Any:
    if isinstance(value, Handle):
        return Shown(value._text)
    if isinstance(value, np.random.Generator):
        return Shown("rng")
    if isinstance(value, (list, dict)) and len(value) > MANY:
        return Shown(f"a {type(value).__name__} of {len(value):,} entries")  # copying it would take longer than the call
    if callable(value):
        return Shown(getattr(value, "__doc__", None) or getattr(value, "__name__", "a function"))
    return value


class Shown(str):
    """Text that stands for an argument which is not data."""


def _text(action: str, target: Any, args: tuple, kwargs: dict) -> str:
    texts = [_argument_text(a) for a in args] + [f"{k}={_argument_text(v)}" for k, v in kwargs.items()]
    if action in CALLS:
        return f"{target._text}({', '.join(texts)})"
    if action == "get":
        return f"{target._text}.{args[0]}"
    if action == "set":
        return f"{target._text}.{args[0]} = {texts[1]}"
    if action == "item":
        return f"{target._text}[{args[0]}]"
    if action == "chain":
        return f"({target._text} after {len(args[0])} operations)"
    return f"(-{texts[0]})" if target == "negative" else f"({texts[0]} {target} {texts[1]})"


def _argument_text(value: Any) -> str:
    if isinstance(value, Handle):
        return value._text
    if isinstance(value, np.ndarray):
        return f"array{value.shape}" if value.ndim else f"{value:.3g}"
    text = str(_shown(value)) if not isinstance(value, float) else f"{value:.4g}"
    return text if len(text) < 40 else text[:37] + "..."
