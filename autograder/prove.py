"""Prove an exercise: right answers pass, trivial ones earn nothing, wrong ones are rejected and recognised."""

import copy
import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat.v4
import numpy as np
from nbgrader.preprocessors import ClearSolutions

from autograder import right_answers
from autograder.answer_key import AnswerKey, key_of
from autograder.expected import expected_outputs, wrong_runs
from course import exercises
from course.exercises.local import Local
from course.exercises.probe import PUBLIC_SEED, Exercise, run
from course.exercises.verdict import Expected, Misconception, Verdict, decide

Names = Callable[[], dict[str, Any]]
STUB = "the released stub"


@dataclass
class Proof:
    """What was found about an exercise; proved when `faults` is empty."""

    exercise: str
    seeds: int
    right: list[str] = field(default_factory=list)
    trivial: dict[str, float] = field(default_factory=dict)  # highest mark of each trivial answer
    wrong: dict[str, float] = field(default_factory=dict)  # highest mark of each misconception
    faults: list[str] = field(default_factory=list)


def prove(exercise: Exercise, course_dir: Path, seeds: int) -> Proof:
    """Prove one exercise for the seeds 0 (the public one) to `seeds` - 1."""
    key = key_of(exercise, course_dir)
    styles, trivial = right_styles(exercise, key), trivial_answers(exercise, key)
    proof = Proof(exercise.id, seeds, list(styles))
    if len(styles) < 2:
        proof.faults.append(f"only {len(styles)} other right answers; two at least are wanted")
    for seed in range(PUBLIC_SEED, PUBLIC_SEED + seeds):
        proof.faults += [f"seed {seed}: {fault}" for fault in _faults(exercise, key, seed, styles, trivial, proof)]
    return proof


def _faults(
    exercise: Exercise, key: AnswerKey, seed: int, styles: dict[str, Names], trivial: dict[str, Names], proof: Proof
) -> list[str]:
    expected = expected_outputs(exercise, key, seed)
    planted = wrong_runs(exercise, key, seed, expected)
    wrong = [misconception for misconception, _ in planted]
    faults = []
    for style, names in {"the reference once more": key.names, **styles}.items():
        verdict = _judged(exercise, names, seed, expected, wrong)
        if verdict.state != "right":
            faults.append(f"the right answer {style!r} is rejected: {_reason(verdict)}")
    for name, names in trivial.items():
        verdict = _judged(exercise, names, seed, expected, wrong)
        proof.trivial[name] = max(verdict.mark, proof.trivial.get(name, 0.0))
        if verdict.mark > 0 or verdict.state == "right":
            right = [r.expected.name for r in verdict.results if r.difference is None]
            faults.append(f"the trivial answer {name!r} earns {verdict.mark:.2f} for {right}")
        if name == STUB and verdict.state != "not attempted":
            faults.append(f"the released stub is told {verdict.state!r}: {_reason(verdict)}")
    for misconception, outcomes in planted:
        verdict = decide(exercise, outcomes, expected, wrong)
        proof.wrong[misconception.id] = max(verdict.mark, proof.wrong.get(misconception.id, 0.0))
        if verdict.state != "wrong" or verdict.mark == 1.0:
            faults.append(f"the misconception {misconception.id!r} is told {verdict.state!r} and marked {verdict.mark:.2f}")
        elif verdict.misconception is None or verdict.misconception.id != misconception.id:
            named = verdict.misconception.id if verdict.misconception else "nothing"
            faults.append(f"the misconception {misconception.id!r} is taken for {named!r}: {_reason(verdict)}")
    return faults


def _judged(
    exercise: Exercise, names: Names, seed: int, expected: list[Expected], wrong: list[Misconception]
) -> Verdict:
    return decide(exercise, run(exercise, Local(names(), exercise.seconds), seed), expected, wrong)


def right_styles(exercise: Exercise, key: AnswerKey) -> dict[str, Names]:
    """Find the other right answers to an exercise.

    They stand in the modules of ``autograder.right_answers.MODULE``: each that defines what the exercise asks for is a
    style. ``relu_backward__with_where`` is one more style of ``relu_backward`` in the same module.
    """
    package = f"{right_answers.__name__}.{exercises.module_of(exercise)}"
    asked = exercise.needs[-1]
    found: dict[str, Names] = {}
    for info in pkgutil.iter_modules(importlib.import_module(package).__path__):
        module = vars(importlib.import_module(f"{package}.{info.name}"))
        if asked in module:
            found[info.name] = _with(key, {name: module[name] for name in exercise.needs if name in module})
        for name in module:
            if name.startswith(f"{asked}__"):
                others = {n: module[n] for n in exercise.needs[:-1] if n in module}
                variant = name.removeprefix(asked)  # dense_forward__as_class goes with dense_backward__as_class
                others |= {n: module[n + variant] for n in exercise.needs[:-1] if n + variant in module}
                found[f"{info.name}.{name}"] = _with(key, {**others, asked: module[name]})
    return found


def _with(key: AnswerKey, replaced: dict[str, Any]) -> Names:
    return lambda: {**key.names(), **replaced}


def trivial_answers(exercise: Exercise, key: AnswerKey) -> dict[str, Names]:
    """Make the answers that anyone could give without thinking; each must earn nothing."""
    answers: dict[str, Callable[..., Any]] = {
        "None": lambda *_a, **_k: None,
        "0": lambda *_a, **_k: 0.0,
        "1": lambda *_a, **_k: 1.0,
        "an empty list": lambda *_a, **_k: [],
        "a copy of the first argument": lambda *a, **_k: copy.deepcopy(a[0]) if a else None,
        "the first argument in a list": lambda *a, **_k: [copy.deepcopy(a[0])] if a else None,
        "the last argument": lambda *a, **_k: a[-1] if a else None,
        "all arguments": lambda *a, **_k: a,
        "the first two arguments": lambda *a, **_k: tuple(copy.deepcopy(a[:2])),
        "zeros like the first argument": lambda *a, **_k: _zeros(a[0]) if a else None,
        "zeros like the second argument": lambda *a, **_k: _zeros(a[1]) if a[1:] else None,
        "zeros like every argument": lambda *a, **_k: tuple(_zeros(v) for v in a),
        "zeros like the last arguments": lambda *a, **_k: tuple(_zeros(v) for v in a[1:]),
        "zeros of the shape that was asked for": lambda *a, **_k: np.zeros(a[-1]) if a and type(a[-1]) is tuple else None,
        "a function that gives zeros": lambda *_a, **_k: lambda x, *_: np.zeros(len(x), dtype=np.int64),
    }
    found: dict[str, Names] = {STUB: lambda: key.names({exercise.id: released(key.solutions[exercise.id])})}
    return found | {name: _with(key, dict.fromkeys(exercise.needs, answer)) for name, answer in answers.items()}


def released(source: str) -> str:
    """Return a solution cell as students get it, by nbgrader's own step."""
    cell = nbformat.v4.new_code_cell(source)
    cell.metadata["nbgrader"] = {
        "grade_id": "stub", "grade": False, "solution": True, "locked": False, "task": False, "schema_version": 3}
    notebook = nbformat.v4.new_notebook(cells=[cell], metadata={
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}})
    return ClearSolutions().preprocess(notebook, {})[0].cells[0].source


def _zeros(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return type(value)(_zeros(v) for v in value)
    return np.zeros(np.shape(value)) if isinstance(value, (np.ndarray, np.generic, float, int)) else None


def _reason(verdict: Verdict) -> str:
    first = verdict.first_wrong
    return f"{first.expected.name}: {first.difference.detail}" if first and first.difference else "nothing is wrong"
