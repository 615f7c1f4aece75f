"""What students are handed, opened and looked into; and a leak of each kind, planted and caught."""

import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import nbformat
import pytest

from autograder import answer_key
from autograder.audit import audit, audit_archive
from autograder.course_folder import CourseProblem
from autograder.release import build_wheel, pack, release

WHEEL_LIMIT = 2_000_000
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def course_dir(tmp_path_factory, copy_course) -> Path:
    """A course folder with a secret seed in it."""
    folder = copy_course(tmp_path_factory.mktemp("packages") / "course")
    (folder / "secret_seed").write_text("123456789012345678901234567890\n")
    return folder


@pytest.fixture(scope="module")
def wheel(course_dir: Path) -> Path:
    return build_wheel(course_dir, course_dir / "dist")


@pytest.fixture(scope="module")
def archive(course_dir: Path) -> Path:
    release(course_dir, "week3")
    return pack(course_dir, "week3")


def names(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as opened:
        return opened.namelist()


def secret_line(course_dir: Path) -> str:
    """The longest line of a solution."""
    return max((line for key in answer_key.keys(course_dir).values() for line in key.secret_lines()), key=len)


def misconception_line(repository: Path) -> str:
    code = "\n".join(p.read_text() for p in (repository / "autograder" / "misconceptions").glob("week*.py"))
    lines = re.findall(r"(?m)^\s+((?:return|[a-z_]+ =) [^\"'\n]{30,})$", code)
    return max(lines, key=len)


def test_the_wheel_holds_the_helper_library_and_nothing_else(wheel, course_dir):
    found = names(wheel)
    assert {name.split("/")[0] for name in found if ".dist-info" not in name} == {"course"}
    assert {"course/check.py", "course/data/contents.json", "course/data/digits.npz", "course/data/README.md",
            "course/exercises/data/week3_backprop.json"} <= set(found)
    assert not [name for name in found if name.endswith(("entry_points.txt", ".ipynb", ".pyc"))]
    assert {"LICENSE", "LICENSE-text"} <= {name.rpartition("/")[2] for name in found}
    assert wheel.stat().st_size < WHEEL_LIMIT
    assert audit_archive(wheel, course_dir) == []


def test_the_wheel_wants_numpy_and_matplotlib_alone(wheel):
    with zipfile.ZipFile(wheel) as opened:
        metadata = opened.read(next(n for n in opened.namelist() if n.endswith("METADATA"))).decode()
    required = [line for line in metadata.splitlines() if line.startswith("Requires-Dist:") and "extra ==" not in line]
    assert sorted(re.split(r"[ :><=]+", line)[1] for line in required) == ["matplotlib", "numpy"]


def test_the_source_package_holds_no_solutions_either(course_dir):
    done = subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(course_dir / "dist")],
                          cwd=course_dir, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with tarfile.open(next((course_dir / "dist").glob("*.tar.gz"))) as opened:
        found = [name.split("/")[1] for name in opened.getnames()]
    assert set(found) <= {"course", "pyproject.toml", "README.md", "LICENSE", "LICENSE-text", ".gitignore", "PKG-INFO"}


def test_the_release_holds_notebooks_and_the_wheel(archive, course_dir):
    found = names(archive)
    assert "week3/02_backprop.ipynb" in found
    assert [name for name in found if name.endswith(".whl")]
    assert not [name for name in found if name.endswith((".pyc", ".py")) or re.search(r"\d\d_.*\.md$", name)]
    assert audit_archive(archive, course_dir) == []


def leaks(course_dir: Path, repository: Path) -> dict[str, tuple[str, str]]:
    return {
        "a file of the grader": ("autograder/grade.py", "x = 1\n"),
        "a file of the grader inside the library": ("course/autograder/grade.py", "x = 1\n"),
        "a source notebook": ("notebooks/week3/02_backprop.ipynb", (course_dir / "notebooks/week3/02_backprop.ipynb").read_text()),
        "a text source": ("week3/02_backprop.md", "# Backpropagation\n"),
        "a solution": ("course/exercises/helper.py", f"def f():\n    {secret_line(course_dir)}\n"),
        "a solution's markers": ("course/exercises/helper.py", "def f():\n    ### BEGIN SOLUTION\n    pass\n"),
        "a misconception's code": ("course/exercises/helper.py", f"def f():\n    {misconception_line(repository)}\n"),
        "a misconception's file": ("course/misconceptions.py", "x = 1\n"),
        "compiled code": ("course/__pycache__/check.cpython-311.pyc", "x"),
        "the secret seed's file": ("secret_seed", "1"),
        "the secret seed": ("course/exercises/data/week3_backprop.json", '{"seed": 123456789012345678901234567890}'),
        "the gradebook": ("gradebook.db", "x"),
        "a classmate's work": ("submitted/ada/week3/02_backprop.ipynb", "{}"),
        "too much data": ("course/exercises/data/week3_big.json", "1" * 2_000_001),
    }


LEAKS = ["a file of the grader", "a file of the grader inside the library", "a source notebook", "a text source", "a solution",
         "a solution's markers", "a misconception's code", "a misconception's file", "compiled code", "the secret seed's file",
         "the secret seed", "the gradebook", "a classmate's work", "too much data"]


@pytest.mark.parametrize("leak", LEAKS)
def test_a_leak_in_the_wheel_is_caught(leak, wheel, course_dir, repository, tmp_path):
    planted = leaks(course_dir, repository)
    assert list(planted) == LEAKS
    name, content = planted[leak]
    leaky = tmp_path / wheel.name
    with zipfile.ZipFile(wheel) as old, zipfile.ZipFile(leaky, "w") as new:
        for other in old.namelist():
            if other != name:
                new.writestr(other, old.read(other))
        new.writestr(name, content)
    assert audit_archive(leaky, course_dir)


@pytest.mark.parametrize("leak", [name for name in LEAKS if name != "a source notebook"])
def test_a_leak_in_the_release_is_caught(leak, archive, course_dir, repository, tmp_path):
    name, content = leaks(course_dir, repository)[leak]
    leaky = tmp_path / archive.name
    shutil.copy(archive, leaky)
    with zipfile.ZipFile(leaky, "a") as opened:
        opened.writestr(name if name.startswith("course/exercises/data/") else f"week3/{name}", content)
    assert audit_archive(leaky, course_dir)


@pytest.mark.slow
def test_a_solution_put_into_the_library_is_caught_when_it_is_packed(course_copy):
    release(course_copy, "week3")
    (course_copy / "course" / "exercises" / "helper.py").write_text(f"def f():\n    {secret_line(course_copy)}\n")
    with pytest.raises(CourseProblem, match="withdrawn"):
        pack(course_copy, "week3")
    assert not (course_copy / "release" / "week3.zip").exists()


def test_what_lies_about_in_the_course_folder_stays_out_of_the_wheel(course_copy, repository):
    shutil.copytree(repository / "autograder", course_copy / "autograder", ignore=shutil.ignore_patterns("__pycache__"))
    (course_copy / "secret_seed").write_text("123456789012345678901234567890\n")
    cache = course_copy / "course" / "__pycache__"
    cache.mkdir()
    (cache / "check.cpython-311.pyc").write_bytes(b"x")
    assert audit_archive(build_wheel(course_copy, course_copy / "dist"), course_copy) == []


@pytest.mark.slow
def test_a_solution_in_a_plain_cell_is_caught_when_it_is_released(course_copy):
    path = course_copy / "notebooks" / "week3" / "02_backprop.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(f"def left_here():\n    {secret_line(course_copy)}\n"))
    nbformat.write(notebook, path)
    with pytest.raises(CourseProblem, match="withdrawn"):
        release(course_copy, "week3")
    assert not (course_copy / "release" / "week3").exists()


def test_the_audit_says_where_and_what(course_dir):
    assert audit([("week3/notes.txt", b"### BEGIN SOLUTION")], course_dir) == ["week3/notes.txt: holds a solution's markers"]


def test_the_command_comes_with_a_package_of_its_own(repository, tmp_path):
    project = tmp_path / "autograder"
    shutil.copytree(repository / "autograder", project, ignore=shutil.ignore_patterns("__pycache__"))
    done = subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)], cwd=project,
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = names(next(tmp_path.glob("*.whl")))
    assert {"autograder/cli.py", "autograder/misconceptions/__init__.py", "autograder/lab_settings/overrides.json"} <= set(found)
    assert any(name.endswith("entry_points.txt") for name in found)
