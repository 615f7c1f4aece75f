"""The claims of the lecture notes, and the table of verdicts at the end of each notebook."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

VERDICTS = ("holds", "holds with a condition", "does not hold", "undecided")


@dataclass(frozen=True)
class Claim:
    """One claim of the notes, with what was measured about it.

    Attributes
    ----------
    id : str
        Its name in the course, such as ``"D1"``.
    notes : str
        What the notes say.
    measured : str
        The figures, with their spread over seeds; `spread` writes one.
    verdict : str
        One of `VERDICTS`.
    literature : str
        Who published about it, with a figure of theirs and the difference in setting where there is one.
    """

    id: str
    notes: str
    measured: str
    verdict: str
    literature: str

    def __post_init__(self) -> None:
        if self.verdict not in VERDICTS:
            raise ValueError(f"the verdict on {self.id} is {self.verdict!r}; it has to be one of {', '.join(VERDICTS)}")


def spread(figures: Sequence[float] | np.ndarray, form: str = ".3g", unit: str = "") -> str:
    """Write figures of several seeds as ``median (smallest to largest)``.

    Parameters
    ----------
    figures : sequence of float
        One figure a seed, at least one.
    form : str
        How to write a number, as in ``format(number, form)``.
    unit : str
        What stands after the numbers, with its own space: ``" %"``.
    """
    return f"{np.median(figures):{form}} ({np.min(figures):{form}} to {np.max(figures):{form}}){unit}"


class VerdictTable:
    """A table of claims, shown as Markdown.

    Parameters
    ----------
    claims : iterable of Claim
    seeds : int
        Over how many seeds the figures were measured.
    """

    def __init__(self, claims: Iterable[Claim], seeds: int = 5) -> None:
        self.claims, self.seeds = list(claims), seeds

    def _repr_markdown_(self) -> str:
        head = ["claim", "what the notes say", f"measured: median of {self.seeds} seeds (smallest to largest)", "verdict", "literature"]
        rows = [[f"**{c.id}**", c.notes, c.measured, f"**{c.verdict}**", c.literature] for c in self.claims]
        return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *rows])

    def __repr__(self) -> str:
        return "\n".join(f"{c.id}: {c.verdict} ({c.measured})" for c in self.claims)
