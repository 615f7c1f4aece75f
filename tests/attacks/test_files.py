"""Every attack of files/: what is put into the folder of a submission."""

import importlib.util
from pathlib import Path

import nbformat
import pytest

from autograder.grade import _notes_cell
from autograder.grading.handed_in import find_notebooks, links, renamed, timestamp_of
from autograder.nbgrader_steps import before_converting
from tests.attacks.small_class import honest

HERE = Path(__file__).parent / "files"
ATTACKS = {p.stem: p for p in sorted(HERE.glob("*.py"))}
PAGE = "02_backprop.ipynb"


@pytest.fixture
def folders(tmp_path):
    """The notebook of a classmate, which says `bob`, and the folder of a student."""
    nb = honest()
    nb.cells.append(nbformat.v4.new_markdown_cell("by bob"))
    classmate, folder = (tmp_path / "submitted" / student / "week3" for student in ("bob", "eve"))
    classmate.mkdir(parents=True)
    folder.mkdir(parents=True)
    nbformat.write(nb, classmate / PAGE)
    return classmate / PAGE, folder


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", ATTACKS)
def test_nothing_but_the_students_own_files_is_read(name, folders, monkeypatch):
    classmate, folder = folders
    before = classmate.read_bytes()
    spec = importlib.util.spec_from_file_location(name, ATTACKS[name])
    spec.loader.exec_module(module := importlib.util.module_from_spec(spec))
    module.hand_in(folder, PAGE, classmate)
    wanted = {"02_backprop": {c.metadata.nbgrader.grade_id for c in honest().cells if "nbgrader" in c.metadata}, "other": {"x"}}
    found = find_notebooks(folder, wanted)
    assert [p.read_bytes().count(b"by eve") for p in found.values()] == ([1] if getattr(module, "OWN", False) else [])
    assert timestamp_of(folder) == ""
    assert all("was not followed" in line for line in links(folder))
    assert bool(links(folder)) == any(p.is_symlink() for p in folder.rglob("*"))
    for page, path in found.items():
        source = _notes_cell(renamed(path, folder, page)).source
        assert not any(part in source for part in ("<img", "\x1b", "\u202e", "[red]"))
    # nbgrader's own commands follow links; so they are taken away before
    monkeypatch.setattr("autograder.nbgrader_steps.adopt", lambda *_: [])
    notebooks = [str(p) for p in folder.glob("*.ipynb")] or [str(folder / PAGE)]
    before_converting(folder.parents[2], notebooks)
    assert all(Path(n).is_file() for n in notebooks) and not [p for p in folder.rglob("*") if p.is_symlink()]
    assert classmate.read_bytes() == before


def test_there_are_many():
    assert len(ATTACKS) >= 12
