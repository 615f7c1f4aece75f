"""What is shown to the instructor: openly suspicious lines, with their place; nothing about honest work."""

import inspect
import re
from pathlib import Path

import nbformat
import pytest

import autograder
import course.layers
from autograder.compose import compose
from autograder.evidence import in_code, in_metadata, pasted
from autograder.sample_class import samples
from course import exercises
from tests.autograder.conftest import KEYS, perfect_of, released_of

AUTOGRADER = Path(autograder.__file__).parent
WEEKS = sorted({k.source.parent.name for k in KEYS.values()})


@pytest.mark.parametrize(("source", "said"), [
    ("import course.check\ncourse.check.check = print", "line 2: replaces `course.check.check`"),
    ("from course import check as c, exercises\nexercises.probe.judge = None", "replaces `course.exercises.probe.judge`"),
    ("import numpy as n\nn.allclose = lambda *a, **k: True", "replaces `numpy.allclose`"),
    ("import builtins\nsetattr(builtins, 'abs', None)", "replaces something in `builtins`"),
    ("import sys\nsys.modules['numpy'] = None", "replaces a module"),
    ("import sys\nsys.settrace(print)", "traces calls"),
    ("get_ipython().ast_transformers.append(X())", "changes code before it runs"),
    ("import gc\ngc.get_objects()", "searches the interpreter's memory"),
    ("%matplotlib inline\nopen('/etc/passwd')", "line 2: names `/etc/passwd`"),
    ("open('../01_softmax_and_regularization.md')", "names `01_softmax_and_regularization.md`"),
    ("import autograder.answer_key", "imports the grader"),
    ("print('<div class=\"course-check\">')", "looks like a card"),
])
def test_what_is_written_openly_is_told_with_its_line(source, said):
    (line,) = in_code(source, "the cell 'x'")
    assert said in line and "had no effect" in line and line.startswith("the cell 'x', line")


@pytest.mark.parametrize("source", ["def f(:", "\0", "x = " + "(" * 5000, "x" + ".a" * 20_000, "%%bash\nrm -rf /", "é = '\ud800'"])
def test_no_source_whatever_can_stop_it(source):
    assert in_code(source, "x") == []


@pytest.mark.timeout(20)
def test_many_empty_lines_hold_nobody_up():
    assert in_code("\n" * 90_000, "x") == in_code(" \n" * 45_000 + "%", "x") == []


@pytest.mark.timeout(20)
def test_what_is_too_long_is_said_and_not_looked_through():
    (line,) = in_code("x = [" + "a, " * 1_000_000 + "]", "x")
    assert "3,000,006 characters" in line


def test_changed_tags_and_points_are_told():
    ours = {"tags": [], "nbgrader": {"points": 3, "grade": True, "solution": False}}
    given = {"tags": ["skip-execution"], "nbgrader": {"points": 99, "grade": True, "solution": False}}
    assert in_metadata(given, ours, "c") == ["c: has the tag skip-execution; the release's own were used",
                                             "c: has other points than the release; the release's own were used"]
    assert in_metadata(ours, ours, "c") == in_metadata(None, ours, "c") == in_metadata({"nbgrader": 3, "tags": 4}, ours, "c") == []


def test_pasted_library_code_is_shown():
    source = inspect.getsource(course.layers.conv2d_backward) + inspect.getsource(course.layers.dense_forward)
    lines = pasted(source, "the cell 'x'", exercises.answers_in_library(["week3_backprop"]))
    assert len(lines) == 2 and "course/layers/convolution.py" in lines[0] and "course/layers/dense.py" in lines[1]


@pytest.mark.parametrize("module", list(KEYS))
def test_nothing_is_said_about_honest_answers_right_or_wrong(module):
    key, answers = KEYS[module], exercises.answers_in_library([module])
    assert lines(perfect_of(key), key) == lines(released_of(key), key) == []
    written = [p for folder in ("right_answers", "misconceptions") for p in (AUTOGRADER / folder).glob(f"{module}*")]
    sources = [re.sub(r"(?m)^(from|import) autograder.*$", "", f.read_text()) for p in written for f in (p.rglob("*.py") if p.is_dir() else [p])]
    assert len(sources) >= 2
    for source in [key.setup, *key.solutions.values(), *sources]:
        assert [*in_code(source, "x"), *pasted(source, "x", answers)] == []


@pytest.mark.parametrize(("week", "student"), [(week, student) for week in WEEKS for student in samples(week)])
def test_nothing_is_said_about_the_sample_class(week, student):
    sample = samples(week)[student]
    key = next(k for k in KEYS.values() if k.source.stem == sample.notebook and k.source.parent.name == week)
    nb = released_of(key)
    sample.kind(nb, key)
    assert lines(nb, key) == []


def lines(nb, key):
    return compose(nbformat.writes(nb).encode(), released_of(key)).for_instructor
