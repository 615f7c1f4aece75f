"""Hostile frames: honest answers with bytes changed, answers with one part replaced, msgpack of any kind, and bombs."""

import random
import struct

import msgpack
import numpy as np

from autograder.protocol import ARRAY, INTEGER, SCALAR, TUPLE, pack

EXPECTED = (np.arange(6.0).reshape(2, 3), 1.5, [1, "text", None], {"loss": np.float32(2.0), 3: (True, -1)})
HONEST = [
    *(["value", value, False, []] for value in EXPECTED),
    ["value", [np.asfortranarray(np.ones((2, 2), dtype=np.float32)), 10**30], True, [0]],
    ["remote", [7, "an object of type Box"], False, []],
    ["failed", ["raised", "ValueError", "shapes do not match", ["line 3 in f: return x"]], False, []],
    ["failed", ["missing", "NameError", "there is no relu yet", []], False, []],
    ["callback", 0, [np.ones(2)]],
    ["outputs", True, [{"output_type": "stream", "name": "stdout", "text": "hello"},
                       {"output_type": "display_data", "data": {"text/plain": "1", "image/png": "iVBORw0KGgo="}},
                       {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["a", "b"]}]],
]
PACKED = [pack(value) for value in HONEST]
EXTREME = (0, 1, 2, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xC0, 0xC1, 0xC4, 0xC7, 0xC9, 0xD4, 0xD8, 0xDB, 0xDD, 0xDF, 0xE0, 0xFF)
SIZES = (0, 1, 2, 255, 256, 65535, 2**16, 2**24, 2**31 - 1, 2**31, 2**32 - 1)
DTYPES = (b"<f8", b"<f4", b"<i8", b"|b1", b"|u1", b">f2", b"|O8", b"<U9", b"<c8", b"3i4", b"\xff\xff\xff")


class Frames:
    """An endless supply of frames from one source of chance."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)

    def one(self) -> bytes:
        """Make one frame, of less than 100 KB."""
        return self.rng.choices((self.mutated, self.near, self.nonsense), (5, 4, 3))[0]()[:100_000]

    def mutated(self) -> bytes:
        """Change bytes of an honest answer."""
        rng, data = self.rng, bytearray(self.rng.choice(PACKED))
        for _ in range(rng.choice((1, 1, 1, 2, 4))):
            at, end = sorted(rng.randrange(len(data) + 1) for _ in range(2))
            data[at:at + rng.choice((0, 1, 1, 1, 4, end - at))] = rng.choice((
                b"", bytes([rng.choice(EXTREME)]), bytes([rng.randrange(256)]), struct.pack(">I", rng.choice(SIZES)),
                rng.randbytes(rng.randrange(9)), data[at:end], rng.choice(PACKED), self.item(2)))
        return bytes(data)

    def near(self) -> bytes:
        """Replace some parts of an honest answer."""
        parts = [msgpack.packb(None) if self.rng.random() < 0.02 else pack(part) for part in self.rng.choice(HONEST)]
        for _ in range(self.rng.randint(1, 2)):
            parts[self.rng.randrange(len(parts))] = self.item(3)
        return bytes([0x90 + len(parts)]) + b"".join(parts)

    def nonsense(self) -> bytes:
        """Make msgpack of any kind."""
        return b"".join(self.item(5) for _ in range(self.rng.choice((1, 1, 1, 2))))

    def item(self, depth: int) -> bytes:
        """Make a value, whose lengths may lie."""
        rng = self.rng
        kind = rng.randrange(10 if depth else 6)
        if kind == 0:
            return bytes([rng.choice(EXTREME)])
        if kind == 1:
            return msgpack.packb(rng.choice((-(2**63), 2**64 - 1, -1, 0, 1, 2**32, rng.getrandbits(16))))
        if kind == 2:
            return msgpack.packb(rng.choice((float("nan"), float("inf"), -0.0, 1.5, True, None)))
        if kind == 3:
            text = rng.choice(("", "value", "callback", "a\x00\x1b[2J\u202e", "x" * rng.randrange(2000))).encode()
            return self.head(len(text), 0xDB) + text
        if kind == 4:
            return self.array()
        if kind == 5:
            return self.form(rng.randrange(-128, 128), rng.choice((b"", b"9" * rng.randrange(2000), rng.randbytes(rng.randrange(40)))))
        count = rng.choice((0, 1, 2, 3, rng.randrange(40)))
        if kind == 6:
            return self.head(2 * count, 0xDD) + b"".join(self.item(depth - 1) for _ in range(2 * count))
        if kind == 7:
            return self.head(count + 1, 0xDD) + self.form(TUPLE, b"") + b"".join(self.item(depth - 1) for _ in range(count))
        if kind == 8:
            return self.head(count, 0xDF) + b"".join(self.item(depth - 1) for _ in range(2 * count))
        return rng.choice((b"\x91", b"\x81\x00")) * rng.choice((2, 30, 600, 3000)) + self.item(0)

    def head(self, count: int, code: int) -> bytes:
        """Announce a length, in one case of fifty a false one."""
        return bytes([code]) + struct.pack(">I", self.rng.choice(SIZES) if self.rng.random() < 0.02 else count)

    def form(self, code: int, data: bytes) -> bytes:
        """Make one of the forms that msgpack does not know."""
        return self.head(len(data), 0xC9) + struct.pack("b", code) + data

    def array(self) -> bytes:
        """Make an array whose dtype, order, shape and content need not agree."""
        rng = self.rng
        shape = [rng.choice((0, 1, 2, 3, 2**16, 2**31, 2**32, 2**61 + 1, 2**63, 2**64 - 1)) for _ in range(rng.choice((0, 1, 1, 2, 2, 3, 33)))]
        axes = len(shape) if rng.random() < 0.9 else rng.randrange(256)
        size = 8 * int(np.prod(shape, dtype=object)) if max(shape, default=0) < 4 else rng.randrange(64)
        head = rng.choice(DTYPES) + bytes([rng.randrange(3), rng.randrange(3), axes])
        body = head + struct.pack(f">{len(shape)}Q", *shape) + rng.randbytes(min(size, 4096))
        return self.form(rng.choice((ARRAY, ARRAY, SCALAR, INTEGER)), body)

    def bomb(self, most: int) -> bytes:
        """Repeat a few bytes up to a size: little that may become much."""
        rng = self.rng
        unit = rng.choice((b"\x90", b"\x80", b"\x81\x00\x00", b"\xa2ab", b"\xcb" + rng.randbytes(8), b"\xd4\x03\x00", b"\x91\xd4\x03\x00", b"\xc7\x00\x03",
                           b"\x91\xc7\x00\x03", b"\xc7\x01\x049", self.item(1)[:200] or b"\xc0", b"\xdd\x00\x03\xd0\x90", b"\xc7\x02\x04-1\x00"))
        count = most // len(unit)
        shape = rng.choice((b"\xdd" + struct.pack(">I", count), b"\x94\xa5value\xdd" + struct.pack(">I", count),
                            b"\xdf" + struct.pack(">I", count // 2), b"\xdd" + struct.pack(">I", 2**17)))
        if rng.random() < 0.5:  # in pieces that each pass for a short list
            piece = b"\xdd" + struct.pack(">I", 200_000) + unit * 200_000
            return (b"\xdd" + struct.pack(">I", count // 200_000) + piece * (count // 200_000))[:most]
        return (shape + unit * count)[:most]
