"""From outcomes and expected outputs to a verdict: what is right, what is wrong first, and why."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from course.exercises.backend import Failed
from course.exercises.compare import Difference, compare
from course.exercises.plain import arrays_in
from course.exercises.probe import Exercise, Outcome, align, judge

MOST = 0.75
TELLING_ERRORS = ("raised RecursionError", "raised RuntimeWarning", "too slow")


@dataclass(frozen=True)
class Expected:
    """What the reference gave for one output."""

    name: str
    value: Any
    shares_memory: bool = False
    weight: float = 1.0


@dataclass(frozen=True)
class WrongOutput:
    """What a misconception gives for an output that it gets wrong: a value, or the error that it raises."""

    value: Any = None
    error: str = ""
    difference: str = ""  # kind of difference, for what no value shows (changed input, shared memory)


@dataclass(frozen=True)
class Misconception:
    """A typical wrong answer: its sentence, and for each output None (it is right there) or what it gives."""

    id: str
    sentence: str
    outputs: tuple[WrongOutput | None, ...]


@dataclass(frozen=True)
class Result:
    """One output, judged."""

    expected: Expected
    outcome: Outcome | None
    difference: Difference | None
    weight: float


@dataclass(frozen=True)
class Verdict:
    """An answer to an exercise, judged for one seed.

    Attributes
    ----------
    state : str
        ``right``, ``wrong`` or ``not attempted``.
    mark : float
        The weighted share of right outputs, 0 to 1.
    """

    exercise: Exercise
    state: str
    mark: float
    results: tuple[Result, ...]
    misconception: Misconception | None = None

    @property
    def first_wrong(self) -> Result | None:
        """The first output that is wrong."""
        return next((r for r in self.results if r.difference), None)


def decide(
    exercise: Exercise, outcomes: list[Outcome], expected: list[Expected], misconceptions: list[Misconception]
) -> Verdict:
    """Judge the outcomes of one run of a probe and recognise the misconception behind a wrong answer."""
    aligned = align(outcomes, [e.name for e in expected])
    results = tuple(
        Result(e, o, judge(o, e.value, e.shares_memory), e.weight)
        for e, o in zip(expected, aligned, strict=True)
    )
    total = sum(r.weight for r in results)
    mark = sum(r.weight for r in results if r.difference is None) / total if total else 0.0
    if all(r.difference is None for r in results):
        return Verdict(exercise, "right", 1.0, results)
    if all(_not_attempted(r) for r in results):
        return Verdict(exercise, "not attempted", 0.0, results)
    return Verdict(exercise, "wrong", mark, results, recognise(results, misconceptions))


def recognise(results: tuple[Result, ...], misconceptions: list[Misconception]) -> Misconception | None:
    """Find the misconception that gives what the student's answer gives.

    One that agrees on every output is preferred; else one whose wrong outputs all came, some of them as numbers; else
    one of whose wrong outputs most came (an answer may be wrong in two ways). Of those that are left, one that explains
    the first wrong output goes before one that explains others only: it is what the card shows. An error alone says too
    little, unless it is one of `TELLING_ERRORS`.
    """
    first = next(i for i, r in enumerate(results) if r.difference is not None)
    alike = [m for m in misconceptions if len(m.outputs) == len(results) and _gives_the_wrong_outputs(m, results)]
    exact = [m for m in alike if all((w is None) == (r.difference is None) for w, r in zip(m.outputs, results, strict=True))
             and any(w is not None and w.error in ("", *TELLING_ERRORS) for w in m.outputs)]
    numbers = [m for m in alike if any(w is not None and not w.error and arrays_in(_as_arrays(w.value)) for w in m.outputs)]
    numbers.sort(key=lambda m: -sum(w is not None for w in m.outputs))
    most = [m for m in misconceptions if len(m.outputs) == len(results) and _gives_most_of_the_numbers(m, results)]
    found = exact or sorted([*numbers, *most], key=lambda m: m.outputs[first] is None)  # stable: `numbers` go first
    return found[0] if found else None


def _gives_most_of_the_numbers(misconception: Misconception, results: tuple[Result, ...]) -> bool:
    pairs = [(w, r) for w, r in zip(misconception.outputs, results, strict=True) if w is not None]
    same = [w for w, r in pairs if _same_wrong(w, r)]
    numbers = sum(not w.error and bool(arrays_in(_as_arrays(w.value))) for w in same)
    return numbers >= 2 and len(same) >= MOST * len(pairs) and all(r.difference is not None for _, r in pairs)


def _as_arrays(value: Any) -> Any:
    # A text such as "an id is missing" may have many causes, a number seldom has two.
    return np.asarray(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def _gives_the_wrong_outputs(misconception: Misconception, results: tuple[Result, ...]) -> bool:
    pairs = [(w, r) for w, r in zip(misconception.outputs, results, strict=True) if w is not None]
    return bool(pairs) and all(_same_wrong(w, r) for w, r in pairs)


def _same_wrong(wrong: WrongOutput, result: Result) -> bool:
    if result.difference is None or result.outcome is None:
        return False
    value, case = result.outcome.case.value, result.outcome.case
    if isinstance(value, Failed):
        return wrong.error == f"{value.kind} {value.error}".strip()
    if wrong.error:
        return False
    if wrong.difference:
        return result.difference.kind == wrong.difference
    return compare(value, wrong.value, max(case.rtol, 1e-6), case.atol) is None


def _not_attempted(result: Result) -> bool:
    value = result.outcome.case.value if result.outcome else None
    return isinstance(value, Failed) and value.kind in ("not attempted", "missing")
