"""A made-up class: one submission of each kind that an instructor meets, made from the release."""

import inspect
import json
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder import misconceptions
from autograder.answer_key import AnswerKey
from autograder.right_answers.week3_backprop import loops
from course.exercises import load

WEEK, NOTEBOOK = "week3", "02_backprop"
WRITTEN = "Because the backward pass needs the values of the forward pass, they are kept; that is what it costs."

AVERAGES = """
def dense_forward(x, w, b):
    return np.dot(x, w) + b, {"x": x, "w": w}

def dense_backward(grad_out, cache):
    n = len(grad_out)
    return grad_out.dot(cache["w"].T), cache["x"].T.dot(grad_out) / n, grad_out.mean(0)
"""
ONE_SIDED = """
def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    slopes = []
    for i in range(x.size):
        step = np.zeros(x.size)
        step[i] = h
        slopes.append((f(x + step.reshape(x.shape)) - f(x)) / h)
    return np.array(slopes).reshape(x.shape)
"""
RECURSION = """
def topological_order(root, parents):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for parent in parents[node]:
                visit(parent)
            order.append(node)

    visit(root)
    return order
"""


def _cell(nb: NotebookNode, grade_id: str) -> NotebookNode:
    return next(c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


def _perfect(nb: NotebookNode, key: AnswerKey) -> None:
    for exercise, source in key.solutions.items():
        _cell(nb, f"{exercise}-code").source = source
    for cell in nb.cells:
        if cell.cell_type == "markdown" and cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = WRITTEN


def _other_style(nb: NotebookNode, key: AnswerKey) -> None:
    _perfect(nb, key)
    for i, exercise in enumerate(key.solutions):
        _cell(nb, f"{exercise}-code").source = inspect.getsource(loops) if i == 0 else "# defined in the first exercise's cell"


def _half_done(nb: NotebookNode, key: AnswerKey) -> None:
    for exercise in list(key.solutions)[: len(key.solutions) // 2]:
        _cell(nb, f"{exercise}-code").source = key.solutions[exercise]


def _blank(nb: NotebookNode, key: AnswerKey) -> None:
    del nb, key


def _mistaken(exercise: str, source: str) -> Callable[[NotebookNode, AnswerKey], None]:
    def make(nb: NotebookNode, key: AnswerKey) -> None:
        _perfect(nb, key)
        _cell(nb, f"{exercise}-code").source = source

    return make


def _overwrites(nb: NotebookNode, key: AnswerKey) -> None:
    _perfect(nb, key)
    planted = next(p for p in misconceptions.of(load()["tensor"]) if p.id == "overwrites_the_gradient")
    for old, new in planted.edits:
        cell = _cell(nb, "tensor-code")
        cell.source = cell.source.replace(old, new)


def _crash(nb: NotebookNode, key: AnswerKey) -> None:
    _perfect(nb, key)
    nb.cells.insert(_index(nb, "relu_backward"), nbformat.v4.new_code_cell("import os\nos.abort()"))


def _endless(nb: NotebookNode, key: AnswerKey) -> None:
    _perfect(nb, key)
    _cell(nb, "relu_backward-code").source = "def relu_backward(grad_out, x):\n    while True:\n        pass"


def _syntax_error(nb: NotebookNode, key: AnswerKey) -> None:
    _perfect(nb, key)
    _cell(nb, "unbroadcast-code").source = "def unbroadcast(grad, shape)\n    return grad"


def _check_cell_gone(nb: NotebookNode, key: AnswerKey) -> None:
    _perfect(nb, key)
    nb.cells.pop(_index(nb, "relu_backward"))


def _check_cell_twice(nb: NotebookNode, key: AnswerKey) -> None:
    _perfect(nb, key)
    i = _index(nb, "relu_backward")
    copy = nbformat.from_dict(json.loads(json.dumps(nb.cells[i])))
    copy["id"] = "a-copy"
    nb.cells.insert(i, copy)


def _index(nb: NotebookNode, grade_id: str) -> int:
    return nb.cells.index(_cell(nb, grade_id))


SAMPLES: dict[str, Callable[[NotebookNode, AnswerKey], None]] = {
    "ada-perfect": _perfect,
    "ben-other-style": _other_style,
    "cleo-half-done": _half_done,
    "dan-blank": _blank,
    "eve-kink": _mistaken("relu_backward", "def relu_backward(grad_out, x):\n    return np.where(x >= 0, grad_out, 0.0)"),
    "fay-overwrites": _overwrites,
    "gus-averages": _mistaken("dense_backward", AVERAGES),
    "hal-one-sided": _mistaken("numerical_gradient", ONE_SIDED),
    "ivy-absolute": _mistaken("relative_error", "def relative_error(a, b):\n    return np.abs(np.asarray(a) - b).max()"),
    "joy-recursion": _mistaken("topological_order", RECURSION),
    "jon-crash": _crash,
    "kim-endless": _endless,
    "leo-check-gone": _check_cell_gone,
    "mia-check-twice": _check_cell_twice,
    "ned-broken-file": _perfect,
    "oda-wrong-name": _perfect,
    "pia-syntax-error": _syntax_error,
}


def hand_in(release: NotebookNode, key: AnswerKey, submitted: Path) -> None:
    """Write every sample's submission under ``submitted/STUDENT/WEEK``."""
    for student, make in SAMPLES.items():
        nb = nbformat.from_dict(json.loads(json.dumps(release)))
        make(nb, key)
        folder = submitted / student / WEEK
        folder.mkdir(parents=True)
        text = nbformat.writes(nb)
        if student == "ned-broken-file":
            text = text[: len(text) // 2]
        name = f"{NOTEBOOK} (final version).ipynb" if student == "oda-wrong-name" else f"{NOTEBOOK}.ipynb"
        (folder / name).write_text(text, encoding="utf-8")
