"""What a student's process may use, and the few lines that set it inside the sandbox, before any code of theirs runs."""

import json
import resource

MIB = 1024 * 1024
FOLDER_BYTES = 256 * MIB
FOLDER_FILES = 16_384
SHARED_BYTES = 16 * MIB  # /dev/shm, for the semaphores of multiprocessing

# All but NPROC hold for one process. RLIMIT_DATA would miss shared anonymous memory; RLIMIT_AS does not.
LIMITS = {
    "AS": 4096 * MIB,
    "NPROC": 32,
    "NOFILE": 256,
    "FSIZE": FOLDER_BYTES,
    "CORE": 0,
    "MEMLOCK": 0,
    "MSGQUEUE": 0,
}

# A program of its own, run by `python -I -S -c`, which then becomes the student's Python. It imports nothing of ours.
_ENTER = """
import fcntl, json, os, resource, sys
limits, user, interrupt, command = json.loads(sys.argv[1])
with open("/proc/self/oom_score_adj", "w") as file:  # when memory runs out, this goes first and not the gradebook
    file.write("1000")
if user:
    os.setgroups([]); os.setresgid(user, user, user); os.setresuid(user, user, user)
for number, value in limits:
    hard = resource.getrlimit(number)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(number, (value, value))
# A byte on this pipe makes the kernel send us SIGINT, so that the grader signals no number that could be another's.
fcntl.fcntl(interrupt, fcntl.F_SETOWN, os.getpid())
fcntl.fcntl(interrupt, 10, 2)  # F_SETSIG, SIGINT
fcntl.fcntl(interrupt, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
os.dup2(1, 2)  # up to here errors are bubblewrap's and ours, and are told; nobody reads the student's
os.execv(command[0], command)
"""


def limits() -> list[tuple[int, int]]:
    """Return the limits by the numbers that the kernel knows them by."""
    return [(getattr(resource, f"RLIMIT_{name}"), value) for name, value in LIMITS.items()]


def entering(python: str, command: list[str], interrupt: int, user: int = 0) -> list[str]:
    """Return the command that sets the limits and then becomes another.

    Parameters
    ----------
    interrupt : int
        Descriptor of a pipe's reading end: what is written to it interrupts the command.
    user : int, optional
        Number of the user that the command is run as; 0 for the one it is.
    """
    return [python, "-I", "-S", "-c", _ENTER, json.dumps([limits(), user, interrupt, command])]
