"""The trusted side against frames of every kind, in a short form; tests/fuzz/wire.py has the long one."""

import secrets
import struct

import msgpack
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.frames import PACKED
from tests.fuzz.wire import call, cell, run

FORMS = st.builds(msgpack.ExtType, st.integers(0, 10) | st.integers(0, 127), st.binary(max_size=40))
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(max_size=20) | st.binary(max_size=20) | FORMS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=3) | st.integers(-(2**63), 2**64 - 1) | st.floats() | FORMS, inner, max_size=4),
    max_leaves=20,
)
KINDS = st.sampled_from(["value", "remote", "failed", "callback", "outputs"])
REPLIES = st.tuples(KINDS | ANYTHING, *[ANYTHING] * 3).map(list) | st.tuples(KINDS, ANYTHING, ANYTHING).map(list) | ANYTHING


def framed(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


@pytest.mark.slow
@pytest.mark.parametrize("chosen", [1, 2, None])
def test_hostile_frames_end_as_failures_in_bounded_memory(chosen):
    seed = secrets.randbits(32) if chosen is None else chosen
    tally = run(6_000, seed, bomb_every=1_500)
    assert tally.growth < 600 * 2**20, f"seed {seed}"
    assert {"right", "wrong value", "handle", "raised", "ended", "cell with 1 outputs", "cell that ended"} <= set(tally.outcomes), f"seed {seed}"


@given(REPLIES)
@settings(max_examples=400, deadline=None)
def test_any_msgpack_is_judged_or_refused(value):
    data = framed(msgpack.packb(value))
    call(data)
    cell(data)


@given(st.sampled_from(PACKED), st.lists(st.tuples(st.integers(0, 400), st.integers(0, 8), st.binary(max_size=8)), min_size=1, max_size=4))
@settings(max_examples=400, deadline=None)
def test_honest_answers_with_bytes_changed_are_judged_or_refused(data, changes):
    for at, cut, put in changes:
        at %= len(data) + 1
        data = data[:at] + put + data[at + cut:]
    call(framed(data))
    cell(framed(data))
