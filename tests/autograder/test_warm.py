"""Students' processes are copied from a warm one: copies share nothing, leave nothing, and give what a cold one gives."""

import copy
import gc
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pytest

from autograder import sample_class
from autograder.remote import StudentProcess
from autograder.sandbox import choose, mounts, warm
from autograder.sandbox.bubblewrap import Bubblewrap
from autograder.sandbox.canary import KILLED, try_out
from autograder.sandbox.ladder import VARIABLE, found
from autograder.sandbox.warm import WarmBubblewrap
from course.exercises.namespace import Namespace
from tests.attacks.conftest import marked
from tests.autograder.conftest import as_an_ordinary_user

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not found("bubblewrap").confined, reason=f"nothing is warm here: {found('bubblewrap').reason}"),
]


@pytest.fixture
def copies():
    """Start student's processes from one template."""
    started = []

    def start() -> StudentProcess:
        started.append(StudentProcess(WarmBubblewrap()))
        return started[-1]

    yield start
    for process in started:
        process.close()


def value(process: StudentProcess, expression: str) -> str:
    ok, outputs = process.run_cell(f"print({expression})")
    assert ok, outputs
    return outputs[0]["text"].strip()


def template() -> warm.Template:
    return warm._kept.templates[mounts.PROJECT]


def inside(process_number: int) -> list[int]:
    """Number the processes that descend from one."""
    found, parents = [process_number], {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = path.read_text()  # number (name) state parent ...
            parents.setdefault(int(text.rpartition(")")[2].split()[1]), []).append(int(path.parent.name))
        except OSError:
            pass
    for number in found:
        found += parents.get(number, [])
    return found


def memory(number: int) -> int:
    """Bytes that a process has written, with its share of what it has in common with copies; libraries are not among them."""
    lines = Path(f"/proc/{number}/smaps_rollup").read_text().splitlines()
    return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith("Pss_Anon:"))


def warm_process() -> int:
    """Number of the warm process itself: the second in its sandbox."""
    return inside(template()._sandbox._number)[1]


TRACES = {
    "files": ("open('trace', 'w').close()", "__import__('os').path.exists('trace')"),
    "shared memory": ("open('/dev/shm/trace', 'w').close()", "__import__('os').path.exists('/dev/shm/trace')"),
    "ports": ("import socket; s = socket.create_server(('127.0.0.1', 5001))", "__import__('socket').socket().connect_ex(('127.0.0.1', 5001)) == 0"),
    "abstract sockets": ("import socket; s = socket.socket(socket.AF_UNIX); s.bind('\\0trace'); s.listen()",
                         "__import__('socket').socket(1).connect_ex('\\0trace') == 0"),
    "terminals": ("import pty; ends = pty.openpty()", "'0' in __import__('os').listdir('/dev/pts')"),
    "random numbers": ("import numpy as np; print(np.random.rand())", "False"),
}


@pytest.mark.parametrize(("leave", "see"), TRACES.values(), ids=TRACES.keys())
def test_copies_do_not_share(leave, see, copies):
    one, other = copies(), copies()
    ok, outputs = one.run_cell(leave)
    assert ok, outputs
    assert value(one, see) == ("False" if see == "False" else "True"), "else it would prove nothing"
    assert value(other, see) == value(copies(), see) == "False"


def test_copies_draw_numbers_of_their_own(copies):
    drawn = [value(copies(), "__import__('numpy').random.rand(), __import__('random').random()") for _ in range(3)]
    assert len(set(drawn)) == 3


def test_copies_see_no_other_process_and_have_namespaces_of_their_own(copies):
    one, other = copies(), copies()
    assert value(one, "sorted(n for n in __import__('os').listdir('/proc') if n.isdigit())") == "['1', '2']"
    names = "[__import__('os').readlink(f'/proc/self/ns/{n}') for n in ('mnt', 'pid', 'net', 'ipc', 'uts')]"
    mine, others = eval(value(one, names)), eval(value(other, names))
    outside = [os.readlink(f"/proc/{warm_process()}/ns/{n}") for n in ("mnt", "pid", "net", "ipc", "uts")]
    assert len({*mine, *others, *outside}) == 15


def test_a_copy_has_no_rights_and_no_descriptor_of_the_template(copies):
    process = copies()
    lines = "[l.split()[1] for l in open('/proc/self/status') if l.startswith(('Cap', 'NoNewPrivs', 'Seccomp:'))]"
    assert eval(value(process, lines)) == ["0" * 16] * 5 + ["1", "2"]
    kinds = eval(value(process, "[__import__('os').readlink(f'/proc/self/fd/{n}').partition(':')[0] for n in range(64) "
                                "if __import__('os').path.lexists(f'/proc/self/fd/{n}')]"))
    assert sorted(k for k in kinds if k not in ("/dev/null", f"/proc/{2}/fd")) == ["pipe", "socket"], kinds


@pytest.mark.parametrize("code", [
    "import os, signal\nfor t in (0, -1, 1, os.getppid(), -os.getpgrp()):\n    for n in (15, 19, 9):\n        try: os.kill(t, n)\n        except OSError: pass",
    "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass",
    "x = []\nwhile True:\n    x.append(bytes(1 << 24))",
    "import os\nos.closerange(0, 1000)\nwhile True: pass",
    "import os, gc, socket\nfor o in gc.get_objects():\n    if isinstance(o, socket.socket):\n        try: o.send(b'ready')\n        except OSError: pass",
    "import os\nfor p in ('/student', '/dev/shm'):\n    i = 0\n    try:\n        while True:\n            open(f'{p}/{i}', 'w').close(); i += 1\n    except OSError: pass",
], ids=["signals", "fork bomb", "memory", "closed descriptors", "sockets found", "empty files"])
def test_the_template_survives_a_hostile_copy(code, copies):
    copies().run_cell("1")
    before, witness = warm_process(), copies()
    hostile = copies()
    hostile.run_cell("1")
    try:
        hostile.run_cell(code, seconds=3)
    except Exception as ended:
        assert "process" in str(ended) or "longer" in str(ended)
    hostile.close()
    assert value(witness, "'alive'") == value(copies(), "'alive'") == "alive" and warm_process() == before


def test_limits_hold_in_a_copy(copies):
    process = copies()
    started = "import os\nn = 0\ntry:\n    while n < 100:\n        if not os.fork(): import time; time.sleep(60)\n        n += 1\nexcept OSError: pass"
    assert process.run_cell(started)[0] and 10 < int(value(process, "n")) < 32
    assert not process.run_cell("import numpy as np; np.ones(5 << 27)")[0]
    assert not process.run_cell("open('big', 'wb').write(bytes(300 << 20))")[0]
    assert not process.run_cell("for i in range(100_000): open(f'{i}', 'w').close()")[0], "files without end"
    assert not process.run_cell("open('/proc/self/oom_score_adj', 'w').write('0')")[0], "memory is taken back from it first"


@pytest.mark.parametrize("kill", [signal.SIGKILL, signal.SIGSTOP])
def test_a_template_that_is_gone_or_mute_is_replaced(kill, copies, monkeypatch):
    monkeypatch.setattr(warm, "COPY_SECONDS", 2.0)
    copies().run_cell("1")
    before = warm_process()
    os.kill(before, kill)
    assert value(copies(), "1 + 1") == "2" and warm_process() != before
    assert not Path(f"/proc/{before}").exists()


def test_a_template_that_answers_nonsense_is_replaced(copies, monkeypatch):
    copies()
    monkeypatch.setattr(warm, "READY", b"something else")
    with pytest.raises(OSError, match="ready"):
        StudentProcess(WarmBubblewrap())
    monkeypatch.undo()
    assert value(copies(), "1 + 1") == "2"


def test_nothing_is_left_after_many_copies(copies):
    copies().run_cell("1")
    gc.collect()
    descriptors, processes = len(os.listdir("/proc/self/fd")), len(inside(template()._sandbox._number))
    number = warm_process()
    opened, used = len(os.listdir(f"/proc/{number}/fd")), memory(number)
    for _ in range(50):
        process = StudentProcess(WarmBubblewrap())
        process.run_cell("import numpy as np; x = np.ones(1_000_000)\ndef f(x): return x")
        exercise = process.probe(1.0)
        assert np.array_equal(Namespace(exercise).f(np.ones(2)), np.ones(2))
        exercise.close()
        process.close()
    gc.collect()
    assert len(os.listdir("/proc/self/fd")) == descriptors
    assert len(inside(template()._sandbox._number)) == processes
    assert (warm_process(), len(os.listdir(f"/proc/{number}/fd"))) == (number, opened)
    assert memory(number) < used + (1 << 20)


def test_when_the_grader_is_killed_nothing_is_left():
    mark = f"mark{secrets.randbits(60)}"
    code = f"""
import os, signal, time
from autograder.remote import StudentProcess
from autograder.sandbox.warm import WarmBubblewrap
process = StudentProcess(WarmBubblewrap())
process.run_cell("import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600) # {mark} run'], start_new_session=True)")
print("ready", flush=True)
time.sleep(600)"""
    grader = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(mounts.PROJECT)})
    assert grader.stdout.readline() == b"ready\n"
    all_of_it = [n for n in inside(grader.pid) if n != grader.pid]
    assert marked(f"{mark} run") and len(all_of_it) >= 5
    grader.kill()
    grader.wait()
    deadline = time.monotonic() + 20
    while any(Path(f"/proc/{n}").exists() for n in all_of_it) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not [n for n in all_of_it if Path(f"/proc/{n}").exists()]


def test_a_forked_grader_makes_templates_of_its_own(copies):
    mine = copies()
    mine.run_cell("1")
    before, (reading, writing) = warm_process(), os.pipe()
    if not (pid := os.fork()):
        try:
            process = StudentProcess(WarmBubblewrap())
            os.write(writing, f"{value(process, '1 + 1')} {warm_process()}".encode())
            process.close()
        finally:
            os._exit(0)
    os.close(writing)
    with open(reading) as file:
        answer, number = file.read().split()
    os.waitpid(pid, 0)
    assert answer == "2" and int(number) != before and value(mine, "'alive'") == "alive" and warm_process() == before


WEAKER = {
    "folders of siblings": ({"folders": {mounts.HOME: 1 << 20}}, "another student's program"),
    "their processes": ({"namespaces": warm.namespaces.NEW_MOUNTS | warm.namespaces.NEW_NETWORK}, "another student's program"),
    "their network": ({"namespaces": warm.namespaces.NEW_MOUNTS | warm.namespaces.NEW_PROCESSES}, "another student's program"),
    "limits": ({"limits": []}, "more memory"),
}


@pytest.mark.parametrize("imports", [True, False])
def test_the_canary_is_held_back_whether_or_not_the_template_has_imported_anything(imports):
    warm.end_templates()
    try:
        assert try_out(WarmBubblewrap(imports)).confined
    finally:
        warm.end_templates()


@pytest.mark.parametrize(("change", "said"), WEAKER.values(), ids=WEAKER.keys())
def test_the_canary_notices_a_weaker_copy(change, said, monkeypatch):
    bounds = warm._bounds
    monkeypatch.setattr(warm, "_bounds", lambda: bounds() | change)
    warm.end_templates()
    try:
        assert said in try_out(WarmBubblewrap()).reason
    finally:
        warm.end_templates()


def test_where_copies_cannot_be_confined_processes_are_cold(monkeypatch):
    bounds = warm._bounds
    monkeypatch.setattr(warm, "_bounds", lambda: bounds() | {"namespaces": 0x10000})  # a thread of another process: the kernel refuses
    warm.end_templates()
    found.cache_clear()
    try:
        assert isinstance(choose("auto"), Bubblewrap) and isinstance(choose("bubblewrap"), Bubblewrap)
        assert "could not be started" in found("bubblewrap").reason
    finally:
        found.cache_clear()
        warm.end_templates()


def test_the_canary_notices_when_others_can_be_ended(monkeypatch):
    start, started = WarmBubblewrap.start, []

    def fragile(self, arguments, descriptors, library=mounts.PROJECT):
        started.append(start(self, arguments, descriptors, library))
        if len(started) == 2:
            started[0].end()
        return started[-1]

    monkeypatch.setattr(WarmBubblewrap, "start", fragile)
    assert try_out(WarmBubblewrap()).attempts[KILLED] == "it ended"


PROBES = ["sorted(__import__('sys').modules)", "sorted(globals())", "dict(__import__('matplotlib').rcParams)", "hash('a'), list({'a', 'b', 'c'})",
          "__import__('warnings').filters", "__import__('matplotlib').pyplot.get_fignums()", "sorted(__import__('os').environ.items())",
          "__import__('os').getcwd(), sorted(__import__('os').listdir('.')), __import__('os').listdir('.matplotlib')", "__import__('sys').argv[1:] and 1",
          "__import__('resource').getrlimit(7), __import__('resource').getrlimit(9), __import__('os').nice(0)", "__import__('numpy').geterr()",
          "__import__('threading').active_count(), __import__('signal').getsignal(2), __import__('sys').getrecursionlimit()",
          "get_ipython().execution_count, In, Out", "__import__('sys').path", "__import__('gc').get_threshold(), __import__('gc').isenabled()"]


def test_a_copy_finds_what_a_cold_process_finds(copies):
    cold = StudentProcess(Bubblewrap())
    process = copies()
    for expression in PROBES:
        ours, theirs = value(process, expression), value(cold, expression)
        if "modules" in expression:
            more = {"autograder.template", "autograder.namespaces", "autograder.student_process", "encodings.ascii", "resource"}
            assert set(eval(ours)) - set(eval(theirs)) <= more and set(eval(theirs)) <= set(eval(ours))
        else:
            assert ours == theirs, expression
    cold.close()


@pytest.mark.slow
def test_marks_are_the_same_warm_and_cold(released, key, graded, monkeypatch):
    quick = set(key.solutions) - {"topological_order", "directional_check"}
    for student, sample in sample_class.samples("week3").items():
        if sample.notebook != key.source.stem:
            continue
        submission, found_out = copy.deepcopy(released), []
        sample.kind(submission, key)
        for sandbox in ("bubblewrap", "bubblewrap-cold"):
            monkeypatch.setenv(VARIABLE, sandbox)
            report, nb = graded(submission, only=quick)
            assert report.sandbox == sandbox and len(report.grades) >= len(quick) - 1
            found_out.append((report.grades, report.notes, [c.outputs for c in nb.cells if c.cell_type == "code"]))
        assert found_out[0] == found_out[1], student


@pytest.mark.slow
def test_attacks_get_nothing_from_an_ordinary_user(repository):
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:  # pytest's own is closed to other users
        os.chmod(folder, 0o777)
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/attacks/test_confinement.py", "-k", "gets_nothing and not cold",
                   f"--basetemp={folder}/pytest"]
        done = as_an_ordinary_user(command, repository, Path(folder))
    assert " passed" in done.stdout and not any(word in done.stdout for word in (" failed", " error", " skipped")), done.stdout[-3000:]
