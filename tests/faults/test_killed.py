"""A run that is killed loses nothing that was recorded; the next one does the rest, and the end is that of an undisturbed run."""

import random
import signal
import subprocess
from pathlib import Path

import psutil
import pytest

from tests.faults.conftest import STUDENTS, ended, finish, graded_so_far, kill, start, wait_until
from tests.faults.killed_at import POINTS
from tests.small_course import gradebook_rows

pytestmark = pytest.mark.slow

PROGRAM = str(Path(__file__).with_name("killed_at.py"))


def files(course):
    return {p.parent.parent.name: p.read_bytes() for p in course.glob("autograded/*/week3/*.ipynb")}


@pytest.mark.parametrize("point", [p for p in POINTS if "copied" not in p and "noted" not in p])
def test_a_first_grading_killed_at_each_step(point, course, rows, graded_class):
    code, _ = ended(start(course, program=(PROGRAM, "SIGKILL", point, "3")))
    assert code == -signal.SIGKILL
    so_far = graded_so_far(course)
    assert 1 <= so_far < STUDENTS
    said = finish(course)
    assert f"{STUDENTS - so_far} graded now, {so_far} unchanged" in " ".join(said.split())
    assert gradebook_rows(course) == rows and files(course) == files(graded_class[1])
    assert not list(course.rglob("*.part")) and not (course / "backups").exists(), "no mark has changed"


@pytest.mark.parametrize("point", ["while the gradebook is copied", "after its changes are noted", "before its marks are committed",
                                   "after its marks are committed"])
def test_a_regrade_killed_at_each_step_keeps_the_list_of_changes_whole(point, regraded, regraded_rows, rows):
    code, _ = ended(start(regraded, program=(PROGRAM, "SIGKILL", point, "1" if "copied" in point else "3")))
    assert code == -signal.SIGKILL
    finish(regraded)
    assert gradebook_rows(regraded) == regraded_rows != rows
    lists = sorted((regraded / "backups").glob("changes-*.csv"))
    told = {line.split(",")[0] for path in lists for line in path.read_text().splitlines()[1:]}
    assert told == {f"student-{i}" for i in range(STUDENTS)}
    assert len(list((regraded / "backups").glob("gradebook-*.db"))) == len(lists)


def test_killed_at_three_random_moments(course, rows):
    moments = random.Random()
    for so_far in (1, 4, 7):
        run = start(course)
        wait_until(lambda run=run, wanted=so_far: graded_so_far(course) >= wanted or run.poll() is not None)
        try:
            run.wait(moments.uniform(0, 0.5))
        except subprocess.TimeoutExpired:
            kill(run)
    finish(course)
    assert gradebook_rows(course) == rows


def test_a_worker_that_is_killed_costs_nothing(course, rows):
    run = start(course, "--workers", "2")
    wait_until(lambda: graded_so_far(course) >= 1)
    (server,) = (p for p in psutil.Process(run.pid).children() if "forkserver" in " ".join(p.cmdline()))
    workers = server.children()
    assert workers
    for worker in workers:
        worker.kill()
    code, said = ended(run)
    assert code == 0, said
    assert gradebook_rows(course) == rows


@pytest.mark.parametrize("point", ["after its marks are committed", "while its files are written"])
def test_ctrl_c_ends_it_in_order(point, course, rows):
    code, said = ended(start(course, program=(PROGRAM, "SIGINT", point, "2")))
    assert code == 130 and "what was recorded is kept" in " ".join(said.split()), said
    assert 1 <= graded_so_far(course) < STUDENTS
    finish(course)
    assert gradebook_rows(course) == rows
