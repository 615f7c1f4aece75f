"""What is wrong with an order is told in time, whatever it holds."""

import pytest

from course.exercises.week3_backprop import VALID, order_fault

PARENTS = {1: [], 2: [1], 3: [1, 2], 9: []}


@pytest.mark.parametrize(("order", "fault"), [
    ([1, 2, 3], VALID), ((1, 2, 3), VALID), ([1, 3, 2], "before one of its parents"), ([2, 1, 3], "before one of its parents"),
    ([3, 2, 1], "the root is not last"), ([1, 2, 2, 3], "twice"), ([1, 2], "the root is missing"), ([1, 3], "an id is missing"),
    ([9, 1, 2, 3], "does not reach"), ([1, 2, 3, 77], "does not reach"), ("123", "not a list"), ([1, 2, 3.0], "not a list"), (None, "not a list"),
])
def test_what_is_wrong_is_named(order, fault):
    assert fault in order_fault(order, 3, PARENTS)


@pytest.mark.timeout(20)
def test_numbers_that_look_alike_to_a_set_hold_nobody_up():
    assert "does not reach" in order_fault([n * (2**61 - 1) for n in range(100_000)], 3, PARENTS)
