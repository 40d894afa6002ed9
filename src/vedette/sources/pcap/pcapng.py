"""The pcapng format: blocks (draft-ietf-opsawg-pcapng), any number of sections, interfaces and byte orders."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from vedette.events.batch import Rejects
from vedette.sources.pcap.container import Buffer, Chunk, Flags, Ints, Octets, clamp_times, gather

SECTION, INTERFACE, PACKET, SIMPLE, ENHANCED = 0x0A0D0D0A, 1, 2, 3, 6
PACKETS = frozenset((PACKET, SIMPLE, ENHANCED))
MAGIC = b"\x0a\x0d\x0d\x0a"
ORDER = {b"\x4d\x3c\x2b\x1a": "<", b"\x1a\x2b\x3c\x4d": ">"}
FRAME_BYTES = 12
"""The type and the two lengths around every block."""
BLOCK_LIMIT_BYTES = 1 << 24
INTERFACE_LIMIT = 1 << 16
FRACTION_BITS = 40
"""Of a second, kept when ticks are powers of two: a million times that many still fit in 64 bits."""
OPTION_RESOLUTION, OPTION_OFFSET = 9, 14


@dataclass(frozen=True, slots=True)
class Interface:
    """What an interface description says: link type, snap length, ``if_tsresol`` as written, ``if_tsoffset`` in seconds."""

    link: int = -1
    snap: int = 0
    resolution: int = 6
    offset: int = 0


@dataclass(slots=True)
class _Walk:
    """What one pass over the blocks of a buffer finds: packet blocks, and what applies from which of them on.

    Attributes:
        offsets: where the packet blocks start.
        states: (index into ``offsets``, first interface of the section, end of the interfaces so far, big-endian).
        failed: why nothing more can be read.
    """

    offsets: list[int] = field(default_factory=list)
    states: list[tuple[int, int, int, bool]] = field(default_factory=list)
    failed: str = ""

    def columns(self) -> tuple[Ints, Ints, Flags]:
        """Return the first interface, the end of the interfaces and the byte order of each packet block."""
        edges = [state[0] for state in self.states] + [len(self.offsets)]
        _, base, limit, swapped = np.repeat(np.array(self.states, np.int64), np.diff(edges), axis=0).T
        return base, limit, swapped.astype(np.bool_)


class Sections:
    """Reads blocks and remembers the interfaces: all in one list, each section starting at its ``base``."""

    def __init__(self) -> None:
        self.interfaces: list[Interface] = []
        self.base = 0
        self.order = "<"

    def walk(self, buffer: Buffer) -> _Walk:
        """Use up every whole block in the buffer; a loop, as each length says where the next block is."""
        found = _Walk()
        self._note(found)
        data, end, position = buffer.data, buffer.end, buffer.begin
        while position + FRAME_BYTES <= end and not found.failed:
            kind, length = struct.unpack_from(self.order + "II", data, position)
            if kind == SECTION:
                length = self._open(data, position, found)
            if length < FRAME_BYTES or length % 4 or length > BLOCK_LIMIT_BYTES:
                found.failed = found.failed or "block length is damaged: the rest is lost"
            elif position + length > end:
                break
            elif kind in PACKETS:
                found.offsets.append(position)
            elif kind == INTERFACE:
                self._describe(bytes(data[position : position + length]), found)
            position += 0 if found.failed else length
        buffer.begin = position
        return found

    def _open(self, data: memoryview, position: int, found: _Walk) -> int:
        """Start a section; its byte order stands behind its length, which is returned."""
        order = ORDER.get(bytes(data[position + 8 : position + 12]))
        if order is None:
            found.failed = "section header is damaged: the rest is lost"
            return 0
        self.order, self.base = order, len(self.interfaces)
        self._note(found)
        return int(struct.unpack_from(order + "I", data, position + 4)[0])

    def _describe(self, block: bytes, found: _Walk) -> None:
        if len(self.interfaces) >= INTERFACE_LIMIT:
            found.failed = "more than 65,536 interfaces: the rest is lost"
        elif len(block) >= 20:  # noqa: PLR2004 - the fixed part of the block
            self.interfaces.append(_interface(block, self.order))
        else:
            self.interfaces.append(Interface())
        self._note(found)

    def _note(self, found: _Walk) -> None:
        found.states.append((len(found.offsets), self.base, len(self.interfaces), self.order == ">"))


def chunks(buffer: Buffer, rejects: Rejects) -> Iterator[Chunk]:
    """Yield the packets of the capture that ``buffer`` stands at the beginning of; damaged blocks end in ``rejects``."""
    sections, sequence = Sections(), 0
    while True:
        found = sections.walk(buffer)
        if found.offsets:
            yield _packets(buffer, sections, found, sequence, rejects)
            sequence += len(found.offsets)
        if found.failed:
            rejects.add(sequence=sequence, offset=buffer.origin + buffer.begin, reason=found.failed)
            return
        if not buffer.more():
            break
    if buffer.left:
        rejects.add(
            sequence=sequence, offset=buffer.origin + buffer.begin, reason="block cut off by the end of the file"
        )


def _packets(buffer: Buffer, sections: Sections, found: _Walk, sequence: int, rejects: Rejects) -> Chunk:
    """Return the packet blocks as columns. A packet whose block or interface makes no sense keeps its place, with link -2."""
    data = np.frombuffer(buffer.data, np.uint8)
    offset = np.array(found.offsets, np.int64)
    base, limit, swapped = found.columns()
    word = _Words(data, offset, swapped)
    kind, total = word(0), word(4)
    simple = kind == SIMPLE
    number = np.where(simple, 0, np.where(kind == PACKET, _short(data, offset, swapped), word(8))) + base
    known = (number < limit) & (number >= base)
    table = np.array(
        [(i.link, i.snap, i.resolution, i.offset) for i in sections.interfaces] or [(-1, 0, 6, 0)], np.int64
    )
    link, snap, resolution, shift = table[np.where(known, number, 0)].T
    room = total - np.where(simple, 16, 32)
    length = np.where(simple, word(8), word(24))
    captured = np.where(simple, np.minimum(np.where(snap > 0, np.minimum(length, snap), length), room), word(20))
    start = offset + np.where(simple, 12, 28)
    broken = ~known | (captured > room) | (captured < 0)
    if broken.any():
        first = int(np.argmax(broken))
        rejects.add(
            sequence=sequence + first,
            offset=buffer.origin + int(offset[first]),
            reason="packet block without interface, or shorter than its packet",
            count=int(broken.sum()),
        )
    time = np.where(simple, 0, _times(word(12), word(16), resolution, shift))
    end = start + np.where(broken, 0, captured)
    return Chunk(data, sequence, buffer.origin, start, end, length, clamp_times(time), np.where(broken, BROKEN, link))


BROKEN = -2
"""The link type of a packet that is already rejected."""


class _Words:
    """Reads a 32-bit field of every block, in the block's own byte order."""

    def __init__(self, data: Octets, offset: Ints, swapped: Flags) -> None:
        self._heads = gather(data, offset, np.dtype([(str(at), "<u4") for at in range(0, 28, 4)]))
        self._swapped = swapped if swapped.any() else None

    def __call__(self, at: int) -> Ints:
        value = self._heads[str(at)]
        return (value if self._swapped is None else np.where(self._swapped, value.byteswap(), value)).astype(np.int64)


def _short(data: Octets, offset: Ints, swapped: Flags) -> Ints:
    """Return the 16-bit interface number of the obsolete packet block."""
    value = gather(data, offset + 8, np.dtype([("number", "<u2")]))["number"]
    return np.where(swapped, value.byteswap(), value).astype(np.int64)


def _times(high: Ints, low: Ints, resolution: Ints, shift: Ints) -> Ints:
    """Return microseconds since the epoch; one pass per resolution in use (there are at most 256)."""
    ticks = (high.astype(np.uint64) << np.uint64(32)) | low.astype(np.uint64)
    time = np.zeros(len(ticks), np.int64)
    for code in np.unique(resolution):
        rows = resolution == code
        time[rows] = _microseconds(ticks[rows], int(code))
    return np.clip(time, 0, 1 << 60) + np.clip(shift, -(1 << 40), 1 << 40) * 1_000_000


def _microseconds(ticks: np.ndarray[tuple[int, ...], np.dtype[np.uint64]], code: int) -> Ints:
    """Convert by ``if_tsresol``: the high bit chooses powers of two over powers of ten."""
    exponent = code & 0x7F
    if code & 0x80:
        if exponent >= 64 + FRACTION_BITS:
            return np.zeros(len(ticks), np.int64)
        if exponent > 63:  # noqa: PLR2004 - 2^64 ticks are at most a second
            whole, rest = np.zeros_like(ticks), ticks
        else:
            whole, rest = ticks >> np.uint64(exponent), ticks & np.uint64((1 << exponent) - 1)
        shift = np.uint64(abs(exponent - FRACTION_BITS))
        rest = rest >> shift if exponent > FRACTION_BITS else rest << shift
        seconds = np.minimum(whole, np.uint64(1 << 40)) * np.uint64(1_000_000)
        total: Ints = (seconds + ((rest * np.uint64(1_000_000)) >> np.uint64(FRACTION_BITS))).astype(np.int64)
        return total
    if exponent <= 6:  # noqa: PLR2004 - ticks of a microsecond or longer
        factor = 10 ** (6 - exponent)
        micros: Ints = (np.minimum(ticks, np.uint64((1 << 60) // factor)) * np.uint64(factor)).astype(np.int64)
        return micros
    if exponent > 25:  # noqa: PLR2004 - 2^64 ticks are less than a microsecond
        return np.zeros(len(ticks), np.int64)
    coarse: Ints = np.minimum(ticks // np.uint64(10 ** (exponent - 6)), np.uint64(1 << 60)).astype(np.int64)
    return coarse


def _interface(block: bytes, order: str) -> Interface:
    """Read an interface description block."""
    link, _, snap = struct.unpack_from(order + "HHI", block, 8)
    resolution, offset, position = 6, 0, 16
    while position + 4 <= len(block) - 4:
        code, length = struct.unpack_from(order + "HH", block, position)
        value = block[position + 4 : position + 4 + length]
        if code == OPTION_RESOLUTION and len(value) == 1:
            resolution = value[0]
        elif code == OPTION_OFFSET and len(value) == 8:  # noqa: PLR2004 - a 64-bit number
            offset = struct.unpack(order + "q", value)[0]
        elif code == 0:
            break
        position += 4 + length + -length % 4
    return Interface(link, snap, resolution, offset)
