"""The tables of the front page say what the notebooks say, and a notebook that says too little is told so."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from autograder.answer_key import keys, sources
from autograder.contents import DATA, contents_data, headings
from autograder.course_folder import CourseProblem
from autograder.student_version import student_version
from course import contents, exercises
from course.contents import Notebook
from tests.notebooks.claims import printed

REPOSITORY = Path(__file__).resolve().parents[2]
SYLLABUS = {
    "week1/01_motivation_and_depth": [f"D{i}" for i in range(1, 11)],
    "week1/02_parameters_and_compression": [f"P{i}" for i in range(1, 6)],
    "week2/01_activations_and_saddle_points": [*(f"A{i}" for i in range(1, 11)), "S1", "S2", "S3"],
    "week2/02_vanishing_gradients_and_batch_norm": [f"V{i}" for i in range(1, 10)],
    "week3/01_softmax_and_regularization": [f"R{i}" for i in range(1, 6)],
    "week3/02_backprop": ["B1", "B2"],
}

# A median and its range over seeds, as 3.6 (2.0 to 4.2); or, where nothing is drawn, counted figures in per cent.
FIGURE = re.compile(r"\d \(-?\+?[\d.,e+-]+ to [+-]?[\d.,e+-]+\)|counted, without seeds: .*\d %|in all of 3 seeds: .*\d|\d points")


def test_the_stored_contents_are_those_of_the_notebooks() -> None:
    assert json.loads(DATA.read_text(encoding="utf-8")) == contents_data(REPOSITORY), "run make notebooks"


def test_every_claim_of_the_syllabus_has_a_verdict_and_a_figure() -> None:
    found = {n.path.removesuffix(".ipynb"): n for n in contents.notebooks()}
    assert {path: [c.id for c in n.claims] for path, n in found.items()} == {
        path: ids for path, ids in SYLLABUS.items()}
    for path, notebook in found.items():
        assert {c.id: c.verdict for c in notebook.claims} == printed(REPOSITORY / "notebooks" / f"{path}.md")
        assert all(FIGURE.search(c.measured) for c in notebook.claims), "what was measured is told with a figure and its spread, or as a count"
    rows = contents.verdicts().rows
    assert len(rows) == sum(map(len, SYLLABUS.values())) >= 44
    assert all(len(row) == 4 and all(row) for row in rows)


@pytest.mark.parametrize("measured", ["", "as predicted for 5 seeds", "below 1e-6 everywhere", "sigmoid 3, ReLU 4"])
def test_words_and_bare_numbers_are_no_figure(measured: str) -> None:
    assert not FIGURE.search(measured)


def test_every_exercise_of_the_course_is_there_with_the_points_of_its_cell() -> None:
    points = {}
    for key in keys(REPOSITORY).values():
        points |= key.points
    listed = {i.id: i for n in contents.notebooks() for i in n.exercises}
    assert set(listed) == set(exercises.load()) == set(points)
    assert {name: item.points for name, item in listed.items()} == points
    assert all(1 <= i.difficulty <= 3 and 5 <= i.minutes <= 60 for i in listed.values())
    assert all(len(n.questions) == 2 for n in contents.notebooks()), "two questions a notebook are marked by hand"


def test_what_an_exercise_needs_is_seen_in_its_probe_and_in_its_solution() -> None:
    items = {i.id: i for n in contents.notebooks() for i in n.items}
    assert items["batchnorm_backward"].needs == ("batchnorm_forward",)
    assert items["batchnorm_backward"].writes == ("batchnorm_backward",)
    assert items["tensor"].needs == ("topological_order", "unbroadcast")
    assert items["softmax"].writes == ("log_softmax", "softmax") and not items["softmax"].needs


@pytest.mark.parametrize("notebook", contents.notebooks(), ids=lambda n: n.path)
def test_every_link_of_a_table_leads_to_a_cell_that_students_have(notebook: Notebook) -> None:
    cells = {c.id: c for c in student_version(REPOSITORY / "notebooks" / notebook.path).cells}
    for item in notebook.items:
        assert item.title in headings([cells[item.cell]])
    for claim in notebook.claims:
        assert headings([cells[notebook.trials[claim.id]]])


@pytest.fixture
def changed(tmp_path: Path) -> Callable[[str, str], dict]:
    """Read the contents of a course with one notebook, in which one text stands in another's place."""
    source = next(s for s in sources(REPOSITORY) if s.stem == "02_backprop")

    def read(old: str, new: str) -> dict:
        built = tmp_path / "notebooks" / source.parent.name / f"{source.stem}.ipynb"
        built.parent.mkdir(parents=True)
        built.with_suffix(".md").touch()
        nb = nbformat.read(source.with_suffix(".ipynb"), as_version=4)
        count = 0
        for cell in nb.cells:
            count += cell.source.count(old)
            cell.source = cell.source.replace(old, new)
            for output in cell.get("outputs", []):
                if "text/markdown" in output.get("data", {}):
                    count += output.data["text/markdown"].count(old)
                    output.data["text/markdown"] = output.data["text/markdown"].replace(old, new)
        assert count
        nbformat.write(nb, built)
        return contents_data(tmp_path)

    return read


def test_other_figures_in_a_notebook_are_other_figures_here(changed: Callable[[str, str], dict]) -> None:
    assert changed("difference from the hand-written gradients: ", "difference: 12345; ")["notebooks"][0]["claims"][1][
        "measured"].startswith("difference: 12345; ")


@pytest.mark.parametrize(("old", "new", "said"), [
    ("Difficulty: ●●● · about 40 minutes · 10 points", "Difficulty: hard", "tensor has no line such as 'Difficulty: "),
    ("Difficulty: ●●● · about 40 minutes · 10 points", "Difficulty: ●●● · about 40 minutes · 9 points",
     "says that tensor has 9 points, and its cell says 10"),
    ("def verdict_b2(", "def judge_b2(", "the claim B2 has no rule, a function called verdict_b2"),
    (" | **holds with a condition** | ", " holds with a condition | ", "4 cells, and 5 were wanted"),
])
def test_a_notebook_that_says_too_little_is_told_so(changed: Callable[[str, str], dict], old: str, new: str, said: str) -> None:
    with pytest.raises(CourseProblem, match="02_backprop.ipynb") as caught:
        changed(old, new)
    assert said in str(caught.value)


def test_a_notebook_that_was_never_built_is_named(tmp_path: Path) -> None:
    source = tmp_path / "notebooks" / "week1" / "01_new.md"
    source.parent.mkdir(parents=True)
    source.touch()
    with pytest.raises(CourseProblem, match="01_new.ipynb was never built; run `make notebooks` first"):
        contents_data(tmp_path)
