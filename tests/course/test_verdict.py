"""Marks, states, and which misconception is named."""

import numpy as np
import pytest

from course.exercises.backend import Failed
from course.exercises.namespace import Record
from course.exercises.probe import Case, Exercise, Outcome
from course.exercises.verdict import Expected, Misconception, WrongOutput, decide

EXERCISE = Exercise("try_it", ("f",), lambda student, rng: iter(()), 5.0)
X = np.array([1.0, 2.0])
EXPECTED = [Expected("a", X), Expected("b", 3.0, weight=2.0), Expected("c", "good", weight=0.0)]


def verdict(values, misconceptions=(), names="abc"):
    outcomes = [Outcome(Case(n, v), Record()) for n, v in zip(names, values, strict=True)]
    return decide(EXERCISE, outcomes, EXPECTED, list(misconceptions))


def test_states_and_marks():
    assert verdict([X, 3.0, "good"]).state == "right"
    assert verdict([X, 3.0, "good"]).mark == 1.0
    assert verdict([X, 4.0, "good"]).mark == pytest.approx(1 / 3)
    assert verdict([X + 1, 3.0, "bad"]).mark == pytest.approx(2 / 3)
    assert verdict([X + 1, 4.0, "good"]).mark == 0.0
    assert verdict([Failed("not attempted"), Failed("missing"), Failed("not attempted")]).state == "not attempted"
    assert verdict([Failed("not attempted"), Failed("raised"), Failed("not attempted")]).state == "wrong"


def test_an_early_end_keeps_the_weights():
    ended = [Outcome(Case("a", X), Record()), Outcome(Case("", Failed("unusable")), Record())]
    assert decide(EXERCISE, ended, EXPECTED, []).mark == pytest.approx(1 / 3)


def test_nothing_at_all_earns_nothing():
    assert decide(EXERCISE, [], EXPECTED, []).mark == 0.0
    assert decide(EXERCISE, [], EXPECTED, []).state == "wrong"


DOUBLED = Misconception("doubled", "...", (WrongOutput(2 * X), WrongOutput(6.0), None))
FIRST_DOUBLED = Misconception("first doubled", "...", (WrongOutput(2 * X), None, None))
BAD = Misconception("bad", "...", (None, None, WrongOutput("bad")))
RECURSION = Misconception("recursion", "...", (None, WrongOutput(error="raised RecursionError"), None))
ERRORS = Misconception("errors", "...", (WrongOutput(error="raised ValueError"), None, None))
CHANGED = Misconception("changed", "...", (WrongOutput(difference="changed input"), None, None))
ALL = [FIRST_DOUBLED, DOUBLED, BAD, RECURSION, ERRORS, CHANGED]


@pytest.mark.parametrize(("values", "named"), [
    ([2 * X, 6.0, "good"], "doubled"),
    ([2 * X, 3.0, "good"], "first doubled"),
    ([2 * X, 7.0, "good"], "first doubled"),  # wrong in two ways
    ([X, 3.0, "bad"], "bad"),
    ([X, 9.0, "bad"], None),  # a text may have many causes
    ([X, Failed("raised", "RecursionError"), "good"], "recursion"),
    ([Failed("raised", "ValueError"), 3.0, "good"], None),  # an error alone says too little
    ([3 * X, 3.0, "good"], None),
    ([2 * X, 3.0, Failed("raised", "ValueError")], "first doubled"),
])
def test_the_misconception_that_gives_the_same_is_named(values, named):
    found = verdict(values, ALL).misconception
    assert (found and found.id) == named


def test_what_no_value_shows_is_recognised_too():
    outcomes = [Outcome(Case(n, v), Record(changed_arguments=n == "a")) for n, v in zip("abc", (X, 3.0, "good"), strict=True)]
    assert decide(EXERCISE, outcomes, EXPECTED, ALL).misconception is CHANGED


def test_a_right_answer_is_never_given_a_misconception():
    assert verdict([X, 3.0, "good"], ALL).misconception is None


def test_a_misconception_for_another_number_of_outputs_is_passed_over():
    assert verdict([2 * X, 3.0, "good"], [Misconception("old", "...", (WrongOutput(2 * X),))]).misconception is None
