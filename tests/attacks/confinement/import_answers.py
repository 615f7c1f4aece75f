"""Import the grader's own modules, which know the answers."""

import importlib

WORKS_UNCONFINED = True


def attack(bait):
    found = []
    for name in ("autograder.answer_key", "autograder.grade", "autograder.misconceptions", "autograder.right_answers", "autograder.secret"):
        try:
            found.append(importlib.import_module(name).__name__)
        except ImportError:
            pass
    return found
