"""The sample class of week 2, from release to marks."""

import pytest

from autograder.answer_key import AnswerKey
from autograder.demo import Demo, run_demo
from autograder.sample_class import samples

pytestmark = pytest.mark.slow

NORM = "02_vanishing_gradients_and_batch_norm"
# student: (points lost by exercise of that notebook, misconception recognised)
TABLE: dict[str, tuple[dict[str, float], dict[str, str]]] = {
    "amy-perfect": ({}, {}),
    "bob-other-style": ({}, {}),
    "eli-constants": ({"batchnorm_backward": 2.73}, {"batchnorm_backward": "mean_and_variance_as_constants"}),
    "fin-momentum": ({"batchnorm_class": 2.61}, {"batchnorm_class": "momentum_the_wrong_way_round"}),
}


@pytest.fixture(scope="module")
def demo(repository, tmp_path_factory) -> Demo:
    return run_demo(repository, tmp_path_factory.mktemp("demo") / "class", ["week2"], 20_240_229)


@pytest.fixture(scope="module")
def key(repository) -> AnswerKey:
    return AnswerKey(repository / "notebooks" / "week2" / f"{NORM}.md")


@pytest.mark.parametrize("student", TABLE)
def test_marks_are_what_the_table_says(student, demo, key):
    lost, recognised = TABLE[student]
    result = next(r for r in demo.results["week2"] if r.student == student)
    assert {e: round(key.points[e] - result.exercises[e], 2) for e in key.points if result.exercises[e] != key.points[e]} == lost
    assert result.misconceptions == recognised and result.notes == []


def test_half_done_and_blank(demo, key):
    by_student = {r.student: r.exercises for r in demo.results["week2"]}
    half = list(key.solutions)[: len(key.solutions) // 2]
    assert {e: by_student["cas-half-done"][e] for e in key.points} == {e: key.points[e] if e in half else 0.0 for e in key.points}
    assert set(by_student["dov-blank"].values()) == {0.0}


def test_feedback_names_the_misconception(demo):
    page = {(p.parent.parent.name, p.stem): p.read_text(encoding="utf-8") for p in demo.pages}
    assert {student for student, _ in page} == set(samples("week2"))
    assert "mean and the variance as constants" in page["eli-constants", NORM]
    assert "You give that share to the old average" in page["fin-momentum", NORM] or "you give that share to the old average" in page["fin-momentum", NORM]
