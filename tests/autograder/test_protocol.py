"""The wire: what is plain crosses unchanged, and nothing that comes in can hurt."""

import socket
import struct
import threading
import time
import tracemalloc

import msgpack
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.protocol import (
    ARRAY,
    DTYPES,
    ENTRIES,
    FRAME_LIMIT,
    FUNCTION,
    GENERATOR,
    INTEGER,
    REFERENCE,
    SCALAR,
    TUPLE,
    Channel,
    TooSlow,
    WireError,
    pack,
    unpack,
)
from course.exercises.compare import compare
from course.exercises.plain import is_plain

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
    copy = unpack(pack(rng), resolve=lambda number: number)
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


HEADS = st.tuples(st.text(max_size=3).map(lambda s: s.encode()[:3].ljust(3)) | st.sampled_from([*DTYPES, b"|O8", b"<U9", b"3i4"]),
                  st.integers(0, 255), st.integers(0, 255), st.integers(0, 40) | st.integers(0, 3),
                  st.lists(st.integers(0, 2**64 - 1) | st.integers(0, 4), max_size=4), st.binary(max_size=64))


@given(HEADS, st.sampled_from([ARRAY, SCALAR]))
@settings(max_examples=1000)
def test_lying_arrays_are_refused_before_anything_is_allocated(head, code):
    dtype, order, writeable, axes, shape, body = head
    data = dtype + bytes([order, writeable, axes]) + struct.pack(f">{len(shape)}Q", *shape) + body
    try:
        array = unpack(msgpack.packb(msgpack.ExtType(code, data)))
    except WireError:
        return
    assert array.nbytes <= 64 and max(array.shape, default=0) <= FRAME_LIMIT
    assert array.dtype != bool or set(np.unique(array).view(np.uint8)) <= {0, 1}


def form(code, data=b""):
    return msgpack.packb(msgpack.ExtType(code, data))


def array_of(dtype, shape, body=b"", fortran=0):
    return form(ARRAY, dtype + bytes([fortran, 1, len(shape)]) + struct.pack(f">{len(shape)}Q", *shape) + body)


SHALLOW = b"\xdd" + struct.pack(">I", 200_000) + b"\x90" * 200_000
HOSTILE = {
    "empty": b"",
    "two values": b"\x01\x01",
    "a list that says it is huge": b"\xdd\xff\xff\xff\xff",
    "a thousand lists that say so": b"\xdd\x00\x03\xff\xff" * 1000,
    "a dict that says it is huge": b"\xdf\xff\xff\xff\xff",
    "a text that says it is huge": b"\xdb\xff\xff\xff\xff",
    "a long list": b"\xdd" + struct.pack(">I", ENTRIES + 1) + b"\xc0" * (ENTRIES + 1),
    "half a million lists": b"\x93" + SHALLOW * 3,
    "half a million tuples": b"\x93" + (b"\xdd" + struct.pack(">I", 200_000) + (b"\x91" + form(TUPLE)) * 200_000) * 3,
    "lists in lists": b"\x91" * 100_000,
    "dicts in dicts": b"\x81\x00" * 100_000,
    "no UTF-8": b"\xa2\xff\xfe",
    "half a surrogate": b"\xa3\xed\xa0\x80",
    "nan as a key": b"\x81" + msgpack.packb(float("nan")) + b"\x00",
    "a list as a key": b"\x81\x90\x00",
    "a tuple as a key": b"\x81\x91" + form(TUPLE) + b"\x00",
    "a huge integer as a key": b"\x81" + form(INTEGER, b"9" * 30) + b"\x00",
    "a key twice": b"\x82\x00\x00\x00\x00",
    "true and 1 as keys": b"\x82\xc3\x00\x01\x00",
    "a million digits": form(INTEGER, b"9" * 1_000_000),
    "digits that are none": form(INTEGER, b"0x10"),
    "a reference": form(REFERENCE, b"\x00\x00\x00\x01"),
    "a function": form(FUNCTION, b"\x00\x00\x00\x01"),
    "a generator": form(GENERATOR, b"\x80"),
    "an unknown form": form(77, b"x"),
    "a wrong time": b"\xd4\xffx",
    "a tuple with content": form(TUPLE, b"\x90"),
    "a shape that overflows": array_of(b"<f8", [2**32, 2**32]),
    "a shape that overflows to what is there": array_of(b"<f8", [2**61 + 1], b"12345678"),
    "nothing times the most": array_of(b"<f8", [0, 2**63]),
    "nothing times much": array_of(b"<f8", [0, 2**30]),
    "nothing times overflow": array_of(b"<f8", [0, 2**40, 2**40]),
    "axes without a shape": form(ARRAY, b"<f8\x00\x01\x20"),
    "objects": array_of(b"|O8", [1], b"12345678"),
    "records": array_of(b"3i4", [1], b"123456789012"),
    "texts": array_of(b"<U2", [1], b"12345678"),
    "complex": array_of(b"<c8", [1], b"12345678"),
    "truth that is 2": array_of(b"|b1", [1], b"\x02"),
    "a scalar with axes": form(SCALAR, b"<f8\x00\x01\x01" + struct.pack(">Q", 1) + b"12345678"),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_frame_is_refused_at_little_cost(data):
    start = time.process_time()
    tracemalloc.start()
    try:
        with pytest.raises(WireError):
            unpack(data)
        assert tracemalloc.get_traced_memory()[1] < 100e6
    finally:
        tracemalloc.stop()
    assert time.process_time() - start < 30  # minutes without the bounds


def test_keys_of_one_hash_are_not_compared_with_each_other():
    """Tuples of -1 and -2 all have one hash, and so have multiples of 2**61 - 1: a dict of them takes quadratic time."""
    many = b"\xde" + struct.pack(">H", 20_000) + b"".join(form(INTEGER, str(i * (2**61 - 1)).encode()) + b"\x00" for i in range(20_000))
    start = time.process_time()
    with pytest.raises(WireError, match="key"):
        unpack(many)
    assert time.process_time() - start < 5


def test_a_mark_of_a_tuple_elsewhere_is_no_plain_data():
    assert unpack(b"\x91" + form(TUPLE)) == () and unpack(b"\x92" + form(TUPLE) + b"\x01") == (1,)
    assert not is_plain(unpack(b"\x92\x01" + form(TUPLE))) and not is_plain(unpack(form(TUPLE)))


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


def test_nothing_is_sent_or_awaited_when_no_time_is_left():
    ours, _theirs = socket.socketpair()
    for left in (0, -1.0):
        with pytest.raises(TooSlow):
            Channel(ours).send("x", left)
        with pytest.raises(TooSlow):
            Channel(ours).receive(left)


def test_a_peer_that_does_not_read_does_not_stretch_the_deadline():
    ours, _theirs = socket.socketpair()
    with pytest.raises(TooSlow):
        Channel(ours).send(bytes(10_000_000), 0.3)


def test_many_frames_together_are_bounded_by_what_the_reader_grants():
    ours, theirs = socket.socketpair()
    Channel(theirs).send("x" * 1000)
    channel = Channel(ours)
    assert len(channel.receive(5, limit=2000)) == 1000 and channel.received == 1003
    Channel(theirs).send("x" * 1000)
    with pytest.raises(WireError, match="997 is the limit"):
        channel.receive(5, limit=2000 - channel.received)
