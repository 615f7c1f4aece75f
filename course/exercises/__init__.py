"""The exercises of the course: probes, public inputs, and expected outputs as data. No solutions live here."""

import importlib
import json
import pkgutil
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any

from course.exercises import plain
from course.exercises.probe import PUBLIC_SEED, REGISTRY, Exercise
from course.exercises.verdict import Expected, Misconception, WrongOutput

NOTEBOOK_PREFIX = "week"


def load() -> dict[str, Exercise]:
    """Return every exercise of the course by its id."""
    for name in notebook_modules():
        importlib.import_module(f"{__name__}.{name}")
    return REGISTRY


def notebook_modules() -> list[str]:
    """Name the modules that hold probes, one a notebook: ``week3_backprop`` and so on."""
    return sorted(m.name for m in pkgutil.iter_modules(__path__) if m.name.startswith(NOTEBOOK_PREFIX))


def module_of(exercise: Exercise) -> str:
    """Name the module that an exercise's probe stands in."""
    return exercise.probe.__module__.rpartition(".")[2]


def answers_in_library(modules: Iterable[str]) -> frozenset[str]:
    """Name what of the course library answers the exercises of these modules: stubs, where answers are judged."""
    wanted = set(modules)
    return frozenset(name for e in load().values() if module_of(e) in wanted for name in e.answered_by)


@cache
def _public(module: str) -> dict[str, Any]:
    path = resources.files(__name__) / "data" / f"{module}.json"
    return json.loads(path.read_text(encoding="utf-8"))


def public_data(exercise: Exercise) -> tuple[list[Expected], list[Misconception]]:
    """Read what the reference and the misconceptions give for the public seed."""
    data = _public(module_of(exercise))[exercise.id]
    expected = [Expected(o["name"], plain.from_json(o["value"]), o.get("shares_memory", False), o.get("weight", 1.0))
                for o in data["outputs"]]
    wrong = [Misconception(m["id"], m["sentence"], tuple(_wrong(o) for o in m["outputs"])) for m in data["misconceptions"]]
    return expected, wrong


def _wrong(data: dict[str, Any] | None) -> WrongOutput | None:
    if data is None:
        return None
    return WrongOutput(plain.from_json(data.get("value")), data.get("error", ""), data.get("difference", ""))


__all__ = ["PUBLIC_SEED", "Exercise", "answers_in_library", "load", "module_of", "notebook_modules", "public_data"]
