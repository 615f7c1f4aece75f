"""What the reference and the misconceptions give for a seed; and the data file that `check` reads for the public one."""

import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from autograder import misconceptions
from autograder.answer_key import AnswerKey, KeyProblem, key_of
from course import exercises
from course.exercises import plain
from course.exercises.backend import Failed
from course.exercises.local import Local
from course.exercises.probe import PUBLIC_SEED, Exercise, Outcome, align, judge, run
from course.exercises.verdict import Expected, Misconception, WrongOutput

DATA = Path(exercises.__file__).parent / "data"


def expected_outputs(exercise: Exercise, key: AnswerKey, seed: int | list[int]) -> list[Expected]:
    """Run the reference for a seed.

    Raises
    ------
    KeyProblem
        If the reference itself fails: then the notebook or the probe is wrong.
    """
    outcomes = run(exercise, Local(key.names()), seed)
    for outcome in outcomes:
        if not plain.is_plain(outcome.case.value):
            raise KeyProblem(f"the reference of {exercise.id} gives no value for {outcome.case.name!r}: {outcome.case.value}")
    names = [o.case.name for o in outcomes]
    if len(set(names)) != len(names):
        raise KeyProblem(f"the probe of {exercise.id} uses a name twice: {sorted(n for n in names if names.count(n) > 1)}")
    return [Expected(o.case.name, o.case.value, o.shares_memory, o.case.weight) for o in outcomes]


def wrong_outputs(exercise: Exercise, key: AnswerKey, seed: int | list[int], expected: list[Expected]) -> list[Misconception]:
    """Run every misconception of an exercise for a seed."""
    return [misconception for misconception, _ in wrong_runs(exercise, key, seed, expected)]


def stored_outputs(exercise: Exercise) -> tuple[list[Expected], list[Misconception]] | None:
    """Read what `check` reads: what the reference and every misconception give for the public seed; None if it is of other ones."""
    try:
        expected, wrong = exercises.public_data(exercise)
    except (KeyError, OSError):
        return None
    same = [(w.id, w.sentence) for w in wrong] == [(p.id, p.sentence) for p in misconceptions.of(exercise)]
    return (expected, wrong) if same else None


def wrong_runs(
    exercise: Exercise, key: AnswerKey, seed: int | list[int], expected: list[Expected]
) -> list[tuple[Misconception, list[Outcome]]]:
    """Run every misconception of an exercise for a seed, and give the outcomes of the run as well."""
    found = []
    for planted in misconceptions.of(exercise):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an overflow, say: it is wrong on purpose
            outcomes = run(exercise, Local(planted.names(key), exercise.seconds), seed)
        aligned = align(outcomes, [e.name for e in expected])
        outputs = tuple(_wrong_output(o, e) for o, e in zip(aligned, expected, strict=True))
        found.append((Misconception(planted.id, planted.sentence, outputs), outcomes))
    return found


def _wrong_output(outcome: Outcome | None, expected: Expected) -> WrongOutput | None:
    difference = judge(outcome, expected.value, expected.shares_memory)
    if difference is None or outcome is None:
        return None
    value = outcome.case.value
    if isinstance(value, Failed):
        return WrongOutput(error=f"{value.kind} {value.error}".strip())
    if not plain.is_plain(value) or difference.kind in ("changed input", "shared memory"):
        return WrongOutput(difference=difference.kind)
    return WrongOutput(value)


def build_public_data(course_dir: Path) -> dict[Path, str]:
    """Make the text of each data file that ships with the checks, by path."""
    modules: dict[str, dict[str, Any]] = {}
    for exercise in exercises.load().values():
        key = key_of(exercise, course_dir)
        expected = expected_outputs(exercise, key, PUBLIC_SEED)
        wrong = wrong_outputs(exercise, key, PUBLIC_SEED, expected)
        modules.setdefault(exercises.module_of(exercise), {})[exercise.id] = {
            "outputs": [_output_json(e) for e in expected],
            "misconceptions": [
                {"id": m.id, "sentence": m.sentence, "outputs": [_wrong_json(w) for w in m.outputs]} for m in wrong
            ],
        }
    return {DATA / f"{name}.json": json.dumps(data, indent=1) + "\n" for name, data in modules.items()}


def write_public_data(course_dir: Path) -> list[Path]:
    """Write the data files of all checks, each in one step, and return those that changed."""
    changed = []
    for path, text in build_public_data(course_dir).items():
        if path.exists() and same_data(json.loads(path.read_text(encoding="utf-8")), json.loads(text)):
            continue
        part = path.with_suffix(".part")
        part.write_text(text, encoding="utf-8")
        part.replace(path)
        changed.append(path)
    return changed


def same_data(one: Any, other: Any) -> bool:
    """Say whether two data files say the same, up to the rounding by which machines differ."""
    if isinstance(one, dict) and isinstance(other, dict) and "array" in one and "array" in other:
        a, b = plain.from_json(one), plain.from_json(other)
        return a.dtype == b.dtype and a.shape == b.shape and bool(np.allclose(a, b, rtol=1e-6, atol=1e-9, equal_nan=True))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same_data(one[k], other[k]) for k in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(same_data(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, float) and isinstance(other, float):
        return bool(np.isclose(one, other, rtol=1e-6, atol=1e-9, equal_nan=True))
    return type(one) is type(other) and one == other


def _output_json(expected: Expected) -> dict[str, Any]:
    data = {"name": expected.name, "value": plain.to_json(expected.value)}
    if expected.weight != 1.0:
        data["weight"] = expected.weight
    return {**data, "shares_memory": True} if expected.shares_memory else data


def _wrong_json(wrong: WrongOutput | None) -> dict[str, Any] | None:
    if wrong is None:
        return None
    if wrong.error:
        return {"error": wrong.error}
    if wrong.difference:
        return {"difference": wrong.difference}
    return {"value": plain.to_json(wrong.value)}
