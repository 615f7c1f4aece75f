"""How a verdict is shown: a compact card in a notebook, plain text elsewhere."""

from html import escape
from typing import Any

import numpy as np

from course.exercises.namespace import Failed, Shown
from course.exercises.verdict import Result, Verdict

COLOURS = {"right": "#1a7f37", "wrong": "#b3261e", "not attempted": "#6b6b6b"}
SIGNS = {"right": "✓", "wrong": "✗", "not attempted": "○"}


class Card:
    """A verdict for a person: `_repr_html_` for notebooks, `str` for terminals.

    Parameters
    ----------
    verdict : Verdict
    values : bool
        Whether inputs, got and expected values may be shown: yes for the public seed, no for a hidden one.
    points : str
        Text about marks, for a graded card.
    """

    def __init__(self, verdict: Verdict, values: bool = True, points: str = "") -> None:
        self.verdict, self.values, self.points = verdict, values, points

    def headline(self) -> str:
        """Say in one line how the answer stands."""
        name, results = self.verdict.exercise.id, self.verdict.results
        right = sum(r.difference is None for r in results)
        text = {
            "right": f"{name}: all {len(results)} checks passed",
            "wrong": f"{name}: {right} of {len(results)} checks passed",
            "not attempted": f"{name}: not attempted yet",
        }[self.verdict.state]
        return f"{text} ({self.points})" if self.points else text

    def passed(self) -> list[str]:
        """Name the outputs that are right."""
        return [r.expected.name for r in self.verdict.results if r.difference is None]

    def problem(self) -> list[tuple[str, str]]:
        """Tell the first thing that is wrong, as pairs of a label and a text."""
        first = self.verdict.first_wrong
        if first is None or first.difference is None:
            return []
        if self.verdict.state == "not attempted":
            return [("next", _reason_not_attempted(first))]
        rows = [("first that failed", first.expected.name)]
        rows.append(("what is wrong", first.difference.detail if self.values else first.difference.general))
        if self.values:
            rows += _inputs(first) + _got_and_expected(first)
        return rows

    def hint(self) -> str:
        """Say what a good teacher would say, if the wrong answer was recognised."""
        return self.verdict.misconception.sentence if self.verdict.misconception else ""

    def __str__(self) -> str:
        lines = [f"{SIGNS[self.verdict.state]} {self.headline()}"]
        if self.verdict.state == "wrong" and self.passed():
            lines.append(f"  passed: {', '.join(self.passed())}")
        for label, text in self.problem():
            lines.append(f"  {label}: " + text.replace("\n", "\n    "))
        if self.hint():
            lines.append(f"  looks like: {self.hint()}")
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        colour = COLOURS[self.verdict.state]
        rows = "".join(_row(label, text) for label, text in self.problem())
        passed = ""
        if self.verdict.state == "wrong" and self.passed():
            passed = f'<div style="opacity:.75">passed: {escape(", ".join(self.passed()))}</div>'
        hint = f'<div style="margin-top:4px"><b>Looks like this:</b> {escape(self.hint())}</div>' if self.hint() else ""
        table = f'<table style="margin:4px 0;border-collapse:collapse;font-size:.95em">{rows}</table>' if rows else ""
        return (
            f'<div class="course-check" data-state="{self.verdict.state}" role="status" '
            f'style="border-left:4px solid {colour};padding:4px 12px;margin:2px 0">'
            f'<b><span style="color:{colour}">{SIGNS[self.verdict.state]}</span> {escape(self.headline())}</b>'
            f"{passed}{table}{hint}</div>"
        )


def _row(label: str, text: str) -> str:
    body = f'<pre style="margin:0;white-space:pre-wrap">{escape(text)}</pre>' if "\n" in text or label in CODE else escape(text)
    return (f'<tr><td style="text-align:left;vertical-align:top;padding:1px 10px 1px 0;opacity:.75;white-space:nowrap">'
            f'{escape(label)}</td><td style="text-align:left;padding:1px 0">{body}</td></tr>')


CODE = {"called with", "got", "expected", "your code"}


def _reason_not_attempted(result: Result) -> str:
    value = result.outcome.case.value if result.outcome else None
    if isinstance(value, Failed) and value.kind == "missing":
        return value.message
    return "write your answer in the cell above, run it, then run this check again"


def _inputs(result: Result) -> list[tuple[str, str]]:
    if result.outcome is None or not result.outcome.record.calls:
        return []
    name, args, kwargs = result.outcome.record.calls[0]
    shown = [show(a) for a in args] + [f"{k}={show(v)}" for k, v in kwargs.items()]
    return [("called with", f"{name}({', '.join(shown)})" if sum(map(len, shown)) < 60
             else f"{name}(\n" + ",\n".join(f"  {text}" for text in shown) + ")")]


def _got_and_expected(result: Result) -> list[tuple[str, str]]:
    value = result.outcome.case.value if result.outcome else None
    if isinstance(value, Failed):
        return [("your code", "\n".join(value.lines))] if value.lines else []
    return [("got", show(value)), ("expected", show(result.expected.value))]


def show(value: Any) -> str:
    """Write a plain value in a few short lines; a large array keeps its corners."""
    if isinstance(value, np.ndarray):
        text = np.array2string(value, precision=4, threshold=30, edgeitems=2, max_line_width=88, separator=", ")
        return text if value.dtype == np.float64 else f"{text} ({value.dtype})"
    if isinstance(value, tuple):
        return "(" + ", ".join(show(v) for v in value) + ("," if len(value) == 1 else "") + ")"
    if isinstance(value, list):
        items = [show(v) for v in value[:8]] + (["..."] if len(value) > 8 else [])
        return "[" + ", ".join(items) + "]"
    if isinstance(value, dict):
        items = [f"{k!r}: {show(v)}" for k, v in list(value.items())[:8]] + (["..."] if len(value) > 8 else [])
        return "{" + ", ".join(items) + "}"
    if isinstance(value, Shown):
        return str(value).strip().splitlines()[0] if str(value).strip() else "a function"
    if isinstance(value, (float, np.floating)):
        return f"{value:.9g}"
    text = str(getattr(value, "description", repr(value)))
    return text if len(text) <= 200 else text[:197] + "..."
