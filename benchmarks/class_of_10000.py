"""A made-up class of many small notebooks, some hostile, is graded with three kills on the way: `python -m benchmarks.class_of_10000`.

Prints how long it took, the most memory that the main process had, and whether the gradebook at the end is exact: every
mark is what that kind of submission earns, nobody is missing and nobody stands there twice.
"""

import argparse
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import nbformat
import psutil

from autograder.release import release
from tests.small_course import NOTEBOOK, WEEK, WRONG, hand_in, small_course, submission

HOSTILE = {
    "crash": "import os\nos.abort()",
    "forks": "import os, time\nfor _ in range(20):\n    if os.fork() == 0:\n        time.sleep(1000)",
    "floods": "print('x' * 10_000_000)",
    "memory": "data = []\nfor _ in range(10_000):\n    data.append(bytearray(10_000_000))",
    "gradebook": "import sqlite3\nsqlite3.connect('gradebook.db').execute('DELETE FROM grade')",
    "signals": "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)",
}
# Points of each kind for relu_backward and relative_error; what a hostile cell does costs nothing that was earned.
EARNED = {"right": (2.0, 2.0), "wrong": (1.5, 2.0), "blank": (0.0, 0.0), "broken": (0.0, 0.0), **dict.fromkeys(HOSTILE, (2.0, 2.0))}


def kinds(course: Path) -> dict[str, bytes]:
    """Return a submission of each kind."""
    made = {"right": submission(course), "wrong": submission(course, WRONG),
            "blank": submission(course, dict.fromkeys(("relu_backward", "relative_error"), "pass"))}
    for name, source in HOSTILE.items():
        made[name] = submission(course)
        made[name].cells.insert(1, nbformat.v4.new_code_cell(source))
    return {**{name: nbformat.writes(nb).encode() for name, nb in made.items()}, "broken": b"{ this is no notebook"}


def make_class(course: Path, students: int) -> dict[str, str]:
    """Hand in for everybody and return the kind of each student; one in 20 is hostile."""
    contents, who = kinds(small_course(course)), {}
    for i in range(students):
        kind = list(HOSTILE)[i // 20 % len(HOSTILE)] if i % 20 == 0 else ("wrong", "blank", "broken")[i % 3] if i % 10 < 3 else "right"
        who[student := f"student-{i:05}"] = kind
        hand_in(course, student, contents[kind])
    release(course, WEEK)
    return who


def done(course: Path) -> int:
    """Count the submissions whose marks are committed."""
    with closing(sqlite3.connect(course / "gradebook.db", timeout=60)) as db:
        return db.execute("SELECT count(DISTINCT notebook_id) FROM grade WHERE auto_score IS NOT NULL").fetchone()[0]


def grade(course: Path, until: float) -> tuple[int, int, str]:
    """Run the grading; kill it once so many are done. Return its exit code, its most memory in MB, and what it said."""
    command = [sys.executable, "-m", "autograder.cli", "grade", WEEK, "--json"]
    with open(course / "said", "w+", encoding="utf-8") as said, open(course / "results", "w", encoding="utf-8") as results:
        run = subprocess.Popen(command, cwd=course, stdout=results, stderr=said, env={**os.environ, "PYTHONPATH": str(Path.cwd())})
        most = 0
        while run.poll() is None:
            try:
                most = max(most, psutil.Process(run.pid).memory_info().rss)
            except psutil.Error:
                pass
            if done(course) >= until:
                run.send_signal(signal.SIGKILL)
            time.sleep(0.5)
        said.seek(0)
        return run.returncode, most // 2**20, said.read()[-2000:]


def wrong_rows(course: Path, who: dict[str, str]) -> list[str]:
    """List what the gradebook says otherwise than it should."""
    query = """
        SELECT s.id, c.name, g.auto_score FROM grade g JOIN base_cell c ON c.id = g.cell_id
        JOIN submitted_notebook sn ON sn.id = g.notebook_id JOIN submitted_assignment sa ON sa.id = sn.assignment_id
        JOIN student s ON s.id = sa.student_id WHERE c.name IN ('relu_backward', 'relative_error')"""
    with closing(sqlite3.connect(course / "gradebook.db")) as db:
        found = sorted(db.execute(query).fetchall())
        whole = db.execute("PRAGMA integrity_check").fetchone()[0]
    wanted = sorted((s, name, points) for s, kind in who.items()
                    for name, points in zip(("relu_backward", "relative_error"), EARNED[kind], strict=True))
    files = {p.parent.parent.name for p in course.glob(f"autograded/*/{WEEK}/{NOTEBOOK}.ipynb")}
    differing = [f"{row} and not {other}" for row, other in zip(found, wanted, strict=False) if row != other][:10]
    return [*differing, *([f"{len(found)} rows and not {len(wanted)}"] if len(found) != len(wanted) else []),
            *([] if whole == "ok" else [whole]), *(f"no graded notebook of {s}" for s in sorted(who.keys() - files)[:10])]


def main() -> None:
    """Make the class, grade it with three kills on the way, and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=10_000)
    students = parser.parse_args().students
    with tempfile.TemporaryDirectory(prefix="large-class-") as folder:
        course = Path(folder) / "course"
        who = make_class(course, students)
        print(f"{students} submissions, {sum(k in HOSTILE for k in who.values())} of them hostile")
        began, most = time.monotonic(), 0
        for share in (*sorted(random.uniform(0.1, 0.9) for _ in range(3)), float("inf")):
            code, memory, said = grade(course, share * students)
            most = max(most, memory)
            how = "killed" if code == -signal.SIGKILL else f"ended with {code}"
            print(f"{how} with {done(course)} done after {time.monotonic() - began:.0f} s; at most {memory} MB", flush=True)
        seconds, problems = time.monotonic() - began, wrong_rows(course, who)
        print("\n".join([*problems, said]) if problems else "", end="\n" if problems else "")
        print(f"gradebook: {'exact' if not problems else 'NOT exact'}; {seconds:.0f} s, {students / seconds * 60:.0f} a minute; "
              f"main process at most {most} MB")
        sys.exit(bool(problems))


if __name__ == "__main__":
    main()
