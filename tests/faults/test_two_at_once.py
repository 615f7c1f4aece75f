"""The gradebook in other hands: locked by a program, or another instructor at work."""

import os
import socket
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing

import pytest

from autograder.class_run import grade_class
from autograder.grading import gradebook
from autograder.grading.lock import one_run
from autograder.grading.stopped import RunStopped
from tests.faults.conftest import ended, environment, finish, graded_so_far, start, wait_until
from tests.small_course import WEEK, gradebook_rows

pytestmark = pytest.mark.slow

HOLD = """
import sqlite3, sys
db = sqlite3.connect("gradebook.db", isolation_level=None, timeout=60)
if sys.argv[2:]:
    print("ready", flush=True)
    sys.stdin.readline()
db.execute(sys.argv[1])
if "DEFERRED" in sys.argv[1]:
    db.execute("SELECT * FROM student").fetchone()
print("held", flush=True)
sys.stdin.readline()
"""


def hold(course, how="BEGIN EXCLUSIVE", *first):
    """Lock the gradebook from another program, until a line is sent to it; with something more, one line earlier too."""
    holder = subprocess.Popen([sys.executable, "-c", HOLD, how, *first], cwd=course, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                              env=environment())
    assert holder.stdout.readline() == ("ready\n" if first else "held\n")
    return holder


class Listener:
    """Reads what a run says while it goes on."""

    def __init__(self, run):
        self.text = ""
        self._run = run
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self):
        for line in self._run.stderr:
            self.text += line

    def result(self):
        self._run.stdout.read()
        self._run.wait(240)
        self._thread.join()
        return self._run.returncode, " ".join(self.text.split())


@pytest.mark.parametrize(("how", "at_once"), [("BEGIN EXCLUSIVE", True), ("BEGIN IMMEDIATE", False)], ids=["from the start", "in the middle"])
def test_a_locked_gradebook_is_waited_for(how, at_once, course, rows):
    finish(course, "--student", "student-0")
    holder = hold(course, how) if at_once else hold(course, how, "when it is told")
    run = start(course)
    heard = Listener(run)
    if not at_once:  # a student takes a few hundredths of a second, so the program stands ready
        wait_until(lambda: graded_so_far(course) >= 2)
        holder.stdin.write("\n")
        holder.stdin.flush()
        assert holder.stdout.readline() == "held\n"
    wait_until(lambda: "locked by another program" in heard.text)
    assert f"process {holder.pid}" in " ".join(heard.text.split())
    holder.communicate("\n")
    code, said = heard.result()
    assert code == 0 and "Traceback" not in said, said
    assert gradebook_rows(course) == rows


def test_one_that_stays_locked_ends_the_run_with_what_is_done_kept(course, rows, monkeypatch):
    grade_class(course, WEEK, only="student-0")
    kept = gradebook_rows(course)
    monkeypatch.setattr(gradebook, "LOCK_SECONDS", 0.5)
    holder = hold(course, "BEGIN IMMEDIATE")
    with pytest.raises(RunStopped, match=rf"stayed locked.*process {holder.pid}.*run this again"):
        grade_class(course, WEEK)
    holder.communicate("\n")
    assert gradebook_rows(course) == kept
    monkeypatch.undo()
    finish(course)
    assert gradebook_rows(course) == rows


def test_two_runs_at_once_give_what_one_gives(course, rows):
    runs = [start(course), start(course)]
    told = [ended(run) for run in runs]
    assert [code for code, _ in told] == [0, 0], told
    assert gradebook_rows(course) == rows
    assert sum("another run is grading here" in said for _, said in told) <= 1


def test_the_second_is_told_who_is_at_it_and_waits(course, rows):
    with one_run(course, print):
        run = start(course)
        heard = Listener(run)
        wait_until(lambda: "another run is grading here" in heard.text)
        assert run.poll() is None and not graded_so_far(course)
    assert f"on {socket.gethostname()}, process {os.getpid()}, since" in " ".join(heard.text.split())
    code, said = heard.result()
    assert code == 0, said
    assert gradebook_rows(course) == rows


def test_the_lock_of_a_run_that_was_killed_is_free(course):
    (course / ".grading.lock").write_text('{"host": "elsewhere", "pid": 1, "since": "long ago"}')
    said = []
    with one_run(course, said.append):
        assert said == []


def test_a_reader_in_the_middle_of_a_page_is_waited_for(course, rows):
    finish(course, "--student", "student-0")
    holder = hold(course, "BEGIN DEFERRED")
    run = start(course)
    heard = Listener(run)
    wait_until(lambda: "locked by another program" in heard.text)
    holder.communicate("\n")
    code, said = heard.result()
    assert code == 0, said
    assert gradebook_rows(course) == rows
    with closing(sqlite3.connect(course / "gradebook.db")) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
