"""Sends hostile frames to the trusted side: python -m tests.fuzz.wire --frames 1000000.

Each frame is read by the real `Channel`, as what a student's process answers to a probe's call or to a cell. Whatever comes of
it must be a judged value or a failure: no exception, no hang, memory that stays bounded, and right only what is right.
"""

import argparse
import faulthandler
import resource
import secrets
import socket
import struct
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from autograder.inert import inert_outputs
from autograder.protocol import FRAME_LIMIT, Channel, Reference, pack
from autograder.remote import CellEndedProcess, RemoteBackend, StudentProcess
from course.exercises.backend import Failed
from course.exercises.namespace import Handle, Namespace
from course.exercises.plain import is_plain
from course.exercises.probe import Case, Outcome, Unfit
from course.exercises.verdict import Expected, Misconception, WrongOutput, decide
from tests.fuzz.frames import EXPECTED, Frames

BOMB_EVERY = 5_000
CELL_EVERY = 4
HANG_SECONDS = 300


@dataclass
class Tally:
    """What came of the frames."""

    outcomes: Counter = field(default_factory=Counter)
    slowest: float = 0.0
    growth: int = 0  # bytes of resident memory, at its most, over what it was after the first thousand frames


def peer(data: bytes) -> tuple[socket.socket, socket.socket]:
    """Return our end of a connection on which a peer says this and then nothing more."""
    ours, theirs = socket.socketpair()

    def say() -> None:
        try:
            theirs.sendall(data)
            theirs.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    say() if len(data) < 200_000 else threading.Thread(target=say, daemon=True).start()
    return ours, theirs


def call(data: bytes) -> str:
    """Give these bytes as the answer to a call, judge what comes of it, and say what it was."""
    ours, theirs = peer(data)
    with ours, theirs:
        student = Namespace(RemoteBackend(Channel(ours), 2.0, lambda: None))
        value = student._do("call", Handle(student, Reference(0), "f", "f"), (np.ones(2), lambda x: float(np.sum(x))), {})
        record, shares = student._take_record(value)
    assert isinstance(value, (Failed, Handle)) or is_plain(value), type(value)
    shown = Unfit(value.description) if isinstance(value, Handle) else value
    outcomes = [Outcome(Case(str(i), shown), record, shares) for i in range(len(EXPECTED))]
    expected = [Expected(str(i), value) for i, value in enumerate(EXPECTED)]
    misconception = Misconception("m", "s", tuple(WrongOutput(value) for value in EXPECTED))
    verdict = decide(None, outcomes, expected, [misconception])
    right = [r.expected.value for r in verdict.results if r.difference is None]
    assert not right or pack(right[0]) == pack(value) or _same(right[0], value), (right, value)
    return "right" if right else value.kind if isinstance(value, Failed) else "handle" if isinstance(value, Handle) else "wrong value"


def _same(one: object, other: object) -> bool:
    """Tell whether two values are the same but for their types: lists and tuples, integers and floats."""
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_same(value, other[key]) for key, value in one.items())
    return bool(np.allclose(one, other, 1e-6)) if not isinstance(one, str) and one is not None else one == other


class Liar:
    """A backend whose process says what it was told to say."""

    name, confines = "liar", False

    def __init__(self, data: bytes) -> None:
        self.data = data

    def start(self, arguments: list, descriptors: list, library: object = None) -> "Liar":
        """Answer at once; see `Backend`."""
        self.wire = socket.socket(fileno=socket.dup(descriptors[0]))
        self.wire.sendall(self.data)
        self.wire.shutdown(socket.SHUT_WR)
        return self

    def interrupt(self) -> None:
        """Do nothing; see `Running`."""

    def exit_code(self, seconds: float) -> int | None:
        """Be alive for ever; see `Running`."""

    def said(self) -> str:
        """Say nothing; see `Running`."""
        return ""

    def end(self) -> None:
        """Go away; see `Running`."""
        self.wire.close()


def cell(data: bytes) -> str:
    """Give these bytes as the answer to a cell, and make what comes of it fit to be shown."""
    process = StudentProcess(Liar(data))
    try:
        ok, outputs = process.run_cell("x = 1", 1.0)
        assert type(ok) is bool
        return f"cell with {min(len(inert_outputs(outputs)), 1)} outputs"
    except CellEndedProcess:
        return "cell that ended"
    finally:
        process.close()


def framed(data: bytes, frames: Frames) -> bytes:
    """Put a length before a frame, at times a false one, and calls of the probe's function before that."""
    rng = frames.rng
    length = len(data) if rng.random() < 0.98 else rng.choice((0, len(data) + 1, max(0, len(data) - 1), FRAME_LIMIT, FRAME_LIMIT + 1, 2**32 - 1))
    before = pack(["callback", rng.choice((0, 0, 0, 1, -1)), [np.ones(2)]]) if rng.random() < 0.1 else b""
    return (struct.pack(">I", len(before)) + before) * rng.randint(1, 3) * bool(before) + struct.pack(">I", length) + data


def run(count: int, seed: int, bomb_every: int = BOMB_EVERY) -> Tally:
    """Send that many frames."""
    frames, tally, base = Frames(seed), Tally(), 0
    for i in range(count):
        if i % 1000 == 0:
            faulthandler.dump_traceback_later(HANG_SECONDS, exit=True)
        bomb = i % bomb_every == bomb_every - 1
        data = framed(frames.bomb(frames.rng.choice((10**6, FRAME_LIMIT))) if bomb else frames.one(), frames)
        start = time.process_time()
        try:
            tally.outcomes[cell(data) if i % CELL_EVERY == 0 and not bomb else call(data)] += 1
        except BaseException:
            print(f"frame {i} of seed {seed}: {data[:2000].hex()}", file=sys.stderr)
            raise
        tally.slowest = max(tally.slowest, time.process_time() - start)
        base = base or (i >= min(1000, count - 1)) * _most_memory()
    faulthandler.cancel_dump_traceback_later()
    tally.growth = _most_memory() - base
    return tally


def _most_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main() -> None:
    """Read the command line, send the frames and print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=secrets.randbits(32))
    options = parser.parse_args()
    start, cpu = time.perf_counter(), time.process_time()
    tally = run(options.frames, options.seed)
    print(f"{options.frames:,} frames of seed {options.seed}: {time.perf_counter() - start:.0f} s, {time.process_time() - cpu:.0f} s of computing; "
          f"the slowest {tally.slowest:.2f} s; memory grew by {tally.growth / 2**20:.0f} MiB at most")
    for outcome, times in tally.outcomes.most_common():
        print(f"{times:>12,}  {outcome}")


if __name__ == "__main__":
    main()
