"""The wire: what is plain crosses unchanged, and nothing that comes in can hurt."""

import socket
import struct
import threading
import time

import msgpack
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.protocol import ARRAY, FRAME_LIMIT, TUPLE, Channel, TooSlow, WireError, pack, unpack
from course.exercises.compare import compare

ARRAYS = hnp.arrays(st.sampled_from(["<f8", "<f4", "<i8", "|b1", "<i4", "|u1"]), hnp.array_shapes(min_dims=0, max_dims=3, min_side=0))
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | ARRAYS,
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(PLAIN)
def test_plain_values_cross_unchanged(value):
    back = unpack(pack(value))
    assert type(back) is type(value)
    assert compare(back, value, 0.0, 0.0) is None


@pytest.mark.parametrize("huge", [2**64, -(2**63) - 1, 10**900])
def test_integers_of_any_size_are_compared_and_break_nothing(huge):
    back = unpack(pack(huge))
    assert compare(back, huge, 0.0, 0.0) is None
    for other in (0, 1.5, np.float64(2.0), True, np.ones(3), "text", None, [1], {"a": 1}):
        assert compare(back, other, 0.1, 0.1) is not None
        assert compare(other, back, 0.0, 0.0) is not None


@given(ARRAYS, st.booleans(), st.booleans())
def test_arrays_keep_dtype_order_and_write_protection(array, fortran, locked):
    array = np.asfortranarray(array) if fortran else array
    array.flags.writeable = not locked
    back = unpack(pack(array))
    assert back.dtype == array.dtype and back.shape == array.shape
    assert back.flags.f_contiguous == array.flags.f_contiguous or array.ndim > 1
    assert back.flags.writeable == array.flags.writeable


def test_a_generator_crosses_as_its_state():
    rng = np.random.default_rng(7)
    rng.normal(size=3)
    copy = unpack(pack(rng))
    assert np.array_equal(copy.normal(size=5), np.random.Generator(rng.bit_generator).normal(size=5))


@pytest.mark.parametrize("value", [object(), {1, 2}, np.array([object()]), np.ma.array([1.0]), lambda: 0, 1j, np.array([1j])],
                         ids=["object", "set", "object array", "masked array", "function", "complex", "complex array"])
def test_what_is_not_plain_does_not_cross(value):
    with pytest.raises(WireError):
        pack(value)


@given(st.binary(max_size=200))
@settings(max_examples=500)
def test_random_bytes_end_in_a_wire_error_or_a_value(data):
    try:
        unpack(data)
    except WireError:
        pass


@given(st.tuples(st.text(max_size=4) | st.sampled_from(["<f8", "<i8", "|O8", "<U9"]), st.lists(st.integers(), max_size=4),
                 st.sampled_from(["C", "F", "x"]), st.booleans(), st.binary(max_size=64)))
@settings(max_examples=500)
def test_lying_arrays_are_refused_before_anything_is_allocated(head):
    frame = msgpack.packb(msgpack.ExtType(ARRAY, msgpack.packb([h if not isinstance(h, list) else [int(n) % 2**63 for n in h] for h in head])))
    try:
        array = unpack(frame)
    except WireError:
        return
    assert array.nbytes <= 64


@pytest.mark.parametrize("levels", [30, 2000, 100_000])
def test_deep_nests_are_refused(levels):
    with pytest.raises(WireError):
        unpack(b"\x91" * max(levels, 2000))
    data = msgpack.packb([1])
    for _ in range(min(levels, 2000)):
        data = msgpack.packb(msgpack.ExtType(TUPLE, data))
    with pytest.raises(WireError):
        unpack(data)


def test_a_frame_over_the_limit_is_refused_by_its_header_alone():
    ours, theirs = socket.socketpair()
    theirs.sendall(struct.pack(">I", FRAME_LIMIT + 1))
    with pytest.raises(WireError, match="limit"):
        Channel(ours).receive(5)


def test_a_peer_that_drips_bytes_does_not_stretch_the_deadline():
    ours, theirs = socket.socketpair()
    stop = threading.Event()

    def drip():
        theirs.sendall(struct.pack(">I", 1000))
        while not stop.wait(0.05):
            theirs.sendall(b"x")

    thread = threading.Thread(target=drip)
    thread.start()
    start = time.monotonic()
    with pytest.raises(TooSlow):
        Channel(ours).receive(0.5)
    assert time.monotonic() - start < 5
    stop.set()
    thread.join()


def test_a_peer_that_is_gone_is_a_wire_error():
    ours, theirs = socket.socketpair()
    theirs.close()
    with pytest.raises(WireError):
        Channel(ours).receive(1)
