"""Every exercise is proved; and the proof itself notices what is wrong with an exercise."""

from pathlib import Path

import numpy as np
import pytest

from autograder import prove as prover
from autograder.answer_key import key_of, keys
from autograder.misconceptions import of
from autograder.prove import STUB, prove, released, trivial_answers
from course.exercises import load
from course.exercises.backend import Failed
from course.exercises.local import Local
from course.exercises.own_code import NOT_WRITTEN
from course.exercises.probe import Case, Exercise, run

EXERCISES = load()


@pytest.mark.slow
@pytest.mark.parametrize("name", EXERCISES)
def test_every_exercise_is_proved(name, repository: Path, seeds: range):
    proof = prove(EXERCISES[name], repository, len(seeds))
    assert proof.faults == []
    assert len(proof.right) >= 2
    assert len(proof.wrong) >= 5
    assert all(mark < 1 for mark in proof.wrong.values())
    assert set(proof.trivial.values()) == {0.0}


@pytest.mark.parametrize("name", EXERCISES)
def test_what_students_are_given_still_asks_for_an_answer(name, repository: Path):
    key = key_of(EXERCISES[name], repository)
    stub = released(key.solutions[name])
    assert "NotImplementedError" in stub and "YOUR CODE HERE" in stub
    assert "SOLUTION" not in stub


def faults_of(probe, monkeypatch, repository: Path, weights: float = 1.0) -> list[str]:
    """Prove relu_backward as if its probe were this one."""
    probe.__module__ = EXERCISES["relu_backward"].probe.__module__
    return prove(Exercise("relu_backward", ("relu_backward",), probe, 5.0), repository, 1).faults


def test_a_probe_that_a_trivial_answer_passes_is_noticed(monkeypatch, repository: Path):
    def probe(student, rng):
        x = np.abs(rng.normal(size=4))
        yield "all units on", student.relu_backward(rng.normal(size=4), x)

    faults = faults_of(probe, monkeypatch, repository)
    assert any("'a copy of the first argument' earns 1.00" in fault for fault in faults)
    assert any("'no_mask' is told 'right'" in fault for fault in faults)


def test_a_probe_that_misses_a_misconception_is_noticed(monkeypatch, repository: Path):
    def probe(student, rng):
        yield "a batch", student.relu_backward(*rng.normal(size=(2, 5, 4)))

    faults = faults_of(probe, monkeypatch, repository)
    assert any("'passes_at_the_kink' is told 'right'" in fault for fault in faults)


def test_a_probe_that_rejects_a_right_style_is_noticed(monkeypatch, repository: Path):
    def probe(student, rng):
        result = student.relu_backward(*rng.normal(size=(2, 5, 4)))
        yield Case("laid out row by row", bool(getattr(result, "flags", {"C": False})["C_CONTIGUOUS"]) if result is not None else None)

    faults = faults_of(probe, monkeypatch, repository)
    assert any("the right answer 'compact.relu_backward__own_copy' is rejected" in fault for fault in faults)


def test_two_misconceptions_that_cannot_be_told_apart_are_noticed(monkeypatch, repository: Path):
    def probe(student, rng):
        grad, x = rng.normal(size=(2, 4))
        x[0] = 0.0
        result = student.relu_backward(grad, x)
        yield Case("any good", "good" if np.shape(result) == (4,) and np.allclose(result, grad * (x > 0)) else "bad", finding=True)

    faults = faults_of(probe, monkeypatch, repository)
    assert any("'half_at_the_kink' is taken for 'passes_at_the_kink'" in fault for fault in faults)


@pytest.mark.parametrize("name", EXERCISES)
def test_a_stub_is_told_as_one(name, repository: Path):
    exercise = EXERCISES[name]
    names = trivial_answers(exercise, key_of(exercise, repository))[STUB]()
    values = [outcome.case.value for outcome in run(exercise, Local(names), 0)]
    assert {value.message for value in values if isinstance(value, Failed) and value.kind == "not attempted"} <= {NOT_WRITTEN}


def test_the_released_stub_is_among_the_trivial_answers(repository: Path):
    exercise = EXERCISES["tensor"]
    names = trivial_answers(exercise, key_of(exercise, repository))[STUB]()
    with pytest.raises(NotImplementedError):
        names["Tensor"](2.0) * 3.0
    assert (names["Tensor"](2.0) + 3.0).data == 5.0  # the part that students are given works


def test_too_few_styles_are_noticed(monkeypatch, repository: Path):
    monkeypatch.setattr(prover, "right_styles", lambda exercise, key: {})
    assert "only 0 other right answers" in prove(EXERCISES["unbroadcast"], repository, 1).faults[0]


def test_every_solution_cell_belongs_to_an_exercise(repository: Path):
    found = list(keys(repository).values())
    assert all(set(key.solutions) == set(key.points) for key in found)
    assert sorted(name for key in found for name in key.solutions) == sorted(EXERCISES)
    assert all(of(exercise) for exercise in EXERCISES.values())
