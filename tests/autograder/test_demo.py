"""The sample class, from release to marks: what each kind of submission gets, and what the feedback shows."""

import csv
import re
import shutil
import subprocess
import sys
from html import unescape
from pathlib import Path

import numpy as np
import pytest

from autograder.answer_key import AnswerKey
from autograder.demo import Demo, run_demo
from autograder.sample_class import samples
from autograder.secret import secret_seed
from course.exercises import PUBLIC_SEED, load
from course.exercises.local import Local
from course.exercises.plain import arrays_in
from course.exercises.probe import run
from tests.autograder.conftest import KEYS

SECRET = 20_240_229
pytestmark = [pytest.mark.slow, pytest.mark.timeout(2400)]  # the whole class is graded for the first test

SAMPLES = samples("week3")
NOTEBOOKS = {key.source.stem: key for key in KEYS.values() if key.source.parent.name == "week3"}
ALONE = "tom-one-notebook"
# student: (points lost by exercise, misconception recognised, what the instructor is told)
TABLE: dict[str, tuple[dict[str, float], dict[str, str], str]] = {
    "ada-perfect": ({}, {}, ""),
    "ben-other-style": ({}, {}, ""),
    "eve-kink": ({"relu_backward": 0.5}, {"relu_backward": "passes_at_the_kink"}, ""),
    "fay-overwrites": ({"tensor": 4.57}, {"tensor": "overwrites_the_gradient"}, ""),
    "gus-averages": ({"dense_backward": 1.92}, {"dense_backward": "averages_again"}, ""),
    "hal-one-sided": ({"numerical_gradient": 2.57}, {"numerical_gradient": "one_sided"}, ""),
    "ivy-absolute": ({"relative_error": 2.0}, {"relative_error": "absolute_error"}, ""),
    "joy-recursion": ({"topological_order": 0.27}, {"topological_order": "calls_itself"}, ""),
    "jon-crash": ({}, {}, "its process was ended by SIGABRT"),
    "kim-endless": ({"relu_backward": 2.0}, {}, ""),
    "leo-check-gone": ({}, {}, "'relu_backward' was missing"),
    "mia-check-twice": ({}, {}, "'relu_backward' was there more than once"),
    "oda-wrong-name": ({}, {}, "handed in as '02_backprop (final version).ipynb'"),
    "rob-other-style": ({}, {}, ""),
    "sue-log-of-softmax": ({"softmax": 0.25}, {"softmax": "log_of_an_underflowed_softmax"}, ""),
    ALONE: ({"dropout_forward": 0.36}, {"dropout_forward": "drops_in_use"}, "'02_backprop.ipynb' was not handed in"),
}


def key_of(student: str) -> AnswerKey:
    """The answer key of the notebook that a student shows something in; the others are blank."""
    return NOTEBOOKS[SAMPLES[student].notebook]


@pytest.fixture(scope="module")
def demo(repository, tmp_path_factory) -> Demo:
    return run_demo(repository, tmp_path_factory.mktemp("demo") / "class", ["week3"], SECRET)


@pytest.fixture(scope="module")
def by_student(demo):
    return {r.student: r for r in demo.results["week3"]}


def test_the_class_has_one_of_each_kind(by_student):
    assert set(by_student) == set(SAMPLES) and len(SAMPLES) >= 12
    assert set(SAMPLES) - set(TABLE) == {"cleo-half-done", "dan-blank", "ned-broken-file", "pia-syntax-error"}


@pytest.mark.parametrize("student", TABLE)
def test_marks_are_what_the_table_says(student, by_student):
    lost, recognised, said = TABLE[student]
    result, points = by_student[student], key_of(student).points
    assert {e: round(points[e] - result.exercises[e], 2) for e in points if result.exercises[e] != points[e]} == lost
    assert result.score == pytest.approx(sum(points.values()) - sum(lost.values()))
    assert result.max_score == sum(sum(key.points.values()) for key in NOTEBOOKS.values())
    assert result.misconceptions == recognised
    assert len(result.to_mark) == 2
    assert said in " ".join(result.notes) and bool(said) == bool(result.notes)


def test_half_done_blank_and_broken(by_student, key):
    half = list(key.solutions)[: len(key.solutions) // 2]
    exercises = by_student["cleo-half-done"].exercises
    assert exercises == {e: key.points[e] if e in half else 0.0 for e in exercises}
    assert by_student["dan-blank"].score == 0.0 and by_student["dan-blank"].to_mark == []
    broken = by_student["ned-broken-file"].exercises
    kept = [e for e, points in broken.items() if points]
    assert {e: broken[e] for e in kept} == {e: key.points[e] for e in list(key.solutions)[: len(kept)]} and 2 <= len(kept) < len(key.points)
    assert by_student["cleo-half-done"].to_mark == []
    assert "not valid JSON" in by_student["ned-broken-file"].notes[0]
    syntax = by_student["pia-syntax-error"].exercises
    assert syntax["unbroadcast"] == 0.0 and syntax["tensor"] < key.points["tensor"]
    assert all(syntax[e] == key.points[e] for e in key.points if e not in ("unbroadcast", "tensor"))


def test_every_feedback_page_is_there_and_says_why(demo):
    assert len(demo.pages) == len(NOTEBOOKS) * (len(SAMPLES) - 1) + 1
    page = {p.parent.parent.name: p.read_text(encoding="utf-8") for p in demo.pages if p.stem == SAMPLES[p.parent.parent.name].notebook}
    assert "At exactly 0 you let the gradient through" in page["eve-kink"]
    assert "no answer within" in page["kim-endless"]
    assert "the file is damaged" in page["ned-broken-file"]
    assert "final version" in page["oda-wrong-name"]
    assert "not attempted yet" in page["dan-blank"] and "it is not written yet" in page["dan-blank"]
    assert "there is no unbroadcast in the notebook as it was handed in" in page["pia-syntax-error"]
    assert all("#toc a::after" in text and "BEGIN SOLUTION" not in text for text in page.values())
    assert "was not handed in, so its exercises have no points" in page[ALONE]


def _pairs(numbers) -> set[tuple[str, str]]:
    """Neighbours among numbers, as a card rounds them; one number may stand somewhere by chance, two in a row do not."""
    rounded = [f"{float(v):.4f}" for v in numbers]
    drawn = [None if text.endswith("00") else text for text in rounded]  # -1.5 and the like are chosen, not drawn
    return {(a, b) for a, b in zip(drawn, drawn[1:], strict=False) if a and b}


def _pairs_of_seed(exercise, key, seed) -> set[tuple[str, str]]:
    outcomes = run(exercise, Local(key.names()), seed)
    arrays = [array for o in outcomes for array in arrays_in([o.case.value, [[list(c[1]), c[2]] for c in o.record.calls]])]
    return set().union(*(_pairs(np.ravel(array)) for array in arrays))


def test_no_page_holds_a_hidden_value(demo):
    secret = secret_seed(demo.folder)
    exercises = [(load()[e], key) for key in NOTEBOOKS.values() for e in key.points if not e.startswith("train_")]
    public = set().union(*(_pairs_of_seed(e, key, PUBLIC_SEED) for e, key in exercises))
    hidden = set().union(*(_pairs_of_seed(e, key, [secret, k]) for e, key in exercises for k in range(3))) - public
    seen = set()
    for path in demo.pages:
        text = unescape(re.sub(r"<[^>]+>", " ", path.read_text(encoding="utf-8").partition("</style>")[2]))
        shown = _pairs(re.findall(r"-?\d+\.\d+", text))
        assert not hidden & shown, path
        seen |= public & shown
    assert len(hidden) > 1000 and len(seen) > 20, "the pages show public values, so hidden ones would have been found"


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_the_page_of_a_blank_submission_holds_no_line_of_a_solution(notebook, demo):
    key = NOTEBOOKS[notebook]
    path = demo.folder / "feedback" / "dan-blank" / "week3" / f"{notebook}.html"
    page = unescape(re.sub(r"<[^>]+>", "", path.read_text(encoding="utf-8")))
    secret_lines = {line for line in key.secret_lines() if len(line) >= 24} - {s.strip() for t in key.stubs() for s in t.splitlines()}
    assert len(secret_lines) > 40
    assert not [line for line in secret_lines if line in page]
    assert not [line for line in key.model_answers() if len(line) >= 24 and line in page]


def test_the_marks_file_has_a_row_a_student(demo, by_student):
    with open(demo.folder / "marks-week3.csv", newline="") as file:
        rows = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert rows == pytest.approx({student: result.score for student, result in by_student.items()})
    text = (demo.folder / "marks-week3.csv").read_text()
    assert not re.search(r"\d\.\d{5}", text), "and not 45.620000000000005, as the gradebook adds them up"


def test_plain_nbgrader_gives_the_same_marks_and_its_feedback_works(demo, by_student, tmp_path):
    from autograder.class_run import grade_class

    few = ["ada-perfect", "eve-kink", "jon-crash", "leo-check-gone", "ned-broken-file", "oda-wrong-name", ALONE]
    folder = tmp_path / "course"
    shutil.copytree(demo.folder, folder, ignore=lambda d, names: [
        n for n in names if n in ("autograded", "feedback", "gradebook.db") or (Path(d).name == "submitted" and n not in few)])
    for command in (["generate_assignment", "week3", "--force"], ["autograde", "week3"], ["generate_feedback", "week3"]):
        done = subprocess.run([Path(sys.executable).parent / "nbgrader", *command], cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
    assert len(list(folder.glob("feedback/*/week3/*.html"))) == len(NOTEBOOKS) * (len(few) - 1) + 1
    read = {r.student: r.exercises for r in grade_class(folder, "week3")}  # nothing is graded again: this reads the gradebook
    assert read == {student: by_student[student].exercises for student in few}
