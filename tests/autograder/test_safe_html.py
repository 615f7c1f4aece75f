"""What a student wrote stays small and inert on the marker's page, and is made in time."""

import re

import pytest

from autograder.safe_html import FILTERS, LONGEST, clean, highlight_code


def markdown(source, attachments=None):
    return FILTERS["markdown2html"]({"cell": {"attachments": attachments or {}}}, source)


@pytest.mark.parametrize("formula", [
    r"$\href{https://evil.example}{x}$", r'$\mmlToken{mtext}[href="https://evil.example"]{x}$', r"\hr<wbr>ef{https://evil.example}{x}",
    r"<div>$\cla<wbr>ss{MJX-q}{x}$</div>", r"$\sty<wbr>le{color:red}{x}$", r"$\cssId{q}{x}$", r"$\require{html}$"])
def test_formulas_make_no_links_classes_or_styles(formula):
    html = markdown(formula)
    assert not re.search(r"\\(href|mmlToken|class|style|cssId|require)", html) and "<wbr" not in html


def test_ordinary_formulas_and_code_stay_as_they_are():
    assert r"$\frac{1}{2} \hat x$" in markdown(r"$\frac{1}{2} \hat x$")
    assert '<span class="k">def</span>' in markdown("```python\ndef f(): pass\n```")
    assert '<span class="k">def</span>' in highlight_code("def f(): pass") and "course" not in highlight_code("x" * 10)


LONG = {
    "blank lines in code": "```python\n" + " \n" * 9000 + "```",
    "tags that are opened anew in each paragraph": "<div><p>" + "".join(f"<b title={i:x}>" for i in range(900)) + "<p>x" * 2000,
    "spaces": "a" + " " * 19_000 + "b",
    "brackets": "\\\\[" * 6000,
    "parentheses": "\\\\(" * 6000,
    "more than is shown": "x " * 200_000,
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("source", LONG.values(), ids=LONG)
def test_no_cell_takes_long_or_grows(source):
    assert len(markdown(source)) < 3_000_000


@pytest.mark.timeout(60)
@pytest.mark.parametrize("source", [" \n" * 4000, "x = 1\n" * 100_000, "[" * 50_000])
def test_no_code_takes_long_to_colour(source):
    assert "<pre>" in highlight_code(source)


def test_a_picture_cannot_be_shown_a_thousand_times():
    picture = {"a": {"image/png": "iVBORw0KGgo=" * 60_000}}
    assert len(markdown("![](attachment:a)\n" * 1000, picture)) < 100_000
    assert markdown("![](attachment:a)", picture).count("<img") == 1


def test_a_long_text_says_that_it_goes_on():
    assert "the notebook has all" in markdown("word " * LONGEST) and clean("<p>x</p>") == "<p>x</p>"
