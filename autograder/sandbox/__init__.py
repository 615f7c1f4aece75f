"""Where untrusted code runs: `choose()` gives the backend that this machine offers."""

from autograder.sandbox.backend import Backend, Running
from autograder.sandbox.ladder import NotConfined, choose, hand_over

__all__ = ["Backend", "NotConfined", "Running", "choose", "hand_over"]
