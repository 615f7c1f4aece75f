"""What answers are compared with is computed once, handed on to other processes, and is what a fresh run gives."""

import pickle
import subprocess
import sys

import pytest

from autograder import expected
from autograder.answer_key import AnswerKey, KeyProblem
from autograder.grading.assignment import Assignment, read_page
from autograder.references import References, hidden_seeds
from course.exercises import load
from tests.autograder.conftest import KEYS, REPOSITORY, SECRET

RELU = load()["relu_backward"]


@pytest.fixture
def references(key: AnswerKey) -> References:
    return References(key)


def test_it_is_handed_on_with_what_it_has_computed(references, monkeypatch):
    references.prepare(RELU, SECRET)
    handed_on = pickle.loads(pickle.dumps(references))
    monkeypatch.setattr("autograder.references.expected_outputs", lambda *_: pytest.fail("computed again"))
    for seed in hidden_seeds(RELU, SECRET):
        names = [e.name for e in handed_on.expected(RELU, seed)]
        assert names == [e.name for e in references.expected(RELU, seed)] != []


def test_what_was_not_prepared_is_computed_where_it_was_handed_on_to(references):
    handed_on = pickle.loads(pickle.dumps(references))
    wrong = handed_on.wrong(RELU, [SECRET, 0])
    assert [w.id for w in wrong] == [w.id for w in references.wrong(RELU, [SECRET, 0])] and len(wrong) > 3
    assert any(o is not None for w in wrong for o in w.outputs)


def test_a_key_takes_no_text_of_the_notebook_along(key):
    assert b"BEGIN SOLUTION" in pickle.dumps(key) and key.model_answers()
    assert not [line for line in key.model_answers() if len(line) > 40 and line.encode() in pickle.dumps(key)]


def test_without_a_solution_it_says_so_when_asked_and_not_when_prepared(key):
    other = next(e for e in load().values() if e.id not in key.solutions)
    References(key).prepare(other, SECRET)
    with pytest.raises(KeyProblem, match=rf"02_backprop.md has no solution cell {other.id}-code"):
        References(key).expected(other, [SECRET, 0])


def test_a_probe_that_breaks_is_told_where_it_is_asked(references, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError("in the probe")

    monkeypatch.setattr("autograder.references.expected_outputs", broken)
    references.prepare(RELU, SECRET)
    with pytest.raises(ZeroDivisionError):
        references.expected(RELU, [SECRET, 0])


@pytest.mark.slow
def test_all_that_decides_marks_is_there_before_the_workers_begin(monkeypatch):
    key = KEYS["week1_parameters_and_compression"]
    page = read_page(key.source.with_suffix(".ipynb"), SECRET)
    assignment = Assignment("week1", {"page": page}, SECRET, "")
    assignment.prepare()
    handed_on = pickle.loads(pickle.dumps(assignment)).pages["page"].references
    monkeypatch.setattr("autograder.references.expected_outputs", lambda *_: pytest.fail("computed again"))
    for name in key.solutions:
        for seed in hidden_seeds(load()[name], SECRET):
            assert handed_on.expected(load()[name], seed)


def test_what_a_worker_imports_has_neither_nbgrader_nor_a_server_in_it():
    code = ("import sys, autograder.grading.pool, autograder.misconceptions; "
            "print([m for m in ('nbgrader', 'nbconvert', 'jupytext', 'jupyter_server', 'sqlalchemy', 'tornado') if m in sys.modules])")
    said = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, check=True, stdout=subprocess.PIPE, text=True).stdout
    assert said.strip() == "[]"


def test_the_public_seed_is_read_and_not_computed(references, monkeypatch):
    monkeypatch.setattr("autograder.references.expected_outputs", lambda *_: pytest.fail("computed"))
    stored = expected.stored_outputs(RELU)
    assert stored and [e.name for e in references.expected(RELU, 0)] == [e.name for e in stored[0]]
