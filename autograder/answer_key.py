"""The reference solutions, taken from the solution cells of the source notebooks: they are written there and nowhere else."""

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from types import CodeType
from typing import Any

import nbformat

from course import exercises
from course.exercises.probe import Exercise

FRONT_PAGE = "index"


class KeyProblem(Exception):
    """The answer key and the notebooks do not fit together."""


@dataclass(eq=False)
class AnswerKey:
    """The solutions of one source notebook.

    Parameters
    ----------
    source : Path
        ``NAME.md`` in MyST form.
    """

    source: Path
    _cells: nbformat.NotebookNode = field(init=False, repr=False)

    def __post_init__(self) -> None:
        import jupytext  # it imports a server, and processes that get a key as it was read need none of it

        self._cells = jupytext.read(self.source)["cells"]

    def __getstate__(self) -> dict[str, Any]:
        """Hand on to another process what answers are compared with; the rest of the notebook is not needed there."""
        return {"source": self.source, "setup": self.setup, "solutions": self.solutions}

    @cached_property
    def setup(self) -> str:
        """The import cells, tagged ``setup``."""
        return "\n".join(c.source for c in self._cells if "setup" in c.metadata.get("tags", []))

    @cached_property
    def solutions(self) -> dict[str, str]:
        """Source of each solution cell by exercise id, in the order of the page."""
        suffix = "-code"
        found = {}
        for cell in self._cells:
            meta = cell.metadata.get("nbgrader", {})
            if cell.cell_type == "code" and meta.get("solution"):
                if not meta["grade_id"].endswith(suffix):
                    raise KeyProblem(f"{self.source}: the solution cell {meta['grade_id']!r} should be called EXERCISE{suffix}")
                found[meta["grade_id"].removesuffix(suffix)] = cell.source
        return found

    @cached_property
    def points(self) -> dict[str, float]:
        """Points of each check cell by exercise id."""
        metas = [c.metadata.get("nbgrader", {}) for c in self._cells if c.cell_type == "code"]
        return {m["grade_id"]: float(m["points"]) for m in metas if m.get("grade")}

    def stubs(self) -> list[str]:
        """Source of every cell as students get it, with nothing between the solution markers."""
        return [_outside(c.source) for c in self._cells if not c.metadata.get("nbgrader", {}).get("solution")
                or "BEGIN SOLUTION" in c.source]

    def secret_lines(self) -> list[str]:
        """Lines that stand between solution markers."""
        return [line.strip() for source in self.solutions.values() for line in _inside(source)]

    def model_answers(self) -> list[str]:
        """Lines of the model answers to the questions that are marked by hand."""
        cells = [c for c in self._cells if c.cell_type == "markdown" and c.metadata.get("nbgrader", {}).get("solution")]
        return [line.strip() for c in cells for line in c.source.splitlines()]

    def require(self, exercise: str) -> None:
        """Say so where there is no solution to an exercise.

        Raises
        ------
        KeyProblem
            If there is none.
        """
        if exercise not in self.solutions:
            raise KeyProblem(f"{self.source} has no solution cell {exercise}-code")

    def names(self, replaced: dict[str, str] | None = None) -> dict[str, Any]:
        """Run the solutions in a fresh namespace and return it.

        Parameters
        ----------
        replaced : dict of str to str, optional
            Other source for the cell of an exercise: how a misconception is planted.
        """
        names: dict[str, Any] = {"__name__": "answer_key"}
        for exercise, source in {"setup": self.setup, **self.solutions, **(replaced or {})}.items():
            exec(_compiled(source, exercise), names)  # noqa: S102  (our own notebooks)
        return names


@lru_cache(maxsize=1024)
def _compiled(source: str, exercise: str) -> CodeType:
    return compile(source, f"<answer to {exercise}>", "exec")


def _inside(source: str) -> list[str]:
    lines, inside = [], False
    for line in source.splitlines():
        if "BEGIN SOLUTION" in line or "END SOLUTION" in line:
            inside = "BEGIN SOLUTION" in line
        elif inside:
            lines.append(line)
    return lines


def _outside(source: str) -> str:
    inside = _inside(source)
    return "\n".join(line for line in source.splitlines() if line not in inside and "SOLUTION" not in line)


def find_course(start: Path) -> Path:
    """Find the course folder, the one that holds ``notebooks/``, at `start` or above it."""
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / "notebooks").is_dir() and (folder / "nbgrader_config.py").is_file():
            return folder
    raise KeyProblem(f"{start} is not in a course folder (one that holds notebooks/ and nbgrader_config.py); "
                     "go there or name it with --course-dir")


def sources(course_dir: Path) -> list[Path]:
    """List the source notebooks of a course, week by week."""
    return sorted((course_dir / "notebooks").glob("week*/*.md"))


def front_page(course_dir: Path) -> Path:
    """Name the source of the page that leads to all others; a course may be without one."""
    return course_dir / "notebooks" / f"{FRONT_PAGE}.md"


def module_name(source: Path) -> str:
    """Name the modules that belong to a notebook: ``week3/02_backprop.md`` has ``week3_backprop``."""
    return f"{source.parent.name}_{source.stem.partition('_')[2]}"


def keys(course_dir: Path) -> dict[str, AnswerKey]:
    """Return the answer key of each notebook that has exercises, by module name."""
    known = exercises.notebook_modules()
    return {module_name(s): AnswerKey(s) for s in sources(course_dir) if module_name(s) in known}


def key_of(exercise: Exercise, course_dir: Path) -> AnswerKey:
    """Return the answer key that holds an exercise."""
    module = exercises.module_of(exercise)
    place = next((s for s in sources(course_dir) if module_name(s) == module), None)
    found = AnswerKey(place) if place else None
    if found is None or exercise.id not in found.solutions:
        raise KeyProblem(f"no notebook in {course_dir / 'notebooks'} has a solution cell {exercise.id}-code for {module}")
    return found
