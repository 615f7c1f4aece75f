"""How misconceptions are planted, and how they are worded."""

import re
from pathlib import Path

import pytest

from autograder.answer_key import AnswerKey, KeyProblem, key_of, keys
from autograder.misconceptions import Planted, edit, of
from course.exercises import load, module_of

PLANTED = [(exercise, planted) for exercise in load().values() for planted in of(exercise)]


@pytest.fixture(scope="module")
def solutions(repository: Path) -> dict[str, AnswerKey]:
    """Each notebook's key, read once for all of its sentences."""
    return keys(repository)


@pytest.mark.parametrize(("exercise", "planted"), PLANTED, ids=[f"{e.id}-{p.id}" for e, p in PLANTED])
def test_a_sentence_is_short_plain_and_gives_no_line_of_the_answer(exercise, planted, solutions: dict[str, AnswerKey]):
    sentence = planted.sentence
    assert 30 <= len(sentence) <= 300
    assert sentence.endswith(".")
    assert len(re.findall(r"[.:?] [A-Z]", sentence)) <= 2
    solution = solutions[module_of(exercise)].solutions[exercise.id]
    lines = [line.strip() for line in solution.splitlines() if len(line.strip()) > 12 and not line.strip().startswith(("def ", "#", '"""'))]
    assert not any(line in sentence for line in lines)


def test_sentences_differ():
    for exercise in load().values():
        sentences = [p.sentence for p in of(exercise)]
        assert len(set(sentences)) == len(sentences)


def test_an_edit_that_no_longer_fits_says_what_to_do(repository: Path):
    exercise = load()["relu_backward"]
    planted = Planted(exercise.id, "gone", "...", edits=(("no such text", "x"),))
    with pytest.raises(KeyProblem, match="adapt it to the solution as it is now"):
        planted.names(key_of(exercise, repository))


def test_a_function_can_only_take_the_place_of_one_that_is_there(repository: Path):
    exercise = load()["relu_backward"]
    planted = Planted(exercise.id, "gone", "...", function=print, replaces="relu_backwards")
    with pytest.raises(KeyProblem, match="which no solution defines"):
        planted.names(key_of(exercise, repository))


def test_two_misconceptions_cannot_have_one_name():
    with pytest.raises(ValueError, match="two misconceptions"):
        edit("tensor", "starts_afresh", "...", "a", "b")
