"""What all tests share. Nothing here writes into the repository: a test that grades or releases does so in a copy."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
REQUIRE_ALL = os.environ.get("REQUIRE_ALL", "") not in ("", "0")


@pytest.fixture(scope="session")
def repository() -> Path:
    """The folder that holds course/, autograder/ and notebooks/: to read, never to write."""
    return REPOSITORY


@pytest.fixture(scope="session")
def seeds() -> range:
    """Secret seeds to try: 3, or as many as the environment's SEEDS says."""
    return range(int(os.environ.get("SEEDS") or 3))


@pytest.fixture(scope="session")
def copy_course() -> Callable[[Path], Path]:
    """A function that puts a copy of the course folder, as an instructor has it, into a new folder."""

    def copy(target: Path) -> Path:
        target.mkdir(parents=True, exist_ok=True)
        ignore = shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__")
        for folder in ("notebooks", "course"):
            shutil.copytree(REPOSITORY / folder, target / folder, ignore=ignore)
        for file in ("nbgrader_config.py", "pyproject.toml", "README.md", "LICENSE", "LICENSE-text", ".gitignore"):
            shutil.copy2(REPOSITORY / file, target)
        return target

    return copy


@pytest.fixture
def course_copy(tmp_path: Path, copy_course: Callable[[Path], Path]) -> Path:
    """A copy of the course folder for this test alone."""
    return copy_course(tmp_path / "course")


def _fail_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"{reason}\nWith REQUIRE_ALL=1 nothing may be skipped."


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    _fail_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    report = yield
    _fail_skipped(report)
    return report
