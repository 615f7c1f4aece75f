"""Every attack of answers/: code that a student hands in instead of an answer, against the first backend of the ladder.

With EVERY_BACKEND=1 they are tried on every backend of this machine.
"""

import re
from pathlib import Path

import nbformat
import pytest

from autograder.sandbox.ladder import VARIABLE
from tests.attacks.conftest import EVERY_BACKEND, available
from tests.attacks.small_class import cell_of, graded, hidden_texts, honest, release

HERE = Path(__file__).parent / "answers"
ATTACKS = {p.relative_to(HERE).with_suffix("").as_posix(): p.read_text(encoding="utf-8") for p in sorted(HERE.rglob("*.py"))}
HONEST_MARKS = {"relu_backward": (True, "right"), "unbroadcast": (False, "wrong")}
before: dict[str, tuple] = {}
pytestmark = pytest.mark.slow


@pytest.mark.parametrize("backend", available() if EVERY_BACKEND else available()[:1])
@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_earns_nothing_learns_nothing_and_harms_nobody(name, backend, monkeypatch):
    monkeypatch.setenv(VARIABLE, backend.name)
    if backend.name not in before:
        before[backend.name] = as_data(*graded(honest()))
    report, nb = graded(hand_in(ATTACKS[name]))
    assert {g.exercise: g.points for g in report.grades} == {"relu_backward": 0.0, "unbroadcast": 0.0}, name
    text = nbformat.writes(nb)
    assert [t for t in hidden_texts() if t in text] == [], "hidden inputs or answers are shown"
    assert all(set(o.get("data", {})) <= {"text/plain", "image/png", "image/jpeg"} for c in nb.cells if c.cell_type == "code"
               and not c.metadata.get("nbgrader", {}).get("grade") for o in c.outputs), "something active is shown"
    for told in re.findall(r"(?m)^# told: (.*)$", ATTACKS[name]):
        assert any(told in line for line in report.for_instructor), report.for_instructor
    assert not any(t in line for line in report.for_instructor for t in hidden_texts())
    assert as_data(*graded(honest())) == before[backend.name], "another student is graded otherwise"


def hand_in(attack: str) -> nbformat.NotebookNode:
    nb = release()
    first, *rest = attack.split("# --- next cell ---\n")
    cell_of(nb, "relu_backward-code").source = first
    at = nb.cells.index(cell_of(nb, "relu_backward")) + 1
    nb.cells[at:at] = [nbformat.v4.new_code_cell(source) for source in rest]
    return nb


def as_data(report, nb):
    assert {g.exercise: (g.points == g.max_points, g.state) for g in report.grades} == HONEST_MARKS
    assert (report.notes, report.for_instructor) == ([], [])
    return report.as_metadata(), nbformat.writes(nb)


def test_there_are_many():
    assert len(ATTACKS) >= 80 and all(text.startswith('"""') for text in ATTACKS.values())
