"""The course folder in formgrader, as an instructor sees it."""

from pathlib import Path

import nbformat
import pytest

from autograder.class_run import grade_class
from autograder.course_folder import api

pytestmark = pytest.mark.timeout(600)


def test_formgrader_lists_the_released_week(page, serve, working_copy: Path, tmp_path: Path):
    course = working_copy.parent
    server = serve(course, "--formgrader")
    page.goto(f"{server.url}/?token=a-token-for-the-tests")
    page.wait_for_url("**/formgrader**")
    row = page.locator("tr", has=page.locator("td.name", has_text="week3"))
    row.wait_for()
    assert row.count() == 1
    assert "released" in row.locator("td.status").inner_text() or "draft" in row.locator("td.status").inner_text()
    page.screenshot(path=tmp_path / "formgrader.png")


def test_formgrader_grades_a_submission_and_takes_a_mark_by_hand(page, serve, working_copy: Path, tmp_path: Path):
    course = working_copy.parent
    hand_in(course)
    server = serve(course, "--formgrader")
    page.goto(f"{server.url}/?token=a-token-for-the-tests")
    page.wait_for_url("**/formgrader**")

    page.goto(f"{server.url}/formgrader/manage_submissions/week3")
    row = page.locator("tr", has=page.get_by_text("eve", exact=True))
    row.locator("td.autograde a").click()
    page.get_by_text("Successfully autograded").wait_for(timeout=120_000)
    page.screenshot(path=tmp_path / "autograded.png")
    assert {r.student: r.exercises["relu_backward"] for r in grade_class(course, "week3")} == {"eve": 0.0}

    page.goto(f"{server.url}/formgrader/gradebook/week3/02_backprop")
    page.locator("td.name a").first.click()
    card = page.locator('div.course-check[data-state="wrong"]').first
    card.wait_for()
    assert "The gradient passes everywhere" in card.inner_text()
    assert "not attempted yet" in page.locator("body").inner_text()
    page.screenshot(path=tmp_path / "submission.png", full_page=True)

    score = page.locator("input#question-checker")
    with page.expect_response(lambda r: "/api/grade/" in r.url and r.request.method == "PUT"):
        score.fill("2")
        score.press("Tab")
    with api(course).gradebook as gradebook:
        grades = [g for notebook in gradebook.find_submission("week3", "eve").notebooks for g in notebook.grades]
        assert [g.manual_score for g in grades if g.name == "question-checker"] == [2.0]
        assert {g.name: g.auto_score for g in grades}["relu_backward"] == 0.0


def hand_in(course: Path) -> None:
    """Hand in, as eve, one wrong answer and one written answer."""
    nb = nbformat.read(course / "lab" / "week3" / "02_backprop.ipynb", as_version=4)
    for cell in nb.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if grade_id == "relu_backward-code":
            cell.source = "def relu_backward(grad_out, x):\n    return grad_out + 0.0"
        if grade_id == "question-checker":
            cell.source = "It cannot see what it does not measure."
    folder = course / "submitted" / "eve" / "week3"
    folder.mkdir(parents=True)
    nbformat.write(nb, folder / "02_backprop.ipynb")
