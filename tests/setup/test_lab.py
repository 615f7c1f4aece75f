"""The working copy of `make lab`: made once, never overwritten, and a newer release put beside it."""

import json
import os
import sys
from pathlib import Path

import pytest

from autograder import lab


@pytest.fixture
def release(tmp_path: Path) -> Path:
    folder = tmp_path / "release" / "week3"
    folder.mkdir(parents=True)
    (folder / "02_backprop.ipynb").write_text("first")
    return folder


def read(path: Path) -> str:
    return (path / "02_backprop.ipynb").read_text()


def test_first_time_it_is_copied(release, tmp_path):
    said = lab.update_copy(release, tmp_path / "lab")
    assert "lab/week3" in said
    assert read(tmp_path / "lab" / "week3") == "first"


def test_the_second_time_edits_are_kept(release, tmp_path):
    lab.update_copy(release, tmp_path / "lab")
    (tmp_path / "lab" / "week3" / "02_backprop.ipynb").write_text("my work")
    (tmp_path / "lab" / "week3" / "notes.txt").write_text("mine")
    assert lab.update_copy(release, tmp_path / "lab") == ""
    assert read(tmp_path / "lab" / "week3") == "my work"
    assert sorted(p.name for p in (tmp_path / "lab").iterdir()) == [".made_from.json", "week3"]


def test_a_newer_release_is_put_beside_and_said(release, tmp_path):
    lab.update_copy(release, tmp_path / "lab")
    (tmp_path / "lab" / "week3" / "02_backprop.ipynb").write_text("my work")
    for number, text in ((2, "second"), (3, "third")):
        (release / "02_backprop.ipynb").write_text(text)
        assert f"lab/week3-{number}" in lab.update_copy(release, tmp_path / "lab")
        assert read(tmp_path / "lab" / f"week3-{number}") == text
        assert lab.update_copy(release, tmp_path / "lab") == ""
    assert read(tmp_path / "lab" / "week3") == "my work"
    (release / "02_backprop.ipynb").write_text("second")
    assert lab.update_copy(release, tmp_path / "lab") == "", "there is a copy of that one already"


def test_a_copy_that_was_removed_is_made_again(release, tmp_path):
    lab.update_copy(release, tmp_path / "lab")
    (tmp_path / "lab" / "week3").rename(tmp_path / "elsewhere")
    assert lab.update_copy(release, tmp_path / "lab")
    assert read(tmp_path / "lab" / "week3") == "first"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"week3": 1}', None])
def test_with_a_lost_record_nothing_is_overwritten(release, tmp_path, text):
    lab.update_copy(release, tmp_path / "lab")
    (tmp_path / "lab" / "week3" / "02_backprop.ipynb").write_text("my work")
    record = tmp_path / "lab" / lab.MADE_FROM
    record.unlink() if text is None else record.write_text(text)
    assert "week3-2" in lab.update_copy(release, tmp_path / "lab")
    assert read(tmp_path / "lab" / "week3") == "my work"
    assert lab.update_copy(release, tmp_path / "lab") == ""


def test_a_copy_that_was_broken_off_is_made_again(release, tmp_path):
    half = tmp_path / "lab" / ".week3.half"
    half.mkdir(parents=True)
    (half / "rubbish").touch()
    (tmp_path / "lab" / lab.MADE_FROM).write_text(json.dumps({"week3": lab.digest(release)}))
    assert lab.update_copy(release, tmp_path / "lab")
    assert [p.name for p in (tmp_path / "lab" / "week3").iterdir()] == ["02_backprop.ipynb"]
    assert not half.exists()


def test_another_week_with_the_same_beginning_is_another_week(release, tmp_path):
    other = release.with_name("week3-extra")
    release.rename(other)
    lab.update_copy(other, tmp_path / "lab")
    other.rename(release)
    assert "lab/week3;" in lab.update_copy(release, tmp_path / "lab")


def test_the_digest_sees_names_and_contents_only(release):
    before = lab.digest(release)
    os.utime(release / "02_backprop.ipynb", (0, 0))
    (release / ".ipynb_checkpoints").mkdir()
    (release / ".ipynb_checkpoints" / "x").touch()
    assert lab.digest(release) == before
    (release / "02_backprop.ipynb").rename(release / "other.ipynb")
    assert lab.digest(release) != before


def test_arguments_of_the_user_come_last_and_the_same_python_runs(tmp_path):
    command = lab.jupyter_command(tmp_path, ["--port", "8899"])
    assert command[:3] == [sys.executable, "-m", "jupyterlab"]
    assert command[-2:] == ["--port", "8899"]
    assert f"--ServerApp.root_dir={tmp_path}" in command


def test_without_a_screen_no_browser_is_opened(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    assert "--no-browser" in lab.jupyter_command(tmp_path)


@pytest.mark.parametrize(("user", "allowed"), [(0, True), (1000, False)])
def test_root_is_allowed_where_one_is_root(tmp_path, monkeypatch, user, allowed):
    monkeypatch.setattr(os, "geteuid", lambda: user)
    assert ("--allow-root" in lab.jupyter_command(tmp_path)) == allowed


def test_outside_a_course_folder_it_says_what_to_do(tmp_path, capsys):
    assert lab.main(["--course-dir", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert "not in a course folder" in said
    assert "Traceback" not in said


def front_page(folder: Path, *texts: str, output: str = "") -> Path:
    cells = [{"cell_type": "code", "source": [t], "outputs": [output]} for t in texts]
    (folder / "index.ipynb").write_text(json.dumps({"cells": cells}))
    return folder / "index.ipynb"


@pytest.fixture
def student(tmp_path: Path) -> Path:
    (tmp_path / "lab").mkdir()
    return tmp_path / "lab"


def test_the_front_page_is_put_there_and_left_alone_while_it_is_the_same(tmp_path, student):
    released = front_page(tmp_path, "progress()")
    assert lab.update_front_page(released, student) == ""
    mine = front_page(student, "progress()", "my own cell", output="3 points")
    before = mine.read_bytes()
    assert lab.update_front_page(released, student) == ""
    assert mine.read_bytes() == before


def test_a_newer_front_page_takes_the_place_of_one_that_was_only_run(tmp_path, student):
    lab.update_front_page(front_page(tmp_path, "progress()"), student)
    front_page(student, "progress()", output="3 points")
    released = front_page(tmp_path, "progress()", output="newer figures")
    assert lab.update_front_page(released, student) == ""
    assert (student / "index.ipynb").read_bytes() == released.read_bytes()
    assert not list(student.glob("index-*"))


@pytest.mark.parametrize("content", [b'{"cells": [{"source": ["my own"]}]}', b"{", b"[]", b'{"cells": [3]}'])
def test_what_was_written_in_a_front_page_is_kept_beside_the_newer_one(tmp_path, student, content):
    released = front_page(tmp_path, "progress()")
    for number in (2, 3):
        lab.update_front_page(released, student)
        (student / "index.ipynb").write_bytes(content)
        released = front_page(tmp_path, "progress()", f"release {number}")
        assert f"kept in lab/index-{number}.ipynb" in lab.update_front_page(released, student)
        assert (student / f"index-{number}.ipynb").read_bytes() == content
        assert (student / "index.ipynb").read_bytes() == released.read_bytes()


def test_a_front_page_that_was_removed_comes_back_and_the_weeks_are_not_forgotten(release, tmp_path, student):
    lab.update_copy(release, student)
    released = front_page(tmp_path, "progress()")
    lab.update_front_page(released, student)
    (student / "index.ipynb").unlink()
    assert lab.update_front_page(released, student) == ""
    assert (student / "index.ipynb").is_file()
    assert lab.update_copy(release, student) == "", "the record still knows the week"


def test_the_lab_opens_on_the_front_page_where_there_is_one(tmp_path, student, monkeypatch):
    started = []
    monkeypatch.setattr(lab, "prepare", lambda course_dir: student)
    monkeypatch.setattr(lab, "_become", lambda command, folder: started.append(command))
    lab.open_lab(tmp_path, ["--port", "8899"])
    front_page(student, "progress()")
    lab.open_lab(tmp_path, ["--port", "8899"])
    assert ["--LabApp.default_url=/lab/tree/index.ipynb" in command for command in started] == [False, True]
    assert all(command[-2:] == ["--port", "8899"] for command in started)


@pytest.mark.slow
def test_the_release_is_the_same_each_time_it_is_made(course_copy):
    from autograder.release import release as make_release

    first = lab.digest(make_release(course_copy, "week3"))
    assert lab.digest(make_release(course_copy, "week3")) == first
