"""Read what the course holds out of its built notebooks, for the front page and for a student's progress: never typed."""

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

import course
from autograder.answer_key import sources
from autograder.course_folder import CourseProblem
from course import contents, exercises
from course.claims import Claim
from course.contents import Item, Notebook

DATA = Path(course.__file__).parent / "data" / contents.DATA
DIFFICULTY = re.compile(r"^Difficulty: (●+)○* · about (\d+) minutes · ([\d.]+) points?$", re.MULTILINE)
HEADING = re.compile(r"^#{1,6} +(.+)$", re.MULTILINE)
VERDICTS = "| claim | what the notes say | measured"


@dataclass(frozen=True)
class _Placed:
    """A cell, with the heading above it, the id of that heading's cell, and the line on difficulty between the two."""

    cell: NotebookNode
    heading: str
    heading_cell: str
    difficulty: re.Match | None


def write_contents(course_dir: Path) -> list[Path]:
    """Write the data that `course.contents` reads, where it has changed, and return the paths of what was written."""
    text = json.dumps(contents_data(course_dir), indent=1, ensure_ascii=False) + "\n"
    if DATA.is_file() and DATA.read_text(encoding="utf-8") == text:
        return []
    part = DATA.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    part.replace(DATA)
    return [DATA]


def contents_data(course_dir: Path) -> dict:
    """Read all built notebooks of a course, as plain data.

    Raises
    ------
    CourseProblem
        If a notebook was never built, or an exercise, a question or a claim does not say what it has to say.
    """
    notebooks = [asdict(_notebook(source.with_suffix(".ipynb"))) for source in sources(course_dir)]
    return json.loads(json.dumps({"notebooks": notebooks}))  # tuples as the lists that a file holds


def headings(cells: list[NotebookNode]) -> list[str]:
    """List the headings of a notebook as they are read, without the marks for code and emphasis."""
    return [_plain(m[1]) for cell in cells if cell.cell_type == "markdown" for m in HEADING.finditer(cell.source)]


def _notebook(path: Path) -> Notebook:
    if not path.is_file():
        raise CourseProblem(f"{path} was never built; run `make notebooks` first")
    cells = nbformat.read(path, as_version=4).cells
    claims, placed = _claims(path, cells), list(_placed(cells))
    trials = {}
    for claim in claims:
        rule = next((p for p in placed if f"def verdict_{claim.id.lower()}(" in p.cell.source), None)
        if rule is None:
            raise CourseProblem(f"{path}: the claim {claim.id} has no rule, a function called verdict_{claim.id.lower()}")
        trials[claim.id] = rule.heading_cell
    return Notebook(f"{path.parent.name}/{path.name}", next(iter(headings(cells)), path.stem), _items(path, placed), claims, trials)


def _placed(cells: list[NotebookNode]) -> Iterator[_Placed]:
    heading, heading_cell, difficulty = "", "", None
    for cell in cells:
        yield _Placed(cell, heading, heading_cell, difficulty)
        if cell.cell_type == "markdown":
            for line in cell.source.splitlines():
                if found := HEADING.fullmatch(line):
                    heading, heading_cell, difficulty = _plain(found[1]), cell.id, None
                difficulty = DIFFICULTY.fullmatch(line) or difficulty


def _items(path: Path, placed: list[_Placed]) -> tuple[Item, ...]:
    solutions = {_grading(p.cell)["grade_id"].removesuffix("-code"): p.cell.source for p in placed
                 if p.cell.cell_type == "code" and _grading(p.cell).get("solution")}
    return tuple(_item(path, p, solutions) for p in placed if _grading(p.cell).get("grade"))


def _item(path: Path, place: _Placed, solutions: dict[str, str]) -> Item:
    name, points = _grading(place.cell)["grade_id"], float(_grading(place.cell)["points"])
    said = place.difficulty
    if said is None:
        raise CourseProblem(f"{path}: {name} has no line such as 'Difficulty: ●●○ · about 15 minutes · {points:g} points' "
                            "between its heading and its cell")
    if float(said[3]) != points:
        raise CourseProblem(f"{path}: the page says that {name} has {said[3]} points, and its cell says {points:g}")
    writes, needs = _writes_and_needs(name, solutions) if place.cell.cell_type == "code" else ((), ())
    return Item(name, place.heading, place.heading_cell, points, len(said[1]), int(said[2]), writes, needs)


def _writes_and_needs(name: str, solutions: dict[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Say what an exercise asks for, and which answers to others its check or its reference solution uses."""
    wanted, own = exercises.load()[name].needs, _defined(solutions[name])
    others = {n for exercise, source in solutions.items() if exercise != name for n in _defined(source)} - own
    used = {node.id for node in ast.walk(ast.parse(solutions[name])) if isinstance(node, ast.Name)} | set(wanted)
    return tuple(n for n in wanted if n not in others), tuple(sorted(used & others))


def _claims(path: Path, cells: list[NotebookNode]) -> tuple[Claim, ...]:
    shown = [o.data["text/markdown"] for c in cells if c.cell_type == "code" for o in c.outputs if "text/markdown" in o.get("data", {})]
    found = []
    for row in (line for table in shown if table.startswith(VERDICTS) for line in table.splitlines()[2:]):
        parts = row.removeprefix("| ").removesuffix(" |").split(" | ")
        if len(parts) != 5:
            raise CourseProblem(f"{path}: a row of the table of verdicts has {len(parts)} cells, and 5 were wanted: {row}")
        claim, notes, measured, verdict, literature = parts
        found.append(Claim(claim.strip("*"), notes, measured, verdict.strip("*"), literature))
    return tuple(found)


def _grading(cell: NotebookNode) -> dict:
    return cell.metadata.get("nbgrader", {})


def _defined(source: str) -> set[str]:
    return {node.name for node in ast.parse(source).body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}


def _plain(heading: str) -> str:
    return re.sub(r"[`*]", "", heading).strip()
