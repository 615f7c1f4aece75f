"""One run over a class: find out who is to be graded, put them through the workers, record what comes back."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any

from autograder.grading import pool
from autograder.grading.assignment import Assignment
from autograder.grading.backup import Change
from autograder.grading.files import graded_folder, grading_of, read_text
from autograder.grading.handed_in import TIMESTAMP, find_notebooks, links, renamed, submission_digest, timestamp_of
from autograder.grading.record import NotRecorded, Recorder, read_time
from autograder.grading.stopped import RunStopped
from autograder.grading.work import Submission


@dataclass
class StudentResult:
    """What came of one student's submission.

    Attributes
    ----------
    score, max_score : float
        Points that the checks gave, and all that they can give; questions marked by hand come on top.
    to_mark : list of str
        Questions that wait to be marked by hand.
    notes : list of str
        What needs attention, in words that a student can act on.
    for_instructor : list of str
        What the instructor may want to look at in what was handed in, with its place; no page shows it.
    failed : bool
        Whether it could not be graded; then nothing was recorded, and the last note says why.
    changes : list of Change
        Marks that it had before and that are others now.
    """

    student: str
    score: float = 0.0
    max_score: float = 0.0
    exercises: dict[str, float] = field(default_factory=dict)
    misconceptions: dict[str, str] = field(default_factory=dict)
    to_mark: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    for_instructor: list[str] = field(default_factory=list)
    graded_now: bool = False
    failed: bool = False
    changes: list[Change] = field(default_factory=list)


class Run:
    """Grades the students of a week; `results` fills as it goes. Graded notebooks are not held but written at once."""

    def __init__(self, course_dir: Path, assignment: Assignment, recorder: Recorder, progress: Callable[[str], None]) -> None:
        self.results: dict[str, StudentResult] = {}
        self._course_dir, self._assignment, self._recorder, self._progress = course_dir, assignment, recorder, progress

    def submissions(self, students: Iterable[str], only: str | None, force: bool) -> Iterator[Submission]:
        """Yield the submissions that are to be graded; the others get their result here."""
        committed: dict[str, dict[tuple[str, str], float | None]] = {}
        for mark in self._recorder.marks(only):
            committed.setdefault(mark.student, {})[mark.notebook, mark.exercise] = mark.auto_score
        for student in students:
            result = self.results[student] = StudentResult(student)
            try:
                submission = self._read(student, force)
                result.for_instructor += links(self._course_dir / "submitted" / student / self._assignment.week)
                if submission.timestamp and read_time(submission.timestamp) is None:
                    result.for_instructor.append(f"{TIMESTAMP} says {submission.timestamp[:60]!r}, and that is no time such as "
                                                 "'2026-11-21 10:00 UTC'; nothing counts as late")
            except OSError as error:
                result.notes.append(f"it could not be read: {error.strerror or error}")
                result.failed = True
            else:
                if not submission.notebooks:
                    place = f"submitted/{student}/{self._assignment.week}"
                    result.notes.append(f"there is no notebook in {place}, so there is nothing to grade")
                elif force or not self._is_graded(submission, committed.get(student)):
                    yield submission
                    continue
                else:
                    self._take(result, {name: grading_of(text) for name, text in submission.before.items()})
            self._progress(student)

    def _read(self, student: str, force: bool) -> Submission:
        folder = self._course_dir / "submitted" / student / self._assignment.week
        if folder.is_symlink() or folder.parent.is_symlink():
            raise OSError(f"{folder.relative_to(self._course_dir)} is a symbolic link; put the files themselves there")
        pages = self._assignment.pages
        found = find_notebooks(folder, {name: set(page.sources) for name, page in pages.items()})
        texts = {name: read_text(graded_folder(self._course_dir, self._assignment.week, student), name) for name in pages}
        notes = {name: renamed(path, folder, name) for name, path in found.items()}
        if found:
            notes[min(found)] += [f"'{name}.ipynb' was not handed in, so its exercises have no points; hand it in beside this one"
                                  for name in pages if name not in found]
        return Submission(
            student, {name: path.read_bytes() for name, path in found.items()}, notes, timestamp_of(folder),
            {name: text for name, text in texts.items() if text}, force)

    def _is_graded(self, submission: Submission, committed: dict[tuple[str, str], float | None] | None) -> bool:
        """Tell whether the files and the gradebook say that this very submission was graded as it would be now."""
        if committed is None or submission.before.keys() != submission.notebooks.keys():
            return False
        for name, text in submission.before.items():
            noted, digests = grading_of(text), self._assignment.pages[name].digests
            grades = {entry["exercise"]: entry["points"] for entry in noted.get("grades", [])}
            if (noted.get("submission") != submission_digest(submission.notebooks[name], submission.timestamp)
                    or noted.get("key") != digests or grades != {e: committed.get((name, e)) for e in digests}):
                return False
        return True

    def grade(self, waiting: Iterator[Submission], workers: int | None, scheduler: str | None) -> None:
        """Grade submissions in processes of this machine, or on a dask cluster, and record each as it comes.

        Raises
        ------
        RunStopped
            If what is graded cannot be recorded.
        """
        workers = workers or pool.cores()
        first = list(islice(waiting, workers))  # no more of them are made than there is work for
        if not first:
            return
        if scheduler is None:
            room = pool.local_slots(self._assignment, len(first))
        else:
            from autograder.grading.cluster import cluster_slots

            room = cluster_slots(self._assignment, scheduler, workers)
        with room as (slots, work):
            for submission, outcome in pool.stream(chain(first, waiting), slots, work):
                self._record(submission, outcome)
                self._progress(submission.student)

    def _record(self, submission: Submission, outcome: pool.Outcome) -> None:
        result = self.results[submission.student]
        if isinstance(outcome, pool.Failed):
            result.notes.append(f"it could not be graded: {outcome.reason}")
            result.failed = True
            return
        try:
            result.changes = self._recorder.record(submission, outcome)
        except NotRecorded as error:
            result.notes.append(f"it could not be recorded: {error}")
            result.failed = True
            return
        except RunStopped as stopped:
            done = sum(r.graded_now for r in self.results.values())
            raise RunStopped(f"{stopped} ({done} submissions were graded and recorded in this run)") from None
        result.graded_now = True
        self._take(result, {name: graded.grading for name, graded in outcome.items()})

    def _take(self, result: StudentResult, noted: dict[str, dict[str, Any]]) -> None:
        for name, grading in noted.items():
            where = f"{name}: " if len(self._assignment.pages) > 1 else ""
            result.notes += [where + note for note in grading.get("notes", [])]
            result.for_instructor += grading.get("for_instructor", [])
            result.misconceptions.update({g["exercise"]: g["misconception"] for g in grading.get("grades", []) if g.get("misconception")})

    def reckon_late(self) -> None:
        """Reckon late penalties anew, and add those that changed to the results."""
        for change in self._recorder.reckon_late():
            if result := self.results.get(change.student):
                result.changes.append(change)

    def read_marks(self, only: str | None) -> None:
        """Fill the results with what the gradebook says in the end."""
        for mark in self._recorder.marks(only):
            result = self.results.get(mark.student)
            if result is None:
                continue
            if not mark.by_hand:
                result.exercises[mark.exercise] = mark.score
                result.score = round(result.score + mark.score, 2)
                result.max_score += mark.max_score
            elif mark.to_mark:
                result.to_mark.append(mark.exercise)
