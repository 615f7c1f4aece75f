"""Marks are earned, and nothing else gives them."""

import copy
import hashlib

import nbformat
import numpy as np
import pytest

from autograder import misconceptions
from autograder.expected import expected_outputs, stored_outputs, wrong_outputs
from autograder.references import References
from course.exercises import load
from course.exercises.local import Local
from course.exercises.plain import arrays_in
from course.exercises.probe import run
from tests.autograder.conftest import KEYS, SECRET, cell_of, perfect_of, released_of

EXERCISES = [(module, exercise) for module, key in KEYS.items() for exercise in key.solutions]


@pytest.mark.slow
@pytest.mark.parametrize("module", KEYS)
def test_a_perfect_notebook_has_full_marks_whatever_the_secret(module, graded, seeds):
    key = KEYS[module]
    for secret in seeds:
        report, nb = graded(perfect_of(key), secret=int(hashlib.sha256(bytes([secret])).hexdigest(), 16) % 2**128, key=key)
        assert {g.exercise: g.points for g in report.grades} == key.points
        assert report.notes == []
        nbformat.validate(nb)
        assert all(float(cell_of(nb, e).outputs[0].data["text/plain"]) == key.points[e] for e in key.points)


@pytest.mark.slow
@pytest.mark.parametrize("module", KEYS)
def test_a_blank_notebook_has_no_marks_and_is_told_so(module, graded):
    key = KEYS[module]
    report, nb = graded(released_of(key), key=key)
    assert {g.points for g in report.grades} == {0.0} and {g.state for g in report.grades} == {"not attempted"}
    assert all("not attempted yet" in cell_of(nb, e).outputs[0].data["text/html"] for e in key.points)


@pytest.mark.slow
@pytest.mark.parametrize(("module", "exercise"), EXERCISES)
def test_a_deleted_solution_earns_nothing(module, exercise, graded):
    nb = perfect_of(KEYS[module])
    nb.cells.remove(cell_of(nb, f"{exercise}-code"))
    report, _ = graded(nb, only={exercise}, key=KEYS[module])
    assert [g.points for g in report.grades] == [0.0]
    assert any(f"{exercise}-code" in note for note in report.notes)


@pytest.mark.slow
def test_without_experiments_the_marks_are_the_same(perfect, graded, key):
    perfect.cells = [c for c in perfect.cells if "experiment" not in c.metadata.get("tags", [])]
    report, _ = graded(perfect)
    assert {g.exercise: g.points for g in report.grades} == key.points


def test_experiments_are_not_run(perfect, graded):
    cell = next(c for c in perfect.cells if "experiment" in c.metadata.get("tags", []))
    cell.source = "relu_backward = None\nimport os; os._exit(1)"
    perfect.cells.append(nbformat.v4.new_code_cell("print('the end')"))
    report, nb = graded(perfect, only={"relu_backward"})
    assert report.notes == [] and report.grades[0].points == report.grades[0].max_points
    assert nb.cells[-1].outputs[0].text == "the end\n"


def test_partial_credit_is_the_share_of_right_outputs(perfect, graded, key):
    cell_of(perfect, "dense_backward-code").source = key.solutions["dense_backward"].replace("grad_out.sum(axis=0)", "grad_out.sum(axis=1)")
    report, nb = graded(perfect, only={"dense_backward"})
    grade = report.grades[0]
    assert grade.state == "wrong" and 0 < grade.points < grade.max_points
    assert grade.misconception == "bias_summed_over_outputs"
    assert "wrong axis" in cell_of(nb, "dense_backward").outputs[0].data["text/html"]


def test_answers_for_the_public_inputs_alone_earn_nothing_and_show_no_hidden_value(perfect, graded, repository, key):
    cell_of(perfect, "relu_backward-code").source = """
import json, base64
from course import exercises
from course.exercises import load
known, _ = exercises.public_data(load()["relu_backward"])
answers = [e.value for e in known]

def relu_backward(grad_out, x):
    answer = answers.pop(0) if answers else None
    print(grad_out, x)
    if answer is None or np.any(answer[x <= 0]):
        raise ValueError(f"inputs {grad_out} {x}")
    return answer
"""
    report, nb = graded(perfect, only={"relu_backward"})
    assert report.grades[0].points == 0.0
    page = cell_of(nb, "relu_backward").outputs[0].data["text/html"]
    hidden = [v for k in range(3) for e in expected_outputs(load()["relu_backward"], key, [SECRET, k]) for v in _numbers(e.value)]
    assert len(hidden) > 50 and not [v for v in hidden if v in nbformat.writes(nb)]
    assert "raised ValueError" in page and "inputs" not in page


def test_what_is_stored_is_what_a_fresh_run_gives_and_is_left_where_the_misconceptions_are_others(key, monkeypatch):
    exercise = load()["relu_backward"]
    expected = expected_outputs(exercise, key, 0)
    (stored_expected, stored), fresh = stored_outputs(exercise), wrong_outputs(exercise, key, 0, expected)
    assert [(e.name, e.weight, e.shares_memory) for e in stored_expected] == [(e.name, e.weight, e.shares_memory) for e in expected]
    assert len(stored) > 3 and [(m.id, m.sentence, [o is None for o in m.outputs]) for m in stored] == [
        (m.id, m.sentence, [o is None for o in m.outputs]) for m in fresh]
    assert [m.id for m in References(key).wrong(exercise, 0)] == [m.id for m in stored]
    others = misconceptions.of(exercise)[:-1]
    monkeypatch.setattr(misconceptions, "of", lambda _: others)
    assert stored_outputs(exercise) is None and len(References(key).wrong(exercise, 0)) == len(others)


def _numbers(value):
    return {f"{abs(v):.4f}"[:6] for a in arrays_in(value) for v in np.ravel(a) if abs(v) > 1e-3 and v % 1}


def _run(exercise, key, seed):
    return run(load()[exercise], Local(key.names()), seed)


def test_a_crash_costs_its_own_cell_only(perfect, graded):
    i = perfect.cells.index(cell_of(perfect, "relu_backward"))
    perfect.cells.insert(i, nbformat.v4.new_code_cell("import os\nos.abort()"))
    report, _ = graded(perfect, only={"dense_backward", "relu_backward", "unbroadcast"})
    assert [g.points == g.max_points for g in report.grades] == [True] * 3
    assert len(report.notes) == 1 and "import os" in report.notes[0] and "SIGABRT" in report.notes[0]


def test_crashes_again_and_again_end_in_words(perfect, graded):
    for i in range(6):
        perfect.cells.insert(3, nbformat.v4.new_code_cell(f"import os\nos._exit({i})"))
    report, _ = graded(perfect, only={"relu_backward"})
    assert report.grades[0].points == 0.0
    assert any("again and again" in note for note in report.notes)


def test_a_cell_that_runs_on_is_stopped_and_named(perfect, graded, monkeypatch):
    monkeypatch.setattr("autograder.student_run.CELL_SECONDS", 1.0)
    monkeypatch.setattr("autograder.remote.START_SECONDS", 10.0)
    perfect.cells.insert(perfect.cells.index(cell_of(perfect, "relu_backward")), nbformat.v4.new_code_cell("while True:\n    pass"))
    report, _ = graded(perfect, only={"relu_backward"})
    assert report.grades[0].points == report.grades[0].max_points
    assert len(report.notes) == 1 and "while True" in report.notes[0] and "longer than 1 s" in report.notes[0]


HOSTILE = {
    "an object equal to everything": """
class Liar:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __bool__(self): return True
    def __getattr__(self, name): return self
    def __call__(self, *args): return self
    def __array__(self, *args, **kwargs): import numpy; return numpy.zeros(3)
def relu_backward(grad_out, x): return Liar()""",
    "patched comparisons": """
import numpy, numpy.testing, builtins, math
for module in (numpy, numpy.testing):
    for name in ("allclose", "isclose", "array_equal", "assert_allclose", "testing"):
        setattr(module, name, lambda *a, **k: True)
import course.exercises.compare, course.exercises.verdict, course.exercises.probe
course.exercises.compare.compare = course.exercises.verdict.compare = course.exercises.probe.compare = lambda *a, **k: None
course.exercises.probe.judge = course.exercises.verdict.judge = lambda *a, **k: None
def relu_backward(grad_out, x): return 0 * grad_out + 7.0""",
    "a check of one's own": """
import course, course.check
def check(name): return None
course.check = course.check.check = check
def relu_backward(grad_out, x): return 0 * grad_out + 7.0""",
    "a faked result": """
def relu_backward(grad_out, x):
    print("2.0")
    from IPython.display import display
    display({"text/plain": "2.0"}, raw=True)
    return 2.0
print("2.0")
2.0""",
    "an input transformer that drops what it dislikes": """
import ast
class Drop(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.Pass()
    def visit_Raise(self, node): return ast.Pass()
get_ipython().ast_transformers.append(Drop())
get_ipython().input_transformers_cleanup.append(lambda lines: [l for l in lines if "check" not in l])
get_ipython().run_cell = lambda *a, **k: None
def relu_backward(grad_out, x): return 7.0 * grad_out""",
    "the frames of whoever calls": """
import sys, gc
def relu_backward(grad_out, x):
    frame = sys._getframe()
    found = None
    while frame is not None:
        for value in list(frame.f_locals.values()) + list(frame.f_globals.values()):
            if type(value).__name__ in ("Expected", "Verdict", "Case"):
                found = value
        frame = frame.f_back
    found = found or [o for o in gc.get_objects() if type(o).__name__ in ("Expected", "Verdict", "Case", "Planted")]
    return found.value if hasattr(found, "value") else 7.0 * grad_out""",
    "the process that serves calls rewritten": """
import sys
from autograder.protocol import pack
served = [m for m in sys.modules.values() if hasattr(m, "_packed")]
for module in served:
    module._packed = lambda reply, objects: pack(["value", True, False, []])
served[0]
def relu_backward(grad_out, x): return 7.0 * grad_out""",
    "a wire that lies": """
import sys, autograder.protocol as protocol
protocol.Channel.send = lambda self, message, seconds=None: self.sock.sendall(b"\\xff\\xff\\xff\\xff" * 1000)
def relu_backward(grad_out, x): return 7.0 * grad_out""",
    "an array that lies about its shape": """
import numpy
class Array(numpy.ndarray):
    shape = property(lambda self: (5, 4))
    def __eq__(self, other): return numpy.ones(1, dtype=bool)
def relu_backward(grad_out, x): return numpy.zeros(3).view(Array)""",
    "a copy of the grade": """
import types, sys
fake = types.ModuleType("autograder.grade")
sys.modules["autograder.grade"] = fake
fake.grade = lambda *a, **k: None
def relu_backward(grad_out, x): return 7.0 * grad_out""",
    "an exception with a long tale": """
class Tale(Exception):
    def __str__(self): return "<script>alert(1)</script>" * 1000
def relu_backward(grad_out, x): raise Tale()""",
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
def test_marks_that_were_not_earned_are_not_given(source, perfect, graded):
    cell_of(perfect, "relu_backward-code").source = source
    report, nb = graded(perfect, only={"relu_backward", "unbroadcast"})
    mine = report.grades[0]
    assert (mine.exercise, mine.points) == ("relu_backward", 0.0), mine
    pages = [o.data["text/html"] for c in nb.cells if c.cell_type == "code" for o in c.outputs if "text/html" in o.get("data", {})]
    assert len(pages) == 2 and not any("<script" in page for page in pages)


def test_a_notebook_whose_cells_take_too_long_together_is_graded_all_the_same(perfect, graded, monkeypatch):
    monkeypatch.setattr("autograder.student_run.NOTEBOOK_SECONDS", 0.5)
    late = nbformat.v4.new_code_cell("later = 1")
    at = perfect.cells.index(cell_of(perfect, "relu_backward")) + 1
    perfect.cells[at:at] = [nbformat.v4.new_code_cell("import time; time.sleep(0.6)"), late]
    report, _ = graded(perfect, only={"relu_backward"})
    assert report.grades[0].points == report.grades[0].max_points
    assert any("'later = 1'" in note and "more than 0.5 s together" in note for note in report.notes)


def test_outputs_are_bounded_for_the_whole_notebook(perfect, graded, monkeypatch):
    monkeypatch.setattr("autograder.student_run.OUTPUT_BYTES", 10_000)
    at = perfect.cells.index(cell_of(perfect, "relu_backward")) + 1
    perfect.cells[at:at] = [nbformat.v4.new_code_cell(f"print({i} * 'x' * 3_000)") for i in range(1, 6)]
    report, nb = graded(perfect, only={"relu_backward"})
    assert report.grades[0].points == report.grades[0].max_points
    assert any("its outputs were left out" in note for note in report.notes) and len(nbformat.writes(nb)) < len(nbformat.writes(perfect)) + 40_000


def test_the_next_student_is_not_touched(perfect, graded, key):
    spoiled = copy.deepcopy(perfect)
    cell_of(spoiled, "relu_backward-code").source = HOSTILE["patched comparisons"]
    graded(spoiled, only={"relu_backward"})
    report, _ = graded(perfect, only={"relu_backward", "dense_backward"})
    assert all(g.points == g.max_points for g in report.grades)


def test_a_warning_or_a_stray_print_costs_nothing(perfect, graded):
    cell_of(perfect, "relu_backward-code").source = """
import warnings, numpy as np
def relu_backward(grad_out, x):
    warnings.warn("careful"); print("hello"); np.log(-1.0)
    return np.where(x > 0, grad_out, 0.0)
"""
    report, _ = graded(perfect, only={"relu_backward"})
    assert report.grades[0].points == report.grades[0].max_points


def test_what_a_copy_has_seen_reaches_no_page(perfect, graded, repository, key):
    """The copies that answer share a folder with the process whose outputs are shown, and with each other."""
    cell_of(perfect, "dense_backward-code").source = "seen = 'seen.txt'\n" + """
import numpy
def dense_forward(*given):
    open(seen, "a").write(f"{[numpy.asarray(g).tolist() for g in given]}\\n")
dense_backward = dense_forward
"""
    cell_of(perfect, "relu_backward-code").source = """
print("the file:", *(open(seen) if __import__("os").path.exists(seen) else ["nothing"]))
def relu_backward(grad_out, x):
    raise ValueError(open(seen).read()[-200:])
"""
    report, nb = graded(perfect, only={"dense_backward", "relu_backward"})
    assert [g.points for g in report.grades] == [0.0, 0.0]
    assert cell_of(nb, "relu_backward-code").outputs[0].text == "the file: nothing\n"
    page = cell_of(nb, "relu_backward").outputs[0].data["text/html"]
    assert "raised ValueError" in page
    inputs = [a for k in range(3) for o in _run("dense_backward", key, [SECRET, k]) for _, args, _ in o.record.calls for a in args]
    hidden = {repr(float(v))[:10] for a in inputs if isinstance(a, np.ndarray) for v in a.ravel()}
    assert len(hidden) > 100 and not [v for v in hidden if v in nbformat.writes(nb)]
