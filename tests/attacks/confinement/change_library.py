"""Change numpy or the course library for those who come after."""

import os

import numpy

import course

WORKS_UNCONFINED = False


def attack(bait):
    found = []
    for module in (numpy, course, os):
        try:
            open(module.__file__, "a").close()
            found.append(module.__name__)
        except OSError:
            pass
    return found
