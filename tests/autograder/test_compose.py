"""Any submission in, a gradable notebook out."""

import base64
import copy
import json

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbgrader.nbgraderformat import reads
from nbgrader.utils import compute_checksum, determine_grade

from autograder.compose import compose
from autograder.inert import inert_outputs
from tests.autograder.conftest import cell_of

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n and so on").decode()


def composed(nb, released):
    content = nb if isinstance(nb, bytes) else nbformat.writes(nb).encode()
    result = compose(content, released)
    # Whatever came in, what goes out is a valid notebook for nbgrader.
    reads(nbformat.writes(result.notebook), as_version=4)
    return result


def sources(nb, grade_ids=None):
    return [c.source for c in nb.cells]


def test_an_untouched_perfect_notebook_needs_no_note(perfect, released):
    result = composed(perfect, released)
    assert result.notes == []
    assert sources(result.notebook) == sources(perfect)


def test_everything_that_is_not_the_students_comes_from_the_release(perfect, released):
    for cell in perfect.cells:
        cell.metadata["tags"] = ["skip-execution", "experiment"]
        meta = cell.metadata.get("nbgrader", {})
        if meta.get("grade"):
            meta["points"] = 1000
        if meta.get("locked") or meta.get("grade") and not meta.get("solution"):
            cell.source = "print('mine')"
    perfect.metadata = {"kernelspec": {"name": "evil", "display_name": "", "language": "perl"}, "grading": {"notes": ["full marks"]}}
    result = composed(perfect, released)
    assert result.notebook.metadata == released.metadata
    for ours, theirs in zip((c for c in result.notebook.cells if not c.id.startswith("extra")), released.cells, strict=True):
        assert ours.metadata == theirs.metadata and ours.id == theirs.id
        if not ours.metadata.get("nbgrader", {}).get("solution") and "experiment" not in ours.metadata.get("tags", []):
            assert ours.source == theirs.source


@pytest.mark.parametrize("which", ["code", "markdown"])
def test_a_deleted_answer_is_the_stub_again(which, perfect, released):
    for target in [c for c in released.cells if c.metadata.get("nbgrader", {}).get("solution") and c.cell_type == which]:
        grade_id = target.metadata.nbgrader.grade_id
        nb = copy.deepcopy(perfect)
        nb.cells = [c for c in nb.cells if c is not cell_of(nb, grade_id)]
        result = composed(nb, released)
        cell = cell_of(result.notebook, grade_id)
        assert cell.source == target.source
        assert any(grade_id in note for note in result.notes)
        if which == "markdown":  # nbgrader gives 0 to an answer whose checksum is the release's, and does not ask for a mark
            assert cell.metadata.nbgrader.checksum == compute_checksum(cell)
            assert determine_grade(cell) == (0, target.metadata.nbgrader.points)


def test_copies_of_a_solution_cell_run_where_they_stand(perfect, released):
    i = perfect.cells.index(cell_of(perfect, "relu_backward-code"))
    second = copy.deepcopy(perfect.cells[i])
    second["id"], second.source = "second", "def relu_backward(grad_out, x):\n    return 2"
    perfect.cells.insert(i + 1, second)
    result = composed(perfect, released)
    place = result.notebook.cells.index(cell_of(result.notebook, "relu_backward-code"))
    assert result.notebook.cells[place + 1].source == second.source
    assert "nbgrader" not in result.notebook.cells[place + 1].metadata
    assert any("more than once" in note for note in result.notes)


def test_extra_cells_stay_in_place(perfect, released):
    i = perfect.cells.index(cell_of(perfect, "relu_backward"))
    perfect.cells.insert(i, nbformat.v4.new_code_cell("helper = 1"))
    perfect.cells.insert(0, nbformat.v4.new_markdown_cell("Handed in by Ada"))
    result = composed(perfect, released)
    assert result.notes == []
    assert result.notebook.cells[0].source == "Handed in by Ada"
    assert result.notebook.cells[result.notebook.cells.index(cell_of(result.notebook, "relu_backward")) - 1].source == "helper = 1"


def test_a_changed_ordinary_cell_follows_ours(perfect, released):
    setup = next(c for c in perfect.cells if "setup" in c.metadata.get("tags", []))
    setup.source += "\nimport math"
    result = composed(perfect, released)
    i = next(i for i, c in enumerate(result.notebook.cells) if "setup" in c.metadata.get("tags", []))
    assert result.notebook.cells[i + 1].source == setup.source


def test_answers_survive_the_loss_of_all_metadata(perfect, released):
    for cell in perfect.cells:
        cell.metadata = {}
    result = composed(perfect, released)
    assert sources(result.notebook) == sources(perfect)


def test_a_solution_turned_into_text_is_still_code(perfect, released):
    cell = cell_of(perfect, "relu_backward-code")
    cell.cell_type = "markdown"
    for name in ("outputs", "execution_count"):
        cell.pop(name)
    result = composed(perfect, released)
    assert cell_of(result.notebook, "relu_backward-code").cell_type == "code"
    assert cell_of(result.notebook, "relu_backward-code").source == cell.source


def test_experiments_keep_their_outputs_as_inert_text_and_pictures(perfect, released):
    cell = next(c for c in perfect.cells if "experiment" in c.metadata.get("tags", []))
    cell.outputs = [
        nbformat.v4.new_output("display_data", data={
            "image/png": PNG, "text/html": "<script>alert(1)</script>", "image/svg+xml": "<svg onload=alert(1)>", "text/plain": "plot"}),
        nbformat.v4.new_output("display_data", data={"application/javascript": "alert(1)"}),
        nbformat.v4.new_output("stream", name="stdout", text="loss 0.1"),
    ]
    result = composed(perfect, released)
    outputs = next(c for c in result.notebook.cells if c.id == cell.id).outputs
    assert "handed in" in outputs[0].text
    assert set(outputs[1].data) == {"image/png", "text/plain"} and outputs[2].text == "loss 0.1" and len(outputs) == 3


def test_pictures_in_an_answer_are_kept_and_other_attachments_dropped(perfect, released):
    cell = next(c for c in perfect.cells if c.cell_type == "markdown" and c.metadata.get("nbgrader", {}).get("solution"))
    cell["attachments"] = {"a.png": {"image/png": PNG}, "b.svg": {"image/svg+xml": "<svg onload=alert(1)>"}, "c.png": {"image/png": "AAAA"}}
    kept = cell_of(composed(perfect, released).notebook, cell.metadata.nbgrader.grade_id).attachments
    assert kept == {"a.png": {"image/png": PNG}}


@pytest.mark.parametrize("content", [
    b"", b"{", b"\x00\xff\xfe", b"null", b"[]", b'{"cells": 3, "nbformat": 4, "nbformat_minor": 5, "metadata": {}}',
    b'{"nbformat": 99, "cells": []}', b'{"cells": [null, 1, {"cell_type": 3}, {"source": {"a": 1}}], "nbformat": 4, "metadata": null}',
    b'{"nbformat": 3, "worksheets": "no"}', b'{"cells": [' + b"[" * 100_000,
])
def test_a_broken_file_is_the_release_with_a_reason(content, released):
    result = composed(content, released)
    ours = [c for c in result.notebook.cells if not c.id.startswith("extra")]
    assert [c.source for c in ours] == sources(released)


@pytest.mark.timeout(60)
def test_a_damaged_file_of_many_cells_holds_nobody_up(released):
    composed(b'{"cells": [' + b"0, " * 3_000_000, released)


def test_old_formats_bom_and_windows_line_ends_are_read(perfect, released):
    text = nbformat.writes(perfect)
    assert composed(b"\xef\xbb\xbf" + text.encode(), released).notes == []
    windows = copy.deepcopy(perfect)
    for cell in windows.cells:
        cell.source = cell.source.replace("\n", "\r\n")
    assert composed(windows, released).notes == []
    for encoding in ("utf-16", "utf-32", "latin-1"):
        assert composed(json.dumps(json.loads(text), ensure_ascii=encoding == "latin-1").encode(encoding), released).notes == []
    old = nbformat.v3.writes_json(nbformat.convert(copy.deepcopy(perfect), 3)).encode()
    result = composed(old, released)
    assert cell_of(result.notebook, "relu_backward-code").source == cell_of(perfect, "relu_backward-code").source


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
                        st.sampled_from(["cell_type", "source", "metadata", "nbgrader", "grade_id", "id", "outputs", "data", "text",
                                         "output_type", "image/png", "text/plain", "attachments", "traceback"]), inner, max_size=4),
                    max_leaves=12)


@given(st.lists(JSON, max_size=6))
@settings(max_examples=150, deadline=None)
def test_no_cells_whatever_can_stop_it(released, cells):
    composed(json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5, "metadata": {}}).encode(), released)
    inert_outputs(cells)


@pytest.mark.filterwarnings("ignore:Non-unique cell id")
def test_no_notebook_is_worth_more_than_a_page_of_lines(perfect, released):
    perfect.cells += [nbformat.v4.new_code_cell("import numpy as np\n" + "np.a = 1\n" * 30, id=f"mine-{i}") for i in range(20)]
    perfect.cells += [copy.deepcopy(cell_of(perfect, "relu_backward")) for _ in range(200)]
    result = composed(perfect, released)
    assert (len(result.for_instructor), len(result.notes)) == (51, 51)
    assert result.for_instructor[-1] == "and 350 more like these" and result.notes[-1].startswith("and 150 more")


def test_many_lost_cells_are_told_in_one_sentence(perfect, released):
    lost = ["relu_backward", "unbroadcast-code", "unbroadcast"]
    perfect.cells = [c for c in perfect.cells if c.metadata.get("nbgrader", {}).get("grade_id") not in lost]
    assert composed(perfect, released).notes == [
        "the cells 'relu_backward', 'unbroadcast-code' and 'unbroadcast' were missing and were put back as they were in the release"]


def test_without_any_name_answers_are_known_by_what_they_define(perfect, released):
    own = [nbformat.v4.new_code_cell(c.source) if c.cell_type == "code" else nbformat.v4.new_markdown_cell(c.source) for c in perfect.cells]
    for i, cell in enumerate(own):
        cell["id"] = f"new-{i}"
    perfect.cells = own
    perfect.metadata = {}
    result = composed(perfect, released)
    answers = answers_of(result)
    wanted = {c.metadata.nbgrader.grade_id for c in released.cells if c.cell_type == "code" and c.metadata.get("nbgrader", {}).get("solution")}
    assert wanted and not any("NotImplementedError" in answers[name] for name in wanted)
    assert "no cell has the name" in result.notes[0]


def test_where_cells_have_their_names_one_that_defines_the_same_is_the_students_own(perfect, released):
    mine = "def relu_backward(grad_out, x):\n    return 2"
    perfect.cells.insert(1, nbformat.v4.new_code_cell(mine, id="mine"))
    result = composed(perfect, released)
    assert answers_of(result)["relu_backward-code"] != mine and mine in [c.source for c in result.notebook.cells]


def test_an_answer_beside_its_question_is_taken_for_the_answer(perfect, released):
    question = cell_of(perfect, "question-checker")
    at, blank = perfect.cells.index(question), cell_of(released, "question-checker").source
    question.source = blank
    perfect.cells.insert(at + 1, nbformat.v4.new_markdown_cell("Because.", id="mine"))
    result = composed(perfect, released)
    assert answers_of(result)["question-checker"] == "Because." and "below the question" in result.notes[0]
    assert sum(c.source == "Because." for c in result.notebook.cells) == 1
    del perfect.cells[at]  # the question's own cell is gone
    result = composed(perfect, released)
    assert answers_of(result)["question-checker"] == "Because." and len(result.notes) == 1
    perfect.cells[at].source = blank
    assert answers_of(composed(perfect, released))["question-checker"] == blank


def test_an_answered_question_keeps_its_answer_and_the_note_below_it(perfect, released):
    at = perfect.cells.index(cell_of(perfect, "question-checker"))
    perfect.cells.insert(at + 1, nbformat.v4.new_markdown_cell("A note.", id="mine"))
    result = composed(perfect, released)
    assert answers_of(result)["question-checker"] == perfect.cells[at].source and result.notes == []
    assert "A note." in [c.source for c in result.notebook.cells]


@pytest.mark.parametrize(("content", "said"), [
    (b"%PDF-1.7 ...", "a PDF"), (b"PK\x03\x04...", "a zip file"), (b"\n<!DOCTYPE html>", "a web page"), (b" \n", "empty"), (b"", "empty")])
def test_what_is_no_notebook_is_named(content, said, released):
    (note, *_) = composed(content, released).notes
    assert f"the file is {said}" in note


def answers_of(result):
    return {c.metadata.nbgrader.grade_id: c.source for c in result.notebook.cells if c.metadata.get("nbgrader", {}).get("solution")}
