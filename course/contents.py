"""What the course holds: its notebooks, exercises, claims and verdicts, as tables. The build reads them out of the notebooks."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from urllib.parse import quote

from course.claims import Claim

DATA = "contents.json"
HARDEST = 3


@dataclass(frozen=True)
class Item:
    """Something that earns points: an exercise, or a question that is answered in words.

    Attributes
    ----------
    id : str
        The `grade_id` of its check cell, or of the cell for the words.
    title : str
        Its heading, without markup.
    cell : str
        The id of the cell with its heading.
    points : float
    difficulty : int
        1 to 3.
    minutes : int
        About how long it takes.
    writes : tuple of str
        The functions and classes that the check wants; none for a question.
    needs : tuple of str
        Answers to other exercises that must be right first.
    """

    id: str
    title: str
    cell: str
    points: float
    difficulty: int
    minutes: int
    writes: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()

    @property
    def by_hand(self) -> bool:
        """Whether a person marks it."""
        return not self.writes

    @property
    def name(self) -> str:
        """What it is called on the page."""
        return self.title.partition(": ")[2] or self.id


@dataclass(frozen=True)
class Notebook:
    """A notebook of the course.

    Attributes
    ----------
    path : str
        From the folder of the front page: ``"week3/02_backprop.ipynb"``.
    title : str
    items : tuple of Item
        In the order of the page.
    claims : tuple of Claim
        With what was measured when the notebook was built.
    trials : dict of str to str
        The id of the cell that heads the trial of each claim, by the claim's id.
    """

    path: str
    title: str
    items: tuple[Item, ...]
    claims: tuple[Claim, ...]
    trials: dict[str, str]

    @property
    def exercises(self) -> tuple[Item, ...]:
        """What has a check."""
        return tuple(i for i in self.items if not i.by_hand)

    @property
    def questions(self) -> tuple[Item, ...]:
        """What is marked by hand."""
        return tuple(i for i in self.items if i.by_hand)


class Table:
    """Rows of text, shown as Markdown in a notebook and as plain text elsewhere.

    Parameters
    ----------
    head : sequence of str
    rows : sequence of sequences of str
        In Markdown; no cell holds a bare ``|``.
    """

    def __init__(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        self.head, self.rows = list(head), [list(row) for row in rows]

    def _repr_markdown_(self) -> str:
        return "\n".join("| " + " | ".join(row) + " |" for row in [self.head, ["---"] * len(self.head), *self.rows])

    def __repr__(self) -> str:
        return f"<table of {len(self.rows)} rows: {', '.join(self.head)}>"


@cache
def notebooks() -> tuple[Notebook, ...]:
    """List the notebooks of the course, in order."""
    data = json.loads((resources.files("course") / "data" / DATA).read_text(encoding="utf-8"))
    return tuple(Notebook(n["path"], n["title"], tuple(_item(i) for i in n["items"]), tuple(Claim(**c) for c in n["claims"]),
                          n["trials"]) for n in data["notebooks"])


def overview() -> Table:
    """Make a table of the notebooks, with what each asks of a student."""
    rows = [[link(n.title, n.path), _range([c.id for c in n.claims]), str(len(n.exercises)), str(len(n.questions)),
             f"{_sum(n.items):g}", _hours(n.items)] for n in notebooks()]
    every = [i for n in notebooks() for i in n.items]
    rows.append(["together", str(sum(len(n.claims) for n in notebooks())), str(sum(not i.by_hand for i in every)),
                 str(sum(i.by_hand for i in every)), f"{_sum(every):g}", _hours(every)])
    return Table(["notebook", "claims", "exercises", "questions", "points", "exercises and questions take about"], rows)


def exercises() -> Table:
    """Make a table of all exercises and questions, with what each needs, its difficulty, time and points."""
    rows = []
    for notebook in notebooks():
        rows.append([f"**{link(notebook.title, notebook.path)}**", "", "", str(_sum_minutes(notebook.items)), f"{_sum(notebook.items):g}"])
        for item in notebook.items:
            also = "" if item.by_hand or item.writes == (item.id,) else f" ({_code(item.writes)})"
            dots = "●" * item.difficulty + "○" * (HARDEST - item.difficulty)
            rows.append([link(item.name, notebook.path, item.cell) + also, _code(item.needs), dots, str(item.minutes), f"{item.points:g}"])
    return Table(["exercise or question", "needs your", "difficulty", "minutes", "points"], rows)


def verdicts() -> Table:
    """Make a table of all claims of the lecture notes, with what was measured and the verdict."""
    rows = [[f"**{link(c.id, n.path, n.trials[c.id])}**", c.notes, c.measured, f"**{c.verdict}**"]
            for n in notebooks() for c in n.claims]
    return Table(["claim", "what the notes say", "measured: median over seeds (smallest to largest)", "verdict"], rows)


def link(text: str, path: str, cell: str = "") -> str:
    """Write a link in Markdown to a notebook, or to a cell of it.

    JupyterLab goes to a cell of an open notebook, and often of one that it opens for this; to a heading of an open one alone.
    """
    text = re.sub(r"([\\`*_\[\]|<])", r"\\\1", text)
    return f"[{text}]({quote(path)}{f'#cell-id={cell}' if cell else ''})"


def _item(data: dict) -> Item:
    return Item(**{**data, "writes": tuple(data["writes"]), "needs": tuple(data["needs"])})


def _code(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _sum(items: Sequence[Item]) -> float:
    return sum(i.points for i in items)


def _sum_minutes(items: Sequence[Item]) -> int:
    return sum(i.minutes for i in items)


def _hours(items: Sequence[Item]) -> str:
    hours, minutes = divmod(_sum_minutes(items), 60)
    return f"{hours} h {minutes:02d}"


def _range(ids: Sequence[str]) -> str:
    """Write the ids of each letter from the first to the last: ``A1 to A10, S1 to S3``."""
    letters = {i.rstrip("0123456789"): [int(k.removeprefix(i.rstrip("0123456789"))) for k in ids if k[0] == i[0]] for i in ids}
    return ", ".join(f"{letter}{min(numbers)} to {letter}{max(numbers)}" for letter, numbers in letters.items())
