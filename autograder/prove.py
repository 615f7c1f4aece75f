"""Prove an exercise: right answers pass, trivial ones earn nothing, wrong ones are rejected and recognised."""

import copy
import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from autograder import right_answers
from autograder.answer_key import AnswerKey, key_of
from autograder.expected import expected_outputs, wrong_outputs
from autograder.misconceptions import of
from course import exercises
from course.exercises.namespace import Local
from course.exercises.probe import Exercise, run
from course.exercises.verdict import Verdict, decide


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
    proof = Proof(exercise.id, seeds)
    styles = right_styles(exercise, key)
    proof.right = list(styles)
    if len(styles) < 2:
        proof.faults.append(f"only {len(styles)} other right answers; two at least are wanted")
    for seed in range(seeds):
        expected = expected_outputs(exercise, key, seed)
        wrong = wrong_outputs(exercise, key, seed, expected)

        def judged(names: dict[str, Any], seed: int = seed, expected: list = expected, wrong: list = wrong) -> Verdict:
            return decide(exercise, run(exercise, Local(names), seed), expected, wrong)

        reference = judged(key.names())
        if reference.state != "right":
            proof.faults.append(f"seed {seed}: the reference does not repeat itself: {_reason(reference)}")
        for style, names in styles.items():
            verdict = judged(names())
            if verdict.state != "right":
                proof.faults.append(f"seed {seed}: the right answer {style!r} is rejected: {_reason(verdict)}")
        for name, names in trivial_answers(exercise, key).items():
            verdict = judged(names)
            proof.trivial[name] = max(verdict.mark, proof.trivial.get(name, 0.0))
            if verdict.mark > 0:
                right = [r.expected.name for r in verdict.results if r.difference is None]
                proof.faults.append(f"seed {seed}: the trivial answer {name!r} earns {verdict.mark:.2f} for {right}")
            if name == "the unfilled stub" and verdict.state != "not attempted":
                proof.faults.append(f"seed {seed}: the unfilled stub is told {verdict.state!r}")
        for planted in of(exercise):
            verdict = judged(planted.names(key))
            proof.wrong[planted.id] = max(verdict.mark, proof.wrong.get(planted.id, 0.0))
            if verdict.state != "wrong":
                proof.faults.append(f"seed {seed}: the misconception {planted.id!r} is told {verdict.state!r}")
            elif verdict.misconception is None or verdict.misconception.id != planted.id:
                named = verdict.misconception.id if verdict.misconception else "nothing"
                proof.faults.append(f"seed {seed}: the misconception {planted.id!r} is taken for {named!r}")
    return proof


def right_styles(exercise: Exercise, key: AnswerKey) -> dict[str, Callable[[], dict[str, Any]]]:
    """Find the other right answers to an exercise: modules of `autograder.right_answers` that define its names."""
    package = f"{right_answers.__name__}.{exercises.module_of(exercise)}"
    found: dict[str, Callable[[], dict[str, Any]]] = {}
    for info in pkgutil.iter_modules(importlib.import_module(package).__path__):
        module = importlib.import_module(f"{package}.{info.name}")
        answers = [f"{exercise.id}", *(n for n in vars(module) if n.startswith(f"{exercise.id}__"))]
        if exercise.needs[-1] in vars(module):
            names = {n: vars(module)[n] for n in exercise.needs if n in vars(module)}
            found[info.name] = lambda names=names: {**key.names(), **names}  # type: ignore[misc]
        for name in answers[1:]:  # relu_backward__with_where: one more style of the same exercise
            found[f"{info.name}.{name}"] = lambda f=vars(module)[name]: {**key.names(), exercise.needs[-1]: f}  # type: ignore[misc]
    return found


def trivial_answers(exercise: Exercise, key: AnswerKey) -> dict[str, dict[str, Any]]:
    """Make the answers that anyone could give without thinking; each must earn nothing."""
    arrays = (np.ndarray, np.generic, float, int)

    def zeros(value: Any) -> Any:
        if isinstance(value, (list, tuple)):
            return type(value)(zeros(v) for v in value)
        return np.zeros(np.shape(value)) if isinstance(value, arrays) else None

    def stub(*_args: Any, **_kwargs: Any) -> Any:
        raise NotImplementedError()

    answers: dict[str, Callable[..., Any]] = {
        "the unfilled stub": stub,
        "None": lambda *_a, **_k: None,
        "0": lambda *_a, **_k: 0.0,
        "1": lambda *_a, **_k: 1.0,
        "an empty list": lambda *_a, **_k: [],
        "the first argument": lambda *a, **_k: a[0] if a else None,
        "a copy of the first argument": lambda *a, **_k: copy.deepcopy(a[0]) if a else None,
        "the last argument": lambda *a, **_k: a[-1] if a else None,
        "all arguments": lambda *a, **_k: a,
        "the first two arguments": lambda *a, **_k: tuple(copy.deepcopy(a[:2])),
        "zeros like the first argument": lambda *a, **_k: zeros(a[0]) if a else None,
        "zeros like every argument": lambda *a, **_k: tuple(zeros(v) for v in a),
        "zeros like the last arguments": lambda *a, **_k: tuple(zeros(v) for v in a[1:]),
    }
    return {name: {**key.names(), **dict.fromkeys(exercise.needs, answer)} for name, answer in answers.items()}


def _reason(verdict: Verdict) -> str:
    first = verdict.first_wrong
    return f"{first.expected.name}: {first.difference.detail}" if first and first.difference else "nothing is wrong"
