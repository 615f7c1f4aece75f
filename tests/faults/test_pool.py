"""Workers that die, hang on to nothing, and come back; with real processes."""

import multiprocessing
import os
import signal
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from autograder.grading.assignment import Assignment
from autograder.grading.pool import ATTEMPTS, Failed, Slot, cores, local_slots, server, stream
from autograder.grading.work import Submission
from autograder.sandbox.ladder import VARIABLE


def work(submission: Submission):
    """Do what the submission's name says, and note that it was tried."""
    kind, _, folder = submission.student.partition(":")
    if folder:
        tries = Path(folder)
        with open(tries / f"{kind}-{os.getpid()}", "x"):
            pass
        if kind == "dies" or (kind == "dies once" and len(list(tries.glob("dies once-*"))) == 1):
            os.kill(os.getpid(), signal.SIGKILL)
    if kind == "raises":
        raise ValueError("of its own")
    if kind == "slow":
        time.sleep(0.5)
    return {"notebook": kind}


@pytest.fixture
def slots():
    made = [Slot(lambda: ProcessPoolExecutor(1, server())) for _ in range(2)]
    yield made
    for process in multiprocessing.active_children():
        process.kill()


def outcomes(names, slots):
    return {s.student.partition(":")[0]: outcome for s, outcome in stream([Submission(name, {}) for name in names], slots, work)}


def test_one_that_always_kills_its_worker_fails_alone(slots, tmp_path):
    names = ["a", f"dies:{tmp_path}", "slow", "b", "raises", "c", "d"]
    got = outcomes(names, slots)
    assert got.keys() == {"a", "dies", "slow", "b", "raises", "c", "d"}
    assert all(got[name] == {"notebook": name} for name in ("a", "slow", "b", "c", "d"))
    assert isinstance(got["dies"], Failed) and "ended abruptly" in got["dies"].reason
    assert got["raises"] == Failed(f"ValueError: of its own ({ATTEMPTS} times)")
    assert len(list(tmp_path.glob("dies-*"))) == ATTEMPTS


def test_one_whose_worker_is_taken_away_once_is_done_by_another(slots, tmp_path):
    assert outcomes([f"dies once:{tmp_path}", "a"], slots) == {"dies once": {"notebook": "dies once"}, "a": {"notebook": "a"}}


def test_a_worker_that_dies_while_it_waits_is_replaced(slots):
    assert outcomes(["a", "b"], slots).keys() == {"a", "b"}
    for process in multiprocessing.active_children():
        process.kill()
        process.join()
    time.sleep(0.2)
    assert outcomes(["c", "d", "e"], slots) == {n: {"notebook": n} for n in "cde"}


def test_no_more_is_taken_than_there_is_room_for(slots):
    taken = []

    def items():
        for i in range(12):
            taken.append(i)
            yield Submission(f"s{i}", {})

    for done, _ in enumerate(stream(items(), slots, work), start=1):
        assert len(taken) <= done + len(slots)
    assert done == 12


def test_each_worker_keeps_to_a_core_of_its_own_as_long_as_there_are_some(monkeypatch):
    monkeypatch.setenv(VARIABLE, "none")
    with local_slots(Assignment("week", {}, 0, ""), cores() + 1) as (slots, _):
        kept = [slot.submit(os.sched_getaffinity, 0).result(timeout=120) for slot in slots]
    assert [len(core) for core in kept] == [1] * len(kept) and set().union(*kept) == os.sched_getaffinity(0)
    assert kept[0] == kept[-1]


def test_the_folder_of_the_workers_is_gone_when_they_end(tmp_path, monkeypatch):
    before = set(multiprocessing.active_children())
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv(VARIABLE, "none")
    with local_slots(Assignment("week", {}, 0, ""), 1) as (slots, _):
        place = slots[0].submit(tempfile.gettempdir).result(timeout=120)
        assert Path(place).parent == tmp_path and Path(place).is_dir()
    assert not list(tmp_path.iterdir()) and not set(multiprocessing.active_children()) - before
