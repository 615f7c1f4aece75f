"""A student's notebook, on disk and in the browser."""

import re
from pathlib import Path

import nbformat

from autograder import answer_key


def hand_in(notebook: Path, answers: dict[str, str]) -> None:
    """Write answers into the solution cells of a student's notebook, and a text into each that is marked by hand."""
    page = nbformat.read(notebook, as_version=4)
    for cell in page.cells:
        meta = cell.metadata.get("nbgrader", {})
        if meta.get("solution") and meta.get("grade"):
            cell.source = "The backward pass costs about as much as the forward pass, whatever the number of parameters is."
        elif meta.get("solution") and meta["grade_id"].removesuffix("-code") in answers:
            cell.source = answers[meta["grade_id"].removesuffix("-code")]
    nbformat.write(page, notebook)


def right_answers(course_dir: Path, module: str) -> dict[str, str]:
    """The reference solutions of a notebook, as a student would write them: without the markers."""
    solutions = answer_key.keys(course_dir)[module].solutions
    return {name: re.sub(r"(?m)^ *### (BEGIN|END) SOLUTION\n?", "", source) for name, source in solutions.items()}


def run_all(page, seconds: float = 240) -> None:
    """Run all cells by the menu and wait until the kernel has nothing to do."""
    page.locator(".jp-Notebook").wait_for()
    # not the notebook's own indicator, which is "idle" before there is a kernel
    page.locator("#jp-bottom-panel, #jp-main-statusbar").get_by_text("| Idle").wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.wait_for_function(
        """() => {
            const prompts = [...document.querySelectorAll(".jp-CodeCell .jp-InputPrompt")].map(p => p.textContent);
            return prompts.some(t => /\\d/.test(t)) && !prompts.some(t => t.includes("*"));
        }""",
        timeout=1000 * seconds,
    )


def run_all_to_the_end(page, seconds: float = 240) -> None:
    """Run all cells where some fail: JupyterLab takes the stars off the waiting ones then, and runs them all the same."""
    run_all(page, seconds)
    page.wait_for_function(
        """() => {
            const prompts = [...document.querySelectorAll(".jp-CodeCell .jp-InputPrompt")].map(p => p.textContent);
            return /\\d/.test(prompts[prompts.length - 1]);
        }""",
        timeout=1000 * seconds,
    )


def validate(page) -> str:
    """Press nbgrader's Validate button and return what its dialog says."""
    page.get_by_role("button", name="Validate", exact=True).click()
    dialog = page.locator(".jp-Dialog-content")
    dialog.wait_for(timeout=120_000)
    text = dialog.inner_text()
    dialog.get_by_role("button", name="OK", exact=False).click()
    return text
