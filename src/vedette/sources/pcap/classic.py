"""The classic pcap format: one header, then records (draft-ietf-opsawg-pcap).

Understood: both byte orders, micro- and nanoseconds, and the 24-byte record header of Kuznetzov's patched libpcap.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from vedette.errors import SourceError
from vedette.events.batch import Rejects
from vedette.sources.pcap.container import RECORD_LIMIT_BYTES, Buffer, Chunk, Ints, clamp_times, gather
from vedette.sources.pcap.walk import walk

HEADER_BYTES = 24


@dataclass(frozen=True, slots=True)
class Variant:
    """How a magic number says the records are written; ``order`` as in ``struct``, ``divisor`` from ticks to microseconds."""

    order: str
    divisor: int
    record_bytes: int


MAGIC: dict[bytes, Variant] = {
    b"\xd4\xc3\xb2\xa1": Variant("<", 1, 16),
    b"\xa1\xb2\xc3\xd4": Variant(">", 1, 16),
    b"\x4d\x3c\xb2\xa1": Variant("<", 1000, 16),
    b"\xa1\xb2\x3c\x4d": Variant(">", 1000, 16),
    b"\x34\xcd\xb2\xa1": Variant("<", 1, 24),
    b"\xa1\xb2\xcd\x34": Variant(">", 1, 24),
}


def chunks(buffer: Buffer, rejects: Rejects) -> Iterator[Chunk]:
    """Yield the records of the capture that ``buffer`` stands at the beginning of; a cut-off one ends in ``rejects``.

    Raises:
        SourceError: not even the file header is whole.
    """
    if buffer.left < HEADER_BYTES:
        raise SourceError("the capture ends within its file header", hint="the file was cut off; capture again")
    variant = MAGIC[bytes(buffer.data[:4])]
    link = struct.unpack_from(variant.order + "I", buffer.data, 20)[0] & 0xFFFF
    buffer.begin, sequence = HEADER_BYTES, 0
    while True:
        chunk = _records(buffer, variant, sequence, link)
        sequence += len(chunk)
        if len(chunk):
            yield chunk
        if _damaged(buffer, variant):
            rejects.add(
                sequence=sequence,
                offset=buffer.origin + buffer.begin,
                reason="packet longer than 256 KiB: the rest is lost",
            )
            return
        if not buffer.more():
            break
    if buffer.left:
        rejects.add(
            sequence=sequence, offset=buffer.origin + buffer.begin, reason="packet cut off by the end of the file"
        )


def _records(buffer: Buffer, variant: Variant, sequence: int, link: int) -> Chunk:
    """Use up every whole record in the buffer, up to the first that is longer than any packet."""
    data = np.frombuffer(buffer.data, np.uint8)
    offset = walk(data, buffer.begin, buffer.end, variant.order, variant.record_bytes)
    head = gather(data, offset, np.dtype([(n, f"{variant.order}u4") for n in ("second", "tick", "captured", "length")]))
    captured = head["captured"].astype(np.int64)
    if captured.max(initial=0) > RECORD_LIMIT_BYTES:
        count = int(np.argmax(captured > RECORD_LIMIT_BYTES))
        offset, head, captured = offset[:count], head[:count], captured[:count]
    time = head["second"].astype(np.int64) * 1_000_000 + head["tick"].astype(np.int64) // variant.divisor
    start = offset + variant.record_bytes
    end = start + captured
    buffer.begin = int(end[-1]) if len(end) else buffer.begin
    same: Ints = np.full(len(offset), link, np.int64)
    return Chunk(data, sequence, buffer.origin, start, end, head["length"].astype(np.int64), clamp_times(time), same)


def _damaged(buffer: Buffer, variant: Variant) -> bool:
    if buffer.left < variant.record_bytes:
        return False
    captured = struct.unpack_from(variant.order + "I", buffer.data, buffer.begin + 8)[0]
    return bool(captured > RECORD_LIMIT_BYTES)
