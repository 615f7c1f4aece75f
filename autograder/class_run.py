"""Grade, hand back and export a class, through nbgrader's own record."""

import csv
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.course_folder import CourseProblem, api, gradebook_of, quiet, refusal, require_week
from autograder.release import ensure_released

if TYPE_CHECKING:  # nbgrader takes over a second to import, and most commands end before they need it
    from autograder.grading.backup import Changes
    from autograder.grading.run import StudentResult

Say = Callable[[str], None]
MARKS = ("raw_score", "late_submission_penalty", "score", "max_score")  # the gradebook adds them up with all the rounding of floats


def students(course_dir: Path, week: str) -> list[str]:
    """List who handed in something for a week."""
    return sorted(p.parent.name for p in (course_dir / "submitted").glob(f"*/{week}") if p.is_dir())


def grade_class(
    course_dir: Path, week: str, only: str | None = None, force: bool = False, progress: Say = lambda _: None, *,
    workers: int | None = None, scheduler: str | None = None, say: Say = lambda _: None,
) -> "list[StudentResult]":
    """Grade every submission of a week that is new or changed; one that fails does not stop the others.

    The marks do not depend on how many workers there are, nor on which of them is first.

    Parameters
    ----------
    only : str, optional
        One student.
    force : bool
        Grade again what has not changed.
    progress : callable
        Called with each student that is done.
    workers : int, optional
        How many processes; by default one for each core.
    scheduler : str, optional
        Where dask.distributed runs it instead: an address, or "local".
    say : callable
        Called with what the person at the terminal should know at once: what is waited for, and where copies lie.

    Raises
    ------
    CourseProblem
        If the week does not exist, nobody handed in anything, or nothing here confines student code.
    RunStopped
        If the gradebook or the disk cannot be written; what was recorded stays.
    """
    from autograder.grading.assignment import read_assignment
    from autograder.grading.gradebook import patiently
    from autograder.grading.lock import one_run
    from autograder.grading.pool import server
    from autograder.grading.record import Recorder
    from autograder.grading.run import Run

    course_dir = course_dir.resolve()
    require_week(course_dir, week)
    found = [s for s in students(course_dir, week) if only in (None, s)]
    if not found:
        wanted = f"submitted/{only or 'STUDENT'}/{week}/"
        raise CourseProblem(f"nothing to grade: put each student's notebook into {wanted} in {course_dir}")
    with ExitStack() as stack:
        stack.enter_context(one_run(course_dir, say))
        if scheduler is None:
            server()  # it gets ready while the week is read and the sandbox is tried out
        assignment = read_assignment(course_dir, week)
        nbgrader = api(course_dir)
        database = nbgrader.coursedir.db_url
        for line in [*_overlooked(course_dir, week), *patiently(lambda: _strangers(nbgrader, found), database, say)]:
            say(line)
        releases = {name: page.release for name, page in assignment.pages.items()}
        patiently(lambda: ensure_released(course_dir, week, releases), database, say)
        recorder = stack.enter_context(patiently(lambda: Recorder(nbgrader, week, say), database, say))
        run = Run(course_dir, assignment, recorder, progress)
        try:
            run.grade(run.submissions(found, only, force), workers, scheduler)
            run.reckon_late()
        finally:  # a run that is stopped tells it too: the next one finds nothing changed in what this one recorded
            if recorder.changes.path.exists():
                say(_where(recorder.changes))
        run.read_marks(only)
        return [run.results[student] for student in found]


def _overlooked(course_dir: Path, week: str) -> list[str]:
    """Say which notebooks lie where nobody looks for them."""
    folder = course_dir / "submitted"
    stray = [*folder.glob("*.ipynb"), *folder.glob("*/*.ipynb")]
    stray += [p for p in folder.glob("*/*") if p.name != week and p.name.casefold() == week.casefold() and p.is_dir()]
    names = ", ".join(str(p.relative_to(course_dir)) for p in sorted(stray))
    return [f"not looked at: {names}; notebooks belong into submitted/STUDENT/{week}/"] if stray else []


def _strangers(nbgrader: Any, found: list[str]) -> list[str]:
    """Say whose folders bear a name that is not on the roster, if there is a roster at all."""
    from nbgrader.api import Student

    with nbgrader.gradebook as gradebook:  # these columns alone: with a student come sums over all that they handed in
        known = gradebook.db.query(Student.id, Student.last_name, Student.email, Student.lms_user_id).all()
    strangers = sorted(set(found) - {row[0] for row in known}) if any(any(row[1:]) for row in known) else []
    return [f"not on the roster, and graded all the same: {', '.join(strangers)}; if the name of a folder is wrong, rename it, and take "
            "the wrong name out of the gradebook with `nbgrader db student remove`"] if strangers else []


def _where(changes: "Changes") -> str:
    copy = f"the gradebook as it was is in {changes.backup}" if changes.backup else "your database's own backup has the marks as they were"
    return f"marks have changed: they are listed in {changes.path}; {copy}"


def settle(course_dir: Path, week: str, say: Say = lambda _: None) -> None:
    """Before marks go out: reckon what being late costs of the points that count by now, and say what nobody has marked yet.

    Raises
    ------
    CourseProblem
        If the gradebook does not know the week.
    RunStopped
        If the gradebook or the disk cannot be written.
    """
    from nbgrader.api import MissingEntry

    from autograder.grading.gradebook import patiently
    from autograder.grading.lock import one_run
    from autograder.grading.record import Recorder

    nbgrader = api(course_dir)
    with ExitStack() as stack:
        stack.enter_context(one_run(course_dir, say))
        try:
            recorder = stack.enter_context(patiently(lambda: Recorder(nbgrader, week, say), nbgrader.coursedir.db_url, say))
        except MissingEntry:  # the gradebook was lost, and graded notebooks are there still
            raise CourseProblem(f"the gradebook does not know {week} yet: grade first, with `autograder grade {week}`") from None
        if changes := recorder.reckon_late():
            say(f"late penalties were reckoned anew: {len(changes)} changed. {_where(recorder.changes)}")
        waiting = Counter(mark.student for mark in recorder.marks() if mark.by_hand and mark.to_mark)
    if waiting:
        say(f"{waiting.total()} answers of {len(waiting)} students are not marked yet, and count 0 until then: `make formgrader`")


def feedback_class(
    course_dir: Path, week: str, only: str | None = None, progress: Callable[[str], None] = lambda _: None, *, say: Say = lambda _: None,
) -> list[Path]:
    """Write a feedback page for each graded submission of a week and return the pages; one that fails does not stop the others.

    Raises
    ------
    CourseProblem
        If nothing was graded; or, when all others are written, if there are some for whom it could not be.
    """
    course_dir = course_dir.resolve()
    require_week(course_dir, week)
    graded = sorted(p.parent.name for p in (course_dir / "autograded").glob(f"*/{week}") if any(p.glob("*.ipynb")))
    graded = [s for s in graded if only in (None, s)]
    if not graded:
        whom = f"of {only} nothing is graded for {week}" if only else "nothing to give feedback on"
        raise CourseProblem(f"{whom}: grade first, with `autograder grade {week}`")
    settle(course_dir, week, say)
    pages, failed = [], []
    for student in graded:
        with quiet() as said:
            done = api(course_dir).generate_feedback(week, student, force=True)
        if done["success"]:
            pages += sorted((course_dir / "feedback" / student / week).glob("*.html"))
        else:
            failed.append(f"no feedback for {student}: {refusal(done, said.getvalue())}")
        progress(student)
    if failed:
        failed.append(f"the other {len(pages)} pages are in {course_dir / 'feedback'}; to make a graded notebook anew: "
                      f"`autograder grade {week} --force --student NAME`")
        raise CourseProblem("\n".join(failed))
    return pages


def export_csv(course_dir: Path, week: str, to: Path, say: Say = lambda _: None) -> int:
    """Write the marks of a week with nbgrader's own CSV exporter; return the number of rows."""
    from nbgrader.plugins import CsvExportPlugin

    course_dir = course_dir.resolve()
    require_week(course_dir, week)
    if not to.resolve().parent.is_dir():
        raise CourseProblem(f"there is no folder {to.resolve().parent}; make it, or choose another place with --to")
    if to.is_dir():
        raise CourseProblem(f"{to} is a folder; name the file to write with --to, for instance {to / 'marks.csv'}")
    part = to.with_name(to.name + ".part")
    try:
        with quiet(), gradebook_of(course_dir) as gradebook:
            if week not in {a.name for a in gradebook.assignments}:
                raise CourseProblem(f"the gradebook does not know {week} yet: grade first, with `autograder grade {week}`")
        settle(course_dir, week, say)
        with quiet(), gradebook_of(course_dir) as gradebook:
            CsvExportPlugin(to=str(part), assignment=[week]).export(gradebook)
        with part.open(newline="", encoding="utf-8") as file:
            header, *rows = csv.reader(file)
        rows.sort(key=lambda row: row[header.index("student_id")])  # the gradebook's own order is that in which gradings ended
        with part.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows([header, *(
                [_written(name, value) for name, value in zip(header, row, strict=True)] for row in rows)])
        part.replace(to)
    finally:
        part.unlink(missing_ok=True)
    return len(rows)


def _written(name: str, value: str) -> str:
    """Round a mark; keep a spreadsheet from taking a name for a formula."""
    if name in MARKS:
        return f"{round(float(value), 4)}" if value else value
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
