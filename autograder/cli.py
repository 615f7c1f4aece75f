"""The command line: ``autograder release | collect | grade | feedback | export | prove | build | demo | doctor``."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.table import Column, Table

from autograder.answer_key import KeyProblem, find_course
from autograder.course_folder import CourseProblem, require_system

OK, ATTENTION, MISUSED, INTERRUPTED = 0, 1, 2, 130

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
                  help="Release, grade and hand back the notebooks of a course. Run it in the course folder.")
err = Console(stderr=True)
out = Console()

CourseDir = Annotated[Path, typer.Option("--course-dir", help="The course folder; by default this one or one above it.")]
Week = Annotated[str, typer.Argument(help="A folder of notebooks/, for instance week3.", show_default=False,
                                     callback=lambda week: week.rstrip("/"))]  # which the shell puts there when it completes a name
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Sandbox = Annotated[str | None, typer.Option("--sandbox", help="Where student code runs: auto, bubblewrap, podman, docker, or none "
                                             "(it can then do what you can). By default what AUTOGRADER_SANDBOX says, or auto.",
                                             show_default=False)]
Student = Annotated[str | None, typer.Option("--student", help="One student only.", show_default=False)]


class _PerMinute(ProgressColumn):
    """Shows how many steps a minute are done."""

    def render(self, task: Task) -> str:
        return f"{task.speed * 60:.0f} a minute" if task.speed else ""


def _say(sentence: str) -> None:
    err.print(_plain(sentence), highlight=False, soft_wrap=True)


@contextmanager
def _steps(total: int, what: str, hide: bool) -> Iterator[Callable[[str], None]]:
    """Show a progress bar on the terminal's error side; the value is called after each step."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _PerMinute(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=hide or not err.is_terminal) as progress:
        task = progress.add_task(what, total=total)
        yield lambda name: progress.update(task, advance=1, description=f"{what} {name}")


@app.command(epilog="Example: autograder release week3")
def release(week: Week, course_dir: CourseDir = Path(), as_json: Json = False) -> None:
    """Make the students' version of a week: release/WEEK and release/WEEK.zip, audited for leaks."""
    from autograder.release import digest, pack
    from autograder.release import release as make

    folder = make(course := find_course(course_dir), week)
    path = pack(course, week)
    if as_json:
        print(json.dumps({"week": week, "folder": str(folder), "zip": str(path), "sha256": digest(path)}))
    else:
        out.print(f"{week} is released: [bold]{path}[/] (what students get) and {folder}", highlight=False, soft_wrap=True)


@app.command(epilog="Example: autograder collect week3 submissions.zip")
def collect(
    week: Week, source: Annotated[Path, typer.Argument(metavar="FILE", help="The zip file that your learning management system gives "
                                                       "out for the whole class, or a folder.", show_default=False)],
    course_dir: CourseDir = Path(), as_json: Json = False,
) -> None:
    """Put what the class handed in under submitted/STUDENT/WEEK, by the roster; ends with 1 if some of it was left."""
    from autograder.collect import collect as take

    done = take(find_course(course_dir), week, source, _say)
    if as_json:
        print(json.dumps(asdict(done), indent=1))
    else:
        table = Table(_name("student"), Column("notebook", overflow="fold"), Column("came from", overflow="fold"))
        for student, files in done.taken.items():
            for name, place in files.items():
                table.add_row(_plain(student), _plain(name), _plain(place))
        out.print(table)
        for place in done.nobody:
            out.print(f"[yellow]not collected[/]: {_plain(place)} fits nobody on the roster, or several", highlight=False, soft_wrap=True)
        for place, reason in done.left.items():
            out.print(f"[yellow]not collected[/]: {_plain(place)}: {_plain(reason)}", highlight=False, soft_wrap=True)
        if done.missing:
            out.print(f"nothing from: {_plain(', '.join(done.missing))}", highlight=False, soft_wrap=True)
        then = f" Next: `autograder grade {week}`" if done.taken else ""
        out.print(f"{len(done.taken)} students handed in.{then}", highlight=False, soft_wrap=True)
    if done.nobody or done.left or not done.taken:
        raise typer.Exit(ATTENTION)


@app.command(epilog="Example: autograder grade week3 --student ada")
def grade(
    week: Week, student: Student = None, course_dir: CourseDir = Path(),
    force: Annotated[bool, typer.Option("--force", help="Grade again what has not changed.")] = False,
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="How many processes; by default one for each core.",
                                                show_default=False)] = None,
    scheduler: Annotated[str | None, typer.Option("--scheduler", metavar="ADDRESS", help="Grade on a dask cluster, for instance "
                                                  "tcp://host:8786; local starts one here.", show_default=False)] = None,
    sandbox: Sandbox = None, as_json: Json = False,
) -> None:
    """Grade what was handed in under submitted/STUDENT/WEEK; ends with 1 if some submissions need attention.

    What is graded already and has not changed is not graded again, so a run that was ended is finished by the next one.
    """
    from autograder.class_run import grade_class, students

    course = find_course(course_dir)
    _use_sandbox(sandbox)
    total = len([s for s in students(course, week) if student in (None, s)])
    try:
        with _steps(total, "grading", as_json) as progress:
            results = grade_class(course, week, student, force, progress, workers=workers, scheduler=scheduler, say=_say)
    except KeyboardInterrupt:
        _say("ended before it was through; what was recorded is kept, and the same command does the rest")
        raise typer.Exit(INTERRUPTED) from None
    if as_json:
        print(json.dumps([asdict(r) for r in results], indent=1))
    else:
        _print_results(results, week)
    if any(r.notes for r in results):
        raise typer.Exit(ATTENTION)


def _use_sandbox(name: str | None) -> None:
    """Set what was typed for all that is graded from here on, and warn if it confines nothing."""
    import os

    from autograder.grade import NOT_CONFINED
    from autograder.sandbox.ladder import VARIABLE, asked_for

    if name is not None:
        os.environ[VARIABLE] = name
    if asked_for() == "none":
        err.print(f"[yellow]Warning:[/] {NOT_CONFINED}.", soft_wrap=True)


def _print_results(results: list, week: str, then: bool = True) -> None:
    table = Table(_name("student"), "points of checks", "to mark by hand", "recognised", title=week)
    for r in results:
        said = ", ".join(f"{e}: {m}" for e, m in r.misconceptions.items())
        points = f"{r.score:g} / {r.max_score:g}" if r.exercises else "not graded"
        table.add_row(_plain(r.student), points, str(len(r.to_mark) or ""), said)
    out.print(table)
    for r in results:
        for note in r.notes:
            out.print(f"[yellow]{_plain(r.student)}[/]: {_plain(note)}", highlight=False, soft_wrap=True)
        for line in r.for_instructor:
            out.print(f"[yellow]{_plain(r.student)}[/] (for you alone): {_plain(line)}", highlight=False, soft_wrap=True)
    changes = [c for r in results for c in r.changes]
    if changes:
        changed = Table(_name("student"), "exercise", "before", "after", title="marks that changed")
        for c in changes:
            changed.add_row(_plain(c.student), f"{c.notebook}: {c.exercise}", f"{c.before:g}", f"{c.after:g}")
        out.print(changed)
    now, failed = sum(r.graded_now for r in results), sum(r.failed for r in results)
    nothing = sum(not (r.graded_now or r.failed or r.exercises) for r in results)
    counts = {"graded now": now, "unchanged": len(results) - now - failed - nothing, "failed": failed, "without a notebook": nothing,
              "to mark by hand": sum(bool(r.to_mark) for r in results), "with changed marks": sum(bool(r.changes) for r in results)}
    said = ", ".join(f"{n} {what}" for what, n in counts.items() if n)
    by_hand = "mark by hand with `make formgrader`, then " if any(r.to_mark for r in results) else ""
    after = f" Next: {by_hand}`autograder feedback {week}`" if then else ""
    out.print(f"{len(results)} submissions: {said}.{after}", highlight=False, soft_wrap=True)


def _name(header: str) -> Column:
    return Column(header, no_wrap=True)


def _plain(text: str) -> str:
    from rich.markup import escape

    return escape("".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text))  # no command for a terminal


@app.command(epilog="Example: autograder feedback week3")
def feedback(week: Week, student: Student = None, course_dir: CourseDir = Path(), as_json: Json = False) -> None:
    """Write the feedback pages of a graded week: feedback/STUDENT/WEEK."""
    from autograder.class_run import feedback_class

    course = find_course(course_dir)
    total = len(list((course / "autograded").glob(f"{student or '*'}/{week}")))
    with _steps(total, "writing feedback for", as_json) as progress:
        pages = feedback_class(course, week, student, progress, say=_say)
    if as_json:
        print(json.dumps([str(p) for p in pages], indent=1))
    else:
        out.print(f"{len(pages)} feedback pages in {course / 'feedback'}", highlight=False, soft_wrap=True)


@app.command(epilog="Example: autograder export week3 --to marks.csv")
def export(
    week: Week, to: Annotated[Path, typer.Option("--to", help="The CSV file to write.", show_default=False)],
    course_dir: CourseDir = Path(), as_json: Json = False,
) -> None:
    """Write the marks of a week as CSV, with nbgrader's own exporter."""
    from autograder.class_run import export_csv

    rows = export_csv(find_course(course_dir), week, to, _say)
    print(json.dumps({"file": str(to), "rows": rows})) if as_json else out.print(f"{rows} rows in {to}", highlight=False)


@app.command(epilog="Example: autograder prove relu_backward --seeds 20")
def prove(
    exercises: Annotated[list[str] | None, typer.Argument(metavar="[EXERCISE ...]", help="All, if none is named.",
                                                          show_default=False)] = None,
    seeds: Annotated[int, typer.Option(min=1, help="How many seeds; the public one is the first.")] = 3,
    course_dir: CourseDir = Path(), as_json: Json = False,
) -> None:
    """Prove that exercises accept right answers, give trivial ones nothing, and recognise wrong ones."""
    from difflib import get_close_matches

    from autograder.prove import prove as prove_one
    from course.exercises import load

    course, known = find_course(course_dir), load()
    for name in exercises or []:
        if name not in known:
            close = get_close_matches(name, known, n=1)
            raise CourseProblem(f"there is no exercise {name!r}" + (f"; did you mean {close[0]!r}?" if close else ""))
    wanted = [known[name] for name in exercises or known]
    proofs = []
    with _steps(len(wanted), "proving", as_json) as progress:
        for exercise in wanted:
            proofs.append(prove_one(exercise, course, seeds))
            progress(exercise.id)
    if as_json:
        print(json.dumps([asdict(p) for p in proofs], indent=1))
    else:
        table = Table(_name("exercise"), "right", "wrong", "marks of wrong", "of trivial", "")
        for p in proofs:
            marks = f"{min(p.wrong.values()):.2f} to {max(p.wrong.values()):.2f}" if p.wrong else ""
            table.add_row(p.exercise, str(len(p.right) + 1), str(len(p.wrong)), marks,
                          f"{max(p.trivial.values(), default=0.0):.2f}", "[red]faults" if p.faults else "[green]proved")
        table.caption = f"{seeds} seeds; right and wrong answers tried, and the marks that wrong and trivial ones can get"
        out.print(table)
        for p in proofs:
            for fault in p.faults:
                out.print(f"[red]{p.exercise}[/]: {_plain(fault)}", highlight=False, soft_wrap=True)
    if any(p.faults for p in proofs):
        raise typer.Exit(ATTENTION)


@app.command(epilog="Example: autograder build")
def build(
    course_dir: CourseDir = Path(),
    force: Annotated[bool, typer.Option("--force", help="Build also what has not changed.")] = False,
) -> None:
    """Build the data of the checks, then the notebooks whose text changed: execute them and store their outputs."""
    from autograder.build import build_all, build_front_page
    from autograder.expected import write_public_data

    course = find_course(course_dir)
    built = [*write_public_data(course), *build_all(course, force, _say), *build_front_page(course, force)]
    for path in built:
        out.print(f"built {path.relative_to(course) if path.is_relative_to(course) else path}", highlight=False, soft_wrap=True)
    if not built:
        out.print("nothing to build: every notebook is as its source says", highlight=False, soft_wrap=True)


@app.command(epilog="Example: autograder demo")
def demo(
    to: Annotated[Path | None, typer.Option("--to", help="A new folder to do it in; by default a temporary one that stays.",
                                            show_default=False)] = None,
    week: Annotated[list[str] | None, typer.Option("--week", help="Only this week; may be given again.", show_default=False)] = None,
    course_dir: CourseDir = Path(), sandbox: Sandbox = None, as_json: Json = False,
) -> None:
    """Grade the bundled sample class from release to feedback and marks, in a copy of the course folder."""
    from autograder.demo import run_demo, weeks_of
    from autograder.sample_class import samples

    _use_sandbox(sandbox)
    course = find_course(course_dir)
    known = weeks_of(course)
    for unknown in set(week or []) - set(known):
        raise CourseProblem(f"there is no sample class for {unknown!r}; there is one for {', '.join(known)}")
    weeks = [w for w in known if w in (week or known)]
    with _steps(sum(len(samples(w)) for w in weeks), "sample class:", as_json) as progress:
        done = run_demo(course, to, weeks, progress=progress)
    if as_json:
        results = {w: [asdict(r) for r in rows] for w, rows in done.results.items()}
        print(json.dumps({"folder": str(done.folder), "results": results}, indent=1))
        return
    for w, rows in done.results.items():
        _print_results(rows, w, then=False)
    here = f"cd {done.folder} && {Path(sys.executable).parent / 'python'} -m autograder.lab --formgrader"
    for line in ("", "Everybody shows one thing, in one notebook, and leaves the week's other one as it was: so nobody has all points.",
                 f"Releases, feedback and marks are in {done.folder}. To mark what is answered in words, open formgrader there:",
                 f"    {here}"):
        out.print(line, highlight=False, soft_wrap=True)


@app.command(epilog="Example: autograder doctor --json")
def doctor(as_json: Json = False) -> None:
    """Say what confines student code on this machine, and why; ends with 1 if nothing does."""
    from autograder.sandbox.doctor import examine

    seen = examine()
    if as_json:
        print(json.dumps(asdict(seen), indent=1))
    else:
        for backend in seen.backends:
            table = Table(f"{backend.backend}: what was tried", _name("outcome"))
            for what, got in backend.attempts.items():
                table.add_row(what, f"[red]{_plain(got)}" if got else "[green]held back")
            if backend.attempts:
                out.print(table)
            out.print(f"{backend.backend}: {_plain(backend.reason)}", highlight=False, soft_wrap=True)
        for name, value in seen.machine.items():
            out.print(f"{name}: {_plain(value)}", highlight=False, soft_wrap=True)
        out.print(_plain(seen.verdict), highlight=False, soft_wrap=True)
    if not seen.used:
        raise typer.Exit(ATTENTION)


def main() -> None:
    """Run the command line; what went wrong is said in a sentence, with exit code 2."""
    try:
        require_system()
        app()
    except (CourseProblem, KeyProblem) as problem:
        err.print(f"[red]Error:[/] {_plain(str(problem))}", highlight=False, soft_wrap=True)
        sys.exit(MISUSED)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        err.print(f"[red]Error:[/] {_plain(where + (error.strerror or str(error)))}", highlight=False, soft_wrap=True)
        sys.exit(MISUSED)


if __name__ == "__main__":
    main()
