"""``make lab`` and ``make formgrader``: JupyterLab on a student's working copy, or on the course folder."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import webbrowser
from argparse import ArgumentParser
from collections.abc import Sequence
from itertools import count
from pathlib import Path

from autograder.answer_key import FRONT_PAGE, KeyProblem, find_course
from autograder.course_folder import CourseProblem, require_system, weeks

MADE_FROM = ".made_from.json"
SETTINGS = Path(__file__).parent / "lab_settings"


def open_lab(course_dir: Path, args: Sequence[str] = ()) -> int:
    """Make the students' release and open JupyterLab on a working copy of it.

    Parameters
    ----------
    course_dir : Path
        The folder that holds ``notebooks/``. The working copy is ``lab/`` beside it.
    args : sequence of str
        Further arguments for JupyterLab; they win over ours.

    Returns
    -------
    int
        JupyterLab's exit code. Where the system allows it, JupyterLab takes the place of this process instead.
    """
    fonts = _warm_fonts()
    lab = prepare(course_dir)
    fonts.wait()
    first = [f"--LabApp.default_url=/lab/tree/{FRONT_PAGE}.ipynb"] if (lab / f"{FRONT_PAGE}.ipynb").is_file() else []
    return _become(jupyter_command(lab, [*first, *args]), lab)


def formgrader(course_dir: Path, args: Sequence[str] = ()) -> int:
    """Open nbgrader's formgrader, with the server's root at the course folder, where it must be."""
    (course_dir / "exchange").mkdir(exist_ok=True)  # nothing is exchanged here, but formgrader warns where it is missing
    return _become(jupyter_command(course_dir, ["--LabApp.default_url=/formgrader", *args]), course_dir)


def prepare(course_dir: Path) -> Path:
    """Release every week into the working copy, say what is new, and return the folder ``lab/``."""
    from autograder.release import release, released_front_page

    lab = course_dir / "lab"
    for week in weeks(course_dir):
        print(f"Preparing {week} ...", flush=True)
        said = update_copy(release(course_dir, week), lab)
        if said:
            print(said, flush=True)
    if (page := released_front_page(course_dir)).is_file() and (said := update_front_page(page, lab)):
        print(said, flush=True)
    return lab


def update_copy(release: Path, lab: Path) -> str:
    """Copy a release into ``lab/``, never over what is there, and say in a sentence what was done.

    A week that is not there yet is copied to ``lab/WEEK``. If the release is another one than any copy was made from, it
    is put beside them as ``lab/WEEK-2``, ``lab/WEEK-3`` and so on. Otherwise nothing happens.
    """
    lab.mkdir(parents=True, exist_ok=True)
    week, now, made_from = release.name, digest(release), _made_from(lab)
    if any(made == now and re.fullmatch(rf"{re.escape(week)}(-\d+)?", name) and (lab / name).is_dir() for name, made in made_from.items()):
        return ""
    target = lab / week
    number = 1
    while target.exists():
        number += 1
        target = lab / f"{week}-{number}"
    half = lab / f".{target.name}.half"
    shutil.rmtree(half, ignore_errors=True)
    shutil.copytree(release, half, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    _write_made_from(lab, {**made_from, target.name: now})
    half.rename(target)
    if number == 1:
        return f"Your copy of {week} is in {_near(target)}; what you write there is never overwritten."
    return f"There is a newer {week}: it is in {_near(target)}, and your work in {_near(lab / week)} stays as it is."


def update_front_page(released: Path, lab: Path) -> str:
    """Put the front page into ``lab/`` where it is another one than before, and keep one that was written in.

    Returns
    -------
    str
        Where the page that was there before is kept; nothing if only its tables differ.
    """
    target, now, made_from = lab / released.name, hashlib.sha256(released.read_bytes()).hexdigest(), _made_from(lab)
    if target.is_file() and made_from.get(target.name) == now:
        return ""
    said = ""
    if target.exists() and _cell_texts(target) != _cell_texts(released):
        kept = next(p for number in count(2) if not (p := lab / f"{released.stem}-{number}{released.suffix}").exists())
        target.rename(kept)
        said = f"There is a newer front page; what {_near(target)} was before is kept in {_near(kept)}."
    half = lab / f".{released.name}.half"
    shutil.copyfile(released, half)
    half.replace(target)
    _write_made_from(lab, {**made_from, target.name: now})
    return said


def _cell_texts(path: Path) -> list[str]:
    try:
        return ["".join(cell["source"]) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]]
    except (OSError, ValueError, KeyError, TypeError):
        return [str(path)]


def digest(folder: Path) -> str:
    """Return one number for the names and contents of all files in a folder."""
    total = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and ".ipynb_checkpoints" not in p.parts):
        content = path.read_bytes()
        total.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode() + content)
    return total.hexdigest()


def jupyter_command(root: Path, args: Sequence[str] = ()) -> list[str]:
    """Write the command that serves JupyterLab on `root`, with this interpreter."""
    ours = [
        f"--ServerApp.root_dir={root}",
        f"--LabApp.app_settings_dir={SETTINGS}",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--ServerApp.answer_yes=True",  # Ctrl-C ends it at once, since make would not wait for an answer
        "--Application.log_level=ERROR",
    ]
    if _can_encrypt():
        ours.append("--KernelManager.transport_encryption=auto")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        ours.append("--allow-root")
    if not has_browser():
        ours.append("--no-browser")
    return [sys.executable, "-m", "jupyterlab", *ours, *args]


def has_browser() -> bool:
    """Say whether a page can be opened for the person at this machine; a browser in the terminal does not count."""
    if sys.platform.startswith("linux") and not any(os.environ.get(n) for n in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")):
        return False
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True


def main(argv: Sequence[str] | None = None) -> int:
    """Open JupyterLab; what is not an option of ours is passed on to it."""
    parser = ArgumentParser(prog="autograder.lab", description=main.__doc__, add_help=False, allow_abbrev=False)
    parser.add_argument("--formgrader", action="store_true")
    parser.add_argument("--course-dir", type=Path, default=Path())
    ours, theirs = parser.parse_known_args(argv)
    try:
        require_system()
        course_dir = find_course(ours.course_dir)
        return (formgrader if ours.formgrader else open_lab)(course_dir, theirs)
    except (KeyProblem, CourseProblem) as problem:
        print(problem, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _become(command: list[str], folder: Path) -> int:
    os.chdir(folder)  # nbgrader reads the nbgrader_config.py of the folder it is started in, and warns if it finds none at all
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, [str(SETTINGS), os.environ.get("JUPYTER_CONFIG_PATH")]))
    sys.stdout.flush()
    if os.name == "posix":
        os.execv(command[0], command)
    return subprocess.call(command)


def _can_encrypt() -> bool:
    """Say whether server and kernel can talk in secret; where they can and do not, each kernel warns on the terminal."""
    import zmq
    from jupyter_client.manager import KernelManager

    return "transport_encryption" in KernelManager.class_trait_names() and zmq.has("curve")


def _warm_fonts() -> subprocess.Popen:
    """Let matplotlib list the fonts once, so that the first cell of a notebook does not have to."""
    return subprocess.Popen([sys.executable, "-c", "import matplotlib.font_manager"], stdin=subprocess.DEVNULL,
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _made_from(lab: Path) -> dict[str, str]:
    try:
        found = json.loads((lab / MADE_FROM).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}


def _write_made_from(lab: Path, made_from: dict[str, str]) -> None:
    half = lab / f"{MADE_FROM}.half"
    half.write_text(json.dumps(made_from, indent=1) + "\n", encoding="utf-8")
    half.replace(lab / MADE_FROM)


def _near(path: Path) -> str:
    return os.path.join(*path.parts[-2:])


if __name__ == "__main__":
    sys.exit(main())
