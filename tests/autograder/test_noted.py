"""What we note in the gradebook is what nbgrader itself would note, by its own functions."""

import nbformat
import pytest
from nbgrader.utils import compute_checksum, determine_grade, is_grade, is_solution, is_task

from autograder.grading import noted
from tests.autograder.conftest import KEYS, perfect_of, released_of


def by_nbgrader(cells):
    scores = {c.metadata.nbgrader.grade_id: determine_grade(c)[0] for c in cells if is_grade(c)}
    untouched = {c.metadata.nbgrader.grade_id: c.metadata.nbgrader.get("checksum") == compute_checksum(c) and not is_task(c)
                 for c in cells if is_solution(c) or is_task(c)}
    return scores, {name: "No response." if there else None for name, there in untouched.items()}


def checked(cells, points):
    """Give the check cells the outputs that say these points."""
    for cell in cells:
        if cell.cell_type == "code" and is_grade(cell) and cell.metadata.nbgrader.grade_id in points:
            text = repr(float(points[cell.metadata.nbgrader.grade_id]))
            cell.outputs = [nbformat.v4.new_output("execute_result", data={"text/plain": text}, execution_count=None)]


def cell(kind, source, **about):
    new = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
    made = new(source, metadata={"nbgrader": {"schema_version": 3, "locked": False, "grade": False, "solution": False, **about}})
    made.metadata.nbgrader.checksum = compute_checksum(made)
    return made


@pytest.mark.parametrize("module", KEYS)
@pytest.mark.parametrize("made", [released_of, perfect_of], ids=["nothing written", "everything"])
def test_of_our_notebooks(module, made):
    key = KEYS[module]
    cells, released = made(key).cells, {noted.about(c)["grade_id"]: c.source for c in released_of(key).cells if noted.about(c)}
    points = {name: round(0.7 * most, 2) for name, most in key.points.items()}
    checked(cells, points)
    scores, comments = by_nbgrader(cells)
    assert noted.scores(cells, released, points) == scores and noted.comments(cells, released) == comments
    assert set(points) < set(scores) and (None in scores.values()) == (made is perfect_of)


@pytest.mark.parametrize("touched", [False, True])
def test_of_other_cells_that_an_instructor_may_add(touched):
    stderr = nbformat.v4.new_output("stream", name="stderr", text="a warning")
    checks = [cell("code", f"assert answer == {i}", grade_id=f"check{i}", grade=True, points=2) for i in range(3)]
    checks[1].outputs = [stderr]
    checks[2].outputs = [nbformat.v4.new_output("execute_result", data={"text/plain": "0.5"}, execution_count=1)]
    cells = [*checks, cell("markdown", "a text", grade_id="text", grade=True, solution=True, points=3),
             cell("code", "a program", grade_id="program", grade=True, solution=True, points=3),
             cell("markdown", "a task", grade_id="task", task=True, points=1), cell("code", "x = 1", grade_id="locked", locked=True),
             nbformat.v4.new_code_cell("one of the student's own")]
    released = {noted.about(c)["grade_id"]: c.source for c in cells if noted.about(c)}
    if touched:
        for changed in cells[3:6]:
            changed.source += ", changed"
    scores, comments = by_nbgrader(cells)
    assert noted.scores(cells, released, {}) == scores and noted.comments(cells, released) == comments
    assert (scores["check0"], scores["check1"], scores["check2"]) == (2, 0, 0.5)


def test_the_answer_to_an_exercise_stands_in_its_solution_cell():
    key = KEYS["week3_backprop"]
    cells = perfect_of(key).cells
    found = noted.answers(cells)
    assert found["relu_backward"] == key.solutions["relu_backward"]
    assert set(found) == {noted.about(c)["grade_id"] for c in cells if noted.about(c).get("grade")}
