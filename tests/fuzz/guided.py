"""Lets atheris look for frames that break the trusted side, guided by coverage: python -m tests.fuzz.guided -max_total_time=600.

atheris is no dependency of ours: pip install atheris (it has wheels for Linux).
"""

import struct
import sys

import atheris

with atheris.instrument_imports(include=["autograder", "course.exercises"]):
    from tests.fuzz.wire import call, cell


def one(data: bytes) -> None:
    """Give one frame as the answer to a call and to a cell."""
    framed = struct.pack(">I", len(data)) + data
    call(framed)
    cell(framed)


if __name__ == "__main__":
    from tests.fuzz.frames import PACKED

    folder = next((a for a in sys.argv[1:] if not a.startswith("-")), "")
    for i, data in enumerate(PACKED if folder else []):
        with open(f"{folder}/honest-{i}", "wb") as file:
            file.write(data)
    atheris.Setup([*sys.argv, "-max_len=4096"], one)
    atheris.Fuzz()
