"""A student's progress, read from notebooks that were really run, and from what can become of them."""

import copy
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbclient import NotebookClient

from course import contents
from course.progress import Page, progress
from course.saved import CHANGED, OPEN, PASSED, Unreadable, read_cells, states
from tests.small_course import NOTEBOOK, QUESTION, RIGHT, WRONG, small_course, submission

PATH = f"week3/{NOTEBOOK}.ipynb"
BACKPROP = next(n for n in contents.notebooks() if n.path == PATH)
POINTS = {i.id: i.points for i in BACKPROP.items}
Edit = Callable[[dict[str, dict[str, Any]]], Any]


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A student's notebook after a real run: one answer right, one wrong, and a question in words answered."""
    folder = small_course(tmp_path_factory.mktemp("small"))
    nb = submission(folder, {"relu_backward": RIGHT["relu_backward"], "relative_error": "def relative_error(a, b):\n    return 0.5"})
    NotebookClient(nb, kernel_name="python3", allow_errors=True, timeout=120).execute()
    return json.loads(nbformat.writes(nb))


@pytest.fixture
def lab(tmp_path: Path, executed: dict[str, Any]) -> Callable[..., Path]:
    """A function that saves the notebook, after a change, in a student's folder."""

    def save(edit: Edit = lambda cells: None, path: str = PATH) -> Path:
        nb = copy.deepcopy(executed)
        edit({c["metadata"].get("nbgrader", {}).get("grade_id", c["id"]): c for c in nb["cells"]})
        target = tmp_path / "lab" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(nb))
        return tmp_path / "lab"

    return save


def page(folder: Path) -> Page:
    return next(p for p in progress(folder).pages if p.notebook is BACKPROP)


def state(folder: Path, exercise: str = "relu_backward") -> str:
    return page(folder).states[exercise]


def test_what_passed_and_what_did_not(lab: Callable[..., Path]) -> None:
    found = page(lab())
    assert found.path == PATH and not found.problem
    assert {name for name, s in found.states.items() if s == PASSED} == {"relu_backward", QUESTION}
    assert found.states["relative_error"] == OPEN
    assert found.points == POINTS["relu_backward"], "words bring no points here"
    shown = str(progress(lab()))
    assert f"{PATH}   checks passed: 1 of 12   points: 2 of {sum(i.points for i in BACKPROP.exercises):g}" in shown
    assert "week1/01_motivation_and_depth.ipynb   checks passed: 0 of 9" in shown and "not here yet" in shown
    assert progress(lab()).total().startswith(f"2 of {sum(i.points for n in contents.notebooks() for i in n.exercises):g} points")


@pytest.mark.parametrize(("edit", "expected"), [
    (lambda c: c["relu_backward-code"].update(source=WRONG["relu_backward"]), CHANGED),
    (lambda c: c["relu_backward-code"].update(source=""), CHANGED),
    (lambda c: c["relu_backward-code"].update(source=RIGHT["relu_backward"] + "\n"), PASSED),
    (lambda c: c["relu_backward-code"].update(execution_count=99), PASSED),
    (lambda c: c["relu_backward-code"].update(execution_count=None), PASSED),
    (lambda c: c["relative_error-code"].update(source=RIGHT["relu_backward"]), PASSED),
    (lambda c: c["relu_backward"].update(source='check("relu_backward"); print("more")'), CHANGED),
    (lambda c: c["relu_backward"].update(source='print("passed")'), CHANGED),
    (lambda c: c["relu_backward"].update(source=['check("relu_', 'backward")\n']), PASSED),
    (lambda c: c["relu_backward"].update(outputs=[]), OPEN),
    (lambda c: c["relu_backward"].update(outputs=c["relative_error"]["outputs"]), OPEN),
    (lambda c: c["relu_backward"]["outputs"].extend(c["relative_error"]["outputs"]), OPEN),
    (lambda c: c["relu_backward"]["metadata"].clear(), OPEN),
    (lambda c: c["relative_error"]["metadata"]["nbgrader"].update(grade_id="relu_backward"), OPEN),
    (lambda c: c["relative_error"].update(copy.deepcopy(c["relu_backward"])), PASSED),
])
def test_an_answer_or_a_check_that_was_changed_afterwards_has_not_passed(lab: Callable[..., Path], edit: Edit, expected: str) -> None:
    assert state(lab(edit)) == expected


@pytest.mark.parametrize(("counts", "expected"), [((3, 4), PASSED), ((5, 4), CHANGED), ((None, 4), CHANGED), ((3, None), CHANGED)])
def test_where_a_check_kept_nothing_of_the_answer_the_order_of_runs_tells(
    lab: Callable[..., Path], counts: tuple[int | None, int | None], expected: str
) -> None:
    def forget(cells: dict[str, dict[str, Any]]) -> None:
        for name, count in zip(("relu_backward-code", "relu_backward"), counts, strict=True):
            cells[name]["execution_count"] = count
        for output in cells["relu_backward"]["outputs"]:
            output["metadata"] = {}

    assert state(lab(forget)) == expected


@pytest.mark.parametrize(("text", "expected"), [("YOUR ANSWER HERE", OPEN), ("", OPEN), (" \n", OPEN), ("Because.", PASSED)])
def test_a_question_is_open_until_something_is_written(lab: Callable[..., Path], text: str, expected: str) -> None:
    assert state(lab(lambda c: c[QUESTION].update(source=text)), QUESTION) == expected


@pytest.mark.parametrize("path", ["02_backprop.ipynb", "week3/my [best] work | 2.ipynb", "week3-2/02_backprop (1).ipynb", "x/y.ipynb"])
def test_a_notebook_is_known_under_any_name(lab: Callable[..., Path], path: str) -> None:
    folder = lab(path=path)
    assert page(folder).path == path and state(folder) == PASSED
    rows = progress(folder)._repr_markdown_().splitlines()
    assert len(rows) > len(contents.notebooks()) and path in str(progress(folder))


@pytest.mark.parametrize("path", ["a/b/02_backprop.ipynb", ".hidden/02_backprop.ipynb", "week3/.ipynb_checkpoints/02_backprop-checkpoint.ipynb"])
def test_what_lies_deeper_or_is_hidden_is_not_looked_at(lab: Callable[..., Path], path: str) -> None:
    assert page(lab(path=path)).path == ""


def test_of_two_copies_the_one_with_more_points_counts_and_the_other_is_named(lab: Callable[..., Path]) -> None:
    lab()
    folder = lab(lambda c: c["relu_backward"].update(outputs=[]), path="week3-2/02_backprop.ipynb")
    assert page(folder).path == PATH and state(folder) == PASSED
    assert any("week3-2/02\\_backprop.ipynb is another copy" in line for line in progress(folder)._repr_markdown_().splitlines())
    assert "week3-2/02_backprop.ipynb is another copy" in str(progress(folder))


def test_of_two_like_copies_the_one_saved_last_counts(lab: Callable[..., Path]) -> None:
    lab()
    folder = lab(path="week3-2/02_backprop.ipynb")
    os.utime(folder / "week3-2/02_backprop.ipynb", (1, 1))
    assert page(folder).path == PATH
    os.utime(folder / PATH, (0, 0))
    assert page(folder).path == "week3-2/02_backprop.ipynb"


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe\x00", b"[]", b"{}", b'{"cells": 3}', b"[" * 100_000, b"null"])
def test_a_damaged_notebook_is_told_and_holds_up_no_other(lab: Callable[..., Path], content: bytes, tmp_path: Path) -> None:
    folder = lab()
    (folder / "week1").mkdir()
    (folder / "week1" / "02_parameters_and_compression.ipynb").write_bytes(content)
    (folder / "week1" / "strange.ipynb").write_bytes(content)
    found = progress(folder)
    damaged = next(p for p in found.pages if "compression" in p.notebook.path)
    assert damaged.problem and not damaged.states and damaged.points == 0
    assert damaged.problem in str(found) and damaged.problem in found._repr_markdown_()
    assert any(note.startswith("week1/strange.ipynb is left out: ") for note in found.notes)
    assert state(folder) == PASSED


def test_a_good_copy_counts_before_a_damaged_one(lab: Callable[..., Path]) -> None:
    folder = lab(path="week3/copy.ipynb")
    (folder / PATH).write_text("{")
    assert page(folder).path == "week3/copy.ipynb" and state(folder) == PASSED


def test_a_link_to_nowhere_and_a_folder_with_a_notebooks_name_are_no_notebooks(lab: Callable[..., Path]) -> None:
    folder = lab()
    (folder / "gone.ipynb").symlink_to(folder / "nowhere")
    (folder / "folder.ipynb").mkdir()
    assert state(folder) == PASSED
    assert len(progress(folder).notes) == 2


def test_other_notebooks_are_passed_over(lab: Callable[..., Path]) -> None:
    folder = lab()
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")]), folder / "notes.ipynb")
    assert progress(folder).notes == []


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
                        st.sampled_from(["cells", "metadata", "nbgrader", "grade_id", "source", "outputs", "data", "text/html", "course",
                                         "answer", "cell_type", "execution_count"]), inner, max_size=4), max_leaves=30)


@given(JSON)
@settings(max_examples=200, deadline=None)
def test_no_file_is_too_strange(tmp_path_factory: pytest.TempPathFactory, value: Any) -> None:
    path = tmp_path_factory.getbasetemp() / "strange.ipynb"
    path.write_text(json.dumps(value))
    try:
        cells = read_cells(path)
    except Unreadable as why:
        assert str(why)
    else:
        assert set(states(BACKPROP, cells).values()) <= {OPEN, CHANGED, PASSED}


@given(st.lists(st.tuples(st.sampled_from(["source", "outputs", "metadata", "execution_count", "cell_type"]), JSON), max_size=4))
@settings(max_examples=200, deadline=None)
def test_a_check_cell_full_of_nonsense_has_not_passed(edits: list[tuple[str, Any]]) -> None:
    cell = {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": "relu_backward"}}, **dict(edits)}
    assert states(BACKPROP, [cell])["relu_backward"] != PASSED


# the command

def command(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "course.progress", *arguments], cwd=folder, capture_output=True, text=True, check=False,
                          env=os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[2]), "PYTHONIOENCODING": "utf-8"})


def test_the_command_says_what_the_cell_says(lab: Callable[..., Path]) -> None:
    folder = lab()
    done = command(folder)
    assert (done.returncode, done.stderr, done.stdout) == (0, "", f"{progress(folder)}\n")
    assert command(folder.parent, "lab").stdout == done.stdout


@pytest.mark.parametrize(("argument", "said"), [(".", "There is no notebook of this course in"), ("nowhere", "There is no folder nowhere")])
def test_where_there_is_nothing_the_command_says_what_to_do(tmp_path: Path, argument: str, said: str) -> None:
    done = command(tmp_path, argument)
    assert done.returncode == 2 and done.stderr.startswith(said) and "week1/" in done.stderr
    assert done.stdout == "" and "Traceback" not in done.stderr


def test_it_needs_numpy_and_the_standard_library_alone() -> None:
    code = "import sys; import course.progress; print([m for m in ('matplotlib', 'IPython', 'nbformat', 'jupytext') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
