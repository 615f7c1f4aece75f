"""Chooses where student code runs: the first backend from which the canary does not get out."""

import os
from functools import lru_cache

from autograder.course_folder import CourseProblem
from autograder.sandbox.backend import Backend
from autograder.sandbox.bubblewrap import Bubblewrap, program
from autograder.sandbox.canary import Found, try_out
from autograder.sandbox.container import CONTAINERS, Container
from autograder.sandbox.none import Unconfined
from autograder.sandbox.warm import WarmBubblewrap, end_templates

VARIABLE = "AUTOGRADER_SANDBOX"
LADDER: tuple[type[Backend], ...] = (WarmBubblewrap, Bubblewrap, *CONTAINERS)
NAMES = ("auto", *(b.name for b in LADDER), Unconfined.name)
_handed_over: list[Backend] = []


class NotConfined(CourseProblem):
    """Nothing on this machine confines student code, and nobody said that it may run unconfined."""


def choose(name: str | None = None) -> Backend:
    """Return the backend to run student code in; the canary is tried once for each.

    Parameters
    ----------
    name : str, optional
        A backend's name, or "auto"; without it, what the environment's AUTOGRADER_SANDBOX says.

    Raises
    ------
    NotConfined
        If there is none; the message says how to get one.
    """
    if name is None and _handed_over:
        return _handed_over[0]
    name = asked_for(name)
    if name == Unconfined.name:
        return Unconfined()
    wanted = [b for b in LADDER if name in ("auto", b.name, b.name.partition("-")[0])]
    for backend in wanted:
        if found(backend.name).confined:
            return backend()
    reasons = "; ".join(f"{b.name}: {found(b.name).reason}" for b in wanted)
    raise NotConfined(
        f"student code cannot be confined here ({reasons}). {how_to_get_one()} Or, to run it with all that you may do, "
        f"grade with --sandbox none (in nbgrader: set {VARIABLE}=none)")


def hand_over(backend: Backend) -> None:
    """Let `choose` return in this process what was chosen in the one that started it, on the same machine."""
    _handed_over[:] = [backend]


def may_be_warm() -> bool:
    """Say whether `choose` may come to students' processes that are copied from a warm one, before it has tried any out."""
    return asked_for() in ("auto", WarmBubblewrap.name) and program() is not None


def asked_for(name: str | None = None) -> str:
    """Return the name that was asked for, checked; see `choose`."""
    name = name or os.environ.get(VARIABLE) or "auto"
    if name not in NAMES:
        raise CourseProblem(f"there is no sandbox {name!r}; choose one of {', '.join(NAMES)}")
    return name


@lru_cache(maxsize=8)
def found(name: str) -> Found:
    """Return what the canary found out about a backend."""
    backend = next(b for b in LADDER if b.name == name)
    if not (backend.program() if issubclass(backend, Container) else program()):
        return Found(name, {}, "it is not installed")
    try:
        return try_out(WarmBubblewrap(imports=False) if backend is WarmBubblewrap else backend())
    finally:
        end_templates()  # grading needs others, with the library that a notebook is graded with


def how_to_get_one() -> str:
    """Say how to get a sandbox."""
    if not program():
        return "On Debian and Ubuntu `apt install bubblewrap` installs one, on Fedora `dnf install bubblewrap`; on Windows use WSL."
    return ("bubblewrap is installed, but this system does not let it do its work: docs/security.md says what it needs, "
            "and how podman or docker can take its place.")
