"""Grading on dask: a scheduler and workers of their own, one that kills its workers, and a scheduler that goes away."""

import json
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.faults.conftest import ended, environment, graded_so_far, start, wait_until
from tests.faults.test_pool import outcomes
from tests.small_course import gradebook_rows

pytestmark = pytest.mark.slow


@pytest.fixture
def cluster(tmp_path):
    """Start a scheduler and a worker; the value is its address, and a function that ends the scheduler."""
    with ExitStack() as stack:
        def run(*arguments):
            process = subprocess.Popen([Path(sys.executable).parent / "dask", *arguments], cwd=tmp_path, env=environment(),
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            stack.callback(process.wait)
            stack.callback(process.kill)
            return process

        file = tmp_path / "scheduler.json"
        scheduler = run("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
        wait_until(file.exists)
        wait_until(lambda: file.read_text().endswith("}"))
        address = json.loads(file.read_text())["address"]
        run("worker", address, "--nthreads", "1", "--no-dashboard", "--local-directory", str(tmp_path))
        yield address, scheduler.kill


def test_a_cluster_elsewhere_gives_the_same(cluster, course, rows):
    code, said = ended(start(course, "--scheduler", cluster[0]))
    assert code == 0, said
    assert gradebook_rows(course) == rows


def test_a_scheduler_that_goes_away_ends_the_run_with_what_is_done_kept(cluster, course, rows):
    run = start(course, "--scheduler", cluster[0])
    wait_until(lambda: graded_so_far(course) >= 1)
    cluster[1]()
    code, said = ended(run)
    assert code == 2 and "lost" in said, said
    code, said = ended(start(course))
    assert code == 0 and gradebook_rows(course) == rows


def test_nobody_at_the_address_is_said(course):
    code, said = ended(start(course, "--scheduler", "tcp://127.0.0.1:9"))
    assert code == 2 and "there is no scheduler at tcp://127.0.0.1:9" in " ".join(said.split()), said


def test_one_that_always_kills_its_worker_fails_alone(tmp_path):
    from distributed import Client, LocalCluster

    from autograder.grading.pool import Failed, Slot

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50) as local, Client(local) as client:
        executor = client.get_executor(pure=False)
        got = outcomes(["a", f"dies:{tmp_path}", "b", "raises", "c"], [Slot(lambda: executor, attempts=1) for _ in range(4)])
    assert all(got[name] == {"notebook": name} for name in "abc")
    assert isinstance(got["dies"], Failed) and "ended abruptly" in got["dies"].reason
    assert got["raises"] == Failed("ValueError: of its own")
