"""How a verdict is shown: a compact card in a notebook, plain text elsewhere."""

import re
from html import escape
from typing import Any

import numpy as np

from course.exercises.backend import Failed
from course.exercises.compare import compare
from course.exercises.namespace import Shown
from course.exercises.own_code import NOT_WRITTEN
from course.exercises.verdict import Result, Verdict

COLOURS = {"right": "#1f8a3f", "wrong": "#d1403a", "not attempted": "#7a7a7a"}  # legible on white and on black
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
        one = len(results) == 1
        text = {
            "right": f"{name}: its check passed" if one else f"{name}: all {len(results)} checks passed",
            "wrong": f"{name}: its check did not pass" if one else f"{name}: {right} of {len(results)} checks passed",
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
            return [("why", _no_answer(first))] if self.points else [("next", _reason_not_attempted(first))]
        rows = [("first that failed", first.expected.name)]
        if self.points and _is_missing(first):
            return [*rows, ("what is wrong", _no_answer(first))]
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
            lines.append(f"  passed: {_some(self.passed())}")
        for label, text in self.problem():
            block = "\n" + text if "\n" in text and label not in ("called with", "your code") else text
            lines.append(f"  {label}: {block}".replace("\n", "\n    ").replace(": \n", ":\n", 1))
        if self.hint():
            lines.append(f"  looks like: {self.hint()}")
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        colour = COLOURS[self.verdict.state]
        rows = "".join(_row(label, text) for label, text in self.problem())
        passed = ""
        if self.verdict.state == "wrong" and self.passed():
            passed = f'<div style="opacity:.75">passed: {escape(_some(self.passed()))}</div>'
        hint = f'<div style="margin-top:4px"><b>Looks like this:</b> {escape(self.hint())}</div>' if self.hint() else ""
        # A grid and not a table: notebooks give every table stripes and align it to the right.
        grid = "display:grid;grid-template-columns:max-content 1fr;align-items:baseline;gap:2px 12px;margin:6px 0"
        table = f'<div style="{grid}">{rows}</div>' if rows else ""
        return (
            f'<div class="course-check" data-state="{self.verdict.state}" role="status" '
            f'style="border-left:4px solid {colour};padding:4px 12px;margin:2px 0;line-height:1.45">'
            f'<b><span style="color:{colour}">{SIGNS[self.verdict.state]}</span> {escape(self.headline())}</b>'
            f"{passed}{table}{hint}</div>"
        )


def _row(label: str, text: str) -> str:
    style = "margin:0;padding:0;border:0;background:none;color:inherit;font-size:.92em;line-height:1.35;white-space:pre-wrap"
    code = "\n" in text or label in CODE
    body = f'<pre style="{style}">{escape(text)}</pre>' if code else escape(text)
    return f'<div style="opacity:.75">{escape(label)}</div><div style="min-width:0;overflow-x:auto">{body}</div>'


CODE = {"called with", "got", "expected", "your code"}


def _is_missing(result: Result) -> bool:
    value = result.outcome.case.value if result.outcome else None
    return isinstance(value, Failed) and value.kind == "missing"


def _no_answer(result: Result) -> str:
    """Say of a notebook that was handed in why it holds no answer."""
    value = result.outcome.case.value if result.outcome else None
    if isinstance(value, Failed) and _is_missing(result):
        return (f"{value.message.partition(' yet:')[0]} in the notebook as it was handed in: look whether an error ended the cell above, "
                "or whether the answer has another name")
    return "it is not written yet: in it, or in an answer that it calls, stands NotImplementedError as it was handed out"


def _reason_not_attempted(result: Result) -> str:
    value = result.outcome.case.value if result.outcome else None
    if isinstance(value, Failed) and value.kind == "missing":
        return value.message
    if isinstance(value, Failed) and value.message != NOT_WRITTEN:
        return f"{value.message}, then run the cell and this check again"
    return "write your answer in the cell above, run it, then run this check again"


def _some(names: list[str]) -> str:
    return " · ".join(names[:5]) + (f" · and {len(names) - 5} more" if len(names) > 5 else "")


def _inputs(result: Result) -> list[tuple[str, str]]:
    calls = result.outcome.record.calls if result.outcome else []
    # A probe may call twenty times for one output: the first call stands for all. Operations have their operands instead.
    shown = calls[:1] if not calls or len({name for name, *_ in calls}) > 1 or not calls[0][0][:1].isupper() else calls[:3]
    return [("called with", "\n".join(_call(*call) for call in shown))] if shown else []


def _call(name: str, args: tuple, kwargs: dict[str, Any]) -> str:
    shown = [show(a) for a in args] + [f"{k}={show(v)}" for k, v in kwargs.items()]
    if sum(map(len, shown)) < 60 and not any("\n" in text for text in shown):
        return f"{name}({', '.join(shown)})"
    return f"{name}(\n" + ",\n".join("  " + text.replace("\n", "\n  ") for text in shown) + ")"


def _got_and_expected(result: Result) -> list[tuple[str, str]]:
    got, expected = result.outcome.case.value if result.outcome else None, result.expected.value
    if isinstance(got, Failed):
        return [("your code", "\n".join(got.lines))] if got.lines else []
    if result.difference is None or result.difference.kind in SAID:
        return []
    got, expected = _first_that_differs(got, expected)
    at = _where(got, expected)
    shown = show(got, at), show(expected, at)
    if shown[0] == shown[1]:  # they differ in digits that are not shown
        shown = show(got, at, 9), show(expected, at, 9)
    return [("got", shown[0]), ("expected", shown[1])]


SAID = {"finding", "changed input", "shared memory"}  # kinds of difference that values would not make clearer


def _first_that_differs(got: Any, expected: Any) -> tuple[Any, Any]:
    same_length = isinstance(got, (list, tuple)) and isinstance(expected, (list, tuple)) and len(got) == len(expected)
    if same_length:
        pairs = zip(got, expected, strict=True)
    elif isinstance(got, dict) and isinstance(expected, dict) and got.keys() == expected.keys():
        pairs = zip(got.values(), expected.values(), strict=True)
    else:
        return got, expected
    return next((pair for pair in pairs if compare(*pair, rtol=1e-7, atol=1e-10)), (got, expected))


def _where(got: Any, expected: Any) -> tuple[int, ...]:
    """Find the first entry by which two arrays of several axes differ, so that the part around it can be shown."""
    if not (isinstance(got, np.ndarray) and isinstance(expected, np.ndarray) and got.shape == expected.shape):
        return ()
    wrong = np.argwhere(~np.isclose(got, expected, rtol=1e-6, atol=1e-9, equal_nan=True))
    return tuple(int(i) for i in wrong[0]) if len(wrong) else ()


def show(value: Any, at: tuple[int, ...] = (), digits: int = 4) -> str:
    """Write a plain value in a few short lines; a large array keeps its corners, one of many axes the part with `at`."""
    if isinstance(value, np.ndarray) and value.ndim > 2 and value.size > 12:
        index = at[:-2] if len(at) == value.ndim else (0,) * (value.ndim - 2)
        return f"{_part(index)} of an array of shape {value.shape}:\n{show(value[index], digits=digits)}"
    if isinstance(value, np.ndarray):
        value = value + 0.0 if value.dtype.kind == "f" else value  # -0. looks like a mistake
        text = np.array2string(value, precision=digits, threshold=30, edgeitems=2, max_line_width=88, separator=", ")
        text = re.sub(r"\n\s*\n", "\n", text)  # numpy leaves lines empty between the parts
        return text if value.dtype == np.float64 else f"{text} ({value.dtype})"
    if isinstance(value, tuple):
        return f"({show(list(value))[1:-1]}{',' if len(value) == 1 else ''})"
    if isinstance(value, list):
        items = [show(v) for v in value[:8]] + (["..."] if len(value) > 8 else [])
        lines = any("\n" in item for item in items)
        return "[" + (",\n" if lines else ", ").join(item.replace("\n", "\n ") for item in items) + "]"
    if isinstance(value, dict):
        items = [f"{k!r}: {show(v)}" for k, v in list(value.items())[:8]] + (["..."] if len(value) > 8 else [])
        return "{" + ", ".join(items) + "}"
    if isinstance(value, Shown):
        return str(value).strip().splitlines()[0] if str(value).strip() else "a function"
    if isinstance(value, (float, np.floating)):
        text = f"{value:.9g}"
        return f"{text}.0" if text.removeprefix("-").isdecimal() else text  # 3.0 and not 3: the two may be what differs
    if isinstance(value, (np.integer, np.bool_)):
        return str(value.item())  # np.int64(3) would raise a question that is none
    text = str(getattr(value, "description", repr(value)))
    return text if len(text) <= 200 else text[:197] + "..."


def _part(index: tuple[int, ...]) -> str:
    return f"part [{', '.join(map(str, index))}]"
