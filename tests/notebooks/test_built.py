"""Every source notebook stands beside a notebook that was built from it, executed to the end and free of errors."""

import json
import re
import textwrap
from pathlib import Path

import nbformat
import pytest

from autograder.answer_key import front_page, sources
from autograder.build import BuildFailed, build, build_all, built_path, is_fresh, problems

REPOSITORY = Path(__file__).resolve().parents[2]
SMALL = """\
    ---
    jupytext:
      text_representation:
        extension: .md
        format_name: myst
    kernelspec:
      display_name: Python 3 (ipykernel)
      language: python
      name: python3
    ---

    # A small notebook

    ```{code-cell} ipython3
    print("the answer is", 6 * 7)
    ```

    ```{code-cell} ipython3
    :tags: [skip-execution]

    print("executed all the same")
    ```
    """


@pytest.fixture(scope="module")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small source notebook and its built notebook, made once; tests change a copy."""
    folder = tmp_path_factory.mktemp("built") / "notebooks" / "week1"
    folder.mkdir(parents=True)
    source = folder / "01_small.md"
    source.write_text(textwrap.dedent(SMALL), encoding="utf-8")
    assert build(source)
    return source


@pytest.fixture
def small(built_once: Path, tmp_path: Path) -> Path:
    """A copy of the small source and its built notebook."""
    for path in (built_once, built_path(built_once)):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path / built_once.name


def edit(source: Path, change) -> None:
    notebook = nbformat.read(built_path(source), as_version=4)
    change(notebook)
    nbformat.write(notebook, built_path(source))


@pytest.mark.parametrize("source", [front_page(REPOSITORY), *sources(REPOSITORY)], ids=lambda s: f"{s.parent.name}/{s.stem}")
def test_the_built_notebook_is_fresh_and_executed(source: Path) -> None:
    assert problems(source) == [], "run make notebooks"


@pytest.mark.parametrize("source", sources(REPOSITORY), ids=lambda s: f"{s.parent.name}/{s.stem}")
def test_every_figure_has_alt_text(source: Path) -> None:
    figures = figures_of(source)
    assert all(o.data.get("text/plain", "").startswith("[figure] ") for o in figures)
    assert all('alt="' in o.data.get("text/html", "") for o in figures)


@pytest.mark.parametrize("source", [front_page(REPOSITORY), *sources(REPOSITORY)], ids=lambda s: f"{s.parent.name}/{s.stem}")
def test_no_output_tells_where_it_was_made(source: Path) -> None:
    cells = [c for c in nbformat.read(built_path(source), as_version=4).cells if c.cell_type == "code"]
    texts = [str(o.get("text", "")) + str({k: v for k, v in o.get("data", {}).items() if k.startswith("text/")}) for c in cells for o in c.outputs]
    texts = [re.sub("base64,[A-Za-z0-9+/=]+", "", text) for text in texts]  # the letters of a picture can spell anything
    assert [found for text in texts for found in re.findall(r"(?:/(?:home|root|tmp|work|Users)/|[A-Z]:\\)[^\s'\"]*", text)] == []


def test_there_are_figures() -> None:
    assert sum(len(figures_of(source)) for source in sources(REPOSITORY)) > 20


def figures_of(source: Path) -> list[nbformat.NotebookNode]:
    notebook = nbformat.read(built_path(source), as_version=4)
    outputs = [o for c in notebook.cells if c.cell_type == "code" for o in c.outputs]
    return [o for o in outputs if "image/png" in o.get("data", {})]


def test_a_built_notebook_holds_outputs_and_nothing_that_varies(small: Path) -> None:
    notebook = nbformat.read(built_path(small), as_version=4)
    assert [o.text for c in notebook.cells[1:] for o in c.outputs] == ["the answer is 42\n", "executed all the same\n"]
    assert [c.execution_count for c in notebook.cells[1:]] == [1, 2]
    assert set(notebook.metadata) == {"kernelspec", "language_info", "course"}
    assert "version" not in notebook.metadata.language_info
    assert all("execution" not in c.metadata for c in notebook.cells)
    nbformat.validate(notebook)


def test_building_twice_gives_the_same_file(small: Path) -> None:
    before = built_path(small).read_bytes()
    assert not build(small), "nothing has changed, so nothing is executed"
    assert build(small, force=True)
    assert built_path(small).read_bytes() == before


def test_only_what_has_changed_is_built(built_once: Path) -> None:
    assert build_all(built_once.parents[2]) == []


def test_a_missing_notebook_is_found(small: Path) -> None:
    built_path(small).unlink()
    assert problems(small) == ["01_small.ipynb is missing"]


def test_a_damaged_notebook_is_found(small: Path) -> None:
    built_path(small).write_text("{")
    assert "cannot be read" in problems(small)[0]


def test_a_changed_source_is_found(small: Path) -> None:
    small.write_text(small.read_text().replace("6 * 7", "6 * 8"))
    assert problems(small) == ["01_small.md has changed since 01_small.ipynb was built",
                               "the cells of 01_small.ipynb are not those of 01_small.md"]
    assert not is_fresh(small)


def test_a_cell_edited_in_the_built_notebook_is_found(small: Path) -> None:
    edit(small, lambda n: n.cells[1].update(source="print(42)"))
    assert problems(small) == ["the cells of 01_small.ipynb are not those of 01_small.md"]


def test_a_notebook_that_was_never_executed_is_found(small: Path) -> None:
    edit(small, lambda n: n.cells[2].update(execution_count=None, outputs=[]))
    assert [p.partition("(")[0] for p in problems(small)] == ["cell 3 "]
    assert problems(small)[0].endswith("was never executed")


def test_a_stored_error_is_found(small: Path) -> None:
    error = nbformat.v4.new_output("error", ename="ValueError", evalue="no", traceback=[])
    edit(small, lambda n: n.cells[1].outputs.append(error))
    assert [p.endswith("ended in ValueError") for p in problems(small)] == [True]


def test_a_failed_build_says_where_and_leaves_the_old_notebook(small: Path) -> None:
    before = built_path(small).read_bytes()
    small.write_text(small.read_text().replace("6 * 7", "6 / 0"))
    with pytest.raises(BuildFailed, match=r"cell 2 \(\w+\) failed: ZeroDivisionError") as caught:
        build(small)
    assert 'print("the answer is", 6 / 0)' in str(caught.value)
    assert built_path(small).read_bytes() == before
    assert sorted(p.name for p in small.parent.iterdir()) == ["01_small.ipynb", "01_small.md"]


@pytest.mark.parametrize(("cell", "reason"), [
    ("import time; time.sleep(60)", "it took longer than 1 s"),
    ("import os; os._exit(1)", "the kernel died"),
])
def test_a_cell_that_never_ends_or_kills_the_kernel_is_named(
    small: Path, cell: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autograder.build.CELL_SECONDS", 1)
    small.write_text(small.read_text().replace('print("executed all the same")', cell))
    with pytest.raises(BuildFailed, match=rf"cell 3 \(\w+\) failed: {reason}"):
        build(small)


def test_a_source_that_is_not_there_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(BuildFailed, match="cannot be read as a notebook"):
        build(tmp_path / "nothing.md")


def test_ids_follow_from_the_cells(small: Path) -> None:
    ids = [c["id"] for c in json.loads(built_path(small).read_text())["cells"]]
    title = "# A small notebook"
    small.write_text(small.read_text().replace(title, f"{title}\n\n```{{code-cell}} ipython3\n1\n```\n\nText"))
    build(small)
    after = [c["id"] for c in json.loads(built_path(small).read_text())["cells"]]
    assert len(set(after)) == len(after)
    assert set(ids[1:]) < set(after), "cells that did not change keep their ids when others are put before them"
