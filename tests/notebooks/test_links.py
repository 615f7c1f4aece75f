"""What a page promises is there: every link leads somewhere, and every week and section that is named is one that there is."""

import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest
from nbformat import NotebookNode

from autograder.answer_key import front_page, sources
from autograder.build import built_path
from autograder.contents import headings

REPOSITORY = Path(__file__).resolve().parents[2]
PAGES = [built_path(source) for source in [front_page(REPOSITORY), *sources(REPOSITORY)]]
LINK = re.compile(r"\]\(([^)\s]+)\)")
pages = pytest.mark.parametrize("page", PAGES, ids=lambda p: f"{p.parent.name}/{p.stem}")


@cache
def cells(page: Path) -> list[NotebookNode]:
    return nbformat.read(page, as_version=4).cells


def text(page: Path) -> list[str]:
    """The lines that a reader sees as text: of Markdown cells, and of tables that cells show."""
    shown = [c.source for c in cells(page) if c.cell_type == "markdown"]
    shown += [o.data["text/markdown"] for c in cells(page) if c.cell_type == "code" for o in c.outputs if "text/markdown" in o.get("data", {})]
    return "\n".join(shown).splitlines()


def relative_links(lines: list[str]) -> list[str]:
    return [target for line in lines for target in LINK.findall(line) if not re.match(r"[a-z]+:", target)]


def broken(page: Path, target: str) -> str:
    """Say what is wrong with a link, or nothing."""
    path, _, fragment = target.partition("#")
    there = (page.parent / unquote(path)).resolve() if path else page
    if not there.is_file():
        return f"{target}: there is no such file"
    if fragment.startswith("cell-id="):
        return "" if fragment.removeprefix("cell-id=") in {c.id for c in cells(there)} else f"{target}: there is no such cell"
    if fragment and unquote(fragment) != fragment:
        return f"{target}: JupyterLab compares the heading as it stands, so it must not be escaped"
    if fragment and fragment not in {h.replace(" ", "-") for h in headings(cells(there))}:
        return f"{target}: there is no such heading"
    return ""


@pages
def test_every_link_leads_to_a_page_and_a_place_on_it(page: Path) -> None:
    found = relative_links(text(page))
    assert found
    assert [problem for target in found if (problem := broken(page, target))] == []


@pytest.mark.parametrize(("target", "problem"), [
    ("week3/02_backprop.ipynb", ""),
    ("week3/02_backprop.ipynb#Conventions", ""),
    ("week3/02_backprop.ipynb#cell-id=relu_backward", ""),
    ("week3/03_more.ipynb", "there is no such file"),
    ("week3", "there is no such file"),
    ("week3/02_backprop.ipynb#conventions", "there is no such heading"),
    ("week3/02_backprop.ipynb#Exercise%3A-relu_backward", "must not be escaped"),
    ("week3/02_backprop.ipynb#cell-id=relu", "there is no such cell"),
])
def test_a_broken_link_would_be_found(target: str, problem: str) -> None:
    found = broken(built_path(front_page(REPOSITORY)), target)
    assert problem in found and bool(problem) == bool(found)


def test_every_page_can_be_reached_from_the_first() -> None:
    index = built_path(front_page(REPOSITORY))
    written = [c.source for c in cells(index) if c.cell_type == "markdown"]
    reached = {(index.parent / target.partition("#")[0]).resolve() for target in relative_links(written)}
    assert reached == {page.resolve() for page in PAGES if page != index}


def unlinked_weeks(lines: list[str], own: int) -> list[str]:
    """Find the lines that name another week and lead to none of its pages."""
    found = []
    for line in lines:
        named = {int(n) for n in re.findall(r"\bweek (\d)\b", line, re.IGNORECASE)}
        named |= {own + 1} if re.search(r"\bnext week\b", line, re.IGNORECASE) else set()
        named |= {own - 1} if re.search(r"\blast week\b", line, re.IGNORECASE) else set()
        found += [f"week {n}: {line}" for n in sorted(named - {own}) if f"week{n}/" not in line]
    return found


@pytest.mark.parametrize("page", PAGES[2:], ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_where_another_week_is_named_a_link_leads_there(page: Path) -> None:
    assert unlinked_weeks(text(page), int(page.parent.name.removeprefix("week"))) == []


def test_a_promise_without_a_link_would_be_found() -> None:
    assert unlinked_weeks(["Week 2 takes it up.", "[Week 2](../week2/a.ipynb) takes it up.", "Week 3 is this one."], 3) == ["week 2: Week 2 takes it up."]
    assert unlinked_weeks(["Next week it goes on."], 2) == ["week 3: Next week it goes on."]


@pages
def test_every_section_that_is_named_is_there(page: Path) -> None:
    numbers = {h.partition(".")[0] for h in headings(cells(page)) if re.match(r"\d+\. ", h)}
    named = [n for line in text(page) for n in re.findall(r"(?<!\d, )\bsections? (\d+)\b(?!\.\d)", line)]  # not those of papers
    assert set(named) <= numbers


@pages
def test_every_notebook_that_is_named_is_there(page: Path) -> None:
    named = {n for line in text(page) for n in re.findall(r"\b\d\d_[a-z_]{3,}", line)}
    assert named <= {p.stem for p in PAGES}
