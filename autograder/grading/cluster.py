"""Workers for a class on other machines, by dask.distributed: it queues, retries and encrypts; nothing of that is ours."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from autograder.course_folder import CourseProblem
from autograder.grading.assignment import Assignment
from autograder.grading.key_digest import version_digest
from autograder.grading.pool import Slot
from autograder.grading.work import Graded, Submission, grade_submission
from autograder.sandbox import choose, hand_over
from autograder.sandbox.ladder import asked_for

LOCAL = "local"
SECONDS = 20
RETRIES = 2  # of a task that raised; one whose worker died is retried as the scheduler's `allowed-failures` says


@contextmanager
def cluster_slots(
    assignment: Assignment, address: str, workers: int
) -> Iterator[tuple[list[Slot], Callable[[Submission], dict[str, Graded]]]]:
    """Connect to a scheduler, or start a cluster on this machine, and make slots there.

    Parameters
    ----------
    address : str
        As dask writes it, ``tcp://host:8786`` or ``tls://host:8786``; or "local".
    workers : int
        How many processes a local cluster has.

    Raises
    ------
    CourseProblem
        If dask is not installed, nobody answers, or the workers have another version of the course.
    """
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        raise CourseProblem('--scheduler needs dask: pip install -e ".[cluster]"') from None
    for name in ("distributed", "distributed.client", "tornado.application"):  # they print tracebacks of what we tell in a sentence
        logging.getLogger(name).setLevel(logging.CRITICAL)  # after the import, which sets the levels anew
    sandbox = asked_for()
    if address == LOCAL:
        cluster = LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None, silence_logs=logging.ERROR)
        with cluster, Client(cluster) as client:
            yield _slots(client, assignment, sandbox)
        return
    try:
        client = Client(address, timeout=SECONDS)
    except (OSError, TimeoutError, ValueError) as error:
        raise CourseProblem(f"there is no scheduler at {address} ({error}); start one with `dask scheduler`") from None
    with client:
        yield _slots(client, assignment, sandbox)


def _slots(client, assignment: Assignment, sandbox: str) -> tuple[list[Slot], Callable[[Submission], dict[str, Graded]]]:  # type: ignore[no-untyped-def]
    try:
        client.wait_for_workers(1, timeout=SECONDS)
        versions = client.run(version_digest)
    except TimeoutError:
        raise CourseProblem("the scheduler has no workers; start some with `dask worker ADDRESS --nthreads 1`") from None
    except ImportError as error:
        raise CourseProblem(f"the workers cannot import the grader ({error}); install the course folder there too") from None
    others = [worker for worker, version in versions.items() if version != assignment.version]
    if others:
        raise CourseProblem(f"{', '.join(others)}: another version of the course, the grader, Python or numpy is installed there "
                            "than here; install the same, so that marks cannot differ")
    room = 2 * sum(client.nthreads().values())  # one at work and one on its way to each
    executor = client.get_executor(pure=False, retries=RETRIES)
    return [Slot(lambda: executor, attempts=1) for _ in range(room)], partial(grade_there, assignment, sandbox)


def grade_there(assignment: Assignment, sandbox: str, submission: Submission) -> dict[str, Graded]:
    """Grade a submission on whatever machine this runs, in the sandbox that its own canary finds."""
    hand_over(choose(sandbox))
    return grade_submission(assignment, submission)
