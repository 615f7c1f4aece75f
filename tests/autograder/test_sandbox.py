"""The sandbox is chosen by trying to break out of it, and what weakens it is noticed."""

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.course_folder import CourseProblem
from autograder.remote import CellEndedProcess, StudentProcess
from autograder.sandbox import NotConfined, bubblewrap, choose, limits, mounts, seccomp
from autograder.sandbox.bubblewrap import Sandbox
from autograder.sandbox.canary import LEFT_BEHIND, try_out
from autograder.sandbox.container import Container
from autograder.sandbox.doctor import examine
from autograder.sandbox.ladder import LADDER, VARIABLE, found
from autograder.sandbox.none import Unconfined
from tests.attacks.conftest import available, marked
from tests.autograder.conftest import as_an_ordinary_user

pytestmark = pytest.mark.slow
here = pytest.mark.skipif(
    not found("bubblewrap-cold").confined, reason=f"bubblewrap confines nothing here: {found('bubblewrap-cold').reason}")


def without(*parts):
    def change(options):
        options, n = list(options), len(parts)
        at = next(i for i in range(len(options)) if options[i:i + n] == list(parts))
        return [*options[:at], *options[at + n:]]

    return change


WEAKER = {
    "the host's network": (without("--unshare-net"), "Connect to a port of this machine"),
    "the host's processes": (without("--unshare-pid"), LEFT_BEHIND),
    "the host's files": (lambda o: [*without("--remount-ro", "/")(o), "--ro-bind", "/etc/passwd", "/etc/passwd"], "Read files of the host"),
    "a root that can be written": (lambda o: [*without("--remount-ro", "/")(o), "--perms", "1777", "--dir", "/open"], "Write anywhere"),
    "a large working folder": (without("--size", str(limits.FOLDER_BYTES)), "Write more than"),
    "the grader's environment": (lambda o: [*o, "--setenv", "GRADER_PASSWORD", "1"], "Find variables"),
}


@here
@pytest.mark.parametrize(("weaken", "said"), WEAKER.values(), ids=WEAKER.keys())
def test_the_canary_notices(weaken, said, monkeypatch):
    strong = bubblewrap._options
    monkeypatch.setattr(bubblewrap, "_options", lambda *given: weaken(strong(*given)))
    seen = try_out(bubblewrap.Bubblewrap())
    assert not seen.confined and any(said in what and got for what, got in seen.attempts.items()), seen


@here
def test_without_the_filter_root_is_refused(monkeypatch):
    """For ordinary users bubblewrap itself keeps student code from making namespaces."""
    monkeypatch.setattr(seccomp, "program", lambda: None)
    seen = try_out(bubblewrap.Bubblewrap())
    assert seen.confined == (os.geteuid() != 0) and (seen.confined or "user namespace" in seen.reason)


@here
@pytest.mark.parametrize(("limit", "said"), [("AS", "more memory"), ("NPROC", "many processes"), ("NOFILE", "many files")])
def test_the_canary_notices_a_missing_limit(limit, said, monkeypatch):
    monkeypatch.delitem(limits.LIMITS, limit)
    assert said in try_out(bubblewrap.Bubblewrap()).reason


@here
@pytest.mark.parametrize("wrong", [["--no-such-option"], ["--ro-bind", "/no such folder", "/a"], ["--chdir", "/no such folder"]])
def test_the_canary_says_what_bubblewrap_said(wrong, monkeypatch):
    strong = bubblewrap._options
    monkeypatch.setattr(bubblewrap, "_options", lambda *given: [*strong(*given), *wrong])
    assert "no such folder" in try_out(bubblewrap.Bubblewrap()).reason.replace("-", " ").replace("option", "folder")


@here
def test_errors_written_past_python_hold_nobody_up():
    process = StudentProcess(choose("bubblewrap"))
    assert process.run_cell("import os\nfor _ in range(100): os.write(2, bytes(10_000)); os.write(1, bytes(10_000))", seconds=5) == (True, [])
    process.close()


def test_without_a_sandbox_grading_refuses_and_says_how_to_get_one(monkeypatch):
    monkeypatch.setattr("autograder.sandbox.ladder.program", lambda: None)
    monkeypatch.setattr(Container, "program", lambda: None)
    monkeypatch.delenv(VARIABLE, raising=False)
    found.cache_clear()
    try:
        with pytest.raises(NotConfined, match="apt install bubblewrap.*--sandbox none"):
            choose()
        seen = examine()
        assert not seen.used and "apt install bubblewrap" in seen.verdict
        assert choose("none").name == "none"
        monkeypatch.setenv(VARIABLE, "none")
        assert choose().name == "none" and "unconfined" in examine().verdict
    finally:
        found.cache_clear()
    with pytest.raises(CourseProblem, match="auto, bubblewrap, bubblewrap-cold, podman, docker, none"):
        choose("castle")


def test_doctor_says_what_grading_will_do(monkeypatch):
    monkeypatch.setattr(Container, "program", lambda: None)
    found.cache_clear()
    try:
        monkeypatch.setenv(VARIABLE, "docker")
        seen = examine()
        assert not seen.used and f"{VARIABLE}=docker" in seen.verdict
        with pytest.raises(NotConfined):
            choose()
        monkeypatch.setenv(VARIABLE, "castle")
        with pytest.raises(CourseProblem, match="no sandbox 'castle'"):
            examine()
    finally:
        found.cache_clear()


def test_a_program_that_is_gone_leaves_nothing_open(monkeypatch):
    monkeypatch.setattr("autograder.sandbox.bubblewrap.program", lambda: "/nowhere/bwrap")
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        with pytest.raises(OSError):
            Sandbox((), ["true"], [])
    assert len(os.listdir("/proc/self/fd")) == before


@here
@pytest.mark.parametrize("command", [["grade", "--help"], ["demo", "--help"], ["doctor", "--json"]])
def test_the_command_line_knows_it(command, repository):
    done = subprocess.run([sys.executable, "-m", "autograder.cli", *command], cwd=repository, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    if "--json" in command:
        seen = json.loads(done.stdout)
        assert seen["used"] == "bubblewrap" and set(seen["backends"][0]["attempts"].values()) == {""}
    else:
        assert "--sandbox" in done.stdout


@here
def test_it_confines_for_an_ordinary_user_too(repository, tmp_path):
    done = as_an_ordinary_user([sys.executable, "-m", "autograder.cli", "doctor", "--json"], repository, tmp_path)
    if not done.stdout:
        pytest.xfail(f"the user nobody cannot be let through to this Python: {done.stderr[-200:]}")
    seen = json.loads(done.stdout)
    assert seen["machine"]["user"] == "an ordinary user"
    assert seen["used"] == "bubblewrap", seen["backends"][0]
    ours = [b for b in seen["backends"] if b["backend"].startswith("bubblewrap")]  # engines need settings of their own for a user
    assert [b["backend"] for b in ours if b["error"] or any(b["attempts"].values())] == [], seen


@pytest.mark.parametrize("backend", [pytest.param(Unconfined, id="none"), *available()])
def test_a_process_is_interrupted_named_by_its_end_and_gone(backend):
    process = StudentProcess(backend())
    assert process.sandbox == backend.name and process.run_cell("1")[0]
    assert process.run_cell("import time\ntime.sleep(60)", seconds=0.3)[1][-1]["ename"] == "KeyboardInterrupt"
    assert process.run_cell("x = 1") == (True, [])
    with pytest.raises(CellEndedProcess, match="SIGSEGV"):
        process.run_cell("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    process.close()
    process.close()


@here
def test_when_the_grader_is_killed_nothing_is_left():
    mark = f"mark{secrets.randbits(60)}"
    code = f"""
from autograder.remote import StudentProcess
process = StudentProcess()
process.run_cell("import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600) # {mark} run'], start_new_session=True)")
print("ready", flush=True)
import time; time.sleep(600)"""
    grader = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(mounts.PROJECT)})
    assert grader.stdout.readline() == b"ready\n"
    assert marked(f"{mark} run")
    os.kill(grader.pid, signal.SIGKILL)
    grader.wait()
    time.sleep(1)
    assert not marked(f"{mark} run")


@here
def test_figures_are_drawn_without_a_search_for_fonts():
    process = StudentProcess(choose("bubblewrap"))
    process.run_cell("import matplotlib.font_manager, os")
    ok, outputs = process.run_cell("print(sorted(os.listdir(os.environ['MPLCONFIGDIR'])))\nimport tempfile; print(tempfile.mkstemp()[1][:4])")
    process.close()
    assert ok and str(mounts.font_cache().name) in outputs[0]["text"] and ".lock" not in outputs[0]["text"], outputs


@here
def test_an_installed_grader_is_hidden(monkeypatch, tmp_path):
    (tmp_path / "lib" / "autograder").mkdir(parents=True)
    monkeypatch.setattr(mounts, "_site_packages", lambda: [str(tmp_path / "lib")])
    assert mounts._hidden() == [str(tmp_path / "lib" / "autograder")]


def test_every_backend_says_what_it_is():
    assert [b.name for b in LADDER] == ["bubblewrap", "bubblewrap-cold", "podman", "docker"]
    assert all(b.confines for b in LADDER) and not Unconfined.confines


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_filter_is_whole(machine):
    code = seccomp.program(machine)
    assert len(code) % 8 == 0 and len(code) // 8 < 4096
    for at in range(0, len(code), 8):  # no jump leaves the program
        assert at // 8 + 1 + max(code[at + 2], code[at + 3]) < len(code) // 8 or code[at] == 0x06
    assert seccomp.program("z80") is None


def test_paths_of_the_project_are_not_bound():
    seen = [part for part in mounts.files() if part.startswith(str(mounts.PROJECT)) and Path(part).is_relative_to(mounts.PROJECT)]
    wanted = {str(mounts.PROJECT / "course"), *(str(mounts.PROJECT / name) for name in mounts.OWN_FILES)}
    prefix = str(Path(sys.prefix))
    assert {p for p in seen if not p.startswith(prefix) and not prefix.startswith(p)} == wanted


def test_packages_kept_elsewhere_are_found_inside(monkeypatch, tmp_path):
    assert mounts.python_path().split(os.pathsep)[0] == mounts.LIBRARY
    monkeypatch.setattr(mounts, "_site_packages", lambda: [str(tmp_path), str(tmp_path), f"{sys.prefix}/lib"])
    assert mounts.python_path() == f"{mounts.LIBRARY}{os.pathsep}{tmp_path}"
