"""Every claim has a rule that stands before the run that feeds it, a printed verdict and a row in the table."""

import re
from pathlib import Path

import jupytext
import nbformat
import pytest

from autograder.answer_key import sources
from autograder.build import built_path
from tests.notebooks.claims import REPOSITORY, printed, rules


@pytest.mark.parametrize("source", sources(REPOSITORY), ids=lambda s: f"{s.parent.name}/{s.stem}")
def test_every_rule_has_its_verdict_and_every_verdict_its_rule(source: Path) -> None:
    assert {name.removeprefix("verdict_").upper() for name in rules(source)} == set(printed(source))


@pytest.mark.parametrize("source", sources(REPOSITORY), ids=lambda s: f"{s.parent.name}/{s.stem}")
def test_a_rule_stands_before_the_run_that_feeds_it(source: Path) -> None:
    cells = jupytext.read(source)["cells"]
    for name in rules(source):
        written = next(i for i, c in enumerate(cells) if c.cell_type == "code" and f"def {name}(" in c.source)
        used = next(i for i, c in enumerate(cells) if c.cell_type == "code" and re.search(rf"(?<!def ){name}\(", c.source))
        assert written < used


@pytest.mark.parametrize("source", sources(REPOSITORY), ids=lambda s: f"{s.parent.name}/{s.stem}")
def test_the_table_of_verdicts_has_a_row_with_a_figure_for_every_claim(source: Path) -> None:
    outputs = [o for c in nbformat.read(built_path(source), as_version=4).cells if c.cell_type == "code" for o in c.outputs]
    tables = "\n".join(o.data["text/markdown"] for o in outputs if "text/markdown" in o.get("data", {}))
    rows = {r[1]: r for r in re.findall(r"^(\| \*\*([A-Z]+\d+)\*\* \| .* \| (.*) \| \*\*(.*)\*\* \| .* \|)$", tables, re.MULTILINE)}
    assert {claim: verdict for claim, (_, _, _, verdict) in rows.items()} == printed(source)
    assert all(re.search(r"\d", measured) for _, _, measured, _ in rows.values())
