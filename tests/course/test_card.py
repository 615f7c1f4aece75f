"""How a verdict is written: short, escaped, without values for hidden seeds."""

from dataclasses import replace

import numpy as np
import pytest

from course.card import Card, show
from course.check import judge_names
from course.exercises import load, public_data


def conv2d_backward(grad_out, x, w):
    return 0 * x, 0 * w[:1]


def relu_backward(grad_out, x):
    return grad_out * (x >= 0)


def test_a_hidden_seed_shows_no_numbers_of_the_inputs():
    card = Card(judge_names("relu_backward", {"relu_backward": relu_backward}), values=False, points="1.5 of 2")
    assert "1.5 of 2" in card.headline()
    for text in (str(card), card._repr_html_()):
        assert "called with" not in text and "expected" not in text
        assert "0.81" not in text
        assert "At exactly 0" in text


def test_what_was_handed_in_without_an_answer_is_not_told_to_run_a_cell():
    missing = judge_names("relu_backward", {})

    def stub(grad_out, x):
        raise NotImplementedError("not written yet")

    as_it_was = judge_names("relu_backward", {"relu_backward": stub})
    for verdict, said in ((missing, "there is no relu_backward in the notebook as it was handed in"), (as_it_was, "as it was handed out")):
        assert "run" in str(Card(verdict)) and said in str(Card(verdict, points="0 of 2")) and "run" not in str(Card(verdict, points="0 of 2"))


def test_one_function_of_two_that_has_another_name_is_told_in_a_graded_notebook():
    verdict = judge_names("softmax", {"softmax": lambda logits: logits})
    assert verdict.state == "wrong"
    card = Card(replace(verdict, results=verdict.results[::-1]), values=False, points="0 of 2")
    assert "there is no log_softmax in the notebook as it was handed in" in str(card)


def test_what_differs_in_late_digits_is_shown_with_them():
    def hessian_vector_product(grad, x, v, h=1e-5):
        return (grad(x + h * v) - grad(x)) / h

    text = str(Card(judge_names("hessian_vector_product", {"hessian_vector_product": hessian_vector_product})))
    got, expected = (line.partition(": ")[2] for line in text.splitlines() if line.strip().startswith(("got", "expected")))
    assert got != expected


def test_a_single_check_is_not_counted():
    guess = lambda x, labels, rng: lambda new: np.zeros(len(new), dtype=int)  # noqa: E731
    verdict = judge_names("train_digits", {"train_digits": guess})
    assert Card(verdict).headline() == "train_digits: its check did not pass"
    assert Card(replace(verdict, state="right")).headline() == "train_digits: its check passed"


def test_large_arrays_and_long_lists_of_checks_stay_short():
    card = Card(judge_names("conv2d_backward", {"conv2d_backward": conv2d_backward}))
    assert "zero everywhere" in str(card)
    assert len(str(card).splitlines()) < 40
    names = {"Tensor": type("Tensor", (), {"__init__": lambda self, data: None, "data": 1.0})}
    assert len(str(Card(judge_names("tensor", names))).splitlines()) < 40


def test_what_a_student_wrote_is_escaped():
    def relu_backward(grad_out, x):
        raise ValueError("<script>alert(1)</script>")

    html = Card(judge_names("relu_backward", {"relu_backward": relu_backward}))._repr_html_()
    assert "<script>" not in html and "&lt;script&gt;" in html


@pytest.mark.parametrize(("value", "text"), [
    (1.0, "1.0"), (0.1 + 0.2, "0.3"), (None, "None"), ((1,), "(1,)"), ([1.0, 2.0], "[1.0, 2.0]"), ({"a": 1.5}, "{'a': 1.5}"),
    (np.array([-0.0, 1.0]), "[0., 1.]"), (np.arange(2), "[0, 1] (int64)"), (np.array(2.5), "2.5"), ("x" * 300, "'" + "x" * 196 + "..."),
    (np.int64(3), "3"), ([np.int64(3), np.int32(-1)], "[3, -1]"), (np.bool_(True), "True"),
])
def test_values_are_written_as_a_student_would(value, text):
    assert show(value) == text


def test_of_an_array_with_many_axes_the_part_is_shown_where_it_is_wrong():
    x = np.zeros((2, 3, 4, 4))
    x[1, 2, 3, 3] = 5.0
    text = show(x, at=(1, 2, 3, 3))
    assert text.startswith("part [1, 2] of an array of shape (2, 3, 4, 4):") and "5." in text
    assert len(show(np.ones((50, 50))).splitlines()) < 8


def test_every_exercise_has_a_card_for_an_empty_namespace_and_names_its_cases_apart():
    for exercise in load().values():
        card = Card(judge_names(exercise.id, {}))
        assert card.verdict.state == "not attempted" and "run the cell that defines it" in str(card)
        names = [e.name for e in public_data(exercise)[0]]
        assert len(set(names)) == len(names)
