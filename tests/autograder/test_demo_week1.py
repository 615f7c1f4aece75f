"""The sample class of week 1, from release to feedback and marks."""

import pytest

from autograder.demo import Demo, run_demo
from autograder.sample_class import samples
from tests.autograder.conftest import KEYS

SECRET = 20_240_229
pytestmark = pytest.mark.slow

SAMPLES = samples("week1")
# student: (points lost by exercise, misconception recognised)
TABLE: dict[str, tuple[dict[str, float], dict[str, str]]] = {
    "abe-perfect": ({}, {}),
    "bea-other-style": ({}, {}),
    "eli-flipped": ({"conv2d_forward": 3.43}, {"conv2d_forward": "kernel_flipped"}),
    "flo-arccos": ({"principal_angles": 1.88}, {"principal_angles": "from_cosines"}),
    "gil-not-centred": ({"pca_subspace": 4.0}, {"pca_subspace": "not_centred"}),
    "noa-perfect": ({}, {}),
    "olu-other-style": ({}, {}),
    "rae-square-forgotten": ({"conv_parameters": 1.71}, {"conv_parameters": "square_forgotten"}),
    "sol-each-array": ({"magnitude_masks": 2.0}, {"magnitude_masks": "each_array_by_itself"}),
}
SAID = {
    "eli-flipped": "The kernel is flipped",
    "dot-blank": "not attempted yet",
    "rae-square-forgotten": "and you count k",
    "sol-each-array": "Rank the weights of all arrays together",
}


@pytest.fixture(scope="module")
def demo(repository, tmp_path_factory) -> Demo:
    return run_demo(repository, tmp_path_factory.mktemp("demo") / "class", ["week1"], SECRET)


@pytest.fixture(scope="module")
def by_student(demo):
    return {r.student: r for r in demo.results["week1"]}


def key_of(student: str):
    return next(key for key in KEYS.values() if key.source.stem == SAMPLES[student].notebook)


def test_all_of_the_class_is_graded(by_student):
    assert set(by_student) == set(SAMPLES)
    assert set(TABLE) | {"cy-half-done", "dot-blank", "pau-half-done", "quy-blank"} == set(SAMPLES)


@pytest.mark.parametrize("student", TABLE)
def test_marks_are_what_the_table_says(student, by_student):
    lost, recognised = TABLE[student]
    result, points = by_student[student], key_of(student).points
    assert {e: round(points[e] - result.exercises[e], 2) for e in points if result.exercises[e] != points[e]} == lost
    assert result.score == pytest.approx(sum(points.values()) - sum(lost.values()))
    assert result.misconceptions == recognised
    assert len(result.to_mark) == 2


@pytest.mark.parametrize(("half_done", "blank"), [("cy-half-done", "dot-blank"), ("pau-half-done", "quy-blank")])
def test_half_done_and_blank(half_done, blank, by_student):
    points = key_of(half_done).points
    half = list(key_of(half_done).solutions)[: len(points) // 2]
    assert {e: by_student[half_done].exercises[e] for e in points} == {e: points[e] if e in half else 0.0 for e in points}
    assert by_student[blank].score == 0.0 and by_student[blank].to_mark == []


def test_feedback_says_why(demo):
    pages: dict[str, str] = {}
    for path in demo.pages:
        student = path.parent.parent.name
        pages[student] = pages.get(student, "") + path.read_text(encoding="utf-8")
    assert set(pages) == set(SAMPLES)
    for student, sentence in SAID.items():
        assert sentence in pages[student]
