"""Experiments go on without a student's answers: they use the library's, or say in a sentence which answer they wait for."""

import ast
from pathlib import Path

import jupytext
import pytest

from autograder.answer_key import module_name, sources
from course import exercises

REPOSITORY = Path(__file__).resolve().parents[2]
SOURCES = {f"{s.parent.name}/{s.stem}": s for s in sources(REPOSITORY)}


def experiments(source: Path) -> list[ast.Module]:
    """The cells that measure, train and draw, as syntax trees."""
    cells = [c for c in jupytext.read(source)["cells"] if {"experiment", "measure"} & set(c.metadata.get("tags", []))]
    return [ast.parse(c.source) for c in cells]


def named_in(trees: list[ast.Module], function: str) -> set[str]:
    """The exercises that are named in calls of `wait_for` or `yours_or`."""
    calls = [n for tree in trees for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id == function]
    return {a.value for call in calls for a in (call.args if function == "wait_for" else call.args[:1]) if isinstance(a, ast.Constant)}


def used_as_they_are(trees: list[ast.Module], answers: set[str]) -> set[str]:
    """The answers that are read under the student's own name, and are not made in these cells too."""
    nodes = [n for tree in trees for n in ast.walk(tree)]
    made = {n.name for n in nodes if isinstance(n, (ast.FunctionDef, ast.ClassDef))}
    made |= {a.asname or a.name for n in nodes if isinstance(n, (ast.Import, ast.ImportFrom)) for a in n.names}
    made |= {a.arg for n in nodes if isinstance(n, ast.arguments) for a in (*n.args, *n.kwonlyargs)}
    made |= {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return ({n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)} & answers) - made


@pytest.mark.parametrize("name", SOURCES)
def test_an_answer_is_used_by_its_own_name_only_where_the_page_waits_for_it(name):
    known = {e.id: set(e.needs) for e in exercises.load().values() if exercises.module_of(e) == module_name(SOURCES[name])}
    assert known
    trees = experiments(SOURCES[name])
    awaited, stood_in = named_in(trees, "wait_for"), named_in(trees, "yours_or")
    assert awaited | stood_in <= set(known) and stood_in, "the experiments use students' answers"
    for exercise, answers in known.items():
        assert not used_as_they_are(trees, answers) or exercise in awaited, f"{exercise} is used, and neither stood in for nor waited for"

