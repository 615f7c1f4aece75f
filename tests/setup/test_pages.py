"""What README, CONTRIBUTING and the pages in docs/ name is there: links, headings, files, make targets, commands and options."""

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest
from typer.main import get_command

from autograder.cli import app

REPOSITORY = Path(__file__).resolve().parents[2]
PAGES = [REPOSITORY / "README.md", REPOSITORY / "CONTRIBUTING.md", *sorted((REPOSITORY / "docs").glob("*.md"))]
EXAMPLE = re.compile(r"week3/03_huber|week3_huber|NAME|WEEK|STUDENT|DATE")
ELSEWHERE = {"timestamp.txt", "START-HERE.txt"}  # students' files


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def code_of(page: Path) -> list[str]:
    """Everything that is set as code: in backticks, indented, or between fences."""
    text = text_of(page)
    fenced = re.findall(r"(?ms)^(?:~~~~|```)\w*\n(.*?)^(?:~~~~|```)$", text)
    return [*re.findall(r"(?<!`)`([^`\n]+)`(?!`)", text), *re.findall(r"(?m)^ {4}(\S.*)$", text), *(line for f in fenced for line in f.splitlines())]


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"(?m)^#+ (.*)$", re.sub(r"(?ms)^~~~~.*?^~~~~$", "", text_of(page)))
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


def test_the_version_is_the_same_wherever_it_stands():
    found = {page: set(re.findall(pattern, (REPOSITORY / page).read_text(encoding="utf-8"))) for page, pattern in {
        "pyproject.toml": r'(?m)^version = "(.*)"', "autograder/pyproject.toml": r'(?m)^version = "(.*)"',
        "course/__init__.py": r'__version__ = "(.*)"', "docs/students.md": r"deep_learning_by_hand-([\w.]+)-py3"}.items()}
    assert len(set.union(*found.values())) == 1 and all(found.values()), found


@cache
def targets() -> set[str]:
    done = subprocess.run(["make", "-C", str(REPOSITORY), "--no-print-directory", "help"], capture_output=True, text=True, check=True)
    return set(re.findall(r"(?m)^make (\S+)", done.stdout))


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(page):
    for link in re.findall(r"\]\(([^)\s]+)\)", text_of(page)):
        if not link.startswith("https://"):
            name, _, anchor = link.partition("#")
            target = (page.parent / name).resolve() if name else page
            assert target.exists(), link
            assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_make_knows_what_is_asked_of_it(page):
    for code in code_of(page):
        for target in re.findall(r"^make ([a-z][a-z-]*)", code):
            assert target in targets(), code


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_the_command_knows_what_is_asked_of_it(page):
    commands = get_command(app).commands
    for code in code_of(page):
        for name, rest in re.findall(r"(?:^|/| )autograder ([a-z]+)\b(?!/)([^#]*)", code):
            assert name in commands, code
            known = {option for p in commands[name].params for option in p.opts}
            assert set(re.findall(r"(?<!\S)(--[a-z-]+)", rest)) <= known, code


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_files_and_modules_are_there(page):
    for code in code_of(page):
        for module in re.findall(r"python -m ((?:autograder|benchmarks|course|tests)[\w.]*)", code):
            path = REPOSITORY / module.replace(".", "/")
            assert path.with_suffix(".py").exists() or (path / "__init__.py").exists(), code
        for path in re.findall(r"(?<![\w/.~-])((?:autograder|benchmarks|course|docs|notebooks|tests)/[\w./-]*)", code):
            if not EXAMPLE.search(path):
                assert (REPOSITORY / path).exists(), code
        name = code.rstrip("/")
        if re.fullmatch(r"[\w-]+\.(?:py|toml|txt|md|ipynb)", name) and not EXAMPLE.search(name) and name not in ELSEWHERE:
            assert any(not {".venv", ".git"} & set(p.parts) for p in REPOSITORY.rglob(name)), code

