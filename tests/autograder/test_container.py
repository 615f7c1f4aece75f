"""Containers confine as bubblewrap does, where an engine is there that works; without one its reasons are told."""

import os
import secrets
import signal
import subprocess
import sys
import time

import pytest

from autograder.remote import StudentProcess
from autograder.sandbox import container
from autograder.sandbox.backend import PROJECT
from autograder.sandbox.canary import try_out
from autograder.sandbox.container import CONTAINERS, Docker
from autograder.sandbox.ladder import choose, found
from tests.attacks.conftest import marked

# An engine that is not there, or that is not allowed to work, has no tests: there is nothing to skip.
ENGINES = [pytest.param(b, id=b.name, marks=pytest.mark.slow) for b in CONTAINERS if found(b.name).confined]


WEAKER = {
    "the network": (lambda o: ["host" if o[i - 1] == "--network" else p for i, p in enumerate(o)],
                    "Connect to a port of this machine"),
    "a root that can be written": (lambda o: [*o, "--tmpfs", "/open:rw,mode=1777"], "Write anywhere"),
    "a file of the host": (lambda o: [*o, *container.bind("/etc/passwd", "/etc/passwd")], "Read files of the host"),
    "a large working folder": (lambda o: [p.replace("size=268435456", "size=1000000000") for p in o], "Write more than"),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("weaken", "said"), WEAKER.values(), ids=WEAKER.keys())
def test_the_canary_notices(engine, weaken, said, monkeypatch):
    strong = container.options
    monkeypatch.setattr(container, "options", lambda library: weaken(list(strong(library))))
    seen = try_out(engine())
    assert not seen.confined and any(said in what and got for what, got in seen.attempts.items()), seen


@pytest.mark.parametrize("engine", ENGINES)
def test_the_canary_notices_a_first_process_that_holds_nothing_back(engine, monkeypatch, tmp_path):
    weak = container.FIRST.read_text().replace('settings["limits"]', "[]").replace('bytes.fromhex(settings["filter"])', 'b""')
    (tmp_path / "first.py").write_text(weak)
    monkeypatch.setattr(container, "FIRST", tmp_path / "first.py")
    monkeypatch.setattr(container, "entering", lambda python, command, interrupt: command)
    reason = try_out(engine()).reason
    assert "map more memory" in reason and "open many files" in reason


@pytest.mark.parametrize("engine", ENGINES)
def test_when_the_grader_is_killed_nothing_is_left(engine):
    mark = f"mark{secrets.randbits(60)}"
    code = f"""
from autograder.remote import StudentProcess
from autograder.sandbox.container import {engine.__name__}
process = StudentProcess({engine.__name__}())
process.run_cell('''import subprocess, sys, os, signal
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600) # {mark} run"], start_new_session=True)
os.kill(1, signal.SIGSTOP)''')
print("ready", flush=True)
import time; time.sleep(600)"""
    grader = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(PROJECT)})
    assert grader.stdout.readline() == b"ready\n"
    assert marked(f"{mark} run")
    os.kill(grader.pid, signal.SIGKILL)
    grader.wait()
    for _ in range(100):
        if not marked(f"{mark} run"):
            return
        time.sleep(0.1)
    raise AssertionError("a process outlived the grader")


@pytest.mark.parametrize("engine", ENGINES)
def test_the_first_process_shows_nothing_and_obeys_nobody(engine):
    process = StudentProcess(engine())
    ok, outputs = process.run_cell("""
import os, signal
for name in ("environ", "mem", "maps", "fd"):
    try:
        os.listdir("/proc/1/fd") if name == "fd" else open(f"/proc/1/{name}").read(1)
        print(name)
    except OSError:
        pass
for number in (signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
    os.kill(1, number)
if os.fork() == 0:
    os._exit(0)
""")
    assert (ok, outputs) == (True, []) and process.run_cell("x = 1")[0]
    process.close()


@pytest.mark.parametrize("engine", ENGINES)
def test_it_can_be_asked_for_and_leaves_no_container_behind(engine):
    process = StudentProcess(choose(engine.name))
    assert process.sandbox == engine.name
    assert process.run_cell("import matplotlib.pyplot as plt\nplt.plot([1, 2]); plt.show()")[1][0]["data"]["image/png"]
    name = process._running._name
    process.close()
    assert name not in subprocess.run([engine.program(), "ps", "--all"], capture_output=True, text=True, check=True).stdout


def test_an_engine_that_does_not_work_says_why(monkeypatch, tmp_path):
    (tmp_path / "docker").write_text("#!/bin/sh\necho 'Cannot connect to the Docker daemon. Is it running?' >&2\nexit 1\n")
    (tmp_path / "docker").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    container.image.cache_clear()
    seen = try_out(Docker())
    assert not seen.confined and "Is it running?" in seen.reason


def test_an_engine_that_starts_nothing_says_why(monkeypatch, tmp_path):
    (tmp_path / "docker").write_text("#!/bin/sh\n[ $1 = run ] && echo 'no room for a container' >&2 && exit 125\nexit 0\n")
    (tmp_path / "docker").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    before = set(os.listdir("/proc/self/fd"))
    seen = try_out(Docker())
    assert not seen.confined and "no room for a container" in seen.reason
    assert set(os.listdir("/proc/self/fd")) <= before, "descriptors were left open"


def test_proxies_and_their_passwords_are_not_handed_on(monkeypatch):
    monkeypatch.setenv("https_proxy", "http://user:password@proxy")
    assert "https_proxy" not in container.engine_environment()
