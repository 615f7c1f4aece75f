"""Running a probe, whatever the student's code does, and judging what came."""

import math

import numpy as np
import pytest

from course.exercises import load
from course.exercises.backend import Failed
from course.exercises.local import Local
from course.exercises.probe import Case, Exercise, align, exercise, judge, parts, read_only, run


def probe_of(function, names, seed=0):
    return run(Exercise("try_it", ("f",), function, 5.0), Local(names), seed)


def test_every_namespace_meets_the_same_inputs():
    def probe(student, rng):
        yield "one", student.f(rng.normal(size=3))

    one, other = probe_of(probe, {"f": np.copy}), probe_of(probe, {"f": np.copy})
    assert np.array_equal(one[0].case.value, other[0].case.value)
    assert not np.array_equal(one[0].case.value, probe_of(probe, {"f": np.copy}, 1)[0].case.value)
    assert len(probe_of(probe, {"f": np.copy}, [2**100, 3])) == 1


def test_two_exercises_cannot_have_one_name():
    load()
    with pytest.raises(ValueError, match="two exercises"):
        exercise("relu_backward", needs=["relu_backward"])(lambda student, rng: iter(()))


def test_a_probe_that_cannot_go_on_ends_with_a_failure_and_never_raises():
    def probe(student, rng):
        yield "first", student.f()
        yield "second", len(student.f())
        yield "third", 1

    outcomes = probe_of(probe, {"f": object})
    assert [o.case.name for o in outcomes] == ["first", ""]
    assert isinstance(outcomes[-1].case.value, Failed)
    first, second, third = align(outcomes, ["first", "second", "third"])
    assert second is third and judge(second, 1).kind == "error"
    assert [o.case.name for o in probe_of(probe, {"f": lambda: 3})] == ["first", ""]


def test_an_object_as_an_output_equals_nothing():
    outcome, = probe_of(lambda student, rng: iter([("one", student.f())]), {"f": object})
    assert judge(outcome, 1.0).kind == "type"
    assert "an object of another kind" in judge(outcome, 1.0).general


def test_one_failure_among_several_results_is_the_output():
    outcome, = probe_of(lambda student, rng: iter([("both", (1.0, student.f()))]), {})
    assert outcome.case.value.kind == "missing"
    outcome, = probe_of(lambda student, rng: iter([("both", {"a": 1.0, "b": student.f()})]), {})
    assert outcome.case.value.kind == "missing"


@pytest.mark.parametrize(("result", "fine"), [
    ((1, 2), True), ([1, 2], True), ((1, 2, 3), False), (1, False), (np.ones(2), False), (Failed("raised"), False),
])
def test_parts_take_a_pair_apart_and_say_what_came_instead(result, fine):
    cases = list(parts("a pair", result, ("one", "two")))
    assert [c.name for c in cases] == ["a pair: one", "a pair: two"]
    assert all(isinstance(c.value, Failed) != fine for c in cases)


def test_parts_share_the_call_they_came_of():
    def probe(student, rng):
        yield from parts("a pair", student.f(rng.normal(size=2)), ("one", "two"))

    def f(x):
        x[0] = 0.0
        return 1.0, 2.0

    outcomes = probe_of(probe, {"f": f})
    assert [len(o.record.calls) for o in outcomes] == [1, 1]
    assert [judge(o, v).kind for o, v in zip(outcomes, (1.0, 2.0), strict=True)] == ["changed input"] * 2


def test_a_finding_is_told_as_it_stands_and_a_text_of_the_students_never():
    def probe(student, rng):
        yield Case("found", "an id stands twice", finding=True)
        yield "text", student.f(rng.normal(size=2))

    found, text = probe_of(probe, {"f": lambda x: f"secret {x}"})
    assert judge(found, "a valid order").general == "an id stands twice"
    assert judge(found, "an id stands twice") is None
    assert "secret" not in judge(text, "fine").general


def test_for_a_hidden_seed_an_exception_is_told_by_its_name_only():
    def f(x):
        raise ValueError(str(x))

    outcome, = probe_of(lambda student, rng: iter([("one", student.f(np.array([0.123])))]), {"f": f})
    assert judge(outcome, 1.0).general == "it raised ValueError"
    assert "0.123" in judge(outcome, 1.0).detail


def in_place(x):
    x += 1


@pytest.mark.parametrize(("f", "advice"), [
    (in_place, "change a copy"),
    (lambda x: x if x > 0 else 0 * x, "np.where and np.maximum go entry by entry"),
    (lambda x: max(x, 0), "np.where and np.maximum go entry by entry"),
    (lambda x: math.exp(x), "those of numpy take arrays"),
])
def test_an_error_of_numpy_that_a_beginner_meets_says_what_to_do(f, advice):
    outcome, = probe_of(lambda student, rng: iter([("one", student.f(read_only(np.zeros(2))))]), {"f": f})
    assert judge(outcome, 1.0).detail.endswith(advice)
    assert advice not in judge(outcome, 1.0).general


def test_names_that_a_student_makes_up_carry_nothing_out():
    def f(x):
        raise type(f"E{x[0]}", (Exception,), {})

    def g(x):
        return type(f"T{x[0]}", (), {})()

    def h(x):
        return {str(x[0]): 1.0}

    secret = np.array([0.123])
    for function, expected in ((f, 1.0), (g, 1.0), (h, {"a": 1.0})):
        outcome, = probe_of(lambda student, rng: iter([("one", student.f(secret))]), {"f": function})
        found = judge(outcome, expected)
        assert "0.123" not in found.general and "0.123" in found.detail
