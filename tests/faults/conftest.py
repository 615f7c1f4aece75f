"""What the fault tests share: a class whose marks are known, and `autograder grade` in a process of its own, to be killed."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from autograder.secret import secret_seed
from tests.autograder.conftest import sandbox as sandbox  # the one that there is; what runs here is our own
from tests.small_course import WEEK, WRONG, gradebook_rows, hand_in, small_course, submission

STUDENTS = 8
SECONDS = 240


def environment() -> dict[str, str]:
    """Return what a run finds in its environment."""
    path = [str(Path(__file__).resolve().parents[2]), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(path)}


@pytest.fixture(scope="session")
def graded_class(tmp_path_factory) -> tuple[Path, Path]:
    """The same class twice: handed in, and graded without a disturbance."""
    waiting = small_course(tmp_path_factory.mktemp("faults") / "waiting")
    much = "Because. " * 5000  # so that a few graded notebooks fill the little room that test_disk_full leaves
    nb = {"right": submission(waiting, question=much), "wrong": submission(waiting, WRONG, question=much)}
    for i in range(STUDENTS):
        hand_in(waiting, f"student-{i}", nb["wrong" if i % 3 == 0 else "right"])
    secret_seed(waiting)  # drawn at random, and the same for all copies
    graded = waiting.with_name("graded")
    shutil.copytree(waiting, graded)
    finish(graded)
    return waiting, graded


@pytest.fixture
def course(graded_class, tmp_path) -> Path:
    """The class as it was handed in."""
    return Path(shutil.copytree(graded_class[0], tmp_path / "course"))


@pytest.fixture
def regraded(graded_class, tmp_path) -> Path:
    """The class as it was graded, with more points for one exercise now: every mark will change."""
    folder = Path(shutil.copytree(graded_class[1], tmp_path / "course"))
    return small_course(folder, points={"relative_error": 5})


@pytest.fixture(scope="session")
def rows(graded_class) -> list[tuple]:
    """All rows of the undisturbed gradebook."""
    return gradebook_rows(graded_class[1])


@pytest.fixture(scope="session")
def regraded_rows(graded_class, tmp_path_factory) -> list[tuple]:
    """All rows of the undisturbed gradebook after the change of points."""
    folder = Path(shutil.copytree(graded_class[1], tmp_path_factory.mktemp("faults") / "regraded"))
    finish(small_course(folder, points={"relative_error": 5}))
    return gradebook_rows(folder)


def start(course: Path, *arguments: str, program: tuple[str, ...] = ("-m", "autograder.cli"), **options) -> subprocess.Popen:
    """Start `autograder grade`."""
    return subprocess.Popen([sys.executable, *program, "grade", WEEK, *arguments], cwd=course, env=environment(),
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)


def ended(process: subprocess.Popen) -> tuple[int, str]:
    """Wait for a run to end; return its exit code and all that it said."""
    out, err = process.communicate(timeout=SECONDS)
    assert "Traceback" not in out + err, out + err
    return process.returncode, out + err


def finish(course: Path, *arguments: str) -> str:
    """Grade, undisturbed, and return what was said."""
    code, said = ended(start(course, *arguments))
    assert code == 0, said
    return said


def graded_so_far(course: Path) -> int:
    """Count the graded notebooks."""
    return len(list(course.glob(f"autograded/*/{WEEK}/*.ipynb")))


def wait_until(condition: Callable[[], object], seconds: float = SECONDS) -> None:
    """Wait for something to become true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.02)


def kill(process: subprocess.Popen) -> None:
    """Kill a run's leader with SIGKILL; what it started has to end by itself."""
    family = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.communicate()
    _, alive = psutil.wait_procs(family, timeout=60)
    assert not [p for p in alive if p.status() != psutil.STATUS_ZOMBIE], "nothing is left running"
