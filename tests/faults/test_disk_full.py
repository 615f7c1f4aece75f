"""A disk that fills up: the run ends with a sentence, what was recorded stays, and with room again the next run does the rest."""

import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from autograder.grading.backup import copy_gradebook
from autograder.grading.stopped import RunStopped
from tests.faults.conftest import STUDENTS, ended, environment, finish, graded_so_far, start, wait_until
from tests.small_course import gradebook_rows

pytestmark = pytest.mark.slow

# A file system of its own, in a mount namespace of its own; the course is copied out of it when it has no room left.
FULL = """
set -e
mount -t tmpfs -o size=64m tmpfs "$1"
cp -r "$2" "$1/course"
cd "$1/course"
"$3" -m autograder.cli grade week3 --student student-0
cp -r autograded gradebook.db "$1/"   # it now holds all that it will have to, roughly
left=$(df --output=avail -k "$1" | tail -1)
head -c $(( (left - $5) * 1024 )) /dev/zero > "$1/filler"
set +e
"$3" -m autograder.cli grade week3
code=$?
rm "$1/filler"
cp -r "$1/course" "$4"
exit $code
"""


@pytest.mark.parametrize("room", [30, 120])
def test_a_file_system_without_room(room, course, rows, tmp_path):
    mount, saved = tmp_path / "mount", tmp_path / "saved"
    mount.mkdir()
    user = [] if subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False).returncode == 0 else ["--map-root-user"]
    done = subprocess.run(["unshare", *user, "--mount", "sh", "-c", FULL, "sh", mount, course, sys.executable, saved, str(room)],
                          env=environment(), capture_output=True, text=True, check=False)
    if not saved.exists():
        pytest.skip(f"no file system can be mounted here: {done.stderr[-300:]}")
    said = " ".join((done.stdout + done.stderr).split())
    assert done.returncode == 2 and "Traceback" not in said, said
    assert "What was recorded is kept" in said and "submissions were graded and recorded in this run" in said
    before = graded_so_far(saved)
    assert 1 <= before < STUDENTS
    finish(saved)
    assert gradebook_rows(saved) == rows


def test_a_gradebook_that_may_not_grow(course, rows):
    run = start(course)
    wait_until(lambda: graded_so_far(course) >= 2 or run.poll() is not None)
    size = (course / "gradebook.db").stat().st_size
    resource.prlimit(run.pid, resource.RLIMIT_FSIZE, (size, size))  # for the one who writes; the workers are there already
    code, said = ended(run)
    assert code in (0, 2), said  # SQLite may have had room for the rest inside the file
    assert code == 0 or "the gradebook could not be used" in " ".join(said.split()), said
    finish(course)
    assert gradebook_rows(course) == rows


def test_no_room_for_the_copy_of_the_gradebook(course, rows, tmp_path):
    finish(course)
    engine = create_engine(f"sqlite:///{course / 'gradebook.db'}")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, before[1]))
    try:
        with pytest.raises(RunStopped, match="copy.db could not be written"):
            copy_gradebook(engine, tmp_path / "copy.db")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(tmp_path.glob("copy*")) == [] and gradebook_rows(course) == rows


def test_a_folder_that_cannot_be_written(course, rows):
    finish(course, "--student", "student-0")
    shutil.rmtree(course / "autograded")
    Path(course / "autograded").write_text("in the way")
    code, said = ended(start(course))
    assert code == 2 and "could not be written" in " ".join(said.split()), said
    (course / "autograded").unlink()
    finish(course)
    assert gradebook_rows(course) == rows
