"""While an answer is judged, the library's own answers are stubs; before and after they are what they were."""

import inspect

import numpy as np
import pytest

import course.layers
import course.optimizers
from course.check import judge_names
from course.exercises import load
from course.exercises.delegation import Delegated, find, stubs
from course.layers import *  # noqa: F403  (as a student may do it)
from course.layers import Dense, dense_forward

NAMES = sorted({name for e in load().values() for name in e.answered_by})


@pytest.mark.parametrize("name", NAMES)
def test_what_answers_an_exercise_is_there_and_can_be_a_stub(name):
    target = find(name)
    before = target.__code__ if inspect.isfunction(target) else dict(vars(target))
    with stubs([name]), pytest.raises(Delegated, match=name.replace(".", r"\.")):
        target(1, 2, 3, wanted=4)
    assert (target.__code__ if inspect.isfunction(target) else dict(vars(target))) == before


@pytest.mark.parametrize("name", ["course.layers", "course.layers.nothing", "numpy.sum", "course.layers.base.Shape"])
def test_what_is_no_function_of_the_library_is_no_answer(name):
    with pytest.raises(ImportError, match=name):
        find(name)


def test_every_way_to_the_function_is_a_stub():
    ways = [dense_forward, course.layers.dense_forward, course.layers.dense.dense_forward, globals()["dense_forward"]]
    with stubs(["course.layers.dense_forward", "course.layers.Dense", "course.layers.ReLU", "course.optimizers.SGD.update"]):
        for way in ways:
            with pytest.raises(Delegated):
                way(np.ones((2, 3)), np.ones((3, 4)), np.ones(4))
        for make in (lambda: Dense(3, 4), course.layers.ReLU, lambda: type("Mine", (Dense,), {})(3, 4)):
            with pytest.raises(Delegated):
                make()
        with pytest.raises(Delegated):
            course.optimizers.SGD(0.1).update(np.ones(1), np.ones(1))
    assert course.layers.ReLU().forward(np.array([-1.0, 2.0])).tolist() == [0.0, 2.0]
    assert Dense(3, 4, rng=np.random.default_rng(0)).forward(np.ones((2, 3))).shape == (2, 4)


def test_an_error_in_between_leaves_nothing_a_stub():
    with pytest.raises(KeyError), stubs(["course.layers.dense_forward"]):
        raise KeyError
    with pytest.raises(ImportError), stubs(["course.layers.dense_forward", "course.layers.nothing"]):
        pass
    assert dense_forward(np.ones((2, 3)), np.ones((3, 4)), np.ones(4))[0].shape == (2, 4)


def test_check_says_that_the_librarys_own_answer_does_not_count():
    verdict = judge_names("relu_backward", {"relu_backward": course.layers.relu_backward})
    assert verdict.state == "wrong" and verdict.mark == 0.0
    assert "course.layers.relu_backward is what you are asked to write" in verdict.first_wrong.difference.detail
    assert "library" in verdict.first_wrong.difference.general
    by_the_layer = lambda grad_out, x: course.layers.Activation(np.abs, course.layers.relu_grad).backward(grad_out)  # noqa: E731
    assert judge_names("relu_backward", {"relu_backward": by_the_layer}).mark == 0.0
    assert judge_names("relu_backward", {"relu_backward": lambda grad_out, x: grad_out * (x > 0)}).state == "right"
