"""What all submissions of a week have in common, read once, as plain data that can be sent to a worker."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nbformat

from autograder.answer_key import AnswerKey
from autograder.course_folder import built_notebooks
from autograder.grading.key_digest import exercise_digests, version_digest
from autograder.secret import secret_seed
from autograder.student_version import student_version


@dataclass(frozen=True)
class Page:
    """One notebook of the week: its release version (JSON), its source text with the solutions, and what marks depend on."""

    release: str
    source: str
    digests: dict[str, str]

    @cached_property
    def grade_ids(self) -> set[str]:
        """Names of the cells that nbgrader knows."""
        cells = nbformat.reads(self.release, as_version=4).cells
        return {c.metadata["nbgrader"]["grade_id"] for c in cells if "nbgrader" in c.metadata}


@dataclass(frozen=True)
class Assignment:
    """A week as it was when the run began: its notebooks by name, the secret seed, and the version of the grader."""

    week: str
    pages: dict[str, Page]
    secret: int
    version: str

    @cached_property
    def digest(self) -> str:
        """What tells one from another."""
        parts = [self.week, str(self.secret), *(part for name, page in self.pages.items() for part in (name, page.release, page.source))]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def read_page(built: Path, secret: int) -> Page:
    """Read one notebook of a course, whose source lies beside it."""
    release, key = student_version(built), AnswerKey(built.with_suffix(".md"))
    return Page(nbformat.writes(release), key.source.read_text(encoding="utf-8"), exercise_digests(release, key, secret))


def read_assignment(course_dir: Path, week: str) -> Assignment:
    """Read a week of a course."""
    secret = secret_seed(course_dir)
    pages = {built.stem: read_page(built, secret) for built in built_notebooks(course_dir, week)}
    return Assignment(week, pages, secret, version_digest())
