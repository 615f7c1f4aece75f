"""How a run says that it cannot go on."""

from autograder.course_folder import CourseProblem

KEPT = "What was recorded is kept: put that right and run this again"


class RunStopped(CourseProblem):
    """The run cannot go on; what was recorded stays, and the next run does the rest."""
