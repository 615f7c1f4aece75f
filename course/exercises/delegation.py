"""Functions of this library that are themselves the answer to an exercise: where an answer is judged they are stubs."""

import importlib
import inspect
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from types import FunctionType
from typing import Any

METHODS = (FunctionType, classmethod, staticmethod, property)


class Delegated(Exception):
    """Raised by the stub of a function that a student is asked to write."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is what you are asked to write yourself, or gives the answer away, so it is not there where answers "
                         "are judged")


def stub_source(name: str, function: str = "stub") -> str:
    """Return the source of a function that says whose place it takes, whatever it is called with."""
    return (f"def {function}(*_args, **_kwargs):\n"
            "    from course.exercises.delegation import Delegated\n"
            f"    raise Delegated({name!r})\n")


def find(name: str) -> Any:
    """Return the function or class of this library that has a dotted name, such as ``course.optimizers.SGD.step``.

    Raises
    ------
    ImportError
        If there is none.
    """
    parts = name.split(".")
    for i in range(len(parts) - 1, 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:i]))
        except ModuleNotFoundError:
            continue
        for part in parts[i:]:
            found = getattr(found, part, None)
        if parts[0] == "course" and (inspect.isclass(found) or inspect.isfunction(inspect.unwrap(found or str))):
            return inspect.unwrap(found)
        break
    raise ImportError(f"{name} is no function and no class of the course library")


@contextmanager
def stubs(names: Iterable[str]) -> Iterator[None]:
    """Make functions and classes of this library stubs for a while, under whatever name they were imported."""
    with ExitStack() as undo:
        for name in names:
            scope: dict[str, Any] = {}
            exec(compile(stub_source(name), __file__, "exec"), scope)  # noqa: S102  (our own four lines)
            target, stub = find(name), scope["stub"]
            if inspect.isfunction(target):
                undo.callback(setattr, target, "__code__", target.__code__)
                target.__code__ = stub.__code__
                continue
            for attribute in {"__init__", *(n for n, v in vars(target).items() if isinstance(v, METHODS))}:
                if attribute in vars(target):
                    undo.callback(setattr, target, attribute, vars(target)[attribute])
                else:
                    undo.callback(delattr, target, attribute)
                setattr(target, attribute, stub)
        yield
