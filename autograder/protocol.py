"""The wire between the trusted side and the student's process: framed msgpack, plain data only.

A frame is a length (4 bytes, big-endian) and a msgpack value. Nothing is unpickled and nothing is called by name: what
msgpack does not know crosses in one of the forms below, and whatever does not fit them ends the conversation. What a frame
may become in memory is bounded as well as its length: one byte of msgpack can stand for an empty dict of 64.
"""

import gc
import math
import select
import socket
import struct
import time
from collections.abc import Callable
from typing import Any, Literal

import msgpack
import numpy as np

from course.exercises.plain import ARRAY_KINDS

FRAME_LIMIT = 16 * 1024 * 1024
READ_AHEAD = 1 << 16
CONTAINERS = 400_000  # lists, dicts, arrays and other forms in one frame
ENTRIES = 250_000  # of one list or dict
ARRAY, SCALAR, TUPLE, INTEGER, REFERENCE, FUNCTION, GENERATOR = range(1, 8)
_WIDE = ("i2", "i4", "i8", "u2", "u4", "u8", "f2", "f4", "f8")
DTYPES = {text.encode(): np.dtype(text) for text in ("|b1", "|i1", "|u1", *(order + kind for order in "<>" for kind in _WIDE))}
GENERATORS = ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")
_HEAD = struct.Struct(">3s??B")  # of an array: dtype, Fortran order, writeable, number of axes; then the shape, then the content
_MOST_AXES = 32
_TUPLE_MARK = msgpack.packb(msgpack.ExtType(TUPLE, b""))
_IS_TUPLE = object()  # what a list begins with that was a tuple


class WireError(Exception):
    """The other side broke the protocol, went away or did not answer in time."""


class TooSlow(WireError):
    """The other side did not answer in time."""


class Reference(int):
    """Number of an object that stays in the student's process."""


class FunctionNumber(int):
    """Number of a function that stays on the trusted side."""


def pack(value: Any) -> bytes:
    """Turn a value into bytes.

    Raises
    ------
    WireError
        If something in it is not plain data and has no other form on the wire.
    """
    try:
        return msgpack.packb(value, default=_extended, strict_types=True)
    except (TypeError, ValueError, OverflowError, RecursionError, struct.error) as error:
        raise WireError(f"this cannot cross the wire: {error}") from None


def unpack(data: bytes | bytearray, resolve: Callable[[Any], Any] | None = None) -> Any:
    """Read a value back; sizes and shapes are checked before anything is allocated.

    Parameters
    ----------
    resolve : callable, optional
        Gives what a `Reference` or `FunctionNumber` stands for. It is passed by the student's side, which trusts what it gets.
        Without it these and generators, which the trusted side sends and never gets, are refused.

    Raises
    ------
    WireError
        Whatever is wrong with the frame.
    """
    collecting = gc.isenabled()
    gc.disable()  # else each some thousand lists all those before them are looked through
    try:
        return _Reader(resolve).read(data)
    except WireError:
        raise
    except Exception as error:  # a hostile frame may make a library raise anything, a MemoryError too
        raise WireError(f"a frame that cannot be read: {type(error).__name__}") from None
    finally:
        if collecting:
            gc.enable()


def _extended(value: Any) -> Any:
    if isinstance(value, (np.ndarray, np.generic)):
        array = np.asarray(value)
        if array.dtype.kind not in ARRAY_KINDS or array.dtype.itemsize > 8 or isinstance(value, np.ma.MaskedArray):
            raise TypeError(f"an array of dtype {array.dtype}")
        # Memory order and write protection cross too: they are part of what a function may be handed.
        fortran = array.flags.f_contiguous and not array.flags.c_contiguous
        head = struct.pack(f"{_HEAD.format}{array.ndim}Q", array.dtype.str.encode(), fortran, array.flags.writeable,
                           array.ndim, *array.shape)
        return msgpack.ExtType(SCALAR if isinstance(value, np.generic) else ARRAY, head + array.tobytes("F" if fortran else "C"))
    if isinstance(value, tuple):
        return [msgpack.ExtType(TUPLE, b""), *value]
    if isinstance(value, (Reference, FunctionNumber)):
        return msgpack.ExtType(REFERENCE if isinstance(value, Reference) else FUNCTION, struct.pack(">I", value))
    if isinstance(value, int):
        return msgpack.ExtType(INTEGER, str(value).encode())
    if isinstance(value, np.random.Generator):
        return msgpack.ExtType(GENERATOR, pack(value.bit_generator.state))
    raise TypeError(f"an object of type {type(value).__name__}")


class _Reader:
    """Reads one frame and counts what it makes of it."""

    def __init__(self, resolve: Callable[[Any], Any] | None) -> None:
        self._resolve, self._left = resolve, CONTAINERS

    def read(self, data: bytes | bytearray) -> Any:
        # A step of Python's for each list or dict is taken only where there may be something to count or to refuse.
        few = self._resolve is not None or len(data) <= CONTAINERS
        return msgpack.unpackb(
            data, ext_hook=self._extended, list_hook=None if few and _TUPLE_MARK not in data else self._list,
            object_pairs_hook=None if self._resolve else self._dict, strict_map_key=False, max_array_len=ENTRIES, max_map_len=ENTRIES)

    def _count(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise WireError(f"a frame of more than {CONTAINERS:,} lists and arrays")

    def _list(self, entries: list) -> list | tuple:
        self._left -= 1  # not by `_count`: there may be 100,000 lists
        if self._left < 0:
            self._count()
        return tuple(entries[1:]) if entries and entries[0] is _IS_TUPLE else entries

    def _dict(self, pairs: list[tuple[Any, Any]]) -> dict:
        self._count()
        # Before they are hashed: of tuples and of huge integers a peer can make many with the same hash.
        keys = [key for key, _ in pairs]
        if not set(map(type, keys)) <= {str, int} or not all(-(2**63) <= key < 2**64 for key in keys if type(key) is int):
            raise WireError("a dict with a key that is neither a text nor a small integer")
        found = dict(pairs)
        if len(found) != len(pairs):
            raise WireError("a dict in which a key stands twice")
        return found

    def _extended(self, code: int, data: bytes) -> Any:
        self._count()
        if code in (ARRAY, SCALAR):
            array = _array(data)
            if code == SCALAR and array.ndim:
                raise WireError("a scalar with axes")
            return array[()] if code == SCALAR else array
        if code == TUPLE and not data:
            return _IS_TUPLE
        if code == INTEGER and len(data) <= 1000:
            return int(data)
        if self._resolve and code in (REFERENCE, FUNCTION):
            return self._resolve((Reference if code == REFERENCE else FunctionNumber)(*struct.unpack(">I", data)))
        if self._resolve and code == GENERATOR:
            state = self.read(data)
            if state["bit_generator"] not in GENERATORS:
                raise WireError("an unknown kind of random generator")
            bits = getattr(np.random, state["bit_generator"])(0)
            bits.state = state
            return np.random.Generator(bits)
        raise WireError(f"an unknown form of data ({code})")


def _array(data: bytes) -> np.ndarray:
    text, fortran, writeable, axes = _HEAD.unpack_from(data)
    dtype = DTYPES.get(text)
    if dtype is None or axes > _MOST_AXES:
        raise WireError("an array of a dtype or shape that is not allowed")
    shape = struct.unpack_from(f">{axes}Q", data, _HEAD.size)
    start = _HEAD.size + 8 * axes
    size = dtype.itemsize * math.prod(shape)
    if size != len(data) - start:
        raise WireError("an array whose shape and content disagree")
    if not size and dtype.itemsize * math.prod(n for n in shape if n) > FRAME_LIMIT:  # a sum over the empty axis would be that large
        raise WireError("an empty array with a huge axis")
    if dtype.kind == "b" and np.frombuffer(data, np.uint8, offset=start).max(initial=0) > 1:
        raise WireError("truth values other than 0 and 1")
    order: Literal["F", "C"] = "F" if fortran else "C"
    array = np.ndarray(shape, dtype, data, start, order=order).copy(order)
    if not writeable:
        array.flags.writeable = False
    return array


def _deadline(seconds: float | None) -> float | None:
    if seconds is None:
        return None
    if seconds <= 0:
        raise TooSlow("no time is left")
    return time.monotonic() + seconds


class Channel:
    """One end of the wire, over a stream socket.

    Parameters
    ----------
    ahead : int
        Bytes that may be read beyond what is wanted, to be spared a call of the kernel: 0 where descriptors come between messages.

    Attributes
    ----------
    received : int
        Bytes of all frames that came so far.
    """

    def __init__(self, sock: socket.socket, ahead: int = 0) -> None:
        self.sock, self._ahead, self._unread = sock, ahead, b""
        self.received = 0

    def send(self, message: Any, seconds: float | None = None) -> None:
        """Send one message."""
        self.send_packed(pack(message), seconds)

    def send_packed(self, data: bytes, seconds: float | None = None) -> None:
        """Send one message that `pack` has made into bytes."""
        if len(data) > FRAME_LIMIT:
            raise WireError(f"a message of {len(data)} bytes; {FRAME_LIMIT} is the limit")
        deadline = _deadline(seconds)
        rest = memoryview(struct.pack(">I", len(data)) + data)
        while rest:
            try:
                rest = rest[self.sock.send(rest, socket.MSG_DONTWAIT):]
            except BlockingIOError:
                self._wait(select.POLLOUT, deadline, "the other side does not read")
            except OSError:
                raise WireError("the other side is gone") from None

    def receive(
        self, seconds: float | None = None, resolve: Callable[[Any], Any] | None = None, limit: int = FRAME_LIMIT
    ) -> Any:
        """Wait for one message of at most `limit` bytes, for `seconds` at most in all; `resolve` as in `unpack`."""
        deadline = _deadline(seconds)
        (length,) = struct.unpack(">I", self._read(4, deadline))
        if length > min(limit, FRAME_LIMIT):
            raise WireError(f"a frame of {length} bytes; {min(limit, FRAME_LIMIT)} is the limit")
        self.received += length
        return unpack(self._read(length, deadline), resolve)

    def _read(self, count: int, deadline: float | None) -> bytes | bytearray:
        if len(self._unread) >= count:
            data, self._unread = self._unread[:count], self._unread[count:]
            return data
        grown = bytearray(self._unread)  # with what comes, not by what was announced
        while len(grown) < count:
            self._wait(select.POLLIN, deadline, "no answer in time")
            try:
                chunk = self.sock.recv(min(max(count - len(grown), self._ahead), 1 << 20))
            except OSError:
                raise WireError("the other side is gone") from None
            if not chunk:
                raise WireError("the other side is gone")
            grown += chunk
        self._unread = bytes(memoryview(grown)[count:])
        del grown[count:]
        return grown

    def _wait(self, event: int, deadline: float | None, too_slow: str) -> None:
        """Wait until the socket is ready. It stays blocking: to set a time-out anew for each message costs a call of the kernel."""
        if deadline is None and event == select.POLLIN:
            return  # `recv` waits as well
        ready = select.poll()
        ready.register(self.sock, event)
        left = None if deadline is None else deadline - time.monotonic()
        if left is not None and (left <= 0 or not ready.poll(math.ceil(1e3 * left))):
            raise TooSlow(too_slow)
        if left is None:
            ready.poll()

    def close(self) -> None:
        """Close this end."""
        self.sock.close()
