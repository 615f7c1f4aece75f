"""Workers for a class: processes of this machine, each of which may die without harm to the others."""

import gc
import multiprocessing
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent import futures
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import cycle, islice
from typing import Any

from autograder.grade import answers_in
from autograder.grading.assignment import Assignment
from autograder.grading.stopped import KEPT, RunStopped
from autograder.grading.work import Graded, Submission, grade_submission
from autograder.library import library_without
from autograder.sandbox import choose, hand_over
from autograder.sandbox.backend import NO_THREADS
from autograder.sandbox.ladder import may_be_warm
from autograder.sandbox.warm import WarmBubblewrap, end_templates, warm_up
from course import exercises

ATTEMPTS = 3
KILLED_ON_CLUSTER = "KilledWorker"  # by name, since dask need not be installed


@dataclass(frozen=True)
class Failed:
    """Why a submission could not be graded; nothing is recorded for it."""

    reason: str


Outcome = dict[str, Graded] | Failed


class Slot:
    """Room for one submission at a time, in an executor that is made anew when it broke."""

    def __init__(self, make: Callable[[], Executor], attempts: int = ATTEMPTS) -> None:
        self._make, self.attempts = make, attempts
        self._executor = make()

    def submit(self, work: Callable[..., Any], *arguments: Any) -> Future:
        """Start work on something; what broke before is replaced."""
        try:
            return self._executor.submit(work, *arguments)
        except BrokenExecutor:  # its process died while it had nothing to do
            self._executor = self._make()
            return self._executor.submit(work, *arguments)


def stream(items: Iterable[Submission], slots: list[Slot], work: Callable[[Submission], Any]) -> Iterator[tuple[Submission, Outcome]]:
    """Put each item through a worker and yield what came of it, in the order in which they end.

    No more than one item a slot is held at any time. An item whose worker dies is tried again, `attempts` times in all.
    On a cluster it may have died of another item that was on the same worker: there it is tried again at the end, alone.
    """
    waiting = iter(items)
    running: dict[Future, tuple[Slot, Submission, int]] = {}
    suspects: list[Submission] = []

    def start_next(slot: Slot) -> None:
        if (item := next(waiting, None)) is not None:
            running[slot.submit(work, item)] = (slot, item, 1)

    for slot in slots:
        start_next(slot)
    while running:
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            slot, item, attempt = running.pop(future)
            error = _error_of(future)
            if error is not None and attempt < slot.attempts:
                running[slot.submit(work, item)] = (slot, item, attempt + 1)
                continue
            start_next(slot)  # before the result is handed on, so that the worker need not wait for its recording
            if type(error).__name__ == KILLED_ON_CLUSTER:
                suspects.append(item)
            else:
                yield item, future.result() if error is None else Failed(_reason(error, attempt))
    for item in suspects:
        future = slots[0].submit(work, item)
        wait([future])
        error = _error_of(future)
        yield item, future.result() if error is None else Failed(_reason(error, 1))


def _error_of(future: Future) -> BaseException | None:
    if future.cancelled():
        raise RunStopped(f"the connection to the workers was lost. {KEPT}")
    return future.exception()


def _reason(error: BaseException, attempts: int) -> str:
    if isinstance(error, BrokenExecutor) or type(error).__name__ == KILLED_ON_CLUSTER:
        return ("the process that graded it ended abruptly, each time that it was tried; the memory may have run out "
                "(with --workers 1 there is more of it for each)")
    return f"{type(error).__name__}: {error}" + (f" ({attempts} times)" if attempts > 1 else "")


@contextmanager
def local_slots(assignment: Assignment, workers: int) -> Iterator[tuple[list[Slot], Callable[[Submission], dict[str, Graded]]]]:
    """Make slots with a process each, and end the processes afterwards, whatever they are doing.

    They get ready while the sandbox is tried out here and the references' outputs are computed, once for all of them.
    """
    for name, value in NO_THREADS.items():  # the workers share the cores: none of them needs threads of its own
        os.environ.setdefault(name, value)
    context = server()
    given: tuple[Any, ...] = ()
    libraries = [answers_in(page.notebook) for page in assignment.pages.values()] if may_be_warm() else []
    before = set(multiprocessing.active_children())
    with tempfile.TemporaryDirectory(prefix="grading-") as folder:

        def make(core: int | None) -> Executor:
            executor = ProcessPoolExecutor(1, context, _begin, (folder, core, libraries))
            executor.submit(_learn, *given)
            return executor

        try:
            slots = [Slot(partial(make, core)) for core in islice(cycle(_core_numbers()), workers)]
            with futures.ThreadPoolExecutor(1) as beside:
                backend = beside.submit(choose)
                assignment.prepare()
            given = assignment, backend.result()
            for slot in slots:
                slot.submit(_learn, *given)
            yield slots, work_here
        finally:
            for process in set(multiprocessing.active_children()) - before:
                process.kill()
                process.join()


def server() -> multiprocessing.context.ForkServerContext:
    """Start, in the background, the process that workers are copied from: it imports what they need once for all."""
    from multiprocessing import forkserver

    context = multiprocessing.get_context("forkserver")
    probes = [f"{exercises.__name__}.{name}" for name in exercises.notebook_modules()]
    context.set_forkserver_preload([__name__, "matplotlib.font_manager", *probes])  # the second knows where fonts are kept
    forkserver.ensure_running()
    return context


_assignment: Assignment


def _begin(folder: str, core: int | None, libraries: list[frozenset[str]]) -> None:
    """Prepare a worker, and what students' processes with these libraries will be copied from."""
    if core is not None:  # it and the student's process take turns: on two cores each message between them would take twice as long
        os.sched_setaffinity(0, {core})
    gc.freeze()  # else what was imported is looked through each time that an answer holds many lists,
    gc.set_threshold(100_000, 10, 10)  # and all of these again and again
    tempfile.tempdir = folder  # its leader clears it away when the run ends
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the leader, who ends the workers
    threading.Thread(target=_end_with_leader, args=(folder,), daemon=True).start()
    for names in libraries:
        warm_up(library_without(names))


def _learn(*given: Any) -> None:
    """Take the assignment and the backend, once they are known."""
    global _assignment
    if given:
        _assignment, backend = given
        hand_over(backend)
        if not isinstance(backend, WarmBubblewrap):
            end_templates()


def _end_with_leader(folder: str) -> None:
    leader = multiprocessing.parent_process()
    if leader is not None:
        leader.join()
        shutil.rmtree(folder, ignore_errors=True)  # the leader was killed and could not
        os._exit(1)


def work_here(submission: Submission) -> dict[str, Graded]:
    """Grade a submission in a worker that `local_slots` made."""
    return grade_submission(_assignment, submission)


def cores() -> int:
    """Return how many cores this process may use."""
    return len(_core_numbers()) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _core_numbers() -> Sequence[int | None]:
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [None]
