"""Which cells an answer came from."""

import pytest

from course.answer_cells import digest, digests

FIRST, SECOND, OTHER = "def f(x):\n    return x", "def f(x):\n    return 2 * x", "x = 3"


def of(names: list[str], *cells: str) -> list[str]:
    return digests(names, cells, cells)


def test_the_cell_that_defined_a_name_last_counts() -> None:
    assert of(["f"], FIRST, OTHER) == [digest(FIRST)]
    assert of(["f"], FIRST, SECOND, OTHER) == [digest(SECOND)]
    assert of(["f"], SECOND, FIRST) == [digest(FIRST)]


def test_every_name_has_its_cell() -> None:
    assert of(["f", "x"], OTHER, FIRST) == sorted([digest(FIRST), digest(OTHER)])
    both = FIRST + "\n\n" + OTHER
    assert of(["f", "x"], both) == [digest(both)]


@pytest.mark.parametrize("cell", ["class f:\n    pass", "f = lambda x: x", "f, g = 1, 2", "g = f = 3"])
def test_classes_and_assignments_define_names_too(cell: str) -> None:
    assert of(["f"], cell) == [digest(cell)]


@pytest.mark.parametrize("cell", ["def g():\n    def f(): pass", "f.x = 3", "f[0] = 1", "exec('f = 1')", "def f(:", "", "\0"])
def test_what_defines_no_name_is_no_cell_of_the_answer(cell: str) -> None:
    assert of(["f"], cell) == []
    assert of(["f"], FIRST, cell) == [digest(FIRST)]


def test_a_name_that_came_otherwise_leaves_nothing_to_compare() -> None:
    assert of(["f", "nowhere"], FIRST) == []


def test_magics_are_read_as_python_and_kept_as_typed() -> None:
    typed = "%%time\n" + FIRST
    assert digests(["f"], ["get_ipython().run_cell_magic('time', '', '')\n" + FIRST], [typed]) == [digest(typed)]


def test_blanks_around_a_cell_make_no_difference() -> None:
    assert digest(FIRST + "\n\n") == digest(FIRST) != digest(SECOND)
