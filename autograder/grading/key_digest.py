"""What the mark of an exercise depends on, as a digest: while it stays the same, nothing is graded again.

When in doubt a digest covers more than it must: grading once too often costs time, grading once too seldom a wrong mark.
"""

import ast
import hashlib
import inspect
import json
import platform
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
from nbformat import NotebookNode

import autograder
import course
from autograder import misconceptions
from autograder.answer_key import AnswerKey
from course import exercises
from course.exercises.probe import Exercise

# What shows, packs, proves and records decides no mark. What is not named here counts, and so does every new module.
NO_MARKS = ("autograder/audit.py", "autograder/build.py", "autograder/class_run.py", "autograder/cli.py", "autograder/collect.py",
            "autograder/contents.py", "autograder/demo.py", "autograder/lab.py", "autograder/lab_settings/", "autograder/prove.py",
            "autograder/release.py", "autograder/roster.py",
            "autograder/right_answers/", "autograder/sample_class/", "course/contents.py", "course/plotting/", "course/progress.py",
            "course/saved.py")
# These hold many exercises; of them each exercise's digest takes what is its own.
SHARED_OUT = ("autograder/misconceptions/week", "course/exercises/week")


def version_digest() -> str:
    """Return what tells apart two installations between which marks could differ in any way."""
    return _digest([_versions(), _data(), {name: path.read_text(encoding="utf-8") for name, path in _modules()}])


@cache
def _code_digest() -> str:
    return _digest([_versions(), _data(), {name: path.read_text(encoding="utf-8") for name, path in _modules()
                                           if not name.startswith((*NO_MARKS, *SHARED_OUT))}])


def _versions() -> list[str]:
    return [platform.python_implementation(), *map(str, sys.version_info[:2]), np.__version__]


def _data() -> list[str]:
    """Return digests of the data sets, which answers are tried on."""
    folder = Path(str(course.__file__)).parent / "data"
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("*.npz"))]


def _modules() -> Iterator[tuple[str, Path]]:
    for package in (autograder, course):
        folder = Path(str(package.__file__)).parent
        for path in sorted(folder.rglob("*.py")):
            yield f"{folder.name}/{path.relative_to(folder).as_posix()}", path


def exercise_digests(release: NotebookNode, key: AnswerKey, secret: int) -> dict[str, str]:
    """Return a digest of what the mark of each exercise of a notebook depends on, besides the submission.

    Parameters
    ----------
    release : NotebookNode
        The students' version of the notebook.
    key : AnswerKey
        Its solutions.
    secret : int
        The course's secret seed.
    """
    known = exercises.load()
    solutions = "\n".join([key.setup, *key.solutions.values()])
    cells = {c.metadata["nbgrader"]["grade_id"]: c for c in release.cells if c.metadata.get("nbgrader", {}).get("grade")}
    return {name: _digest([_code_digest(), _run_before(release), secret, float(cell.metadata["nbgrader"]["points"]),
                           reachable(solutions, known[name].needs), key.solutions.get(name, ""), *_own(known[name])])
            for name, cell in cells.items() if cell.cell_type == "code" and name in known}


def _run_before(release: NotebookNode) -> list[str]:
    """List the code cells that are run for grading: those of ours by their text, those of students by their name."""
    found = []
    for cell in release.cells:
        meta = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and "experiment" not in cell.metadata.get("tags", []):
            found.append(f"<{meta['grade_id']}>" if meta.get("grade") or meta.get("solution") else cell.source)
    return found


def _own(exercise: Exercise) -> list[Any]:
    """Return the source of an exercise's probe, and its misconceptions."""
    probe = reachable(_source(exercise.probe), [exercise.probe.__name__])
    planted = [[p.id, p.sentence, p.edits, p.replaces, reachable(_source(p.function), [p.function.__name__]) if p.function else ""]
               for p in misconceptions.of(exercise)]
    limits = {f.name: getattr(exercise, f.name) for f in fields(exercise) if f.name != "probe"}
    return [limits, sorted(exercises.answers_in_library([exercises.module_of(exercise)])), probe, planted]


@cache
def _source(function: Any) -> str:
    return inspect.getsource(sys.modules[function.__module__])


@dataclass(frozen=True)
class _Statement:
    """A statement of a module, and what it gives a meaning to; what it mentions and says is found out where it counts."""

    node: ast.stmt
    defines: set[str]

    @cached_property
    def mentions(self) -> set[str]:
        return {node.id for node in ast.walk(self.node) if isinstance(node, ast.Name)}

    @cached_property
    def text(self) -> str:
        return ast.dump(self.node)


@cache
def _statements(source: str) -> list[_Statement]:
    return [_Statement(s, _bound(s)) for s in ast.parse(source).body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]


def reachable(source: str, names: Iterable[str]) -> str:
    """Return the statements of a module on which some of its names depend, without comments and layout.

    Parameters
    ----------
    source : str
        A module, or cells put together.
    names : iterable of str
        Names that it defines. A statement that defines no name always counts, together with what it uses.
    """
    statements = _statements(source)
    taken: set[int] = set()
    waiting, seen = set(names), set()
    new = {i for i, statement in enumerate(statements) if not statement.defines}
    while new or waiting:
        taken |= new
        waiting |= set().union(*(statements[i].mentions for i in new))
        seen |= waiting
        new = {i for i, statement in enumerate(statements) if statement.defines & waiting} - taken
        waiting = set()
    return "\n".join(statements[i].text for i in sorted(taken))


def _bound(statement: ast.stmt) -> set[str]:
    """Return the names that a statement gives a meaning to; a change of an attribute or entry counts for its owner."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return {statement.name}
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return {(alias.asname or alias.name).partition(".")[0] for alias in statement.names} - {"*"}
    targets: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, (ast.AnnAssign, ast.AugAssign)):
        targets = [statement.target]
    return {node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)}


def _digest(parts: Any) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
