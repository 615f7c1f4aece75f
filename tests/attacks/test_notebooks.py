"""Every attack of notebooks/: what is done to the notebook itself. A right answer is in it, and a wrong one."""

import importlib.util
from pathlib import Path

import nbformat
import pytest
from nbgrader.nbgraderformat import reads

from tests.attacks.small_class import EXERCISES, cell_of, graded, hidden_texts, honest, release

HERE = Path(__file__).parent / "notebooks"
ATTACKS = {p.relative_to(HERE).with_suffix("").as_posix(): p for p in sorted(HERE.rglob("*.py"))}


@pytest.fixture(scope="module")
def honest_marks():
    return {g.exercise: g.points for g in graded(honest())[0].grades}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_on_the_notebook_gives_no_mark_that_was_not_earned(name, honest_marks):
    spec = importlib.util.spec_from_file_location(ATTACKS[name].stem, ATTACKS[name])
    spec.loader.exec_module(module := importlib.util.module_from_spec(spec))
    handed_in = module.hand_in(honest())
    report, nb = graded(handed_in)
    marks = {g.exercise: g.points for g in report.grades}
    assert set(marks) == set(EXERCISES) and all(marks[e] <= honest_marks[e] for e in marks)
    assert [g.max_points for g in report.grades] == [cell_of(release(), e).metadata.nbgrader.points for e in EXERCISES]
    if getattr(module, "KEEPS", False):
        assert marks["relu_backward"] == honest_marks["relu_backward"]
    if note := getattr(module, "NOTE", ""):
        assert any(note in line for line in report.notes), report.notes
    if told := getattr(module, "TOLD", ""):
        assert any(told in line for line in report.for_instructor), report.for_instructor
    text = nbformat.writes(nb)
    text.encode()  # it can be written to a file
    assert len(text) < 3_000_000 and [t for t in hidden_texts() if t in text] == []
    assert set(nb.metadata["grading"]) >= {"grades", "notes", "sandbox"} and nb.metadata["grading"]["grades"] == report.as_metadata()["grades"]
    known = reads(text, as_version=4)  # what goes out is a notebook that nbgrader takes
    cells = {c.metadata.nbgrader.grade_id: c for c in known.cells if "nbgrader" in c.metadata}
    for grade_id, ours in {c.metadata.nbgrader.grade_id: c for c in release().cells if "nbgrader" in c.metadata}.items():
        assert cells[grade_id].metadata == ours.metadata, "tags, points and locks are the release's"


def test_there_are_many():
    assert len(ATTACKS) >= 30
