"""The trusted end of the wire: a student's process, and the backend that lets a probe reach into it."""

import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.protocol import FRAME_LIMIT, READ_AHEAD, Channel, FunctionNumber, TooSlow, WireError
from autograder.replies import checked, kind_of
from autograder.sandbox import Backend, choose
from autograder.sandbox.backend import PROJECT
from course.exercises.backend import Failed, Reply
from course.exercises.namespace import Handle
from course.exercises.plain import is_plain

CELL_SECONDS = 60.0
START_SECONDS = 60.0
EXERCISE_SECONDS = 120.0
EXERCISE_BYTES = 16 * FRAME_LIMIT  # that all answers of an exercise may have together
END_SECONDS = 1.0  # between the end of the wire and that of the process


class CellEndedProcess(Exception):
    """A cell took the student's process down, or could not be interrupted."""


def wall_limit(seconds: float) -> float:
    """Wall time that a call may take whose computing time is limited to `seconds`; a busy machine is slow."""
    return 2 * seconds + 2


class StudentProcess:
    """A process that runs one student's cells, in the sandbox that was chosen for this machine.

    Parameters
    ----------
    library : Path, optional
        The folder whose ``course/`` it imports; see `autograder.library`.

    Attributes
    ----------
    sandbox : str
        Name of the backend that it runs in.
    """

    def __init__(self, backend: Backend | None = None, library: Path = PROJECT) -> None:
        backend = backend or choose()
        self.sandbox = backend.name
        ours, theirs = socket.socketpair()
        with theirs:
            self._running = backend.start(["-m", "autograder.student_process", str(theirs.fileno())], [theirs.fileno()], library)
        self._control = Channel(ours)
        self._started = False
        self.ended = self.interrupted = False

    def run_cell(self, source: str, seconds: float = CELL_SECONDS) -> tuple[bool, list[Any]]:
        """Run one cell and return whether it ended well, and its outputs as they came (untrusted).

        Raises
        ------
        CellEndedProcess
            If the process died or had to be killed; the message says which.
        """
        self.interrupted = False
        limit = seconds if self._started else seconds + START_SECONDS
        try:
            self._control.send(["cell", source], limit)
            try:
                reply = self._control.receive(limit)
            except TooSlow:
                self.interrupted = True
                self._running.interrupt()
                reply = self._control.receive(5)
        except TooSlow:
            self.close()
            raise CellEndedProcess(f"it ran longer than {seconds:g} s and could not be interrupted") from None
        except WireError as error:
            code = self._running.exit_code(END_SECONDS)
            self.close()
            raise CellEndedProcess(_how_it_ended(code, error)) from None
        self._started = True
        if not (isinstance(reply, list) and len(reply) == 3 and isinstance(reply[2], list)):
            self.close()
            raise CellEndedProcess("its process answered nonsense")
        return reply[1] is True, reply[2]

    def probe(self, seconds: float) -> "RemoteBackend":
        """Copy the process for one exercise and return a backend on the copy."""
        ours, theirs = socket.socketpair()
        try:
            self._control.send(["probe", float(seconds)], 10)
            socket.send_fds(self._control.sock, [b"x"], [theirs.fileno()])
            reply = self._control.receive(20)
            pid = reply[1] if isinstance(reply, list) and len(reply) == 2 and type(reply[1]) is int else None
        except (WireError, OSError):
            pid = None
        finally:
            theirs.close()
        return RemoteBackend(Channel(ours, READ_AHEAD), seconds, lambda: self._kill_copy(pid))

    def _kill_copy(self, pid: int | None) -> None:
        # The number comes from the student's process: it is asked to kill its own child, we never signal that number.
        try:
            self._control.send(["kill", pid if pid is not None and pid > 1 else 0], 5)
            self._control.receive(10)
        except WireError:
            self.close()

    def close(self) -> None:
        """End the process and all that it started."""
        if not self.ended:
            self.ended = True
            self._running.end()
            self._control.close()


class RemoteBackend:
    """A `Backend` whose objects live in the student's process; it never raises for what the student does.

    Attributes
    ----------
    gone : Failed or None
        Why nothing can be asked any more.
    """

    def __init__(self, channel: Channel, seconds: float, end: Callable[[], None]) -> None:
        self._channel, self._seconds, self._end = channel, seconds, end
        self._left = EXERCISE_SECONDS
        self.gone: Failed | None = None
        self._busy = self._closed = False

    def perform(self, action: str, target: Any, args: tuple, kwargs: dict, keep: bool = False) -> Reply:
        """Carry out one operation; see `course.exercises.namespace.Backend`."""
        if self.gone:
            return Reply(self.gone)
        if self._busy:  # a function of the probe that was called back asks in turn: the student's process waits for an answer
            return Reply(Failed("unusable", message="a function that the check passes cannot ask for the student's objects"))
        self._busy = True
        start = time.monotonic()
        try:
            return self._ask(action, target, args, kwargs, keep)
        except TooSlow:
            seconds = wall_limit(self._seconds)
            self.gone = Failed("too slow", message=f"no answer within {seconds:g} s" if seconds <= self._left
                               else f"all calls together took more than {EXERCISE_SECONDS:g} s")
        except (WireError, MemoryError):
            self.gone = Failed("ended", message="the process that ran the code ended or answered nonsense")
        finally:
            self._busy = False
            self._left -= time.monotonic() - start
        return Reply(self.gone)

    def _ask(self, action: str, target: Any, args: tuple, kwargs: dict, keep: bool) -> Reply:
        functions: list[Callable[..., Any]] = []
        message = [action, _sent(target, functions), [_sent(a, functions) for a in args],
                   {k: _sent(v, functions) for k, v in kwargs.items()}, keep]
        limit = time.monotonic() + min(wall_limit(self._seconds), self._left)
        self._channel.send(message, limit - time.monotonic())
        reply = self._answer(limit)
        while kind_of(reply, 3) == "callback":
            self._channel.send(_call_back(functions, reply[1], reply[2]), limit - time.monotonic())
            reply = self._answer(limit)
        return checked(reply, target if action == "name" else "")

    def _answer(self, limit: float) -> Any:
        return self._channel.receive(limit - time.monotonic(), limit=EXERCISE_BYTES - self._channel.received)

    def close(self) -> None:
        """End the copy of the student's process."""
        if not self._closed:
            self._closed = True
            self.gone = self.gone or Failed("ended", message="the process that ran the code was ended")
            self._channel.close()
            self._end()


def _sent(value: Any, functions: list[Callable[..., Any]]) -> Any:
    if isinstance(value, Handle):
        return value._reference
    if isinstance(value, (list, tuple)):
        return type(value)(_sent(v, functions) for v in value)
    if callable(value):
        functions.append(value)
        return FunctionNumber(len(functions) - 1)
    return value


def _call_back(functions: list[Callable[..., Any]], number: Any, args: Any) -> list[Any]:
    """Call a function that the probe passed, with plain arguments only."""
    if type(number) is not int or not 0 <= number < len(functions) or type(args) is not list or not is_plain(args):
        return ["raise", "this function takes plain arrays and numbers"]
    try:
        return ["value", functions[number](*args)]
    except Exception as error:  # the student passed something that does not fit
        return ["raise", str(error)[:300]]


def _how_it_ended(code: int | None, error: WireError) -> str:
    if code is not None and code < 0:
        name = signal.Signals(-code).name if -code in signal.valid_signals() else str(-code)
        return f"its process was ended by {name}"
    return f"its process ended by itself ({error})"
