"""Grade one composed notebook: run its cells, probe its answers, and decide the marks on this side of the wire."""

import re
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.answer_key import AnswerKey, key_of
from autograder.evidence import pasted
from autograder.expected import expected_outputs, wrong_outputs
from autograder.inert import inert_outputs
from autograder.library import library_without
from autograder.remote import CELL_SECONDS, CellEndedProcess, RemoteBackend, StudentProcess
from course import exercises
from course.card import Card
from course.exercises import PUBLIC_SEED
from course.exercises.backend import Failed
from course.exercises.probe import Exercise, run
from course.exercises.verdict import Expected, Misconception, Verdict, decide, recognise

HIDDEN_SEEDS, HIDDEN_SEEDS_IF_SLOW = 3, 1
RESTARTS = 3
NO_MATH = "tex2jax_ignore mathjax_ignore"  # MathJax passes over it
NOT_CONFINED = "student code is not confined (sandbox none): it can read and write what you can; grade only what you trust"


@dataclass(frozen=True)
class Grade:
    """The mark of one exercise and how it came about."""

    exercise: str
    points: float
    max_points: float
    state: str
    misconception: str = ""
    delegated: str = ""


@dataclass
class Report:
    """What was found about one notebook, and the sandbox that its code ran in; `for_instructor` is shown to no student."""

    grades: list[Grade] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    for_instructor: list[str] = field(default_factory=list)
    sandbox: str = ""

    def as_metadata(self) -> dict[str, Any]:
        """Return it as plain data, for the graded notebook."""
        return {"grades": [asdict(g) for g in self.grades], "notes": self.notes,
                "for_instructor": self.for_instructor, "sandbox": self.sandbox}


class Run:
    """A student's process that survives its own cells: when one takes it down, it is started anew without that cell.

    Answers are asked of copies of the process, set aside where the check cells stand. They are asked when all cells have
    run, because what a copy has seen of the inputs it could hand on, through a file, to whatever runs after it.
    """

    def __init__(self, library: Path) -> None:
        self._library = library
        self._process = StudentProcess(library=library)
        self.sandbox = self._process.sandbox
        self._before: list[str | Exercise] = []
        self._copies: dict[str, RemoteBackend] = {}
        self._restarts = 0

    def cell(self, source: str) -> tuple[list[NotebookNode], str]:
        """Run a cell; return its outputs, inert, and a note if it ended the process."""
        if self._restarts > RESTARTS:
            return [], "it was not run, because earlier cells ended the process again and again"
        try:
            _, outputs = self._process.run_cell(source, CELL_SECONDS)
        except CellEndedProcess as ended:
            self._restart()
            error = nbformat.v4.new_output("error", ename="CellEndedProcess", evalue=str(ended), traceback=[str(ended)])
            return [error], f"{ended}; the cells after it ran without it"
        if self._process.interrupted:
            return inert_outputs(outputs), f"it ran longer than {CELL_SECONDS:g} s and was stopped"
        self._before.append(source)
        return inert_outputs(outputs), ""

    def set_aside(self, exercise: Exercise) -> None:
        """Copy the process as it is now, to ask for the answer to an exercise later."""
        self._before.append(exercise)
        self._copies[exercise.id] = self._process.probe(exercise.seconds)

    def _restart(self) -> None:
        self._restarts += 1
        self._close_copies()
        self._process = StudentProcess(library=self._library)
        for i, step in enumerate(self._before):
            if isinstance(step, Exercise):
                self._copies[step.id] = self._process.probe(step.seconds)
                continue
            try:
                self._process.run_cell(step)
            except CellEndedProcess:  # it went well before; without it the rest may still go well
                del self._before[i]
                if self._restarts <= RESTARTS:
                    self._restart()
                return

    def judge(self, exercise: Exercise, seeds: list[Any], course_dir: Path) -> list[Verdict]:
        """Probe an answer in the copy that was set aside, for each seed, until one says that it was not attempted."""
        if self._process.ended and self._restarts <= RESTARTS:  # an exercise before this one took all others with it
            self._restart()
        verdicts: list[Verdict] = []
        for seed in seeds:
            verdict = _judged(exercise, run(exercise, self._copies[exercise.id], seed), seed, course_dir)
            verdicts.append(verdict)
            if verdict.state == "not attempted":
                break
        if self._copies[exercise.id].gone:
            self._copies[exercise.id].close()
        return verdicts

    def _close_copies(self) -> None:
        for copy in self._copies.values():
            copy.close()

    def close(self) -> None:
        """End the student's process."""
        self._close_copies()
        self._process.close()


def _judged(exercise: Exercise, outcomes: list, seed: Any, course_dir: Path) -> Verdict:
    return decide(exercise, outcomes, _expected(exercise.id, _hashable(seed), course_dir), [])


def _recognised(verdict: Verdict, seed: Any, course_dir: Path) -> Verdict:
    """Name the misconception behind a wrong answer; what all of them give is computed only where one is shown."""
    if verdict.state != "wrong":
        return verdict
    wrong = _wrong(verdict.exercise.id, _hashable(seed), course_dir)
    return replace(verdict, misconception=recognise(verdict.results, wrong))


def _hashable(seed: Any) -> Any:
    return seed if isinstance(seed, int) else tuple(seed)


@lru_cache(maxsize=4096)
def _expected(exercise_id: str, seed: Any, course_dir: Path) -> list[Expected]:
    exercise = exercises.load()[exercise_id]
    return expected_outputs(exercise, _key(exercise_id, course_dir), seed if isinstance(seed, int) else list(seed))


@lru_cache(maxsize=4096)
def _wrong(exercise_id: str, seed: Any, course_dir: Path) -> list[Misconception]:
    exercise, key = exercises.load()[exercise_id], _key(exercise_id, course_dir)
    return wrong_outputs(exercise, key, seed if isinstance(seed, int) else list(seed), _expected(exercise_id, seed, course_dir))


@lru_cache(maxsize=256)
def _key(exercise_id: str, course_dir: Path) -> AnswerKey:
    return key_of(exercises.load()[exercise_id], course_dir, _read_key)


_read_key = lru_cache(maxsize=16)(AnswerKey)


Kept = tuple[Grade, NotebookNode]


def grade(
    notebook: NotebookNode, notes: list[str], secret: int, course_dir: Path, kept: dict[str, Kept] | None = None
) -> Report:
    """Grade a composed notebook in place.

    Parameters
    ----------
    notebook : NotebookNode
        The release version with the student's answers in it; its cells get their outputs, its check cells their marks.
    notes : list of str
        What was repaired while it was composed.
    secret : int
        The course's secret seed; a right answer's mark does not depend on it.
    kept : dict of str to (Grade, NotebookNode), optional
        Exercises that are not judged again, with their grade and the output of their check cell.
    """
    report, kept = Report(notes=list(notes)), kept or {}
    report.for_instructor += notebook.metadata.get("grading", {}).get("for_instructor", [])
    known = exercises.load()
    answers = _answers(notebook, known)
    process = Run(library_without(answers))
    report.sandbox = process.sandbox
    asked: list[tuple[NotebookNode, Exercise]] = []
    try:
        for cell in notebook.cells:
            meta = cell.metadata.get("nbgrader", {})
            if cell.cell_type != "code" or "experiment" in cell.metadata.get("tags", []):
                continue
            if meta.get("grade") and meta.get("grade_id") in known:
                exercise = known[meta["grade_id"]]
                asked.append((cell, exercise))
                if exercise.id not in kept:
                    process.set_aside(exercise)
            else:
                report.for_instructor += pasted(cell.source, f"the cell that begins {_first_line(cell)!r}", answers)
                cell.outputs, note = process.cell(cell.source)
                if note:
                    report.notes.append(f"the cell that begins {_first_line(cell)!r}: {note}")
        # Nothing whose values are shown runs after the first hidden input has been handed out.
        public = {e.id: process.judge(e, [PUBLIC_SEED], course_dir)[0] for _, e in asked if e.id not in kept}
        for cell, exercise in asked:
            points = float(cell.metadata.nbgrader.points)
            grade, output = kept.get(exercise.id) or _grade_exercise(
                process, exercise, public[exercise.id], points, secret, course_dir)
            report.grades.append(grade)
            if grade.delegated:
                report.for_instructor.append(f"the answer to {grade.exercise!r} calls the library's own: {grade.delegated}")
            cell.outputs = [output]
    finally:
        process.close()
    if report.notes:
        notebook.cells.insert(0, _notes_cell(report.notes))
    notebook.metadata["grading"] = {**notebook.metadata.get("grading", {}), **report.as_metadata()}
    return report


def _answers(notebook: NotebookNode, known: dict[str, Exercise]) -> frozenset[str]:
    """Name what of the library answers an exercise of this notebook."""
    ids = {c.metadata.get("nbgrader", {}).get("grade_id") for c in notebook.cells}
    return exercises.answers_in_library(exercises.module_of(known[i]) for i in ids if i in known)


def _first_line(cell: NotebookNode) -> str:
    return (cell.source.strip() or "(empty)").splitlines()[0][:60]


def _delegated(verdict: Verdict) -> str:
    values = (r.outcome.case.value for r in verdict.results if r.outcome)
    return next((v.message for v in values if isinstance(v, Failed) and v.kind == "delegated"), "")


def _grade_exercise(
    process: Run, exercise: Exercise, public: Verdict, max_points: float, secret: int, course_dir: Path
) -> tuple[Grade, NotebookNode]:
    seeds = [[secret, k] for k in range(HIDDEN_SEEDS_IF_SLOW if exercise.slow else HIDDEN_SEEDS)]
    verdicts = process.judge(exercise, seeds, course_dir) if public.state != "not attempted" else []
    mark = _share(verdicts) if verdicts else 0.0
    points = round(min(max(mark, 0.0), 1.0) * max_points, 2)
    # Values are shown for the public seed only; where that one is right, a hidden case is told in general words.
    wrong_hidden = next(((v, s) for v, s in zip(verdicts, seeds, strict=False) if v.state != "right"), None)
    shown, seed = (public, PUBLIC_SEED) if public.state != "right" or wrong_hidden is None else wrong_hidden
    shown = _recognised(shown, seed, course_dir)
    card = Card(shown, values=seed == PUBLIC_SEED, points=f"{points:g} of {max_points:g} points")
    misconception = shown.misconception.id if shown.misconception else ""
    page = f'<div class="{NO_MATH}">{card._repr_html_()}</div>'
    output = nbformat.v4.new_output(
        "execute_result", data={"text/plain": repr(float(points)), "text/html": page}, execution_count=None)
    return Grade(exercise.id, points, max_points, shown.state, misconception, _delegated(public)), output


def _share(verdicts: list[Verdict]) -> float:
    results = [r for v in verdicts for r in v.results]
    if all(r.difference is None for r in results):
        return 1.0
    total = sum(r.weight for r in results)
    return sum(r.weight for r in results if r.difference is None) / total if total else 0.0


def _inert(text: str) -> str:
    """Write a text so that nothing in it is HTML, Markdown or a formula: notes quote names and lines of the student's."""
    printable = "".join(c if c.isprintable() else " " for c in text)
    return re.sub(r"[^\w\s.,;:()/'-]|_", lambda found: f"&#{ord(found[0])};", printable)


def _notes_cell(notes: list[str]) -> NotebookNode:
    items = "".join(f"<li>{_inert(note)}</li>" for note in notes)
    cell = nbformat.v4.new_markdown_cell(f'**Notes from grading**\n\n<ul class="{NO_MATH}">{items}</ul>')
    cell["id"] = "grading-notes"
    return cell
