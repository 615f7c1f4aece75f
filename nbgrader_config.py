"""nbgrader's configuration, so that its own commands and formgrader work in this folder too."""

from pathlib import Path

from autograder.nbgrader_steps import settings

c = get_config()  # noqa: F821  (given by nbgrader)
c.merge(settings(Path(__file__).parent))
