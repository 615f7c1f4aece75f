"""What is graded again, what is kept, and what is told when marks change."""

import csv
import json
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from autograder.class_run import export_csv, feedback_class, grade_class
from autograder.course_folder import CourseProblem, api
from autograder.grading.stopped import RunStopped
from tests.small_course import (
    NOTEBOOK,
    QUESTION,
    WEEK,
    WRONG,
    gradebook_rows,
    graded_notebook,
    hand_in,
    small_course,
    submission,
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def graded_once(tmp_path_factory):
    folder = small_course(tmp_path_factory.mktemp("class") / "course")
    hand_in(folder, "ada", submission(folder))
    hand_in(folder, "ben", submission(folder, WRONG))
    grade_class(folder, WEEK)
    return folder


@pytest.fixture
def course(graded_once, tmp_path):
    return Path(shutil.copytree(graded_once, tmp_path / "course"))


def mark_by_hand(course, student, cell, score):
    """Do what formgrader does when a person types a score."""
    with api(course).gradebook as gradebook:
        grade = gradebook.find_grade(cell, NOTEBOOK, WEEK, student)
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = score, 0.25, False
        gradebook.find_comment(QUESTION, NOTEBOOK, WEEK, student).manual_comment = "Well said."
        gradebook.db.commit()


def plant(course, student, exercise, sentence):
    """Leave a trace in a graded notebook, by which one sees whether that exercise is judged again."""
    path = course / "autograded" / student / WEEK / f"{NOTEBOOK}.ipynb"
    nb = json.loads(path.read_text())
    next(g for g in nb["metadata"]["grading"]["grades"] if g["exercise"] == exercise)["misconception"] = sentence
    path.chmod(0o644)
    path.write_text(json.dumps(nb))


def traces(course, student):
    return {g["exercise"]: g["misconception"] for g in graded_notebook(course, student)["metadata"]["grading"]["grades"]}


def now(results):
    return {r.student for r in results if r.graded_now}


def test_nothing_is_done_twice_unless_it_is_forced(course):
    rows = gradebook_rows(course)
    assert now(grade_class(course, WEEK)) == set()
    assert now(grade_class(course, WEEK, force=True)) == {"ada", "ben"}
    assert gradebook_rows(course) == rows and not (course / "backups").exists(), "no mark has changed"


def test_a_changed_submission_alone_is_graded_again(course):
    hand_in(course, "ben", submission(course))
    assert now(grade_class(course, WEEK)) == {"ben"}
    hand_in(course, "ada", submission(course), timestamp="2026-03-01 12:00:00 UTC")
    assert now(grade_class(course, WEEK)) == {"ada"}


def test_a_changed_exercise_alone_is_judged_again_and_the_change_is_told(course):
    before = gradebook_rows(course)
    for exercise in ("relu_backward", "relative_error"):
        plant(course, "ben", exercise, "a trace")
    small_course(course, points={"relative_error": 5})
    said = []
    results = {r.student: r for r in grade_class(course, WEEK, say=said.append)}
    assert now(results.values()) == {"ada", "ben"}
    assert traces(course, "ben") == {"relu_backward": "a trace", "relative_error": ""}
    assert results["ben"].exercises == {"relu_backward": 1.5, "relative_error": 5.0} and results["ben"].max_score == 7.0
    (changes,) = (course / "backups").glob(f"changes-{WEEK}-*.csv")
    with open(changes, newline="") as file:
        rows = sorted(csv.reader(file))
    assert rows == [[s, NOTEBOOK, "relative_error", "2.0", "5.0"] for s in ("ada", "ben")] + [["student", "notebook", "exercise", "before", "after"]]
    assert [(c.student, c.exercise, c.before, c.after) for r in results.values() for c in r.changes] == [
        (s, "relative_error", 2.0, 5.0) for s in ("ada", "ben")]
    (backup,) = (course / "backups").glob("gradebook-*.db")
    assert str(changes) in said[-1] and str(backup) in said[-1]
    with closing(sqlite3.connect(backup)) as copy:
        assert sorted(copy.execute("SELECT auto_score FROM grade WHERE auto_score IS NOT NULL")) == [(1.5,), (2.0,), (2.0,), (2.0,)]
    assert gradebook_rows(course) != before


def test_what_people_entered_survives_every_regrade(course):
    mark_by_hand(course, "ada", QUESTION, 2.0)
    mark_by_hand(course, "ben", "relu_backward", 2.0)
    rows = gradebook_rows(course)
    assert now(grade_class(course, WEEK, force=True)) == {"ada", "ben"}
    assert gradebook_rows(course) == rows, "nothing is to be marked again where the answer did not change"
    hand_in(course, "ada", submission(course, WRONG, question="Because."))
    (ada, _) = grade_class(course, WEEK)
    assert ada.to_mark == [] and ada.exercises["relu_backward"] == 1.5
    hand_in(course, "ada", submission(course, WRONG, question="Because of something else."))
    (ada, _) = grade_class(course, WEEK)
    assert ada.to_mark == [QUESTION]
    with api(course).gradebook as gradebook:
        grade = gradebook.find_grade(QUESTION, NOTEBOOK, WEEK, "ada")
        assert (grade.manual_score, grade.extra_credit) == (2.0, 0.25)
        assert gradebook.find_comment(QUESTION, NOTEBOOK, WEEK, "ada").comment == "Well said."


def test_what_the_gradebook_does_not_say_is_not_taken_for_graded(course):
    rows = gradebook_rows(course)
    with api(course).gradebook as gradebook:
        gradebook.find_grade("relu_backward", NOTEBOOK, WEEK, "ada").auto_score = 0.5
        gradebook.remove_submission(WEEK, "ben")
    results = {r.student: r for r in grade_class(course, WEEK)}
    assert now(results.values()) == {"ada", "ben"} and gradebook_rows(course) == rows
    assert [(c.before, c.after) for c in results["ada"].changes] == [(0.5, 2.0)]


@pytest.mark.parametrize("spoil", [lambda p: p.unlink(), lambda p: p.write_bytes(b""), lambda p: p.write_text('{"metadata": {"grading": 3}}')])
def test_a_graded_notebook_that_is_lost_or_damaged_is_made_again(course, spoil):
    path = course / "autograded" / "ben" / WEEK / f"{NOTEBOOK}.ipynb"
    content = path.read_bytes()
    path.chmod(0o644)
    spoil(path)
    assert now(grade_class(course, WEEK)) == {"ben"}
    assert path.read_bytes() == content


def test_a_submission_that_lost_its_notebook_is_told_and_its_marks_stay(course):
    rows = gradebook_rows(course)
    (course / "submitted" / "ben" / WEEK / f"{NOTEBOOK}.ipynb").unlink()
    ada, ben = grade_class(course, WEEK)
    assert "no notebook" in ben.notes[0] and not ada.graded_now and gradebook_rows(course) == rows


def test_a_graded_notebook_without_its_outputs_is_judged_again(course):
    path = course / "autograded" / "ben" / WEEK / f"{NOTEBOOK}.ipynb"
    nb = json.loads(path.read_text())
    for cell in nb["cells"]:
        cell["outputs"] = [] if cell["cell_type"] == "code" else cell.pop("outputs", None)
    path.chmod(0o644)
    path.write_text(json.dumps(nb))
    small_course(course, points={"relative_error": 5})
    assert now(grade_class(course, WEEK)) == {"ada", "ben"}


def test_a_run_that_is_stopped_says_which_marks_it_changed(course):
    small_course(course, points={"relative_error": 5})
    shutil.rmtree(course / "autograded" / "ben")
    (course / "autograded" / "ben").write_text("in the way")
    said = []
    with pytest.raises(RunStopped):
        grade_class(course, WEEK, say=said.append, workers=1)
    (changes,) = (course / "backups").glob(f"changes-{WEEK}-*.csv")
    assert str(changes) in said[-1]


def test_a_time_that_is_taken_away_makes_nothing_late(course):
    due(course)
    hand_in(course, "ada", submission(course), timestamp="2026-03-02 12:00 UTC")
    grade_class(course, WEEK)
    assert lateness(course, "ada") > 0
    (course / "submitted" / "ada" / WEEK / "timestamp.txt").unlink()
    assert now(grade_class(course, WEEK)) == {"ada"} and lateness(course, "ada") == 0


def test_a_time_that_cannot_be_read_is_told(course):
    hand_in(course, "ada", submission(course), timestamp="too late, sorry")
    (ada, ben) = grade_class(course, WEEK)
    assert "says 'too late, sorry'" in ada.for_instructor[0] and ben.for_instructor == [] and lateness(course, "ada") == 0


def due(course, when=datetime(2026, 3, 1, 12, 0)):
    with api(course).gradebook as gradebook:
        gradebook.update_or_create_assignment(WEEK, duedate=when)


def lateness(course, student):
    with api(course).gradebook as gradebook:
        return gradebook.find_submission(WEEK, student).total_seconds_late


def test_feedback_for_one_that_cannot_be_read_costs_no_other(course):
    path = course / "autograded" / "ada" / WEEK / f"{NOTEBOOK}.ipynb"
    path.chmod(0o644)
    path.write_text(path.read_text()[:500])
    (course / "autograded" / "cy" / WEEK).mkdir(parents=True)
    with pytest.raises(CourseProblem, match="no feedback for ada(.|\n)*1 pages are in(.|\n)*--force --student"):
        feedback_class(course, WEEK)
    assert [p.parent.parent.name for p in (course / "feedback").rglob("*.html")] == ["ben"]


def test_being_late_costs_of_the_points_that_count_in_the_end(course):
    with open(course / "nbgrader_config.py", "a") as config:
        config.write("\nc.LateSubmissionPlugin.penalty_method = 'zero'\n")
    due(course)
    hand_in(course, "ada", submission(course), timestamp="2026-03-02 12:00 UTC")
    grade_class(course, WEEK)
    mark_by_hand(course, "ada", QUESTION, 2.0)  # and a quarter of a point extra
    said = []
    export_csv(course, WEEK, course / "marks.csv", said.append)
    with open(course / "marks.csv", newline="") as file:
        marks = {row["student_id"]: row for row in csv.DictReader(file)}
    assert [float(marks["ada"][name]) for name in ("raw_score", "late_submission_penalty", "score")] == [6.25, 6.25, 0.0]
    assert float(marks["ben"]["late_submission_penalty"] or 0) == 0
    assert "1 changed" in said[0] and "1 answers of 1 students are not marked yet" in said[1]
    assert not any("reckoned" in text for text in _said_by(export_csv, course, WEEK, course / "marks.csv"))
    due(course, datetime(2026, 3, 3, 12, 0))
    (ada, _) = grade_class(course, WEEK)
    assert [(c.exercise, c.before, c.after) for c in ada.changes] == [("late penalty", 6.25, 0.0)] and not ada.graded_now


def _said_by(function, *args):
    said = []
    function(*args, said.append)
    return said


def test_files_beside_a_notebook_stop_nobody_whatever_they_are_called(course):
    folder, said = course / "submitted" / "ada" / WEEK, []
    (folder / "figures").write_text("a file")
    (folder / ("n" * 252)).write_text("a long name")
    grade_class(course, WEEK, force=True, say=said.append)
    graded = course / "autograded" / "ada" / WEEK
    assert (graded / "figures").read_text() == "a file" and (graded / ("n" * 252)).exists() and said == []
    (folder / "figures").unlink()
    (folder / "figures").mkdir()
    (folder / "figures" / "a.csv").write_text("1")
    assert now(grade_class(course, WEEK, force=True, say=said.append)) == {"ada", "ben"}
    assert said == ["ada: figures/a.csv was not copied (File exists)"]


def test_no_name_is_a_formula_in_a_spreadsheet(course):
    name = '=HYPERLINK("http_evil")'
    with api(course).gradebook as gradebook:
        gradebook.update_or_create_student("ben", last_name=name, email="-ben@example.org")
    export_csv(course, WEEK, course / "marks.csv")
    with open(course / "marks.csv", newline="") as file:
        (row,) = [row for row in csv.DictReader(file) if row["student_id"] == "ben"]
    assert (row["last_name"], row["email"]) == ("'" + name, "'-ben@example.org") and float(row["raw_score"]) >= 0


def test_a_rule_of_ones_own_for_late_work_lies_in_the_course_folder(course):
    (course / "half_when_late.py").write_text(
        "from nbgrader.plugins import BasePlugin\nclass Half(BasePlugin):\n"
        "    def late_submission_penalty(self, student_id, score, total_seconds_late):\n        return score / 2\n")
    with open(course / "nbgrader_config.py", "a") as config:
        config.write("\nc.AssignLatePenalties.plugin_class = 'half_when_late.Half'\n")
    due(course)
    hand_in(course, "ada", submission(course), timestamp="2026-03-02 12:00 UTC")
    grade_class(course, WEEK)
    with api(course).gradebook as gradebook:
        assert gradebook.find_submission(WEEK, "ada").late_submission_penalty == 2.0
    with open(course / "nbgrader_config.py", "a") as config:
        config.write("\nc.AssignLatePenalties.plugin_class = 'not_there.Half'\n")
    with pytest.raises(CourseProblem, match="nbgrader_config.py: what it says about late work"):
        grade_class(course, WEEK)
