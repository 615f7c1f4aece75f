"""Grade one composed notebook: run its cells, probe its answers, and decide the marks on this side of the wire."""

import re
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.evidence import pasted
from autograder.library import library_without
from autograder.references import References, Seed, hidden_seeds
from autograder.student_run import StudentRun
from course import exercises
from course.card import Card
from course.exercises import PUBLIC_SEED
from course.exercises.backend import Failed
from course.exercises.probe import Exercise, run
from course.exercises.verdict import Verdict, decide, recognise

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


def _judged(exercise: Exercise, process: StudentRun, seeds: list[Seed], references: References) -> list[Verdict]:
    """Probe an answer in the copy that was set aside, for each seed, until one says that it was not attempted."""
    backend, verdicts = process.backend(exercise), []
    if backend is None:
        return []
    for seed in seeds:
        verdicts.append(decide(exercise, run(exercise, backend, seed), references.expected(exercise, seed), []))
        if verdicts[-1].state == "not attempted":
            break
    if backend.gone:
        backend.close()
    return verdicts


def _recognised(verdict: Verdict, seed: Seed, references: References) -> Verdict:
    """Name the misconception behind a wrong answer; what all of them give is computed only where one is shown."""
    if verdict.state != "wrong":
        return verdict
    return replace(verdict, misconception=recognise(verdict.results, references.wrong(verdict.exercise, seed)))


Kept = tuple[Grade, NotebookNode]


def grade(
    notebook: NotebookNode, notes: list[str], secret: int, references: References, kept: dict[str, Kept] | None = None
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
    references : References
        What the answers to the notebook's exercises are compared with.
    kept : dict of str to (Grade, NotebookNode), optional
        Exercises that are not judged again, with their grade and the output of their check cell.
    """
    report, kept = Report(notes=list(notes)), kept or {}
    report.for_instructor += notebook.metadata.get("grading", {}).get("for_instructor", [])
    known = exercises.load()
    answers = answers_in(notebook)
    process = StudentRun(library_without(answers))
    report.sandbox = process.sandbox
    asked: list[tuple[NotebookNode, Exercise]] = []
    judged: dict[str, list[Verdict]] = {}
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
        for _, exercise in asked:
            if exercise.id not in kept:
                judged[exercise.id] = _judged(exercise, process, hidden_seeds(exercise, secret), references)
    finally:
        process.close()
    public = _public_verdicts(process, [e for _, e in asked if _is_shown(judged.get(e.id, []))], references)
    for cell, exercise in asked:
        grade, output = kept.get(exercise.id) or _grade_exercise(
            exercise, judged[exercise.id], public.get(exercise.id), float(cell.metadata.nbgrader.points), secret, references)
        report.grades.append(grade)
        if grade.delegated:
            report.for_instructor.append(f"the answer to {grade.exercise!r} calls the library's own: {grade.delegated}")
        cell.outputs = [output]
    if report.notes:
        notebook.cells.insert(0, _notes_cell(report.notes))
    notebook.metadata["grading"] = {**notebook.metadata.get("grading", {}), **report.as_metadata()}
    return report


def answers_in(notebook: NotebookNode) -> frozenset[str]:
    """Name what of the library answers an exercise of this notebook."""
    known = exercises.load()
    ids = {c.metadata.get("nbgrader", {}).get("grade_id") for c in notebook.cells}
    return exercises.answers_in_library(exercises.module_of(known[i]) for i in ids if i in known)


def _first_line(cell: NotebookNode) -> str:
    return (cell.source.strip() or "(empty)").splitlines()[0][:60]


def _is_shown(verdicts: list[Verdict]) -> bool:
    """Tell whether an answer is worth a look at its values: it is wrong, and did not end or stop the process."""
    failed = [v.kind for verdict in verdicts for v in _failures(verdict)]
    return any(v.state == "wrong" for v in verdicts) and not {"too slow", "ended"} & set(failed)


def _public_verdicts(process: StudentRun, shown: list[Exercise], references: References) -> dict[str, Verdict]:
    """Ask wrong answers for the public seed, whose values are shown, in a process that has seen no hidden input."""
    if not shown:
        return {}
    anew = process.anew({e.id for e in shown})
    try:
        return {e.id: v for e in shown for v in _judged(e, anew, [PUBLIC_SEED], references)}
    finally:
        anew.close()


def _failures(verdict: Verdict) -> list[Failed]:
    values = (r.outcome.case.value for r in verdict.results if r.outcome)
    return [v for v in values if isinstance(v, Failed)]


def _grade_exercise(
    exercise: Exercise, verdicts: list[Verdict], public: Verdict | None, max_points: float, secret: int, references: References
) -> tuple[Grade, NotebookNode]:
    attempted = verdicts[-1].state != "not attempted"
    points = round(min(max(_share(verdicts), 0.0), 1.0) * max_points, 2) if attempted else 0.0
    # Values are shown for the public seed only; where that one is right, a hidden case is told in general words.
    seeds = hidden_seeds(exercise, secret)
    shown, seed = next(((v, s) for v, s in zip(verdicts, seeds, strict=False) if v.state != "right"), (verdicts[0], seeds[0]))
    values = public is not None and public.state == "wrong"
    shown = _recognised(public, PUBLIC_SEED, references) if public and values else _recognised(shown, seed, references)
    card = Card(shown, values, points=f"{points:g} of {max_points:g} points")
    misconception = shown.misconception.id if shown.misconception else ""
    page = f'<div class="{NO_MATH}">{card._repr_html_()}</div>'
    output = nbformat.v4.new_output(
        "execute_result", data={"text/plain": repr(float(points)), "text/html": page}, execution_count=None)
    delegated = next((v.message for v in _failures(public) if v.kind == "delegated"), "") if public else ""
    return Grade(exercise.id, points, max_points, shown.state, misconception, delegated), output


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
