"""The Makefile, the pinned versions and the script of CI, without installing anything."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

TARGETS = ["lab", "formgrader", "test", "test-fast", "test-all", "grade", "notebooks"]


def make(repository: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess:
    return subprocess.run(["make", "-C", str(repository), *arguments], capture_output=True, text=True, check=False,
                          env=os.environ | variables, timeout=60)


@pytest.mark.parametrize("target", TARGETS)
def test_target_is_there(repository, target):
    done = make(repository, "-n", target)
    assert done.returncode == 0, done.stderr


def test_help_lists_every_target(repository):
    listed = make(repository, "--no-print-directory", "help").stdout
    assert all(re.search(rf"^make {target} ", listed, re.M) for target in TARGETS)
    assert make(repository, "--no-print-directory").stdout == listed, "help is what make alone does"


def test_lab_args_are_passed_on(repository):
    assert "autograder.lab --port 1234" in make(repository, "-n", "lab", "LAB_ARGS=--port 1234").stdout


def test_ci_runs_the_command_of_the_readme(repository):
    assert "make test" in (repository / "README.md").read_text()
    script = (repository / ".ci" / "run").read_text()
    assert script.rstrip().endswith("make test")
    assert "REQUIRE_ALL=1" in script
    assert os.access(repository / ".ci" / "run", os.X_OK)


@pytest.mark.parametrize(("code", "said"), [
    ("import sys; sys.exit('version_info' in sys.argv[2])", "needs Python 3.11 or newer"),
    ("import sys; sys.exit('ensurepip' in sys.argv[2])", "apt install python3-venv"),
])
def test_a_python_that_will_not_do_is_told_in_one_sentence(repository, tmp_path, code, said):
    python = tmp_path / "python"
    python.write_text(f"#!{sys.executable}\n{code}\n")
    python.chmod(0o755)
    done = make(repository, f"{tmp_path}/none/.installed", f"VENV={tmp_path}/none", f"PYTHON={python}")
    assert done.returncode != 0
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "none").exists()


def test_constraints_are_plain_pins(repository):
    lines = [line for line in (repository / "constraints.txt").read_text().splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*", line) for line in lines), "no address, path or local version"


def test_every_dependency_is_pinned(repository):
    def normal(name: str) -> str:
        return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~ ]", name)[0]).lower()

    project = tomllib.loads((repository / "pyproject.toml").read_text())["project"]
    assert {normal(d) for d in project["dependencies"]} == {"numpy", "matplotlib"}
    wanted = set(project["dependencies"]).union(*project["optional-dependencies"].values())
    pinned = {normal(line) for line in (repository / "constraints.txt").read_text().splitlines()}
    assert {normal(w) for w in wanted} - pinned == {"deep-learning-by-hand"}


def test_the_licences_are_named(repository):
    assert "MIT License" in (repository / "LICENSE").read_text()
    assert "https://creativecommons.org/licenses/by/4.0/legalcode" in (repository / "LICENSE-text").read_text()
