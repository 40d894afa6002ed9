"""nfdump's binary files of layout 1 (nfdump 1.6), as its nffile.h and nfx.h lay them out.

A file header (140 bytes), statistics (136), then blocks of records in the byte order of the machine that wrote them. A record's
common part is followed by the extensions that its extension map lists. Only the reply's counters (extensions 14 to 17) are of use here.
"""

from __future__ import annotations

import bz2
import ipaddress
import struct
from collections.abc import Iterator
from typing import BinaryIO

import numpy as np
import polars as pl
from numpy.typing import NDArray

from vedette.errors import SourceError
from vedette.events.batch import Rejects
from vedette.sources.netflow.flow_names import FLOWS, ICMP

MAGIC = 0xA50C
LAYOUT = 1
MAGIC_BYTES = 4  # magic and layout
HEADER_BYTES, STATISTICS_BYTES, BLOCK_HEADER_BYTES = 140, 136, 12
BLOCK_LIMIT_BYTES = 1 << 24
"""nfdump's own blocks have at most 5 MiB."""

_LZO, _BZ2, _LZ4 = 0x1, 0x8, 0x10
_DATA_BLOCK, _MAP, _COMMON_V0, _COMMON = 2, 2, 1, 10
_V6, _PACKETS_64, _BYTES_64 = 0x1, 0x2, 0x4
_COMMON_BYTES = {_COMMON_V0: 28, _COMMON: 32}
_EXTENSION_BYTES: dict[int, int] = {
    4: 4,
    5: 8,
    6: 4,
    7: 8,
    8: 4,
    9: 4,
    10: 16,
    11: 4,
    12: 16,
    13: 4,
    14: 4,
    15: 8,
    16: 4,
    17: 8,
    18: 4,
    19: 8,
    20: 16,
    21: 16,
    22: 40,
    23: 4,
    24: 16,
    25: 4,
    26: 8,
    27: 8,
}
_REPLY = {14: ("packets_in", "u4"), 15: ("packets_in", "u8"), 16: ("bytes_in", "u4"), 17: ("bytes_in", "u8")}
_CONVERT = "convert it: nfdump -r FILE -o csv > flows.csv"

Layout = tuple[int, int, int, int]  # record type, size, flags, extension map


def is_nfdump(head: bytes) -> bool:
    """Say whether ``head`` starts like an nfdump file of any layout and byte order."""
    if len(head) < MAGIC_BYTES:
        return False
    return any(struct.unpack_from(order + "HH", head) in ((MAGIC, 1), (MAGIC, 2)) for order in "<>")


def read_nfdump(stream: BinaryIO, rejects: Rejects) -> Iterator[pl.DataFrame]:
    """Yield a frame of ``FLOWS`` for each block.

    Raises:
        SourceError: another layout, a compression that we lack, or the file ends early.
    """
    head = _exactly(stream, HEADER_BYTES + STATISTICS_BYTES)
    order = "<" if struct.unpack_from("<H", head)[0] == MAGIC else ">"
    _, layout, flags = struct.unpack_from(order + "HHI", head)
    if layout != LAYOUT:
        raise SourceError(f"nfdump file of layout {layout} (nfdump 1.7)", hint=_CONVERT)
    if flags & (_LZO | _LZ4):
        raise SourceError("nfdump file compressed with " + ("LZO" if flags & _LZO else "LZ4"), hint=_CONVERT)
    maps: dict[int, list[int]] = {}
    sequence, offset = 0, len(head)
    while header := stream.read(BLOCK_HEADER_BYTES):
        _, size, kind, _ = struct.unpack(order + "IIHH", header.ljust(BLOCK_HEADER_BYTES, b"\0"))
        if size > BLOCK_LIMIT_BYTES or len(header) < BLOCK_HEADER_BYTES:
            raise SourceError(
                "nfdump file ends early" if len(header) < BLOCK_HEADER_BYTES else f"nfdump block of {size:,} bytes"
            )
        data = _exactly(stream, size)
        if kind == _DATA_BLOCK:
            block = _Block(_unpacked(data) if flags & _BZ2 else data, order, sequence, offset)
            yield block.flows(maps, rejects)
            sequence = block.sequence
        offset += BLOCK_HEADER_BYTES + size


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = b""
    while len(data) < size and (more := stream.read(size - len(data))):
        data += more
    if len(data) < size:
        raise SourceError("nfdump file ends early")
    return data


def _unpacked(data: bytes) -> bytes:
    unit = bz2.BZ2Decompressor()
    try:
        unpacked = unit.decompress(data, BLOCK_LIMIT_BYTES)
    except (OSError, ValueError) as error:
        raise SourceError(f"nfdump block is damaged: {error}") from error
    if not unit.eof:
        raise SourceError("nfdump block is damaged or too large")
    return unpacked


class _Block:
    """One block of records: found by walking over their sizes, then read by layout, all records of a layout at once."""

    def __init__(self, data: bytes, order: str, sequence: int, offset: int) -> None:
        self.sequence = sequence
        self._data, self._order, self._offset = data, order, offset

    def flows(self, maps: dict[int, list[int]], rejects: Rejects) -> pl.DataFrame:
        """Return the flows in order; ``maps`` are the extension maps so far, and gain those of this block."""
        places: dict[Layout, list[tuple[int, int]]] = {}
        frames = []
        for at, kind, size in self._walk(rejects):  # a record's place depends on the sizes of all before it
            if kind == _MAP:
                frames += self._read(
                    places, maps, rejects
                )  # an id may be used anew: records before it go by the old map
                places = {}
                maps[self._map_id(at)] = self._map(at, size)
            elif kind in _COMMON_BYTES:
                flags, map_id = struct.unpack_from(self._order + "HH", self._data, at + 4)
                if kind == _COMMON_V0:
                    flags &= 0xFF if self._order == "<" else 0xFF00
                    flags = flags if self._order == "<" else flags >> 8
                places.setdefault((kind, size, flags & 7, map_id), []).append((at, self.sequence))
                self.sequence += 1
        frames += self._read(places, maps, rejects)
        return pl.concat(frames).sort("sequence") if frames else pl.DataFrame(schema=FLOWS)

    def _walk(self, rejects: Rejects) -> Iterator[tuple[int, int, int]]:
        at, end = 0, len(self._data)
        unpack = struct.Struct(self._order + "HH").unpack_from
        while at + 4 <= end:
            kind, size = unpack(self._data, at)
            smallest = _COMMON_BYTES.get(kind, 4) + (16 if kind in _COMMON_BYTES else 0)
            if size < smallest or at + size > end:
                rejects.add(
                    sequence=self.sequence,
                    offset=self._offset,
                    reason="nfdump record of an impossible size; the block's rest is lost",
                )
                self.sequence += 1
                return
            yield at, kind, size
            at += size

    def _map_id(self, at: int) -> int:
        return int(struct.unpack_from(self._order + "H", self._data, at + 4)[0]) if at + 6 <= len(self._data) else 0

    def _map(self, at: int, size: int) -> list[int]:
        ids = struct.unpack_from(f"{self._order}{max(0, size - 8) // 2}H", self._data, at + 8) if size > 8 else ()  # noqa: PLR2004
        return list(ids[: ids.index(0)] if 0 in ids else ids)

    def _read(
        self, places: dict[Layout, list[tuple[int, int]]], maps: dict[int, list[int]], rejects: Rejects
    ) -> list[pl.DataFrame]:
        frames = []
        for layout, found in places.items():
            dtype = _dtype(layout, maps.get(layout[3], []), self._order)
            at = np.array([a for a, _ in found], np.int64)
            numbers = np.array([n for _, n in found], np.int64)
            if dtype.itemsize > layout[1]:
                rejects.add(
                    sequence=found[0][1],
                    offset=self._offset,
                    reason="nfdump record too short for its flags",
                    count=len(found),
                )
                continue
            raw = np.frombuffer(self._data, np.uint8)[at[:, None] + np.arange(dtype.itemsize)]
            frames.append(_frame(raw.view(dtype)[:, 0], numbers))
        return frames


def _dtype(layout: Layout, extensions: list[int], order: str) -> np.dtype[np.void]:
    """Return the fields of a record: the common part, addresses and counters by its flags, and the reply's counters if it has them."""
    kind, size, flags, _ = layout
    fields = [("head", "u2", 4), ("msec_first", "u2"), ("msec_last", "u2"), ("first", "u4"), ("last", "u4")]
    fields += [
        ("forwarding", "u1"),
        ("tcp_flags", "u1"),
        ("protocol", "u1"),
        ("tos", "u1"),
        ("src_port", "u2"),
        ("dst_port", "u2"),
    ]
    fields += [("exporter", "u2"), ("way", "u1"), ("reason", "u1")] if kind == _COMMON else []
    fields += [("src", "u8", 2), ("dst", "u8", 2)] if flags & _V6 else [("src", "u4"), ("dst", "u4")]
    fields += [("packets", "u8" if flags & _PACKETS_64 else "u4"), ("bytes", "u8" if flags & _BYTES_64 else "u4")]
    at = sum(np.dtype([f]).itemsize for f in fields)
    names, offsets = set(), at
    for number in extensions:
        width = _EXTENSION_BYTES.get(number, 0)
        if not width or offsets + width > size:
            break
        name, form = _REPLY.get(number, (f"extension_{number}", f"V{width}"))
        if name not in names:
            fields.append((name, form))
            names.add(name)
            offsets += width
    return np.dtype(fields).newbyteorder("<" if order == "<" else ">")


def _frame(records: NDArray[np.void], numbers: NDArray[np.int64]) -> pl.DataFrame:
    has = records.dtype.names or ()
    zero = np.zeros(len(records), np.int64)
    number = {name: _small(records[name]) for name in ("packets", "bytes", "packets_in", "bytes_in") if name in has}
    flow = pl.DataFrame(
        {
            "sequence": numbers,
            "start": records["first"].astype(np.int64) * 1_000_000 + records["msec_first"].astype(np.int64) * 1000,
            "end": records["last"].astype(np.int64) * 1_000_000 + records["msec_last"].astype(np.int64) * 1000,
            "protocol": records["protocol"].astype(np.int32),
            "src": addresses(records["src"]),
            "dst": addresses(records["dst"]),
            "src_port": records["src_port"].astype(np.int32),
            "dst_port": records["dst_port"].astype(np.int32),
            "flags_out": records["tcp_flags"].astype(np.int32),
            "packets_out": number["packets"],
            "bytes_out": number["bytes"],
            "packets_in": number.get("packets_in", zero),
            "bytes_in": number.get("bytes_in", zero),
        }
    )
    icmp = pl.col("protocol").is_in(ICMP)
    flow = flow.with_columns(
        src_port=pl.when(icmp).then(pl.col("dst_port") // 256).otherwise("src_port"),
        dst_port=pl.when(icmp).then(pl.col("dst_port") & 0xFF).otherwise("dst_port"),
        start=pl.from_epoch("start", "us").dt.replace_time_zone("UTC"),
        end=pl.max_horizontal("start", pl.from_epoch("end", "us").dt.replace_time_zone("UTC")),
        both_ways=pl.col("packets_in") > 0,
    )
    return flow.select(pl.col(c).cast(t) if c in flow.columns else pl.lit(None, t).alias(c) for c, t in FLOWS.items())


def _small(counts: NDArray[np.void]) -> NDArray[np.int64]:
    """Return unsigned counters as signed ones; one beyond 2**63 is no count and becomes the largest."""
    return np.minimum(counts.astype(np.uint64), np.uint64(2**63 - 1)).astype(np.int64)


def addresses(words: NDArray[np.void]) -> pl.Series:
    """Return addresses as text: (n,) 32-bit words, or (n, 2) 64-bit words, high word first."""
    if words.ndim == 1:
        frame = pl.DataFrame({"a": words.astype(np.int64)})
        parts = [(pl.col("a") // 256**n % 256).cast(pl.String) for n in (3, 2, 1, 0)]
        return frame.select(pl.concat_str(parts, separator=".")).to_series()
    distinct, index = np.unique(words.astype(np.uint64), axis=0, return_inverse=True)
    names = [str(ipaddress.IPv6Address(int(high) << 64 | int(low))) for high, low in distinct]  # each address once
    return pl.Series(names, dtype=pl.String).gather(index.reshape(-1))
