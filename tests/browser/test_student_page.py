"""The released notebook in JupyterLab, as a student sees it."""

import os
import time
from pathlib import Path

import pytest

from tests.browser.notebook_page import hand_in, right_answers, run_all, run_all_to_the_end, validate

pytestmark = pytest.mark.timeout(900)

NOTEBOOK = "week3/02_backprop.ipynb"
VALIDATE_SECONDS = 20
WRONG_RELU = "def relu_backward(grad_out, x):\n    return grad_out\n"


def test_right_answers_give_green_cards_figures_with_alt_text_and_a_validated_notebook(
        page, serve, working_copy: Path, tmp_path: Path, record_property):
    answers = right_answers(working_copy.parent, "week3_backprop")
    hand_in(working_copy / NOTEBOOK, answers)
    server = serve(working_copy.parent)
    page.goto(server.address(f"lab/tree/{NOTEBOOK}"))
    run_all(page)

    states = page.locator("div.course-check").evaluate_all("cards => cards.map(c => c.dataset.state)")
    assert states == ["right"] * len(answers)
    figures = page.locator(".jp-OutputArea-output img")
    alts = figures.evaluate_all("images => images.map(i => i.alt)")
    print("\n".join(alts))
    assert len(alts) >= 3, "the notebook draws a graph, the V-curve of the step size and the cost plot"
    assert all(len(alt.split()) >= 5 for alt in alts), "each figure says what it shows"
    page.screenshot(path=tmp_path / "right.png")

    start = time.monotonic()
    said = validate(page)
    seconds = time.monotonic() - start
    record_property("validate_seconds", round(seconds, 1))
    print(f"Validate answered within {seconds:.1f} s: {said!r}")
    assert "Success" in said
    assert seconds < VALIDATE_SECONDS


def test_a_wrong_answer_gives_a_card_that_says_why_and_validate_names_the_cell(
        page, serve, working_copy: Path, tmp_path: Path, record_property):
    answers = right_answers(working_copy.parent, "week3_backprop") | {"relu_backward": WRONG_RELU}
    hand_in(working_copy / NOTEBOOK, answers)
    server = serve(working_copy.parent)
    page.goto(server.address(f"lab/tree/{NOTEBOOK}"))
    run_all_to_the_end(page)

    card = page.locator("div.course-check[data-state=wrong]")
    assert card.count() == 1
    assert page.locator("div.course-check").count() == len(answers), "Run All has gone on after it"
    text = card.inner_text()
    print(text)
    assert "relu_backward" in text
    assert "Looks like this:" in text, "the misconception is recognised"
    assert page.locator("div.course-check[data-state=right]").count() >= 1, "what stands above is right and says so"
    picture_of_the_exercise(page, Path(os.environ.get("PICTURE") or tmp_path / "failed-check.png"))

    start = time.monotonic()
    said = validate(page)
    seconds = time.monotonic() - start
    record_property("validate_seconds", round(seconds, 1))
    print(f"Validate answered within {seconds:.1f} s: {said!r}")
    assert "Success" not in said
    assert "failed" in said
    assert 'check("relu_backward")' in said
    assert 'check("dense_backward")' not in said
    assert "CheckFailed" in said
    assert seconds < VALIDATE_SECONDS


def picture_of_the_exercise(page, path: Path) -> None:
    """Photograph the exercise from its text to the card: docs/failed-check.png is made so, with PICTURE=docs/failed-check.png."""
    page.set_viewport_size({"width": 960, "height": 2400})
    page.keyboard.press("Control+b")
    check = page.locator(".jp-CodeCell", has=page.locator("div.course-check[data-state=wrong]"))
    check.scroll_into_view_if_needed()
    cells = page.locator(".jp-Notebook .jp-Cell")
    last = check.evaluate("cell => [...document.querySelectorAll('.jp-Notebook .jp-Cell')].indexOf(cell)")
    page.locator(".jp-MarkdownCell").first.wait_for()
    boxes = [cells.nth(i).bounding_box() for i in range(last - 2, last + 1)]
    top, bottom = boxes[0]["y"], boxes[-1]["y"] + boxes[-1]["height"]
    assert 0 <= top < bottom <= 2400, "text, answer and card stand together"
    page.screenshot(path=path, clip={"x": boxes[0]["x"], "y": top, "width": boxes[0]["width"], "height": bottom - top})


def test_edits_are_kept_when_make_lab_runs_again(page, serve, working_copy: Path):
    notebook = working_copy / NOTEBOOK
    hand_in(notebook, {"relu_backward": "my_own_edit = 1\n"})
    before = notebook.read_bytes()
    server = serve(working_copy.parent)
    assert notebook.read_bytes() == before
    page.goto(server.address(f"lab/tree/{NOTEBOOK}"))
    page.get_by_text("my_own_edit").first.wait_for()
    assert not (working_copy / "week3-2").exists()
