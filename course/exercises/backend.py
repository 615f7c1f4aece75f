"""Between a probe and the student's objects: what a backend is asked, and what it answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn, Protocol

CALLS = ("call", "quiet call")


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
        ``not attempted``, ``missing`` (no such name), ``raised``, ``delegated`` (it called the library's own answer),
        ``too slow``, ``ended`` (the process died) or ``unusable`` (the probe could not work with what came before).
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


FAILURES = ("not attempted", "missing", "raised", "delegated", "too slow", "ended", "unusable")


def missing(name: str) -> Failed:
    """Say that a name is not there."""
    return Failed("missing", "NameError", f"there is no {name} yet: run the cell that defines it")


@dataclass(frozen=True)
class Remote:
    """A backend's word for an object that stays behind."""

    reference: Any
    description: str


@dataclass(frozen=True)
class Reply:
    """A backend's answer to one operation."""

    value: Any
    changed_arguments: bool = False
    aliased: tuple[int, ...] = ()  # which of the arrays in `value` share memory with an argument


class Backend(Protocol):
    """Where the student's objects live."""

    def perform(self, action: str, target: Any, args: tuple, kwargs: dict, keep: bool) -> Reply:
        """Carry out ``name``, ``get``, ``set``, ``call``, ``quiet call``, ``item``, ``operator`` or ``chain``."""
