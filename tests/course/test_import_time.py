"""Importing the library must not cost more than numpy does."""

import subprocess
import sys


def test_heavy_modules_are_left_until_they_are_needed():
    code = ("import sys, course, course.layers, course.losses, course.optimizers, course.training;"
            "print([m for m in ('matplotlib', 'IPython', 'scipy', 'nbformat', 'torch') if m in sys.modules])")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
