"""The sample class of week 2, from release to marks."""

import pytest

from autograder.answer_key import AnswerKey
from autograder.demo import Demo, run_demo
from autograder.sample_class import samples
from tests.autograder.conftest import KEYS

pytestmark = pytest.mark.slow

SAMPLES = samples("week2")
# student: (points lost by exercise of their notebook, misconception recognised)
TABLE: dict[str, tuple[dict[str, float], dict[str, str]]] = {
    "amy-perfect": ({}, {}),
    "bob-other-style": ({}, {}),
    "eli-constants": ({"batchnorm_backward": 2.73}, {"batchnorm_backward": "mean_and_variance_as_constants"}),
    "fin-momentum": ({"batchnorm_class": 2.61}, {"batchnorm_class": "momentum_the_wrong_way_round"}),
    "gia-perfect": ({}, {}),
    "hui-other-style": ({}, {}),
    "kay-overflows": ({"sigmoid": 0.22}, {"sigmoid": "exp_overflows"}),
    "lou-zeros-as-minimum": ({"classify_critical_point": 1.5}, {"classify_critical_point": "zero_read_as_minimum"}),
}
SAID = {
    "eli-constants": "mean and the variance as constants",
    "fin-momentum": "you give that share to the old average",
    "kay-overflows": "exp overflows on the way",
    "lou-zeros-as-minimum": "A zero says that the second derivatives cannot tell",
}


def key_of(student: str) -> AnswerKey:
    return next(key for key in KEYS.values() if key.source.stem == SAMPLES[student].notebook)


@pytest.fixture(scope="module")
def demo(repository, tmp_path_factory) -> Demo:
    return run_demo(repository, tmp_path_factory.mktemp("demo") / "class", ["week2"], 20_240_229)


@pytest.fixture(scope="module")
def by_student(demo):
    return {r.student: r for r in demo.results["week2"]}


def test_all_of_the_class_is_graded(by_student):
    assert set(by_student) == set(SAMPLES)
    assert set(TABLE) | {"cas-half-done", "dov-blank", "ian-half-done", "jin-blank"} == set(SAMPLES)


@pytest.mark.parametrize("student", TABLE)
def test_marks_are_what_the_table_says(student, by_student):
    lost, recognised = TABLE[student]
    result, points = by_student[student], key_of(student).points
    assert {e: round(points[e] - result.exercises[e], 2) for e in points if result.exercises[e] != points[e]} == lost
    assert result.misconceptions == recognised and result.notes == []
    assert len(result.to_mark) == 2


@pytest.mark.parametrize(("half_done", "blank"), [("cas-half-done", "dov-blank"), ("ian-half-done", "jin-blank")])
def test_half_done_and_blank(half_done, blank, by_student):
    points = key_of(half_done).points
    half = list(key_of(half_done).solutions)[: len(points) // 2]
    assert {e: by_student[half_done].exercises[e] for e in points} == {e: points[e] if e in half else 0.0 for e in points}
    assert set(by_student[blank].exercises.values()) == {0.0}


def test_feedback_names_the_misconception(demo):
    page = {(p.parent.parent.name, p.stem): p.read_text(encoding="utf-8") for p in demo.pages}
    assert {student for student, _ in page} == set(SAMPLES)
    for student, sentence in SAID.items():
        assert sentence in page[student, SAMPLES[student].notebook]
