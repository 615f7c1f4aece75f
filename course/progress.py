"""Your own progress: which checks pass, as your notebooks were last saved. ``python -m course.progress`` shows it as well.

Nothing is run for this: what counts is what a saved notebook holds below its check cells, as long as the answer was not
changed afterwards. It is for you alone; marks are decided elsewhere, with other numbers of the same kind.
"""

import re
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from course import contents
from course.contents import Item, Notebook, Table
from course.saved import CHANGED, OPEN, PASSED, Unreadable, grade_ids, read_cells, states


@dataclass(frozen=True)
class Page:
    """A notebook of the course as it was last saved.

    Attributes
    ----------
    notebook : Notebook
    path : str
        Where it lies, from the folder that was searched; empty if it is not there.
    states : dict of str to str
        As `course.saved.states` gives them.
    problem : str
        Why nothing can be said about its exercises.
    """

    notebook: Notebook
    path: str = ""
    states: dict[str, str] = field(default_factory=dict)
    problem: str = ""

    def those(self, state: str, by_hand: bool = False) -> list[Item]:
        """List the exercises, or the questions, that are in a state."""
        return [i for i in self.notebook.items if i.by_hand == by_hand and self.states.get(i.id, OPEN) == state]

    @property
    def points(self) -> float:
        """Points of the exercises whose checks pass."""
        return sum(i.points for i in self.those(PASSED))


class Progress:
    """How far you have come: a table in a notebook, lines elsewhere.

    Parameters
    ----------
    folder : Path
        Where the notebooks were looked for.
    pages : sequence of Page
        One for each notebook of the course.
    notes : sequence of str
        What else is to be said, a sentence each.
    """

    def __init__(self, folder: Path, pages: Sequence[Page], notes: Sequence[str] = ()) -> None:
        self.folder, self.pages, self.notes = folder, list(pages), list(notes)

    def total(self) -> str:
        """Say how many of the points are reached."""
        possible = sum(i.points for p in self.pages for i in p.notebook.exercises)
        by_hand = sum(i.points for p in self.pages for i in p.notebook.questions)
        return (f"{sum(p.points for p in self.pages):g} of {possible:g} points, as your notebooks were last saved. "
                f"The questions in words, {by_hand:g} points more, are marked by a person.")

    def _repr_markdown_(self) -> str:
        rows = [[contents.link(p.notebook.title, p.path) if p.path else p.notebook.title, _count(p), _points(p),
                 "<br>".join(_left(p, linked=True)) or "nothing"] for p in self.pages]
        table = Table(["notebook", "checks passed", "points", "still to do"], rows)._repr_markdown_()
        return "\n\n".join([table, f"**{self.total()}**", *(re.sub(r"([*_`|<\[\\])", r"\\\1", note) for note in self.notes)])

    def __str__(self) -> str:
        return self._lines(f"Your progress in {self.folder}:")

    def __repr__(self) -> str:
        return self._lines("Your progress:")  # a notebook stores this, and it need not tell where it lay

    def _lines(self, first: str) -> str:
        lines = [first]
        for page in self.pages:
            lines += ["", f"{page.path or page.notebook.path}   checks passed: {_count(page)}   points: {_points(page)}"]
            lines += [f"    {text}" for text in _left(page, linked=False)]
        return "\n".join([*lines, "", self.total(), *self.notes])


def progress(folder: Path | str = ".") -> Progress:
    """Look at the notebooks in a folder, and in the folders in it, and say which checks pass.

    Parameters
    ----------
    folder : Path or str
        The one that holds ``week1/``, ``week2/`` and ``week3/``.
    """
    folder = Path(folder).resolve()
    copies: dict[str, list[Page]] = {n.path: [] for n in contents.notebooks()}
    notes = []
    # No deeper than this, since some start it in their home directory. What was saved last comes last.
    for path in sorted({*folder.glob("*.ipynb"), *folder.glob("*/*.ipynb")}, key=_saved):
        near = path.relative_to(folder)
        if any(part.startswith(".") for part in near.parts):
            continue
        page = _page(path, near.as_posix())
        if isinstance(page, Page):
            copies[page.notebook.path].append(page)
        elif page:
            notes.append(f"{near.as_posix()} is left out: {page}.")
    pages = []
    for notebook in contents.notebooks():
        # A fresh copy beside older work has no points yet: the copy with the most is the one that its owner means.
        best = max(reversed(copies[notebook.path]), key=lambda p: (not p.problem, p.points), default=Page(notebook, problem="not here yet"))
        notes += [f"{p.path} is another copy; {best.path} has more points, or is newer, and is the one that counts here."
                  for p in copies[notebook.path] if p is not best]
        pages.append(best)
    return Progress(folder, pages, notes)


def main(argv: Sequence[str] | None = None) -> int:
    """Show your progress: which checks pass, as your notebooks were last saved."""
    parser = ArgumentParser(prog="python -m course.progress", description=main.__doc__)
    parser.add_argument("folder", nargs="?", default=".", help="the one that holds week1/, week2/ and week3/; by default this one")
    folder = Path(parser.parse_args(argv).folder)
    if not folder.is_dir():
        print(f"There is no folder {folder}; name the one that holds week1/, week2/ and week3/.", file=sys.stderr)
        return 2
    found = progress(folder)
    if not any(page.path for page in found.pages):
        print(f"There is no notebook of this course in {found.folder}, nor in a folder in it. Go to the folder that holds week1/, "
              "week2/ and week3/, or name it: python -m course.progress FOLDER", file=sys.stderr)
        return 2
    print(found)
    return 0


def _page(path: Path, near: str) -> Page | str:
    """Read a notebook; a text says why not, and is empty where it is none of the course."""
    try:
        cells = read_cells(path)
    except Unreadable as why:
        known = next((n for n in contents.notebooks() if n.path.endswith(f"/{path.name}")), None)
        return Page(known, near, problem=str(why)) if known else str(why)
    ids = grade_ids(cells)
    notebook = max(contents.notebooks(), key=lambda n: len(ids & {i.id for i in n.items}), default=None)
    return Page(notebook, near, states(notebook, cells)) if notebook and ids & {i.id for i in notebook.items} else ""


def _saved(path: Path) -> tuple[float, str]:
    try:
        return path.stat().st_mtime, str(path)
    except OSError:  # a link to nowhere
        return 0.0, str(path)


def _count(page: Page) -> str:
    return f"{len(page.those(PASSED))} of {len(page.notebook.exercises)}"


def _points(page: Page) -> str:
    return f"{page.points:g} of {sum(i.points for i in page.notebook.exercises):g}"


def _left(page: Page, linked: bool) -> list[str]:
    if page.problem:
        return [page.problem]
    parts = {"open": page.those(OPEN), "changed since the check passed, so check again": page.those(CHANGED),
             "to answer in words": page.those(OPEN, by_hand=True)}
    shown = {i.id: contents.link(i.name, page.path, i.cell) if linked else i.name for i in page.notebook.items}
    return [f"{what}: {' · '.join(shown[i.id] for i in items)}" for what, items in parts.items() if items]


if __name__ == "__main__":
    sys.exit(main())
