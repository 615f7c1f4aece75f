"""check() as a student meets it: in IPython and in plain Python."""

import subprocess
import sys
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from course.check import CheckFailed

RIGHT = "def relu_backward(grad_out, x):\n    return grad_out * (x > 0)\n"
WRONG = "def relu_backward(grad_out, x):\n    return grad_out * (x >= 0)\n"
STUB = "def relu_backward(grad_out, x):\n    raise NotImplementedError()\n"
CRASH = "def helper(x):\n    return x.nonsense\n\ndef relu_backward(grad_out, x):\n    return helper(x)\n"


@pytest.fixture
def shell():
    """A shell of its own for each test."""
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    shell.run_cell("from course import check")
    yield shell
    InteractiveShell.clear_instance()


def checked(shell, *cells, exercise="relu_backward"):
    """Run cells and then the check; return its card, all that was printed, and the error."""
    for cell in cells:
        with capture_output():
            shell.run_cell(cell)
    with capture_output() as captured:
        result = shell.run_cell(f'check("{exercise}")')
    card = captured.outputs[0].data if captured.outputs else {}
    return card, captured.stdout + captured.stderr, result.error_in_exec


def test_a_right_answer(shell):
    card, printed, error = checked(shell, RIGHT)
    assert error is None and printed == ""
    assert "all 4 checks passed" in card["text/html"] and "all 4 checks passed" in card["text/plain"]


def test_a_wrong_answer_is_shown_with_input_got_expected_and_the_misconception(shell):
    card, printed, error = checked(shell, WRONG)
    assert isinstance(error, CheckFailed)
    for text in ("3 of 4 checks passed", "some inputs are exactly 0", "relu_backward(", "got", "expected",
                 "At exactly 0 you let the gradient through"):
        assert text in card["text/plain"] and text in card["text/html"]
    assert [line for line in printed.splitlines() if line] == [f"CheckFailed: {error}"]
    assert "At exactly 0" in str(error) and "\n" not in str(error)


@pytest.mark.parametrize("cell", [STUB, "", "def relu_backward(grad_out, x)\n    return"])
def test_a_stub_a_missing_answer_and_a_cell_with_a_syntax_error_are_not_attempted(shell, cell):
    card, _, error = checked(shell, cell)
    assert str(error) == "relu_backward: not attempted yet"
    assert "not attempted yet" in card["text/plain"]


@pytest.mark.parametrize(("cell", "said"), [
    ("def mask(x):\n    raise NotImplementedError()\n\ndef relu_backward(grad_out, x):\n    return grad_out * mask(x)", "mask, which this answer calls, is not written yet"),
    ("def relu_backward(grad_out, x):\n    # YOUR CODE HERE\n    raise NotImplementedError('not written yet')\n    return grad_out * (x > 0)\n",
     "NotImplementedError still stands in relu_backward"),
])
def test_what_is_not_written_yet_is_named(shell, cell, said):
    card, _, error = checked(shell, cell)
    assert str(error) == "relu_backward: not attempted yet"
    assert said in card["text/plain"]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("caught", ["Exception", "ValueError"])
def test_an_answer_without_an_end_is_stopped(shell, caught):
    endless = f"def relu_backward(grad_out, x):\n    while True:\n        try:\n            x = x + 1\n        except {caught}:\n            pass"
    card, printed, error = checked(shell, endless)
    assert isinstance(error, CheckFailed) and "0 of 4 checks passed" in card["text/plain"]
    assert "stopped after 3 s of computing" in card["text/plain"] and "Traceback" not in printed
    _, _, error = checked(shell, RIGHT)
    assert error is None, "and the next one has all its time"


def test_a_check_that_is_interrupted_says_so_in_a_line(shell):
    _, printed, error = checked(shell, "def relu_backward(grad_out, x):\n    raise KeyboardInterrupt")
    assert isinstance(error, CheckFailed) and "interrupted" in str(error)
    assert [line for line in printed.splitlines() if line] == [f"CheckFailed: {error}"]


def test_an_exception_shows_the_students_lines_and_none_of_ours(shell):
    card, printed, _ = checked(shell, CRASH)
    text = card["text/plain"]
    assert "it raised AttributeError" in text
    assert "line 5 in relu_backward: return helper(x)" in text and "line 2 in helper: return x.nonsense" in text
    for ours in ("namespace.py", "probe.py", "course/", "_act", "Traceback"):
        assert ours not in text + printed


def test_an_unknown_exercise_gets_a_suggestion(shell):
    card, _, error = checked(shell, exercise="relu_bakward")
    assert not card and str(error) == "there is no exercise called 'relu_bakward'; did you mean 'relu_backward'?"


def test_warnings_and_prints_are_shown_and_are_no_failure(shell):
    noisy = ("import sys\ndef relu_backward(grad_out, x):\n    sys.stderr.write('a warning')\n    print('here')\n"
             "    return grad_out * (x > 0)\n")
    with capture_output():
        shell.run_cell(noisy)
    with capture_output() as captured:
        result = shell.run_cell('check("relu_backward")')
    assert result.error_in_exec is None
    assert captured.stderr == "" and "a warning" in captured.stdout and "here" in captured.stdout


def test_names_of_a_function_that_calls_check_count():
    from course.check import check

    def inside():
        def relu_backward(grad_out, x):
            return grad_out * (x > 0)

        assert relu_backward
        check("relu_backward")

    InteractiveShell.clear_instance()
    inside()


@pytest.mark.parametrize(("cell", "used", "printed"), [
    (RIGHT, "yours", ""),
    (WRONG, "the library's", "relu_backward: the library's is used here, until yours passes its check\n"),
    (STUB, "the library's", "relu_backward: the library's is used here, until yours passes its check\n"),
])
def test_an_answer_is_used_once_it_passes(shell, cell, used, printed):
    with capture_output() as captured:
        shell.run_cell(cell)
        shell.run_cell("from course.check import yours_or\nbackward = yours_or('relu_backward', 'the library')")
    backward = shell.user_ns["backward"]
    assert backward == "the library" if used == "the library's" else backward is shell.user_ns["relu_backward"]
    assert captured.stdout == printed


def test_all_functions_of_an_answer_are_used_together(shell):
    shell.run_cell("from course.check import yours_or\npair = yours_or('dense_backward', (max, min))")
    assert shell.user_ns["pair"] == (max, min)
    shell.run_cell("def dense_forward(x, w, b):\n    return x @ w + b, (x, w)\n\n"
                   "def dense_backward(grad_out, cache):\n    x, w = cache\n    return grad_out @ w.T, x.T @ grad_out, grad_out.sum(axis=0)")
    shell.run_cell("pair = yours_or('dense_backward', (max, min))")
    assert shell.user_ns["pair"] == (shell.user_ns["dense_forward"], shell.user_ns["dense_backward"])


def test_what_stands_in_for_an_answer_can_be_said_in_other_words(shell):
    with capture_output() as captured:
        shell.run_cell("from course.check import yours_or\nbackward = yours_or('relu_backward', None, 'nothing is drawn')")
    assert captured.stdout == "relu_backward: nothing is drawn, until yours passes its check\n"


@pytest.mark.parametrize(("cell", "goes_on"), [(RIGHT, True), (WRONG, False), (STUB, False)])
def test_a_cell_waits_for_an_answer_and_says_so_in_one_line(shell, cell, goes_on):
    with capture_output() as captured:
        shell.run_cell(cell)
        shell.run_cell("from course.check import wait_for\nwait_for('relu_backward')\nwent_on = True")
    assert shell.user_ns.get("went_on", False) is goes_on
    assert captured.stdout == ("" if goes_on else "CheckFailed: this cell works with your answers; still to pass their checks: relu_backward\n")


def test_in_plain_python_the_card_is_text(tmp_path: Path):
    script = tmp_path / "answer.py"
    script.write_text(f"from course import check\n{WRONG}\ncheck('relu_backward')\n")
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, cwd=Path(__file__).parents[2],
                          env={"PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONIOENCODING": "utf-8"})
    assert done.returncode == 1
    assert done.stdout.startswith("✗ relu_backward: 3 of 4 checks passed")
    assert "<div" not in done.stdout and "CheckFailed: relu_backward" in done.stderr
