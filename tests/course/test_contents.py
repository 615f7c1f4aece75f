"""The tables of the course's contents, as they are shown."""

import re

import pytest

from course import contents
from course.claims import VERDICTS


@pytest.mark.parametrize("table", [contents.overview(), contents.exercises(), contents.verdicts()], ids=["overview", "exercises", "verdicts"])
def test_a_table_has_as_many_cells_in_every_row(table: contents.Table) -> None:
    lines = table._repr_markdown_().splitlines()
    assert len(lines) == len(table.rows) + 2
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in lines} == {len(table.head) + 1}


def test_the_last_row_of_the_overview_adds_up() -> None:
    *rows, total = contents.overview().rows
    for column in (2, 3, 4):
        assert sum(float(row[column]) for row in rows) == float(total[column])
    assert int(total[1]) == len(contents.verdicts().rows)
    minutes = [60 * int(h) + int(m) for h, m in (re.findall(r"\d+", row[5]) for row in [*rows, total])]
    assert sum(minutes[:-1]) == minutes[-1]


def test_each_notebook_has_its_sum_above_its_exercises() -> None:
    rows = contents.exercises().rows
    heads = [i for i, row in enumerate(rows) if row[0].startswith("**[")]
    assert len(heads) == len(contents.notebooks())
    for start, end in zip(heads, [*heads[1:], len(rows)], strict=True):
        for column in (3, 4):
            assert float(rows[start][column]) == sum(float(row[column]) for row in rows[start + 1:end])


def test_the_verdicts_are_those_that_there_are() -> None:
    assert {row[3].strip("*") for row in contents.verdicts().rows} <= set(VERDICTS)


@pytest.mark.parametrize(("text", "path", "cell", "wanted"), [
    ("a_b", "week 1/x.ipynb", "", r"[a\_b](week%201/x.ipynb)"),
    ("what is `w` [here]?", "x.ipynb", "abc", r"[what is \`w\` \[here\]?](x.ipynb#cell-id=abc)"),
    ("a | b", "a)b.ipynb", "", r"[a \| b](a%29b.ipynb)"),
])
def test_a_link_bears_any_text(text: str, path: str, cell: str, wanted: str) -> None:
    assert contents.link(text, path, cell) == wanted
