"""Packet records of a capture file, in chunks of columns: memory is bounded by the chunk, whatever the file's size.

The walk from record to record is the one step of the whole source that has to be sequential; everything after it is columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from vedette.events.times import LAST_MICROSECOND

Octets = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

PAD_BYTES = 256
"""Readable bytes behind the last record, so that a fixed-width gather at any packet's end stays inside the buffer."""
RECORD_LIMIT_BYTES = 1 << 18
"""The longest packet believed, as libpcap's MAXIMUM_SNAPLEN; a longer one means that the file is damaged."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive packet records; every array is (n_packets,). ``data`` is overwritten when the next chunk is asked for.

    Attributes:
        data: the bytes that the offsets point into, with ``PAD_BYTES`` more at the end.
        sequence: the number of the first packet in the file, from 0.
        origin: where ``data[0]`` stands in the file.
        start: offset of each packet's first byte; ``end``: offset behind its last captured byte.
        length: bytes on the wire, as the capturing program says.
        time: microseconds since the epoch.
        link: the pcap link type.
    """

    data: Octets
    sequence: int
    origin: int
    start: Ints
    end: Ints
    length: Ints
    time: Ints
    link: Ints

    def __len__(self) -> int:
        return len(self.start)

    def part(self, begin: int, stop: int) -> Chunk:
        """Return packets ``begin`` to ``stop`` of this chunk, sharing its bytes."""
        cut = slice(begin, stop)
        arrays = (self.start[cut], self.end[cut], self.length[cut], self.time[cut], self.link[cut])
        return Chunk(self.data, self.sequence + begin, self.origin, *arrays)

    def steps(self, step: int) -> Iterator[Chunk]:
        """Yield parts that never straddle a packet number divisible by ``step``, however the chunks fall."""
        begin = 0
        while begin < len(self):
            stop = min(len(self), begin + step - (self.sequence + begin) % step)
            yield self.part(begin, stop)
            begin = stop


class Buffer:
    """A window that slides over a stream.

    Attributes:
        data: the bytes; ``data[begin:end]`` is read and not yet used up.
        origin: where ``data[0]`` stands in the stream.
    """

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self.data = _room(size + PAD_BYTES)
        self.begin = self.end = self.origin = 0
        self._stream = stream

    @property
    def left(self) -> int:
        """Bytes read and not yet used up."""
        return self.end - self.begin

    def more(self) -> bool:
        """Move what is left to the front and read on, in twice the room if nothing could be used up; False at the end."""
        size = len(self.data) - PAD_BYTES
        target = self.data if self.begin or self.end < size else _room(2 * size + PAD_BYTES)
        target[: self.left] = self.data[self.begin : self.end]
        self.data, self.origin = target, self.origin + self.begin
        self.begin, self.end = 0, self.left
        before = self.end
        while self.end < len(self.data) - PAD_BYTES and (count := self._fill(self.data)):
            self.end += count
        return self.end > before

    def _fill(self, view: memoryview) -> int:
        room = view[self.end : len(self.data) - PAD_BYTES]
        into = getattr(self._stream, "readinto", None)
        if into is not None:
            return int(into(room) or 0)
        data = self._stream.read(len(room))
        room[: len(data)] = data
        return len(data)


def _room(size_bytes: int) -> memoryview:
    """Return zeroed bytes; numpy asks for large pages, which makes it quicker to read here and there in them."""
    return np.zeros(size_bytes, np.uint8).data


def gather(data: Octets, offset: Ints, dtype: np.dtype[np.void]) -> npt.NDArray[np.void]:
    """Return the structures that stand at ``offset``, (n,) of ``dtype``: one short memory copy each, whatever the alignment."""
    raw = np.ndarray((len(data) - dtype.itemsize + 1,), f"V{dtype.itemsize}", buffer=data, strides=(1,))
    return raw[offset].view(dtype)


def clamp_times(time: Ints) -> Ints:
    """Return microseconds since the epoch, those out of the believable set to its nearer end: a packet is never lost for its stamp."""
    return np.clip(time, 0, LAST_MICROSECOND)
