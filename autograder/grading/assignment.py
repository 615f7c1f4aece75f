"""What all submissions of a week have in common, read once, as plain data that can be sent to a worker."""

import gc
import hashlib
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.answer_key import AnswerKey
from autograder.course_folder import built_notebooks
from autograder.grading.key_digest import exercise_digests, version_digest
from autograder.references import References
from autograder.secret import secret_seed
from course import exercises


@dataclass(frozen=True)
class Page:
    """One notebook of the week: its release version (JSON), its solutions, and what marks depend on."""

    release: str
    key: AnswerKey
    digests: dict[str, str]

    @property
    def notebook(self) -> NotebookNode:
        """The release version; it is not to be changed."""
        return _parsed(self.release)

    @cached_property
    def references(self) -> References:
        """What answers are compared with."""
        return References(self.key)

    @cached_property
    def sources(self) -> dict[str, str]:
        """Source of each cell that nbgrader knows, by its name there."""
        return {c.metadata["nbgrader"]["grade_id"]: c.source for c in self.notebook.cells if "nbgrader" in c.metadata}


@lru_cache(maxsize=8)
def _parsed(release: str) -> NotebookNode:
    return nbformat.reads(release, as_version=4)


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
        parts = [self.week, str(self.secret)]
        for name, page in self.pages.items():
            parts += [name, page.release, page.key.setup, *page.key.solutions.values()]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def prepare(self) -> None:
        """Compute what decides marks, for all exercises."""
        known = exercises.load()
        gc.disable()  # else, while a reference makes many small objects, all that was imported is looked through again and again
        try:
            for page in self.pages.values():
                for name in page.digests:
                    page.references.prepare(known[name], self.secret)
        finally:
            gc.enable()


def read_page(built: Path, secret: int) -> Page:
    """Read one notebook of a course, whose source lies beside it."""
    from autograder.student_version import student_version

    release, key = student_version(built), AnswerKey(built.with_suffix(".md"))
    return Page(nbformat.writes(release), key, exercise_digests(release, key, secret))


def read_assignment(course_dir: Path, week: str) -> Assignment:
    """Read a week of a course."""
    secret = secret_seed(course_dir)
    pages = {built.stem: read_page(built, secret) for built in built_notebooks(course_dir, week)}
    return Assignment(week, pages, secret, version_digest())
