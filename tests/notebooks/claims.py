"""Reads the rules, the measurements and the verdicts out of a notebook, for the tests of its claims."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import jupytext
import nbformat

from autograder.answer_key import AnswerKey
from autograder.build import built_path

REPOSITORY = Path(__file__).resolve().parents[2]
WORDS = {"holds", "holds with a condition", "does not hold", "undecided"}


def source_of(week: str, name: str) -> Path:
    """The text source of a notebook."""
    return REPOSITORY / "notebooks" / week / f"{name}.md"


def tagged(source: Path, tag: str) -> str:
    cells = jupytext.read(source)["cells"]
    return "\n".join(c.source for c in cells if tag in c.metadata.get("tags", []))


@cache
def rules(source: Path) -> dict[str, Any]:
    """The rules of a notebook, run with its imports and nothing else."""
    names: dict[str, Any] = {}
    code = AnswerKey(source).setup + "\n" + tagged(source, "rule")
    exec(compile(code, f"<rules of {source.name}>", "exec"), names)
    return {name: value for name, value in names.items() if name.startswith("verdict_")}


def printed(source: Path) -> dict[str, str]:
    """The verdicts that the built notebook prints, by claim."""
    code = [c for c in nbformat.read(built_path(source), as_version=4).cells if c.cell_type == "code"]
    text = "\n".join(o.text for c in code for o in c.outputs if o.output_type == "stream")
    return dict(re.findall(rf"^([A-Z]+\d+): ({'|'.join(sorted(WORDS, key=len, reverse=True))})$", text, re.MULTILINE))


def measuring(source: Path) -> dict[str, Any]:
    """The names of a notebook after its imports, its solutions, its rules and the cells tagged ``measure``."""
    names = AnswerKey(source).names()
    code = "\n".join(c.source for c in jupytext.read(source)["cells"] if {"rule", "measure"} & set(c.metadata.get("tags", [])))
    exec(compile(code, f"<measurements of {source.name}>", "exec"), names)
    return names
