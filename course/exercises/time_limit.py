"""Stops code that computes too long, where the system lets one: on Linux and macOS."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class TooLong(BaseException):
    """Raised in the midst of code that has used up its time; no ``except Exception`` catches it."""


@contextmanager
def stopped_after(seconds: float) -> Iterator[None]:
    """Raise `TooLong` in the code inside when this process has computed for so many seconds.

    On Windows, and outside the main thread, nothing is stopped.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: Any) -> None:
        raise TooLong

    before = signal.signal(signal.SIGPROF, stop)
    try:
        signal.setitimer(signal.ITIMER_PROF, seconds)
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
