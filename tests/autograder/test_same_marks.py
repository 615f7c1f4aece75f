"""One class, graded in every way that there is: the gradebook and the graded notebooks are the same to the last byte."""

import json
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import nbformat
import pytest

from autograder.class_run import grade_class
from autograder.course_folder import api
from autograder.release import release
from autograder.secret import secret_seed
from tests.small_course import NOTEBOOK, QUESTION, RIGHT, WEEK, WRONG, gradebook_rows, hand_in, small_course, submission

pytestmark = pytest.mark.slow

CRASH = "import os\nos.abort()"
LATE = "\nc.LateSubmissionPlugin.penalty_method = 'zero'\n"


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory) -> Path:
    """A released course with a due date, and a class of all sorts."""
    course = small_course(tmp_path_factory.mktemp("class") / "course")
    with open(course / "nbgrader_config.py", "a") as config:
        config.write(LATE)
    release(course, WEEK)
    secret_seed(course)  # drawn at random, and the same for all copies
    with api(course).gradebook as gradebook:
        gradebook.update_or_create_assignment(WEEK, duedate=datetime(2026, 3, 1, 12, 0))
    right = submission(course)
    hand_in(course, "ada", right, "2026-03-01 11:00:00 UTC")
    hand_in(course, "ben", submission(course, WRONG, question=""), "2026-03-01 12:00:01 UTC")
    hand_in(course, "cy", b"{ not a notebook")
    crashes = submission(course)
    crashes.cells.insert(2, nbformat.v4.new_code_cell(CRASH))
    hand_in(course, "dee", crashes)
    hand_in(course, "eve", submission(course, {"relative_error": "def relative_error(a, b)\n    return a"}, question="<script>alert(1)</script>"))
    path = hand_in(course, "fay", right, "no time at all")
    path.rename(path.with_name("my own name.ipynb"))
    (path.parent / "notes.txt").write_text("something else that was handed in")
    return course


def graded_files(course: Path) -> dict[str, bytes]:
    return {str(p.relative_to(course)): p.read_bytes() for p in sorted((course / "autograded").rglob("*")) if p.is_file()}


def copy_of(course: Path, to: Path) -> Path:
    return shutil.copytree(course, to)


@pytest.fixture(scope="module")
def by_one(handed_in, tmp_path_factory):
    course = copy_of(handed_in, tmp_path_factory.mktemp("one") / "course")
    results = grade_class(course, WEEK, workers=1)
    return course, results


def test_the_marks_are_those_that_were_earned(by_one):
    results = {r.student: r for r in by_one[1]}
    assert {s: r.score for s, r in results.items()} == {"ada": 4.0, "ben": 3.5, "cy": 0.0, "dee": 4.0, "eve": 2.0, "fay": 4.0}
    assert {s for s, r in results.items() if r.to_mark} == {"ada", "ben", "dee", "eve", "fay"}
    assert not any(r.failed or r.changes for r in by_one[1])
    penalties = {row[0]: row[4] for row in gradebook_rows(by_one[0])}
    assert penalties["ben"] == 3.5 and not penalties["ada"]


@pytest.mark.parametrize("way", [{"workers": 2}, {"scheduler": "local", "workers": 2}], ids=["2 workers", "a dask cluster"])
def test_workers_and_clusters_give_the_same(way, by_one, handed_in, tmp_path):
    course = copy_of(handed_in, tmp_path / "course")
    results = grade_class(course, WEEK, **way)
    assert results == by_one[1]
    assert gradebook_rows(course) == gradebook_rows(by_one[0])
    assert graded_files(course) == graded_files(by_one[0])
    assert not any(r.graded_now for r in grade_class(course, WEEK, **way)), "there is nothing left to do"


def test_plain_nbgrader_gives_the_same(by_one, handed_in, tmp_path):
    course = copy_of(handed_in, tmp_path / "course")
    broken = course / "submitted" / "fay" / WEEK / "timestamp.txt"
    broken.unlink()  # nbgrader gives up on a submission whose time it cannot read
    for arguments in (["autograde", WEEK, "--create"], ["autograde", WEEK, "--create", "--force"]):
        done = subprocess.run([Path(sys.executable).parent / "nbgrader", *arguments], cwd=course, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
    assert gradebook_rows(course) == gradebook_rows(by_one[0])
    ours, plain = graded_files(by_one[0]), graded_files(course)
    assert ours.keys() - plain.keys() == {f"autograded/fay/{WEEK}/timestamp.txt"}
    differing = {name for name in plain if ours[name] != plain[name]}
    fay = f"autograded/fay/{WEEK}/{NOTEBOOK}.ipynb"
    assert differing <= {fay}
    if fay in differing:  # in the second run the copy is there under the right name, and its time is none
        one, other = json.loads(ours[fay]), json.loads(plain[fay])
        assert one["metadata"]["grading"]["grades"] == other["metadata"]["grading"]["grades"]
    shutil.rmtree(course / "submitted" / "fay")
    assert not any(r.graded_now for r in grade_class(course, WEEK)), "what nbgrader graded counts as graded"


def test_a_regrade_of_changed_answers_gives_the_same_as_nbgrader_does(by_one, tmp_path):
    """Marks given by hand are kept, and are to be looked at again where the answer changed."""
    ours, plain = (copy_of(by_one[0], tmp_path / name) for name in ("ours", "plain"))
    for course in (ours, plain):
        with api(course).gradebook as gradebook:
            for cell, score in ((QUESTION, 2.0), ("relu_backward", 1.0)):
                grade = gradebook.find_grade(cell, NOTEBOOK, WEEK, "ben")
                grade.manual_score, grade.extra_credit, grade.needs_manual_grade = score, 0.5, False
            gradebook.find_comment(QUESTION, NOTEBOOK, WEEK, "ben").manual_comment = "Say why."
            gradebook.db.commit()
        hand_in(course, "ben", submission(course, {**RIGHT}, question="Because I changed it."), "2026-03-01 12:00:02 UTC")
    (result,) = grade_class(ours, WEEK, only="ben")
    done = subprocess.run([Path(sys.executable).parent / "nbgrader", "autograde", WEEK, "--student", "ben", "--force"], cwd=plain,
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert gradebook_rows(ours) == gradebook_rows(plain) != gradebook_rows(by_one[0])
    assert graded_files(ours) == graded_files(plain)
    assert result.to_mark == [QUESTION] and result.exercises["relu_backward"] == 1.5


def test_what_nbgrader_adopted_does_not_stand_in_the_way_of_what_is_handed_in_later(handed_in, tmp_path):
    course = copy_of(handed_in, tmp_path / "course")
    folder = course / "submitted" / "fay" / WEEK
    (folder / "timestamp.txt").unlink()
    mine, before = folder / "my own name.ipynb", sorted(p.name for p in folder.iterdir())
    mine.write_text(nbformat.writes(submission(course, WRONG)))
    nbgrader = [Path(sys.executable).parent / "nbgrader", "autograde", WEEK, "--student", "fay"]
    subprocess.run([*nbgrader, "--create"], cwd=course, capture_output=True, check=True)
    assert sorted(p.name for p in folder.iterdir()) == before
    mine.write_text(nbformat.writes(submission(course)))
    (fay,) = grade_class(course, WEEK, only="fay")
    assert fay.graded_now and fay.score == fay.max_score and "my own name" in fay.notes[0]
    mine.write_text(nbformat.writes(submission(course, WRONG)))
    subprocess.run([*nbgrader, "--force"], cwd=course, capture_output=True, check=True)
    with api(course).gradebook as gradebook:
        assert gradebook.find_grade("relu_backward", NOTEBOOK, WEEK, "fay").auto_score == 1.5
