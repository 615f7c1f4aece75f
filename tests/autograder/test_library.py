"""The course library as it is found where student code runs for grading."""

import inspect
import subprocess
import sys

import nbformat
import pytest

from autograder.answer_key import keys
from autograder.library import COURSE, library_without
from autograder.student_run import StudentRun
from autograder.student_version import student_version
from course import exercises
from course.exercises.delegation import find
from tests.autograder.conftest import cell_of

MODULES = exercises.notebook_modules()


@pytest.mark.parametrize("module", MODULES)
def test_the_copy_holds_no_line_of_an_answer(module):
    names = exercises.answers_in_library([module])
    folder = library_without(names)
    assert (folder == COURSE.parent) == (not names)
    text = "\n".join(p.read_text() for p in folder.rglob("*.py")) if names else ""
    for name in names:
        target = find(name)
        bodies = [target] if inspect.isfunction(target) else [v for v in vars(target).values() if inspect.isfunction(v)]
        for body in bodies:
            last = inspect.getsource(body).splitlines()[-1].strip()
            assert len(last) < 24 or last not in text, f"{name}: {last}"


def test_importing_reloading_and_reading_the_source_give_stubs_alone():
    folder = library_without(frozenset({"course.layers.dense_backward", "course.layers.Dense"}))
    code = """
import importlib, inspect
import course.layers
from course.layers import *
importlib.reload(course.layers.dense)
for way in (dense_backward, course.layers.dense.dense_backward, importlib.import_module("course.layers").dense_backward, Dense,
            course.layers.dense.Dense):
    try:
        way(1, 2)
    except Exception as error:
        print(type(error).__name__, error)
print("grad_out @" in inspect.getsource(course.layers.dense), dense_forward.__name__, ReLU().forward(-1.0 + 0 * dense_forward.__code__.co_argcount))
"""
    done = subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": str(folder)}, capture_output=True, text=True, cwd="/")
    lines = done.stdout.splitlines()
    assert len(lines) == 6 and all(line.startswith("Delegated course.layers.") for line in lines[:5]), done
    assert lines[5].startswith("False dense_forward"), "what is no answer goes on working"


@pytest.mark.parametrize("module", MODULES)
def test_outside_experiments_no_cell_needs_what_answers_an_exercise(module, repository):
    key = keys(repository)[module]
    nb = student_version(key.source.with_suffix(".ipynb"))
    for exercise, source in key.solutions.items():
        cell_of(nb, f"{exercise}-code").source = source
    process = StudentRun(library_without(exercises.answers_in_library([module])))
    try:
        for cell in nb.cells:
            if cell.cell_type == "code" and not cell.metadata.get("nbgrader", {}).get("grade") and "experiment" not in cell.metadata.get("tags", []):
                outputs, note = process.cell(cell.source)
                assert not note and not [o for o in outputs if o.output_type == "error"], f"{cell.source}\n{outputs}"
    finally:
        process.close()


@pytest.mark.parametrize(("source", "where"), [
    ("from course.layers import relu_backward", "the library's own"),
    ("import course.layers\ndef relu_backward(grad_out, x): return course.layers.relu_backward(grad_out, x)", "a call"),
    ("import course.layers\ndef relu_backward(grad_out, x):\n    layer = course.layers.ReLU()\n    layer.forward(x)\n    return layer.backward(grad_out)", "a layer"),
])
def test_the_librarys_own_answer_earns_nothing_and_the_page_says_why(source, where, perfect, graded):
    cell_of(perfect, "relu_backward-code").source = source
    report, nb = graded(perfect, only={"relu_backward", "unbroadcast"})
    assert {g.exercise: g.points == g.max_points for g in report.grades} == {"relu_backward": False, "unbroadcast": True}, where
    assert report.grades[0].points == 0.0
    assert "what you are asked to write yourself" in cell_of(nb, "relu_backward").outputs[0].data["text/html"]
    nbformat.validate(nb)
