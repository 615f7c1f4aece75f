"""Make the students' release of a week: notebooks without solutions, audited and packed."""

import hashlib
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat

from autograder.answer_key import front_page
from autograder.audit import audit, audit_archive
from autograder.course_folder import CourseProblem, api, built_notebooks, quiet, refusal, require_week
from autograder.student_version import front_page_version

STAMP = (2024, 1, 1, 0, 0, 0)  # one date for all files, so that the same content gives the same zip
HOW_TO_START = """\
{week} of the course "Deep Learning by Hand"

1. Install, once. Python 3.11 or newer is needed. Open a terminal in this folder, and type on Linux and macOS
     python3 -m venv .venv
     . .venv/bin/activate
   and on Windows
     py -m venv .venv
     .venv\\Scripts\\activate
   Then, on each of them:
     pip install "{wheel}[lab]"
   If you have it from an earlier week, activate and take the newer library:
     pip install --force-reinstall --no-deps "{wheel}"
2. Each time: open a terminal in this folder, activate (the second line above), and start JupyterLab:
     jupyter lab index.ipynb
3. That is the front page, with links to the notebooks and a table of your progress. Work through the notebooks of {week}/ from the top.
   Each exercise has a check cell below it.
4. Hand in the notebooks of {week}/ under the names that they have now.

Unpack every week into the same folder: the front page then finds them all.
"""


def release(course_dir: Path, week: str) -> Path:
    """Release a week into ``release/WEEK``, with the front page beside it, and note its exercises in the gradebook.

    Raises
    ------
    CourseProblem
        If a notebook was not built, nbgrader refuses, or the audit finds something that students must not get.
    """
    course_dir = course_dir.resolve()
    require_week(course_dir, week)
    built_notebooks(course_dir, week)
    with quiet() as said:
        result = api(course_dir).generate_assignment(week, force=True)
    if not result["success"]:
        raise CourseProblem(f"nbgrader could not release {week}: {refusal(result, said.getvalue())}")
    folder = course_dir / "release" / week
    page = _release_front_page(course_dir)
    files = [*_files(folder), *page]
    problems = audit(((p.relative_to(folder.parent).as_posix(), p.read_bytes()) for p in files), course_dir)
    if problems:
        shutil.rmtree(folder)
        for path in page:
            path.unlink()
        raise CourseProblem(_leaks(problems))
    return folder


def released_front_page(course_dir: Path) -> Path:
    """Name the front page as students get it; a course may be without one."""
    return course_dir / "release" / front_page(course_dir).with_suffix(".ipynb").name


def ensure_released(course_dir: Path, week: str, releases: dict[str, str]) -> None:
    """Make the release, if the gradebook does not know the week with the cells and points that it has now.

    Parameters
    ----------
    releases : dict of str to str
        The students' version of each notebook (JSON).
    """
    from nbgrader.api import MissingEntry

    wanted = {name: {c["metadata"]["nbgrader"]["grade_id"]: float(c["metadata"]["nbgrader"]["points"]) for c in json.loads(text)["cells"]
                     if c["metadata"].get("nbgrader", {}).get("points") is not None} for name, text in releases.items()}
    with api(course_dir).gradebook as gradebook:
        try:
            notebooks = gradebook.find_assignment(week).notebooks
            known = {n.name: {c.name: float(c.max_score) for c in [*n.grade_cells, *n.task_cells]} for n in notebooks}
        except MissingEntry:
            known = {}
    if any(known.get(name) != points for name, points in wanted.items()):
        release(course_dir, week)


def pack(course_dir: Path, week: str) -> Path:
    """Pack a released week and the students' wheel into ``release/WEEK.zip``, and audit the zip.

    Raises
    ------
    CourseProblem
        If the wheel cannot be built, or the audit finds a leak; then no zip is left.
    """
    course_dir = course_dir.resolve()
    folder = course_dir / "release" / week
    wheel = build_wheel(course_dir, course_dir / "release")
    path = course_dir / "release" / f"{week}.zip"
    page = released_front_page(course_dir)
    files = {p.relative_to(folder.parent).as_posix(): p.read_bytes() for p in [*_files(folder), *([page] if page.is_file() else [])]}
    files["START-HERE.txt"] = HOW_TO_START.format(week=week, wheel=wheel.name).encode()
    files[wheel.name] = wheel.read_bytes()
    part = path.with_name(f"{path.name}.part")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in sorted(files.items()):
                archive.writestr(zipfile.ZipInfo(name, STAMP), content, zipfile.ZIP_DEFLATED)
        if problems := audit_archive(part, course_dir):
            path.unlink(missing_ok=True)
            raise CourseProblem(_leaks(problems))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def build_wheel(course_dir: Path, into: Path) -> Path:
    """Build the wheel that students install; it holds ``course/`` alone."""
    into.mkdir(parents=True, exist_ok=True)
    done = subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(into)],
                          cwd=course_dir, capture_output=True, text=True, check=False)
    wheels = sorted(into.glob("deep_learning_by_hand-*.whl"), key=lambda p: p.stat().st_mtime)
    if done.returncode or not wheels:
        raise CourseProblem(f"the students' wheel could not be built: {done.stderr.strip()[-1000:]}")
    return wheels[-1]


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, to tell one release from another."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _release_front_page(course_dir: Path) -> list[Path]:
    source, path = front_page(course_dir), released_front_page(course_dir)
    if not source.is_file():
        return []
    if not source.with_suffix(".ipynb").is_file():
        raise CourseProblem(f"{source.name} was never built; run `make notebooks` first")
    nbformat.write(front_page_version(source.with_suffix(".ipynb")), path)
    return [path]


def _files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file() and ".ipynb_checkpoints" not in p.parts)


def _leaks(problems: list[str]) -> str:
    listed = "\n".join(f"  - {p}" for p in problems[:20])
    return f"the release was withdrawn, because students would have got what they must not have:\n{listed}"
