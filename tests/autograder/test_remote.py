"""Probes reach into the student's process: what answers there is judged, and what misbehaves fails alone."""

import os
import secrets
import time
from pathlib import Path

import numpy as np
import pytest

from autograder.answer_key import key_of
from autograder.expected import expected_outputs
from autograder.protocol import Reference
from autograder.remote import CellEndedProcess, StudentProcess
from course.exercises import load
from course.exercises.backend import Failed, ProbeStopped
from course.exercises.compare import compare
from course.exercises.namespace import Handle, Namespace
from course.exercises.probe import Unfit, run
from course.exercises.verdict import decide


@pytest.fixture
def process():
    started = StudentProcess()
    yield started
    started.close()


def ask(process: StudentProcess, source: str, seconds: float = 2.0) -> Namespace:
    """Define names in the student's process and return a probe's view of them."""
    ok, outputs = process.run_cell(source)
    assert ok, outputs
    return Namespace(process.probe(seconds))


@pytest.mark.parametrize("exercise_id", sorted(load()))
def test_the_reference_is_right_through_the_wire(exercise_id, repository, process):
    exercise = load()[exercise_id]
    key = key_of(exercise, repository)
    process.run_cell(key.setup)
    for source in key.solutions.values():
        assert process.run_cell(source) == (True, [])
    seed = [2**100 + 3, 1]
    verdict = decide(exercise, run(exercise, process.probe(exercise.seconds), seed), expected_outputs(exercise, key, seed), [])
    assert verdict.state == "right", verdict.first_wrong


def test_cells_have_ipython_semantics(process):
    source = "%matplotlib inline\nimport matplotlib.pyplot as plt\nprint('hello')\nplt.plot([1, 2]); plt.show()\n!true\n1 + 1"
    ok, outputs = process.run_cell(source)
    kinds = [(o["output_type"], sorted(o.get("data", {}))) for o in outputs]
    assert ok and kinds == [("stream", []), ("display_data", ["image/png", "text/plain"]), ("execute_result", ["text/plain"])]
    ok, outputs = process.run_cell("def f():\n    return 1 / 0\nf()")
    assert not ok and outputs[-1]["ename"] == "ZeroDivisionError"
    ok, outputs = process.run_cell("this is no Python")
    assert not ok and outputs[-1]["ename"] == "SyntaxError"
    assert process.run_cell("await __import__('asyncio').sleep(0)\n_")[0]


def test_a_cell_that_runs_on_is_interrupted_and_the_process_goes_on(process):
    process.run_cell("x = 1")
    ok, outputs = process.run_cell("while True:\n    pass", seconds=0.5)
    assert not ok and outputs[-1]["ename"] == "KeyboardInterrupt"
    assert process.run_cell("assert x == 1") == (True, [])


@pytest.mark.parametrize(("source", "said"), [
    ("import os; os._exit(0)", "ended by itself"),
    ("import os; os.abort()", "SIGABRT"),
    ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "SIGKILL"),
    ("import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True:\n    pass", "longer than"),
])
def test_a_cell_that_takes_the_process_down_is_named(process, source, said):
    process.run_cell("1")
    with pytest.raises(CellEndedProcess, match=said):
        process.run_cell(source, seconds=0.5)


@pytest.mark.parametrize(("body", "kind", "error"), [
    ("while True: pass", "too slow", ""),
    ("import os; os._exit(0)", "ended", ""),
    ("import sys; sys.exit(1)", "raised", "SystemExit"),
    ("raise KeyboardInterrupt", "raised", "KeyboardInterrupt"),
    ("return f(x)", "raised", "RecursionError"),
    ("raise NotImplementedError()", "not attempted", "NotImplementedError"),
    ("import numpy as np; return np.zeros(9_000_000)", "ended", ""),
    ("return undefined", "raised", "NameError"),
])
def test_a_call_that_fails_is_a_value(process, body, kind, error):
    student = ask(process, f"def f(x):\n    {body}", seconds=0.5)
    start = time.monotonic()
    got = student.f(np.ones(2))
    assert isinstance(got, Failed) and (got.kind, got.error) == (kind, error)
    assert time.monotonic() - start < 20


def test_a_quiet_call_takes_a_warning_for_an_error(process):
    student = ask(process, "import numpy as np\ndef f(x):\n    return 1 / (1 + np.exp(-x))")
    assert student.f(np.array([-1000.0, 0.0])) == pytest.approx([0.0, 0.5])
    failed = student.f.quietly(np.array([-1000.0, 0.0]))
    assert isinstance(failed, Failed) and (failed.kind, failed.error) == ("raised", "RuntimeWarning")
    assert student.f.quietly(np.array([1000.0, 0.0])) == pytest.approx([1.0, 0.5])


@pytest.mark.parametrize("result", [
    "Liar()", "np.ma.array([1.0])", "np.matrix([[1.0]])", "object()", "np.array([None])", "[Liar()]", "1j", "lambda: 1", "type('S', (str,), {})('a')",
])
def test_what_is_not_plain_stays_behind_and_equals_nothing(process, result):
    student = ask(process, f"""
import numpy as np
class Liar:
    def __eq__(self, other): return True
    def __array__(self, *args, **kwargs): return np.ones(2)
    def __float__(self): return 1.0
    def __len__(self): return 2
    def __getitem__(self, i): return 1.0
    __array_priority__ = 1e9
def f(): return {result}
""")
    got = student.f()
    assert isinstance(got, Handle) and got != 1.0 and not (got == got)  # noqa: PLR0124
    assert compare(Unfit(got.description), np.ones(2), 1e9, 1e9) is not None


def test_arguments_cross_with_their_layout_and_changes_to_them_are_seen(process):
    student = ask(process, """
import numpy as np
def layout(x): return (bool(x.flags.f_contiguous), bool(x.flags.writeable), str(x.dtype))
def change(x):
    x += 1
    return x.copy()
def same(x): return x
def view(x): return [2 * x, x[1:]]
""")
    x = np.asfortranarray(np.ones((2, 3), dtype=np.float32))
    x.flags.writeable = False
    assert student.layout(x) == (True, False, "float32")
    record, _ = student._take_record(None)
    assert not record.changed_arguments
    assert isinstance(student.change(x), Failed)
    student.change(np.ones(3))
    assert student._take_record(None)[0].changed_arguments
    assert student._take_record(student.same(np.ones(3)))[1]
    assert student._take_record(student.view(np.ones(3))[1])[1]
    assert not student._take_record(student.view(np.ones(3))[0])[1]


def test_the_students_own_cache_may_change_and_be_handed_back(process):
    student = ask(process, """
def forward(x): return 2 * x, {"x": x, "uses": []}
def backward(cache):
    cache["uses"].append(1)
    cache["x"][:] = 0
    return cache.pop("x")
""")
    result = student.forward.keep(np.ones(3))
    assert np.array_equal(result.item(0), [2.0, 2.0, 2.0])
    got = student.backward(result.item(1, keep=True))
    record, shares = student._take_record(got)
    assert np.array_equal(got, np.zeros(3)) and not record.changed_arguments and not shares


def test_functions_of_the_probe_are_called_here_with_plain_arguments_only(process):
    student = ask(process, """
def twice(f, x): return f(x) + f(x)
def sneaky(f, x): return f(lambda: 1)
def wrong(f, x): return f(x, x)
""")
    seen = []

    def f(x):
        seen.append(x)
        return float(x.sum())

    assert student.twice(f, np.ones(3)) == 6.0
    assert isinstance(student.sneaky(f, np.ones(3)), Failed)
    assert isinstance(student.wrong(f, np.ones(3)), Failed)
    assert all(type(x) is np.ndarray for x in seen)
    assert student.twice(f, np.ones(3)) == 6.0, "the conversation goes on after a failed call"


def test_a_generator_crosses_as_its_state_and_stays_ours(process):
    student = ask(process, "def draw(rng): return rng.normal(size=3)")
    rng = np.random.default_rng(5)
    first, second = student.draw(rng), student.draw(rng)
    assert np.array_equal(first, second) and np.array_equal(first, rng.normal(size=3))


def test_objects_take_part_by_operators_calls_and_attributes(process):
    student = ask(process, """
class Box:
    __array_ufunc__ = None
    def __init__(self, value): self.value = value
    def __add__(self, other): return Box(self.value + getattr(other, "value", other))
    __radd__ = __add__
    def __neg__(self): return Box(-self.value)
    def get(self): return self.value
""")
    box = student.Box(np.ones(2))
    assert np.array_equal((np.ones(2) + (box + 1.0)).get(), [3.0, 3.0])
    assert np.array_equal((-box).value, [-1.0, -1.0])
    assert isinstance((box * 2.0), Failed) and isinstance(box.missing, Failed)
    assert box.assign("value", np.zeros(3)) is None and np.array_equal(box.get(), np.zeros(3))


CURIOUS = """
log = []
class Curious:
    __array_ufunc__ = None
    value = 3.0
    def __init__(self): pass
    def __call__(self, x): log.append("call"); return x
def wrapper(name):
    def method(self, *args, **kwargs):
        log.append(name)
        return 1.0
    return method
for name in ("add radd sub rsub mul rmul truediv rtruediv matmul rmatmul pow rpow neg eq ne lt gt bool len iter next getitem contains float int index "
             "complex array array_interface hash str repr format dir instancecheck").split():
    setattr(Curious, f"__{name}__", wrapper(name))
def seen():
    found = list(log)
    log.clear()
    return found
"""


@pytest.fixture(scope="module")
def curious_process():
    started = StudentProcess()
    started.run_cell(CURIOUS)
    yield started
    started.close()


@pytest.fixture
def curious(curious_process):
    """A probe's view of the class above."""
    backend = curious_process.probe(2.0)
    yield Namespace(backend)
    backend.close()


@pytest.mark.parametrize(("act", "name"), [
    (lambda o: o(1.0), "call"), (lambda o: o + 1.0, "add"), (lambda o: 1.0 + o, "radd"), (lambda o: np.ones(2) + o, "radd"), (lambda o: o - 1.0, "sub"),
    (lambda o: np.float64(1) - o, "rsub"), (lambda o: o * 2.0, "mul"), (lambda o: 2.0 * o, "rmul"), (lambda o: o / 2.0, "truediv"),
    (lambda o: np.ones(1) / o, "rtruediv"), (lambda o: o @ np.ones(2), "matmul"), (lambda o: np.ones((2, 2)) @ o, "rmatmul"),
    (lambda o: o ** 2, "pow"), (lambda o: 2 ** o, "rpow"), (lambda o: -o, "neg"),
])
def test_calls_and_arithmetic_of_objects_go_across(curious, act, name):
    box = curious.Curious()
    assert act(box) == 1.0 and curious.seen() == [name] and box.value == 3.0


@pytest.mark.parametrize("act", [
    lambda o: o == 1.0, lambda o: 1.0 == o, lambda o: o != 1.0, lambda o: np.ones(2) == o, lambda o: o in [1.0, 2.0], lambda o: [1.0, o].index(2.0),
    lambda o: o < 1.0, lambda o: 1.0 < o, bool, lambda o: o and 1, lambda o: not o, len, list, tuple, lambda o: [*o], lambda o: dict(o), next, lambda o: 1.0 in o,
    lambda o: o[0], float, int, complex, lambda o: range(o), np.asarray, lambda o: np.array([o, 1.0]), lambda o: np.asarray(o, dtype=float), np.sum, np.add.reduce,
    lambda o: np.add(np.ones(2), o), lambda o: np.allclose(o, 1.0), lambda o: np.array_equal(o, np.ones(1)), hash, lambda o: {o: 1}, str, repr, lambda o: f"{o}",
    lambda o: f"{o:.3f}", dir, lambda o: isinstance(o, float), lambda o: compare(o, 1.0, 1e9, 1e9), sorted, max, memoryview, bytes, abs, round,
])
def test_what_could_lie_about_an_object_never_reaches_the_student(curious, act):
    box = curious.Curious()
    try:
        got = act(box)
    except (TypeError, ValueError, ProbeStopped):
        got = False
    assert curious.seen() == []
    assert not (isinstance(got, (bool, np.bool_)) and got) or act(object()) is True, "an object that is equal to something"


def test_hiding_a_change_gains_what_copying_the_argument_would(process):
    """Our own arrays never change, so a process that lies about it gives what an honest copy gives."""
    student = ask(process, """
import course.exercises.local as local
local._unchanged = lambda *_: True
local.np.may_share_memory = lambda *_: False
def lying(x):
    x *= 2
    return x
def copying(x):
    x = x.copy()
    x *= 2
    return x
""")
    x = np.ones(3)
    assert np.array_equal(student.lying(x), student.copying(x)) and np.array_equal(x, np.ones(3))
    assert not student._take_record(None)[0].changed_arguments


def test_a_cell_that_shows_too_much_keeps_what_fits(process):
    source = "from IPython.display import display\nfor _ in range(100):\n    display({'text/plain': 'x' * 150_000}, raw=True)\n    print('y' * 150_000)"
    ok, outputs = process.run_cell(source)
    assert ok and len(outputs) > 20 and "too large" in outputs[-1]["text"]
    assert process.run_cell("1 + 1")[0]


def test_an_object_that_was_never_given_ends_the_exercise_alone(process):
    student = ask(process, "def f(x): return x")
    f = student.f
    f._reference = Reference(12_345)
    assert f(1.0).kind == "ended" and ask(process, "1").f(2.0) == 2.0


def test_one_exercise_cannot_disturb_another(process):
    process.run_cell("""
import numpy as np
def spoil(x):
    global state
    np.sum, state = None, 1
    return 1
def f(x): return np.sum(x)
""")
    first, second = process.probe(1.0), process.probe(1.0)
    assert Namespace(first).spoil(np.ones(2)) == 1
    assert Namespace(second).f(np.ones(2)) == 2.0
    assert isinstance(Namespace(second).state, Failed)


def test_nothing_is_left_when_the_process_is_closed():
    process = StudentProcess()
    mark = f"time.sleep(300 + 1 / {secrets.randbits(40)})"
    process.run_cell(f"""
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; {mark}"])
def running(): return child.pid > 0
""")
    copy = process.probe(1.0)
    assert Namespace(copy).running() and _running(mark)
    process.close()
    time.sleep(0.2)
    assert not _running(mark) and isinstance(Namespace(copy).running(), Failed)


def _running(mark: str) -> bool:
    """Tell whether a process of this machine has `mark` in its command: numbers inside a sandbox are others than here."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if mark.encode() in path.read_bytes():
                return True
        except OSError:
            pass
    return False


def test_a_number_from_the_students_side_is_never_signalled_by_us(process, monkeypatch):
    sent = []
    real = os.kill
    monkeypatch.setattr(os, "kill", lambda pid, number: (sent.append(pid), real(pid, number)))
    monkeypatch.setattr(os, "killpg", lambda pid, number: sent.append(pid))
    process.run_cell("import os; fork = os.fork\nos.fork = lambda: 999_999 if fork() else 0")
    backend = process.probe(0.5)
    backend.close()
    process.close()
    started = getattr(process._running, "_process", None)  # a warm process has none: it is reached by pidfd alone
    assert set(sent) <= ({started.pid} if started else set())
