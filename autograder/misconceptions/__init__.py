"""Typical wrong answers, each with the sentence that a good teacher would say.

One module a notebook, named like the module of its probes. A misconception is planted either as an edit of the reference
solution or as a function that takes the place of one:

    edit("relu_backward", "kink_lets_through", "At exactly 0 ...", "x > 0", "x >= 0")

    @wrong("relu_backward", "At exactly 0 ...")
    def ignores_the_mask(grad_out, x):
        return grad_out
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from autograder.answer_key import AnswerKey, KeyProblem
from course import exercises
from course.exercises.probe import Exercise


@dataclass(frozen=True)
class Planted:
    """A misconception as it is planted: the source edits, or the function that takes a name's place."""

    exercise: str
    id: str
    sentence: str
    edits: tuple[tuple[str, str], ...] = ()
    function: Callable[..., Any] | None = None
    replaces: str = ""

    def names(self, key: AnswerKey) -> dict[str, Any]:
        """Return the reference's names with this mistake among them."""
        if self.function is not None:
            names = key.names()
            if self.replaces not in names:
                raise KeyProblem(f"misconception {self.id!r} replaces {self.replaces!r}, which no solution defines")
            names[self.replaces] = self.function
            return names
        source = key.solutions[self.exercise]
        for old, new in self.edits:
            if source.count(old) == 0:
                raise KeyProblem(f"misconception {self.id!r} edits {old!r}, which does not stand in the solution of "
                                 f"{self.exercise}; adapt it to the solution as it is now")
            source = source.replace(old, new)
        return key.names({self.exercise: source})


_PLANTED: dict[str, list[Planted]] = {}


def _plant(planted: Planted) -> None:
    others = _PLANTED.setdefault(planted.exercise, [])
    if any(p.id == planted.id for p in others):
        raise ValueError(f"two misconceptions of {planted.exercise} are called {planted.id!r}")
    others.append(planted)


def edit(exercise: str, id: str, sentence: str, *old_and_new: str) -> None:
    """Plant a misconception by replacing text in the reference solution: old, new, old, new ..."""
    pairs = tuple(zip(old_and_new[::2], old_and_new[1::2], strict=True))
    _plant(Planted(exercise, id, sentence, edits=pairs))


def wrong(exercise: str, sentence: str, replaces: str = "") -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Plant the decorated function in place of the exercise's function; its name is the misconception's id."""

    def plant(function: Callable[..., Any]) -> Callable[..., Any]:
        _plant(Planted(exercise, function.__name__, sentence, function=function, replaces=replaces or exercise))
        return function

    return plant


def of(exercise: Exercise) -> list[Planted]:
    """List the misconceptions of an exercise."""
    module = f"{__name__}.{exercises.module_of(exercise)}"
    try:
        importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
    return _PLANTED.get(exercise.id, [])
