"""The command line as an instructor types it: each in a process of its own."""

import json
import shutil
import subprocess
import sys

import nbformat
import pytest

from autograder.course_folder import CourseProblem, api, require_system
from autograder.demo import copy_course
from tests.autograder.conftest import cell_of
from tests.small_course import hand_in, small_course, submission

COMMANDS = ["release", "collect", "grade", "feedback", "export", "prove", "demo", "build", "doctor"]


def autograder(*args, cwd, code=0):
    done = subprocess.run([sys.executable, "-m", "autograder.cli", *map(str, args)], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def course(repository, tmp_path_factory):
    folder = tmp_path_factory.mktemp("class") / "course"
    copy_course(repository, folder)
    return folder


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_an_example(command, repository):
    assert f"Example: autograder {command}" in " ".join(autograder(command, "--help", cwd=repository).stdout.split())


@pytest.mark.slow
@pytest.mark.parametrize(("args", "said"), [
    (["grade", "week9"], "there is no 'week9'"),
    (["grade", "week3"], "submitted/STUDENT/week3"),
    (["grade", "week3", "--student", "zoe"], "submitted/zoe/week3"),
    (["collect", "week3", "class.zip"], "nbgrader db student import"),
    (["feedback", "week3"], "autograder grade week3"),
    (["export", "week3", "--to", "nowhere/marks.csv"], "no folder"),
    (["export", "week3", "--to", "marks.csv"], "autograder grade week3"),
    (["prove", "relu_backwards"], "did you mean 'relu_backward'"),
    (["release"], "Missing argument"),
    (["grade", "week3", "--course-dir", "/"], "not in a course folder"),
    (["frobnicate"], "No such command"),
    (["grade", "week3", "--sandbox", "castle"], "there is no sandbox 'castle'"),
    (["prove", "relu_backward", "--seeds", "0"], "greater than or equal to 1"),
])
def test_wrong_use_is_told_what_to_do_and_ends_with_2(args, said, course):
    assert said in " ".join(autograder(*args, cwd=course, code=2).stderr.split())


@pytest.mark.slow
@pytest.mark.parametrize(("spoil", "args", "said"), [
    (lambda c: (c / "gradebook.db").write_bytes(b"no database" * 1000), ["export", "week3", "--to", "marks.csv"], "gradebook cannot be read"),
    (lambda c: (c / "gradebook.db").write_bytes(b"no database" * 1000), ["grade", "week3"], "gradebook could not be used"),
    (lambda c: (c / "gradebook.db").write_bytes(b"no database" * 1000), ["collect", "week3", "class.zip"], "gradebook cannot be read"),
    (lambda c: (c / "nbgrader_config.py").write_text("x = (\n"), ["grade", "week3"], "nbgrader_config.py, line 1"),
    (lambda c: (c / "nbgrader_config.py").write_text("x = 1\nx.y\n"), ["grade", "week3"], "nbgrader_config.py, line 2: AttributeError"),
    (lambda c: (c / "secret_seed").write_text("a word\n"), ["grade", "week3"], "does not hold a number"),
    (lambda c: (c / "autograded" / "ada" / "week3").mkdir(parents=True) or (c / "autograded" / "ada" / "week3" / "02_backprop.ipynb").touch(),
     ["feedback", "week3"], "the gradebook does not know week3 yet"),
    (lambda c: (c / "file").touch(), ["demo", "--to", "file"], "no empty folder"),
    (lambda c: None, ["export", "week3", "--to", "."], "is a folder"),
    (lambda c: (c / "autograded").write_text("in the way"), ["grade", "week3"], "could not be written"),
])
def test_a_course_folder_out_of_order_is_told_in_a_sentence(spoil, args, said, tmp_path):
    course = small_course(tmp_path / "course")
    hand_in(course, "ada", submission(course))
    spoil(course)
    assert said in " ".join(autograder(*args, cwd=course, code=2).stderr.split())
    assert not list(course.glob("*.part"))


@pytest.mark.slow
def test_a_class_with_wrong_folders_and_two_notebooks(tmp_path):
    course = small_course(tmp_path / "course")
    with api(course).gradebook as gradebook:
        gradebook.add_student("ada", last_name="Lovelace")
    for student in ("ada", "Ada Lovelace"):
        hand_in(course, student, b"%PDF-1.7")
    for place in ("submitted/ben/Week3/02_backprop.ipynb", "submitted/cy/02_backprop.ipynb", "submitted/02_backprop.ipynb"):
        (course / place).parent.mkdir(parents=True, exist_ok=True)
        (course / place).write_text("{}")
    done = autograder("grade", "week3/", cwd=course, code=1)
    said = " ".join(done.stderr.split())
    assert "not on the roster, and graded all the same: Ada Lovelace" in said
    assert "not looked at: submitted/02_backprop.ipynb, submitted/ben/Week3, submitted/cy/02_backprop.ipynb" in said
    assert "the file is a PDF" in " ".join(done.stdout.split())
    done = autograder("export", "week3", "--to", "marks.csv", cwd=course)
    built = course / "notebooks" / "week3" / "02_backprop.ipynb"
    nb = nbformat.read(built, as_version=4)
    nb.metadata["course"] = {"source_sha256": "of another text"}
    nbformat.write(nb, built)
    assert "run `make notebooks` first" in autograder("grade", "week3", cwd=course, code=2).stderr


def test_windows_is_told_in_a_sentence():
    with pytest.raises(CourseProblem, match="WSL"):
        require_system("win32")
    assert [require_system(name) for name in ("linux", "darwin")] == [None, None]


def test_prove_speaks_json(repository):
    (proof,) = json.loads(autograder("prove", "relu_backward", "--seeds", "2", "--json", cwd=repository).stdout)
    assert proof["exercise"] == "relu_backward" and proof["faults"] == []
    assert set(proof["trivial"].values()) == {0.0} and len(proof["wrong"]) >= 5 and len(proof["right"]) >= 2


@pytest.mark.slow
def test_a_class_from_release_to_marks(course, key, released, sandbox):
    released_now = json.loads(autograder("release", "week3", "--json", cwd=course).stdout)
    assert released_now["zip"].endswith("week3.zip")
    for student in ("ada", "no notebook", "bob", "cy/week3", "dee"):
        (course / "submitted" / student / "week3").mkdir(parents=True)
    nb = nbformat.read(course / "release" / "week3" / "02_backprop.ipynb", as_version=4)
    cell_of(nb, "relu_backward-code").source = key.solutions["relu_backward"]
    nbformat.write(nb, course / "submitted" / "ada" / "week3" / "02_backprop.ipynb")
    other = "01_softmax_and_regularization.ipynb"  # ada alone hands in both notebooks of the week
    shutil.copy(course / "release" / "week3" / other, course / "submitted" / "ada" / "week3" / other)
    (course / "submitted" / "bob" / "week3" / "02_backprop.ipynb").write_text("{")
    nbformat.write(nb, course / "submitted" / "cy" / "week3" / "week3" / "My Backprop.IPYNB")
    (course / "submitted" / "dee" / "week3" / "02_backprop.ipynb").mkdir()
    done = autograder("grade", "week3", "--json", cwd=course / "notebooks", code=1)
    assert ("not confined" in done.stderr) == (sandbox == "none")
    graded = nbformat.read(course / "autograded" / "ada" / "week3" / "02_backprop.ipynb", as_version=4)
    assert graded.metadata["grading"]["sandbox"] == sandbox
    ada, bob, cy, dee, nobody = json.loads(done.stdout)
    assert (ada["score"], ada["notes"]) == (2.0, [])
    assert bob["score"] == 0.0 and "02_backprop: the file could not be read" in " ".join(bob["notes"])
    assert any(f"'{other}' was not handed in" in note for note in bob["notes"])
    assert cy["score"] == 2.0 and "handed in as 'week3/My Backprop.IPYNB'" in cy["notes"][0]
    assert "no notebook" in nobody["notes"][0] and "no notebook" in dee["notes"][0]
    again = json.loads(autograder("grade", "week3", "--student", "ada", "--json", cwd=course).stdout)
    assert [(r["student"], r["score"], r["graded_now"]) for r in again] == [("ada", 2.0, False)]
    cell_of(nb, "relu_backward-code").source = "def relu_backward(grad_out, x):\n    return grad_out"
    nbformat.write(nb, course / "submitted" / "ada" / "week3" / "02_backprop.ipynb")
    (changed,) = json.loads(autograder("grade", "week3", "--student", "ada", "--json", cwd=course).stdout)
    assert changed["graded_now"] and changed["score"] < 2.0 and changed["misconceptions"] == {"relu_backward": "no_mask"}
    pages = json.loads(autograder("feedback", "week3", "--json", cwd=course).stdout)
    assert len(pages) == 4
    autograder("export", "week3", "--to", "marks.csv", cwd=course)
    rows = (course / "marks.csv").read_text().splitlines()
    assert len(rows) == 4 and rows[1].startswith("week3,") and ",ada," in rows[1]
