"""`autograder grade`, sent a signal at a certain point, once it has got there so many times: killed_at.py SIGNAL POINT TIMES grade WEEK ..."""

import os
import signal
import sys
from pathlib import Path
from typing import Any

from autograder import cli
from autograder.grading import backup, record
from autograder.grading.gradebook import OneWriter


def _is(kind: str, path: Any) -> bool:
    return isinstance(path, Path) and path.suffix == ".part" and kind in path.parts


# The point: where it lies, whether it is before or after that step, and for which calls.
POINTS: dict[str, tuple[Any, str, bool, Any]] = {
    "when a submission is begun": (OneWriter, "begin", True, lambda *_: True),
    "before its marks are committed": (OneWriter, "commit", False, lambda *_: True),
    "after its marks are committed": (OneWriter, "commit", True, lambda *_: True),
    "while its files are written": (Path, "replace", False, lambda path, *_: _is("autograded", path)),
    "while the gradebook is copied": (Path, "replace", False, lambda path, *_: _is(backup.FOLDER, path)),
    "after its changes are noted": (record.Changes, "add", True, lambda _, changes: bool(changes)),
}


def main() -> None:
    number = signal.Signals[sys.argv.pop(1)]
    signal.signal(signal.SIGINT, signal.default_int_handler)  # what a shell starts in the background ignores it
    owner, name, after, applies = POINTS[sys.argv.pop(1)]
    step, times, seen = getattr(owner, name), int(sys.argv.pop(1)), 0

    def killing(*args: Any, **kwargs: Any) -> Any:
        nonlocal seen
        seen += (here := applies(*args))
        if here and seen == times and not after:
            os.kill(os.getpid(), number)
        result = step(*args, **kwargs)
        if here and seen == times:
            os.kill(os.getpid(), number)
        return result

    setattr(owner, name, killing)
    cli.main()


if __name__ == "__main__":
    main()
