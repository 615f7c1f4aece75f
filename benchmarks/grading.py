"""A class graded by us and by stock nbgrader: ``python -m benchmarks.grading``.

Both grade the same files: one notebook of the course, handed in by students with right answers, other right answers, half of
them, none, and planted misconceptions. Ours is what ``autograder grade`` does, with every core, full confinement, the hidden
seeds, and the public one for what is wrong. Stock is what an instructor without us would run: ``nbgrader autograde`` with its
own Execute step, one kernel after another, on a release whose check cells call ``check("...")``, for the public seed alone.

`plain` is stock on the files as they were handed in; it runs the long experiments, so a few students have to do. `fair` is
stock on the same files without them. Stock grades half of the class before ours and half after, so that whatever else the
machine does falls on both. Own code is what would be spent without any grader: for us the computing time of cells (once,
though they run again where an answer is wrong) and probed calls, taken in a fresh process for each submission, as a kernel is
one, without wire and sandbox; for stock the time in which its kernels were busy with cells. An overhead is
(wall time x cores - own code) / submissions. What is spent once for a class is in it, so it falls with the size of the class.
"""

import argparse
import importlib
import json
import logging
import os
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from traitlets.config import Config

from autograder import misconceptions
from autograder.answer_key import AnswerKey, find_course, module_name, sources
from autograder.class_run import grade_class
from autograder.demo import copy_course
from autograder.grading.pool import cores
from autograder.release import release
from autograder.sample_class import kinds

NOTEBOOK = "week3/02_backprop"
PLAIN_STUDENTS = 4


def main() -> None:
    """Grade the class with both and print what each takes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=40, help="size of the class (default %(default)s)")
    parser.add_argument("--plain", type=int, default=PLAIN_STUDENTS, help="students whose experiments stock runs (default %(default)s)")
    parser.add_argument("--notebook", default=NOTEBOOK, help="WEEK/NAME of a notebook (default %(default)s)")
    parser.add_argument("--own-code", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.own_code:
        print(own_code(options.own_code))
        return
    course = find_course(Path())
    source = course / "notebooks" / f"{options.notebook}.md"
    if not source.is_file():
        parser.error(f"there is no {source}; the notebooks are {', '.join(f'{s.parent.name}/{s.stem}' for s in sources(course))}")
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        compare(course, source, Path(folder), options.students, options.plain)


def compare(course: Path, source: Path, folder: Path, size: int, plain_size: int) -> None:
    """Grade a class of `size` in `folder` and print the table."""
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    week = source.parent.name
    handed_in = submissions(source, size)
    ours = course_folder(course, source, folder / "ours", handed_in)
    release(ours, week)
    fair = {s: without_experiments(nb) for s, nb in handed_in.items()}
    halves = [dict(list(fair.items())[:size // 2]), dict(list(fair.items())[size // 2:])]
    one, other = (stock_folder(course, source, folder / f"stock{i}", half) for i, half in enumerate(halves))
    few = stock_folder(course, source, folder / "plain", dict(list(handed_in.items())[:plain_size]))

    stock_seconds = timed(lambda: stock_grade(one, week))
    our_seconds = timed(lambda: grade_class(ours, week))
    stock_seconds += timed(lambda: stock_grade(other, week))
    plain_seconds = timed(lambda: stock_grade(few, week))

    processors = cores()
    command = [sys.executable, "-m", "benchmarks.grading", "--own-code"]
    our_code = sum(float(subprocess.run([*command, str(path)], check=True, stdout=subprocess.PIPE, text=True).stdout)
                   for path in graded_files(ours))
    stock_code, plain_code = (sum(busy_seconds(f) for f in folders) for folders in ([one, other], [few]))
    print(f"{size} submissions of {week}/{source.stem}, {processors} cores")
    print(f"{'':<28}{'wall s':>10}{'own code s':>12}{'submissions/min':>17}{'overhead ms':>13}")
    figures = []
    for name, wall, code, count in (
            ("ours, confined", our_seconds, our_code, size), ("stock, no experiments", stock_seconds, stock_code, size),
            ("stock, as handed in", plain_seconds, plain_code, plain_size)):
        overhead = 1e3 * (wall * processors - code) / count
        figures.append((overhead, count / wall))
        print(f"{name:<28}{wall:>10.1f}{code:>12.1f}{60 * count / wall:>17.1f}{overhead:>13.0f}")
    (our_overhead, our_rate), (stock_overhead, fair_rate), (_, plain_rate) = figures
    print(f"overhead: {our_overhead:.0f} ms, stock {stock_overhead:.0f} ms; "
          f"throughput ratio: {our_rate / fair_rate:.1f} fair, {our_rate / plain_rate:.1f} plain")


def timed(work: Callable[[], Any]) -> float:
    """Return the wall seconds that something takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def submissions(source: Path, size: int) -> dict[str, NotebookNode]:
    """Make a class, by student."""
    from autograder.student_version import student_version

    key = AnswerKey(source)
    released = nbformat.writes(student_version(source.with_suffix(".ipynb")))
    made = {}
    for i, kind in enumerate(islice(cycle(kinds_of(key)), size)):
        made[f"student{i:02}"] = nb = nbformat.reads(released, as_version=4)
        kind(nb, key)
    return made


def kinds_of(key: AnswerKey) -> Iterator[kinds.Kind]:
    """Give right answers in two styles, half of them, none, and one planted misconception for each exercise that has one."""
    from course.exercises import load

    loops = importlib.import_module(f"autograder.right_answers.{module_name(key.source)}.loops")
    yield from (kinds.perfect, kinds.other_style(loops), kinds.half_done, kinds.blank)
    for exercise in key.solutions:
        planted = next((p for p in misconceptions.of(load()[exercise]) if p.edits), None)
        if planted:
            yield kinds.mistaken(exercise, planted.id)


def without_experiments(nb: NotebookNode) -> NotebookNode:
    """Return a notebook without the cells that nothing graded depends on."""
    nb = nbformat.from_dict(json.loads(json.dumps(nb)))
    nb.cells = [c for c in nb.cells if "experiment" not in c.metadata.get("tags", [])]
    return nb


def course_folder(course: Path, source: Path, to: Path, handed_in: dict[str, NotebookNode]) -> Path:
    """Make a course of this one notebook, with what was handed in."""
    copy_course(course, to)
    for path in (to / "notebooks").rglob("*"):
        if path.is_file() and path.suffix in (".md", ".ipynb") and path.stem != source.stem:
            path.unlink()
    for student, nb in handed_in.items():
        path = to / "submitted" / student / source.parent.name / f"{source.stem}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(nbformat.writes(nb), encoding="utf-8")
    return to


def stock_folder(course: Path, source: Path, to: Path, handed_in: dict[str, NotebookNode]) -> Path:
    """Make the same for stock nbgrader, with its gradebook filled by its own release step."""
    course_folder(course, source, to, handed_in)
    (to / "nbgrader_config.py").unlink()
    if handed_in and not any("experiment" in c.metadata.get("tags", []) for nb in handed_in.values() for c in nb.cells):
        page = to / "notebooks" / source.parent.name / f"{source.stem}.ipynb"
        page.write_text(nbformat.writes(without_experiments(nbformat.read(page, as_version=4))), encoding="utf-8")
    stock_api(to).generate_assignment(source.parent.name, force=True, create=True)
    return to


def stock_api(folder: Path) -> Any:
    """Return nbgrader's own API, as it comes."""
    from nbgrader.apps import NbGraderAPI

    c = Config()
    c.CourseDirectory.root, c.CourseDirectory.source_directory = str(folder), "notebooks"
    c.Exchange.root = str(folder / "exchange")
    c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "*.md"]
    c.Execute.timeout = 300  # its default of 30 s is too short for some experiments
    return NbGraderAPI(config=c)


def stock_grade(folder: Path, week: str) -> None:
    """Grade all that was handed in, as `nbgrader autograde` does, in this process, which has nbgrader imported."""
    api = stock_api(folder)
    for student in sorted(p.name for p in (folder / "submitted").iterdir()):
        done = api.autograde(week, student, force=True, create=True)
        if not done["success"]:
            raise SystemExit(f"stock nbgrader could not grade {student}: {done['error']}")


def graded_files(folder: Path) -> list[Path]:
    """List the graded notebooks of a course folder."""
    return sorted((folder / "autograded").rglob("*.ipynb"))


def busy_seconds(folder: Path) -> float:
    """Sum the time in which stock's kernels were busy with the cells of a course folder."""
    total = 0.0
    for path in graded_files(folder):
        for cell in nbformat.read(path, as_version=4).cells:
            times = cell.metadata.get("execution", {})
            if "iopub.status.busy" in times and "iopub.status.idle" in times:
                busy, idle = (datetime.fromisoformat(times[f"iopub.status.{when}"].replace("Z", "+00:00")) for when in ("busy", "idle"))
                total += (idle - busy).total_seconds()
    return total


def own_code(path: Path) -> float:
    """Run a graded submission's cells and probes here, and return the seconds of computing that its own code took."""
    from autograder import student_process
    from autograder.secret import secret_seed
    from course.exercises import load, local
    from course.exercises.probe import PUBLIC_SEED, run

    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    stdout = sys.stdout
    shell, outputs = student_process.prepare()  # takes standard output for the cells
    spent = [0.0]
    act = local._act

    def timed_act(action: str, real: Any, args: tuple, kwargs: dict) -> Any:
        def without(function: Any) -> Any:  # what the probe hands in is the grader's
            if not getattr(function, "__module__", "").startswith("course.exercises") or not callable(function):
                return function

            def call(*given: Any) -> Any:
                start = time.process_time()
                try:
                    return function(*given)
                finally:
                    spent[0] -= time.process_time() - start

            return call

        start = time.process_time()
        try:
            return act(action, real, tuple(map(without, args)), {k: without(v) for k, v in kwargs.items()})
        finally:
            spent[0] += time.process_time() - start

    local._act = timed_act
    known, secret = load(), secret_seed(path.parents[3])
    probed, notebook = [], nbformat.read(path, as_version=4)
    wrong = {g["exercise"] for g in notebook.metadata["grading"]["grades"] if g["state"] == "wrong"}
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if cell.cell_type != "code" or "experiment" in cell.metadata.get("tags", []):
            continue
        if cell.metadata.get("nbgrader", {}).get("grade") and name in known:
            probed.append(known[name])
            continue
        start = time.process_time()
        student_process._run_cell(shell, outputs, cell.source)
        spent[0] += time.process_time() - start
    for exercise in probed:
        for seed in [*([secret, k] for k in range(exercise.hidden_seeds)), *([PUBLIC_SEED] if exercise.id in wrong else [])]:
            run(exercise, local.Local(shell.user_ns, exercise.seconds), seed)
    sys.stdout = stdout
    return spent[0]


if __name__ == "__main__":
    main()
