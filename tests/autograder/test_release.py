"""The release holds what students need, and a leak of any kind is caught."""

import json
import subprocess
import sys
import zipfile

import nbformat
import pytest

from autograder.answer_key import sources
from autograder.audit import audit, audit_archive
from autograder.course_folder import CourseProblem, api
from autograder.release import build_wheel, pack, release
from autograder.secret import secret_seed
from tests.autograder.conftest import cell_of


@pytest.fixture(scope="module")
def course(repository, tmp_path_factory):
    from autograder.demo import copy_course

    folder = tmp_path_factory.mktemp("course")
    copy_course(repository, folder)
    secret_seed(folder)
    release(folder, "week3")
    pack(folder, "week3")
    return folder


def test_the_zip_holds_notebooks_wheel_and_how_to_start_alone(course):
    with zipfile.ZipFile(course / "release" / "week3.zip") as archive:
        names = sorted(archive.namelist())
    assert names[0] == "START-HERE.txt" and names[1].endswith(".whl")
    assert names[2:] == ["index.ipynb", *(f"week3/{s.stem}.ipynb" for s in sources(course) if s.parent.name == "week3")]
    assert "week3/02_backprop.ipynb" in names
    assert (course / "release" / "week3.zip").stat().st_size < 2_000_000
    assert audit_archive(course / "release" / "week3.zip", course) == []


def test_releasing_twice_gives_the_same_zip(course):
    before = (course / "release" / "week3.zip").read_bytes()
    release(course, "week3")
    pack(course, "week3")
    assert (course / "release" / "week3.zip").read_bytes() == before


def test_the_released_notebook_is_blank_locked_and_skips_experiments(course, key):
    nb = nbformat.read(course / "release" / "week3" / "02_backprop.ipynb", as_version=4)
    assert not any(c.get("outputs") or c.get("execution_count") for c in nb.cells)
    for exercise in key.solutions:
        assert "raise NotImplementedError(" in cell_of(nb, f"{exercise}-code").source
        assert cell_of(nb, exercise).source == f'check("{exercise}")' and cell_of(nb, exercise).metadata.editable is False
    tags = [set(c.metadata.get("tags", [])) for c in nb.cells]
    assert all(("skip-execution" in t) == ("experiment" in t) for t in tags) and any("experiment" in t for t in tags)
    assert all("raises-exception" in t for t in tags if "experiment" in t), "Run All goes on"
    assert "course" not in nb.metadata and "jupytext" not in nb.metadata


def test_the_released_front_page_has_its_tables_and_nobodys_progress(course):
    nb = nbformat.read(course / "release" / "index.ipynb", as_version=4)
    outputs = {c.source.splitlines()[-1]: c.outputs for c in nb.cells if c.cell_type == "code"}
    assert outputs.pop("progress()") == []
    assert len(outputs) == 3 and all("text/markdown" in o.data for shown in outputs.values() for o in shown)
    assert "course" not in nb.metadata


def test_a_leak_on_the_front_page_withdraws_it(course, tmp_path, key):
    from autograder.demo import copy_course

    folder = tmp_path / "course"
    copy_course(course, folder)
    built = folder / "notebooks" / "index.ipynb"
    nb = nbformat.read(built, as_version=4)
    nb.cells[0].source += "\n\n" + telling_line(key.solutions["conv2d_backward"])
    nbformat.write(nb, built)
    with pytest.raises(CourseProblem, match="index.ipynb"):
        release(folder, "week3")
    assert not (folder / "release" / "index.ipynb").exists()


def test_a_front_page_that_was_never_built_is_named_and_a_course_may_be_without_one(course, tmp_path):
    from autograder.demo import copy_course

    folder = tmp_path / "course"
    copy_course(course, folder)
    (folder / "notebooks" / "index.ipynb").unlink()
    with pytest.raises(CourseProblem, match="index.md was never built; run `make notebooks`"):
        release(folder, "week3")
    (folder / "notebooks" / "index.md").unlink()
    release(folder, "week3")
    assert not (folder / "release" / "index.ipynb").exists()


def test_nbgrader_takes_the_weeks_for_assignments_and_the_front_page_for_nothing(course):
    found = api(course)
    assert found.get_source_assignments() == {s.parent.name for s in sources(course)}
    assert [a["name"] for a in found.get_assignments()] == sorted({s.parent.name for s in sources(course)})
    assert [n["name"] for n in found.get_notebooks("week3")] == [s.stem for s in sources(course) if s.parent.name == "week3"]


def test_the_released_notebook_imports_with_the_wheel_alone(course, tmp_path):
    wheel = next((course / "release").glob("*.whl"))
    code = ("import sys; sys.path.insert(0, sys.argv[1]); import course; from course.check import judge_names, CheckFailed; "
            "assert sys.argv[1] in course.__file__; "
            "v = judge_names('relu_backward', {'relu_backward': lambda g, x: g * (x > 0)}); assert v.state == 'right', v; "
            "from course.datasets import load_digits; assert load_digits()[0].shape == (1797, 64); "
            "assert 'autograder' not in sys.modules and 'matplotlib' not in sys.modules")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "site")], check=True, cwd=tmp_path)


def telling_line(source):
    return max((line for line in source.splitlines() if "SOLUTION" not in line), key=len)


def test_a_leak_of_each_kind_is_caught(course, key):
    solution = telling_line(key.solutions["conv2d_backward"])
    answer = max(key.model_answers(), key=len)
    notebook = {"cells": [{"cell_type": "code", "source": ["x = 1\n", solution + "\n"], "outputs": []}]}
    in_output = {"cells": [{"cell_type": "code", "source": "", "outputs": [{"text": [f"ok\n{solution}\n"]}]}]}
    seed = str(secret_seed(course))
    planted = {
        "week3/02_backprop.ipynb": json.dumps(notebook),
        "week3/other.ipynb": json.dumps(in_output),
        "week3/notes.txt": f"the answer:\n{answer}\n",
        "week3/02_backprop.md": "# text source",
        "course/exercises/helper.py": f"def f(x):\n{solution}\n",
        "course/exercises/__pycache__/week3.cpython-311.pyc": "",
        "course/check.pyc": "",
        "autograder/misconceptions/week3_backprop.py": "",
        "week3/secret_seed": "1",
        "week3/numbers.json": json.dumps({"seed": int(seed)}),
        "week3/cell.py": "### BEGIN SOLUTION\npass\n### END SOLUTION",
        "gradebook.db": "",
        "submitted/ada/week3/x.txt": "",
    }
    for name, text in planted.items():
        assert audit([("START-HERE.txt", b"hello"), (name, text.encode())], course), name
    assert audit([("course/exercises/data/week3.json", b" " * 2_000_001)], course)
    assert audit([("START-HERE.txt", b"hello"), ("week3/a.ipynb", b'{"cells": []}')], course) == []


def test_code_of_a_misconception_is_caught(course, repository):
    text = (repository / "autograder" / "misconceptions" / "week3_backprop.py").read_text()
    line = next(row for row in text.splitlines() if row.startswith("    return ") and len(row) > 50 and '"' not in row)
    assert audit([("course/exercises/week3_backprop.py", line.encode())], course)


def test_a_wheel_with_anything_but_course_is_caught(course, tmp_path):
    wheel = build_wheel(course, tmp_path)
    assert audit_archive(wheel, course) == []
    with zipfile.ZipFile(wheel, "a") as archive:
        archive.writestr("notebooks/week3/plan.txt", "hello")
    assert any("nothing else" in problem for problem in audit_archive(wheel, course))


def test_a_leak_in_the_wheel_inside_the_zip_is_caught(course, tmp_path):
    wheel = build_wheel(course, tmp_path)
    with zipfile.ZipFile(wheel, "a") as archive:
        archive.writestr("course/helper.pyc", "")
    with zipfile.ZipFile(tmp_path / "week3.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(wheel, wheel.name)
    assert any("compiled" in problem for problem in audit_archive(tmp_path / "week3.zip", course))


def test_a_solution_outside_the_markers_withdraws_the_release(course, tmp_path, key):
    from autograder.demo import copy_course

    folder = tmp_path / "course"
    copy_course(course, folder)
    built = folder / "notebooks" / "week3" / "02_backprop.ipynb"
    nb = nbformat.read(built, as_version=4)
    nb.cells.append(nbformat.v4.new_markdown_cell(f"For example:\n\n{telling_line(key.solutions['conv2d_backward'])}"))
    nbformat.write(nb, built)
    with pytest.raises(CourseProblem, match="withdrawn"):
        release(folder, "week3")
    assert not (folder / "release" / "week3").exists()


def test_a_notebook_that_was_never_built_is_named(course, tmp_path):
    from autograder.demo import copy_course

    copy_course(course, tmp_path / "course")
    (tmp_path / "course" / "notebooks" / "week3" / "02_backprop.ipynb").unlink()
    with pytest.raises(CourseProblem, match="make notebooks"):
        release(tmp_path / "course", "week3")
