"""The example in CONTRIBUTING.md is followed to the letter, in a copy of the project."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

COPIED = ("course", "autograder", "notebooks", "tests", "nbgrader_config.py", "pyproject.toml", "README.md", "LICENSE", "LICENSE-text")
FILE = re.compile(r"^`([^`\n]+)`:\n\n~~~~\w+\n(.*?\n)~~~~$", re.M | re.S)
COMMANDS = re.compile(r"((?:^ {4}\S.*\n)+)", re.M)


@pytest.fixture(scope="module")
def example(repository: Path) -> str:
    return (repository / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## Add an exercise")[2].partition("### In a notebook")[0]


@pytest.fixture(scope="module")
def clone(repository: Path, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("clone")
    for name in COPIED:
        source = repository / name
        ignore = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
        shutil.copytree(source, folder / name, ignore=ignore) if source.is_dir() else shutil.copy(source, folder)
    # The other notebooks, and the front page made from them, play no part in it, and the data of their checks take a while.
    for path in [*folder.glob("notebooks/week*/*"), *folder.glob("notebooks/index.*"), *folder.glob("course/exercises/week*.py"), *folder.glob("course/exercises/data/*")]:
        path.unlink()
    return folder


def follow(commands: list[str], clone: Path) -> str:
    said = ""
    for command in commands:
        program, _, rest = command.partition(" ")
        module = {"autograder": "autograder.cli", "pytest": "pytest"}.get(program)
        line = f"{sys.executable} -m {module} {rest}" if module else command
        done = subprocess.run(line, shell=True, cwd=clone, env=os.environ | {"PYTHONPATH": str(clone)}, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        said += done.stdout
    return said


@pytest.mark.slow
def test_an_exercise_is_added_and_removed_again(example, clone):
    files = {name: text for name, text in FILE.findall(example)}
    build, remove = [[line.strip() for line in block.splitlines()] for block in COMMANDS.findall(re.sub(FILE, "", example))]
    before = sorted(p for p in clone.rglob("*") if p.is_file())
    for name, text in files.items():
        (clone / name).parent.mkdir(parents=True, exist_ok=True)
        (clone / name).write_text(text, encoding="utf-8")
    said = follow(build, clone)
    assert "proved" in said and "built" in said and " passed" in said
    released = (clone / "release" / "week3" / "03_huber.ipynb").read_text()
    assert "not written yet" in released and "BEGIN SOLUTION" not in released
    follow(remove, clone)
    made = ("release/", "gradebook.db", "secret_seed", ".grading.lock", ".pytest_cache/", "exchange/")
    left = [p.relative_to(clone).as_posix() for p in clone.rglob("*") if p.is_file() and p not in before and "__pycache__" not in p.parts]
    assert [name for name in left if not name.startswith(made)] == []


@pytest.mark.slow
def test_what_the_page_says_to_try_is_noticed(example, clone):
    for name, text in FILE.findall(example):
        (clone / name).parent.mkdir(parents=True, exist_ok=True)
        (clone / name).write_text("".join(line for line in text.splitlines(keepends=True) if "a table of errors" not in line))
    done = subprocess.run([sys.executable, "-m", "autograder.cli", "prove", "huber"], cwd=clone, env=os.environ | {"PYTHONPATH": str(clone)},
                          capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "'line_of_slope_one' is told 'right'" in done.stdout, done.stdout + done.stderr
