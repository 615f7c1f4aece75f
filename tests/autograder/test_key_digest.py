"""What makes an exercise be graded again: what its mark depends on, and nothing else that is easy to tell apart."""

import copy
from dataclasses import replace

import pytest

from autograder import misconceptions
from autograder.grading import key_digest
from autograder.grading.key_digest import exercise_digests, reachable
from course import exercises

MODULE = '''
import numpy as np
from somewhere import helper, other

LIMIT = 3  # a comment

def double(x):
    return 2 * x

def probe(student, rng):
    """What is asked."""
    yield "a", double(student.f(helper(LIMIT)))

def another(student, rng):
    yield "b", other(np.ones(3))

class Thing:
    pass

Thing.__add__ = double
TABLE = {}
TABLE["another"] = another
'''


def seen(source, *names):
    return reachable(source, names)


@pytest.mark.parametrize(("old", "new"), [
    ("LIMIT = 3", "LIMIT = 4"), ("2 * x", "3 * x"), ("import helper", "import elsewhere as helper"), ('yield "a"', 'yield "A"'),
    ("student.f", "student.g"), ("LIMIT = 3", "LIMIT = 3\nLIMIT += 1"), ("LIMIT = 3", "LIMIT = 3\nprint('anything that names nothing')"),
    ("LIMIT = 3", "LIMIT = 3\nif True:\n    helper = double"),
])
def test_what_a_probe_uses_counts(old, new):
    assert MODULE.count(old) >= 1
    assert seen(MODULE.replace(old, new), "probe") != seen(MODULE, "probe")


@pytest.mark.parametrize(("old", "new"), [
    ('yield "b"', 'yield "B"'), ("np.ones(3)", "np.ones(4)"), ("  # a comment", ""), ("    pass", "    def f(self): pass"),
    ("import helper, other", "import helper, other\n\n"),
])
def test_what_it_does_not_use_and_how_it_is_laid_out_do_not(old, new):
    assert MODULE.count(old) >= 1
    assert seen(MODULE.replace(old, new), "probe") == seen(MODULE, "probe")


def test_a_change_from_outside_counts_for_what_is_changed():
    assert seen(MODULE.replace("Thing.__add__ = double", "Thing.__add__ = print"), "Thing") != seen(MODULE, "Thing")
    assert seen(MODULE.replace('TABLE["another"] = another', "TABLE.update(a=another)"), "probe") != seen(MODULE, "probe")


@pytest.fixture
def digests(released, key):
    return exercise_digests(released, key, 7)


def changed(before, after):
    return {name for name in before if before[name] != after[name]}


def test_every_exercise_of_the_notebook_has_one(digests, key):
    assert digests.keys() == key.points.keys() and len(set(digests.values())) == len(digests)
    assert not changed(digests, digests)


def test_points_and_solution_of_an_exercise_count_for_it_alone(digests, released, key):
    nb = copy.deepcopy(released)
    cell = next(c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "relu_backward")
    cell.metadata.nbgrader.points += 1
    assert changed(digests, exercise_digests(nb, key, 7)) == {"relu_backward"}
    other = copy.copy(key)
    other.__dict__["solutions"] = {**key.solutions, "relative_error": key.solutions["relative_error"] + "\n# said otherwise"}
    assert changed(digests, exercise_digests(released, other, 7)) == {"relative_error"}


def test_what_runs_before_counts_for_all_and_text_for_none(digests, released, key):
    nb = copy.deepcopy(released)
    text = next(c for c in nb.cells if c.cell_type == "markdown" and "nbgrader" not in c.metadata)
    text.source += "\n\nA word more."
    assert not changed(digests, exercise_digests(nb, key, 7))
    given = next(c for c in nb.cells if c.cell_type == "code" and "nbgrader" not in c.metadata and "experiment" not in c.metadata.get("tags", []))
    given.source += "\nx = 1"
    assert changed(digests, exercise_digests(nb, key, 7)) == set(digests)
    assert changed(digests, exercise_digests(released, key, 8)) == set(digests)


def test_probe_and_misconceptions_of_an_exercise_count_for_it_alone(digests, released, key, monkeypatch):
    relu = exercises.load()["relu_backward"]
    monkeypatch.setitem(exercises.load(), "relu_backward", replace(relu, seconds=relu.seconds + 1))
    assert changed(digests, exercise_digests(released, key, 7)) == {"relu_backward"}
    monkeypatch.undo()
    first, *others = misconceptions.of(relu)
    monkeypatch.setitem(misconceptions._PLANTED, "relu_backward", [replace(first, sentence="Said better."), *others])
    assert changed(digests, exercise_digests(released, key, 7)) == {"relu_backward"}


def test_the_code_that_decides_counts_for_all(digests, released, key, monkeypatch, tmp_path):
    names = {name for name, _ in key_digest._modules()}
    left_out = {n for n in names if n.startswith((*key_digest.NO_MARKS, *key_digest.SHARED_OUT))}
    assert {"autograder/grade.py", "autograder/compose.py", "course/exercises/compare.py", "course/exercises/verdict.py",
            "autograder/expected.py", "autograder/student_process.py", "course/layers/__init__.py"} <= names - left_out
    assert all(any(n.startswith(entry) for n in names) for entry in (*key_digest.NO_MARKS, *key_digest.SHARED_OUT)), "each still exists"
    new = tmp_path / "new.py"
    new.write_text("x = 1")
    real = list(key_digest._modules())
    monkeypatch.setattr(key_digest, "_modules", lambda: iter([*real, ("autograder/new.py", new)]))
    key_digest._code_digest.cache_clear()
    try:
        assert changed(digests, exercise_digests(released, key, 7)) == set(digests)
    finally:
        key_digest._code_digest.cache_clear()
