"""The wire between the trusted side and the student's process: framed msgpack, plain data only.

A frame is a length (4 bytes, big-endian) and a msgpack value. Nothing is unpickled and nothing is called by name: what
msgpack does not know crosses in one of the forms below, and whatever does not fit them ends the conversation.
"""

import socket
import struct
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Literal

import msgpack
import numpy as np

from course.exercises.plain import ARRAY_KINDS, MAX_DEPTH

FRAME_LIMIT = 64 * 1024 * 1024
ARRAY, SCALAR, TUPLE, INTEGER, REFERENCE, FUNCTION, GENERATOR = range(1, 8)
GENERATORS = ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")


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
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise WireError(f"this cannot cross the wire: {error}") from None


def unpack(data: bytes, resolve: Callable[[Any], Any] | None = None, depth: int = 0) -> Any:
    """Read a value back; sizes and shapes are checked before anything is allocated.

    Parameters
    ----------
    resolve : callable, optional
        Gives what a `Reference` or `FunctionNumber` stands for; without it they come as they are.
    """
    if depth > MAX_DEPTH:  # tuples nest by calling us again: without a bound a peer could overflow the stack
        raise WireError("a value that is nested too deeply")
    try:
        return msgpack.unpackb(data, ext_hook=partial(_from_extended, resolve, depth + 1), strict_map_key=False)
    except (ValueError, TypeError, KeyError, RecursionError, msgpack.UnpackException) as error:
        raise WireError(f"a frame that cannot be read: {type(error).__name__}") from None


def _extended(value: Any) -> Any:
    if isinstance(value, (np.ndarray, np.generic)):
        array = np.asarray(value)
        if array.dtype.kind not in ARRAY_KINDS or array.dtype.itemsize > 8 or isinstance(value, np.ma.MaskedArray):
            raise TypeError(f"an array of dtype {array.dtype}")
        # Memory order and write protection cross too: they are part of what a function may be handed.
        order: Literal["C", "F"] = "F" if array.flags.f_contiguous and not array.flags.c_contiguous else "C"
        head = [array.dtype.str, list(array.shape), order, bool(array.flags.writeable), array.tobytes(order)]
        return msgpack.ExtType(SCALAR if isinstance(value, np.generic) else ARRAY, msgpack.packb(head))
    if isinstance(value, tuple):
        return msgpack.ExtType(TUPLE, pack(list(value)))
    if isinstance(value, Reference):
        return msgpack.ExtType(REFERENCE, msgpack.packb(int(value)))
    if isinstance(value, FunctionNumber):
        return msgpack.ExtType(FUNCTION, msgpack.packb(int(value)))
    if isinstance(value, int):
        return msgpack.ExtType(INTEGER, str(value).encode())
    if isinstance(value, np.random.Generator):
        return msgpack.ExtType(GENERATOR, pack(value.bit_generator.state))
    raise TypeError(f"an object of type {type(value).__name__}")


def _from_extended(resolve: Callable[[Any], Any] | None, depth: int, code: int, data: bytes) -> Any:
    if code in (ARRAY, SCALAR):
        dtype_text, shape, order, writeable, body = msgpack.unpackb(data)
        array = _array(dtype_text, shape, order, body)
        array.flags.writeable = bool(writeable)
        return array[()] if code == SCALAR and array.ndim == 0 else array
    if code == TUPLE:
        return tuple(unpack(data, resolve, depth))
    if code == INTEGER:
        if len(data) > 1000:
            raise WireError("an integer of more than a thousand digits")
        return int(data)
    if code in (REFERENCE, FUNCTION):
        number = (Reference if code == REFERENCE else FunctionNumber)(msgpack.unpackb(data))
        return number if resolve is None else resolve(number)
    if code == GENERATOR:
        state = unpack(data, resolve, depth)
        if state["bit_generator"] not in GENERATORS:
            raise WireError("an unknown kind of random generator")
        bits = getattr(np.random, state["bit_generator"])(0)
        bits.state = state
        return np.random.Generator(bits)
    raise WireError(f"an unknown form of data ({code})")


def _array(dtype_text: Any, shape: Any, order: Any, body: Any) -> np.ndarray:
    if not (isinstance(dtype_text, str) and len(dtype_text) == 3 and dtype_text[1] in ARRAY_KINDS and order in ("C", "F")):
        raise WireError("an array of a dtype that is not allowed")
    dtype = np.dtype(dtype_text)
    if not (isinstance(shape, list) and len(shape) <= 32 and all(type(n) is int and n >= 0 for n in shape)):
        raise WireError("an array of an impossible shape")
    size = dtype.itemsize
    for n in shape:
        size *= n
    if not isinstance(body, bytes) or size != len(body):
        raise WireError("an array whose shape and content disagree")
    return np.frombuffer(body, dtype=dtype).reshape(shape, order=order).copy(order=order)


class Channel:
    """One end of the wire, over a stream socket."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock

    def send(self, message: Any, seconds: float | None = None) -> None:
        """Send one message."""
        data = pack(message)
        if len(data) > FRAME_LIMIT:
            raise WireError(f"a message of {len(data)} bytes; {FRAME_LIMIT} is the limit")
        try:
            self.sock.settimeout(seconds)
            self.sock.sendall(struct.pack(">I", len(data)) + data)
        except TimeoutError:
            raise TooSlow("the other side does not read") from None
        except OSError:
            raise WireError("the other side is gone") from None

    def receive(self, seconds: float | None = None, resolve: Callable[[Any], Any] | None = None) -> Any:
        """Wait for one message, for `seconds` at most in all; `resolve` as in `unpack`."""
        deadline = None if seconds is None else time.monotonic() + seconds
        (length,) = struct.unpack(">I", self._read(4, deadline))
        if length > FRAME_LIMIT:
            raise WireError(f"a frame of {length} bytes; {FRAME_LIMIT} is the limit")
        return unpack(self._read(length, deadline), resolve)

    def _read(self, count: int, deadline: float | None) -> bytes:
        chunks, missing = [], count
        while missing:
            left = None if deadline is None else deadline - time.monotonic()
            if left is not None and left <= 0:
                raise TooSlow("no answer in time")
            try:
                self.sock.settimeout(left)
                chunk = self.sock.recv(min(missing, 1 << 20))
            except TimeoutError:
                raise TooSlow("no answer in time") from None
            except OSError:
                raise WireError("the other side is gone") from None
            if not chunk:
                raise WireError("the other side is gone")
            chunks.append(chunk)
            missing -= len(chunk)
        return b"".join(chunks)

    def close(self) -> None:
        """Close this end."""
        self.sock.close()
