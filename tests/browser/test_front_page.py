"""The front page in JupyterLab: what `make lab` opens first, where its links lead, and a student's progress on it."""

from pathlib import Path

import nbformat
import pytest

from course import contents
from course.answer_cells import digest
from tests.browser.conftest import Server
from tests.browser.notebook_page import hand_in, right_answers, run_all

pytestmark = pytest.mark.timeout(900)

NOTEBOOK, EXERCISE = "week3/02_backprop.ipynb", "relu_backward"


def open_front_page(page, server: Server) -> None:
    page.goto(server.address(""))  # no path: where JupyterLab itself sends a visitor
    page.locator(".jp-Notebook").wait_for()
    page.locator(".jp-Notebook h1", has_text="Deep learning by hand").wait_for()
    assert page.url.endswith("/lab/tree/index.ipynb")


def table(page, call: str):
    """The table that a cell shows."""
    return page.locator(".jp-CodeCell", has=page.locator(".jp-InputArea", has_text=call)).locator(".jp-OutputArea-output table")


def test_it_is_opened_first_shows_all_exercises_and_leads_to_each(page, serve, working_copy: Path):
    open_front_page(page, serve(working_copy.parent))
    shown = table(page, "contents.exercises()")
    assert shown.locator("tbody tr").count() == sum(len(n.items) + 1 for n in contents.notebooks())
    assert table(page, "contents.verdicts()").count() == 0, "verdicts are folded until a reader opens them"
    assert table(page, "progress()").count() == 0, "nobody's progress is there before it is asked for"
    item = next(i for n in contents.notebooks() for i in n.items if i.id == EXERCISE)
    link = shown.get_by_role("link", name=EXERCISE, exact=True)
    link.click()
    page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) h3", has_text=item.title).wait_for()
    # JupyterLab may still be laying out a notebook that it opened; in an open one the link leads to its place.
    page.locator(".lm-TabBar-tabLabel", has_text="index.ipynb").click()
    link.click()
    page.wait_for_function("""title => [...document.querySelectorAll(".jp-NotebookPanel:not(.lm-mod-hidden) h3")].some(h => {
        const box = h.getBoundingClientRect();
        return h.textContent.startsWith(title) && box.top >= 0 && box.top < window.innerHeight; })""", arg=item.title)


def test_a_check_that_passes_shows_on_it_once_the_notebook_is_saved(page, serve, working_copy: Path):
    hand_in(working_copy / NOTEBOOK, {EXERCISE: right_answers(working_copy.parent, "week3_backprop")[EXERCISE]})
    nb = nbformat.read(working_copy / NOTEBOOK, as_version=4)
    nb.cells = [c for c in nb.cells if "setup" in c.metadata.get("tags", [])
                or c.metadata.get("nbgrader", {}).get("grade_id", "").removesuffix("-code") == EXERCISE]
    nbformat.write(nb, working_copy / NOTEBOOK)  # the rest would take a minute to run
    server = serve(working_copy.parent)
    page.goto(server.address(f"lab/tree/{NOTEBOOK}"))
    run_all(page)
    page.locator(".course-check[data-state=right]").wait_for()
    page.keyboard.press("Control+s")
    page.locator(".jp-mod-dirty").wait_for(state="detached")
    page.goto(server.address("lab/workspaces/another/tree/index.ipynb"))
    run_all(page)
    row = table(page, "progress()").locator("tr", has_text="Backpropagation: derived")
    assert "1 of 12" in row.inner_text()
    assert row.get_by_role("link", name=EXERCISE, exact=True).count() == 0, "what is done is not listed as open"
    assert row.get_by_role("link", name="dense_backward", exact=True).count() == 1

    saved = nbformat.read(working_copy / NOTEBOOK, as_version=4)
    answer, check = saved.cells[1:]
    assert [o.metadata for o in check.outputs] == [{"course": {"exercise": EXERCISE, "answer": [digest(answer.source)]}}]
