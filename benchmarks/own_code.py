"""The seconds of computing that a submission's own code takes, in this process: ``python -m benchmarks.own_code GRADER FILE``.

That is what no grader can spare: its cells, and each call that a check makes, for the seeds that GRADER asks for. `ours` asks
for the hidden ones, and for the public one where an answer is wrong; `stock` for the public one. There is neither wire nor
sandbox, and no cell that is tagged to be skipped is run. What notebooks import is imported before the clock starts.
"""

import os
import sys
import time
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder import student_process
from autograder.references import hidden_seeds
from autograder.secret import secret_seed
from autograder.student_version import SKIP
from course.exercises import load, local
from course.exercises.probe import PUBLIC_SEED, Exercise, run


def own_code(path: Path, grader: str) -> float:
    """Run the cells and the probes of a graded submission, and return the seconds of computing."""
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
    known, probed, notebook = load(), [], nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if cell.cell_type != "code" or SKIP in cell.metadata.get("tags", []):
            continue
        if cell.metadata.get("nbgrader", {}).get("grade") and name in known:
            probed.append(known[name])
            continue
        start = time.process_time()
        student_process._run_cell(shell, outputs, cell.source)
        spent[0] += time.process_time() - start
    for exercise in probed:
        for seed in [PUBLIC_SEED] if grader == "stock" else _our_seeds(path, notebook, exercise):
            run(exercise, local.Local(shell.user_ns, exercise.seconds), seed)
    sys.stdout = stdout
    return spent[0]


def _our_seeds(path: Path, notebook: NotebookNode, exercise: Exercise) -> list[Any]:
    wrong = {g["exercise"] for g in notebook.metadata["grading"]["grades"] if g["state"] == "wrong"}
    return [*hidden_seeds(exercise, secret_seed(path.parents[3])), *([PUBLIC_SEED] if exercise.id in wrong else [])]


if __name__ == "__main__":
    print(own_code(Path(sys.argv[2]), sys.argv[1]))
