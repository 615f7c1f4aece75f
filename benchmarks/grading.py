"""A class graded by us and by stock nbgrader: ``python -m benchmarks.grading``.

Both grade the same files: one notebook of the course, handed in by students with right answers, other right answers, half of
them, none, and planted misconceptions. Ours is what ``autograder grade`` does, with every core, full confinement, the hidden
seeds, and the public one for what is wrong. Stock is what an instructor without us would run: ``nbgrader autograde`` with its
own Execute step, one kernel after another, on a release whose check cells call ``check("...")``, for the public seed alone.

`plain` is stock on what it would have released and got back: there the experiments carry no tag that makes it pass over them, so
it runs them, and a few students have to do. `fair` is stock on the same files without them. They take turns, so that whatever else
the machine does falls on both: stock grades a third of the class, then ours all of it, three times; ours is the mean. An overhead is
(wall time x cores - own code) / submissions; own code is measured in the same way for both (`benchmarks.own_code`). What is
spent once for a class is in it, so it falls with the size of the class.
"""

import argparse
import importlib
import json
import logging
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
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
from autograder.student_version import SKIP

NOTEBOOK = "week3/02_backprop"
PLAIN_STUDENTS = 4
ROUNDS = 3


def main() -> None:
    """Grade the class with both and print what each takes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=40, help="size of the class (default %(default)s)")
    parser.add_argument("--plain", type=int, default=PLAIN_STUDENTS, help="students whose experiments stock runs (default %(default)s)")
    parser.add_argument("--notebook", default=NOTEBOOK, help="WEEK/NAME of a notebook (default %(default)s)")
    options = parser.parse_args()
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
    ours = [course_folder(course, source, folder / f"ours{i}", handed_in) for i in range(ROUNDS)]
    for made in ours:
        release(made, week)
    fair = [(s, without_experiments(nb)) for s, nb in handed_in.items()]
    parts = [stock_folder(course, source, folder / f"stock{i}", dict(fair[i::ROUNDS])) for i in range(ROUNDS)]
    few = stock_folder(course, source, folder / "plain", {s: untagged(nb) for s, nb in list(handed_in.items())[:plain_size]})

    our_seconds = stock_seconds = 0.0
    for part, made in zip(parts, ours, strict=True):
        stock_seconds += timed(lambda part=part: stock_grade(part, week))
        our_seconds += timed(lambda made=made: grade_class(made, week)) / ROUNDS
    plain_seconds = timed(lambda: stock_grade(few, week))

    processors = cores()
    our_code, stock_code, plain_code = own_seconds("ours", ours[0]), own_seconds("stock", *parts), own_seconds("stock", few)
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


def untagged(nb: NotebookNode) -> NotebookNode:
    """Return a notebook whose experiments are cells like any other."""
    nb = nbformat.from_dict(json.loads(json.dumps(nb)))
    for cell in nb.cells:
        cell.metadata["tags"] = [t for t in cell.metadata.get("tags", []) if t != SKIP]
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
    c.Execute.extra_arguments = ["--log-level=ERROR"]  # else each kernel warns that its connection is not encrypted
    return NbGraderAPI(config=c)


def stock_grade(folder: Path, week: str) -> None:
    """Grade all that was handed in, as `nbgrader autograde` does, in this process, which has nbgrader imported."""
    api = stock_api(folder)
    for student in sorted(p.name for p in (folder / "submitted").iterdir()):
        done = api.autograde(week, student, force=True, create=True)
        if not done["success"]:
            raise SystemExit(f"stock nbgrader could not grade {student}: {done['error']}")


def own_seconds(grader: str, *folders: Path) -> float:
    """Sum the seconds of own code in graded course folders, each submission in a process of its own, as a kernel is one."""

    def measured(path: Path) -> float:
        command = [sys.executable, "-m", "benchmarks.own_code", grader, str(path)]
        return float(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)

    files = [path for folder in folders for path in sorted((folder / "autograded").rglob("*.ipynb"))]
    with ThreadPoolExecutor(cores()) as pool:
        return sum(pool.map(measured, files))


if __name__ == "__main__":
    main()
