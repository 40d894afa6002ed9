"""Compressed streams: read forward, in bounded memory; what was readable before an error is given out before the error."""

from __future__ import annotations

import bz2
import io
import lzma
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import zstandard

from vedette.app.limits import Budget
from vedette.errors import LimitError, SourceError

CHUNK_BYTES = 1 << 18
LZMA_MEMORY_BYTES = 1 << 28
ZSTD_WINDOW_BYTES = 1 << 27
ZSTD_SLICE_BYTES = 1 << 11
"""zstd gives out whatever its input holds, at most 128 KiB for every four bytes: 2 KiB in are never more than 64 MiB out."""

_DAMAGE = (zlib.error, lzma.LZMAError, zstandard.ZstdError, OSError, EOFError, ValueError)


@dataclass(frozen=True, slots=True)
class Codec:
    """One way to compress a file.

    Attributes:
        magic: how such data start; ``suffixes``: how such files are usually named.
        unit: makes a decompressor for one member, stream or frame.
        drain: feeds bytes to it and yields what comes out, in bounded pieces.
        slice_bytes: how much is fed at a time.
    """

    name: str
    magic: bytes
    suffixes: tuple[str, ...]
    unit: Callable[[], Any]
    drain: Callable[[Any, bytes], Iterator[bytes]]
    slice_bytes: int = 1 << 16


def _drain_zlib(unit: zlib._Decompress, data: bytes) -> Iterator[bytes]:
    piece = b"."
    while (data or len(piece) == CHUNK_BYTES) and not unit.eof:
        piece = unit.decompress(data, CHUNK_BYTES)
        data = unit.unconsumed_tail
        yield piece


def _drain_stdlib(unit: bz2.BZ2Decompressor | lzma.LZMADecompressor, data: bytes) -> Iterator[bytes]:
    yield unit.decompress(data, CHUNK_BYTES)
    while not unit.eof and not unit.needs_input:
        yield unit.decompress(b"", CHUNK_BYTES)


def _drain_zstd(unit: zstandard.ZstdDecompressionObj, data: bytes) -> Iterator[bytes]:
    yield unit.decompress(data)


CODECS = (
    Codec("gzip", b"\x1f\x8b\x08", (".gz", ".tgz"), lambda: zlib.decompressobj(wbits=31), _drain_zlib),
    Codec("bzip2", b"BZh", (".bz2",), bz2.BZ2Decompressor, _drain_stdlib),
    Codec("xz", b"\xfd7zXZ\x00", (".xz",), lambda: lzma.LZMADecompressor(memlimit=LZMA_MEMORY_BYTES), _drain_stdlib),
    Codec(
        "zstd",
        b"\x28\xb5\x2f\xfd",
        (".zst",),
        lambda: zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW_BYTES).decompressobj(),
        _drain_zstd,
        ZSTD_SLICE_BYTES,
    ),
)


def codec(head: bytes) -> Codec | None:
    """Return how data that start with ``head`` are compressed."""
    return next((c for c in CODECS if head.startswith(c.magic)), None)


def expand(stream: BinaryIO, how: Codec, budget: Budget) -> Iterator[bytes]:
    """Yield the decompressed bytes of ``stream``: all its members, one after the other.

    Raises:
        SourceError: the data are damaged or end early. LimitError: they unpack to too much.
    """
    unit: Any = None
    given = members = 0
    rest = b""
    while data := rest or stream.read(how.slice_bytes):
        if unit is None and members and not data.strip(b"\0"):  # padding after the last member
            rest = b""
            continue
        unit = unit or how.unit()
        for piece in _guarded(how, unit, data):
            given += len(piece)
            budget.unpack(len(piece))
            if given > budget.limits.max_member_bytes:
                raise LimitError(f"unpacks to more than {budget.limits.max_member_bytes:,} bytes")
            yield piece
        rest = b""
        if unit.eof:
            rest, unit, members = unit.unused_data, None, members + 1
    if unit is not None:
        raise SourceError("compressed data end early")


def _guarded(how: Codec, unit: object, data: bytes) -> Iterator[bytes]:
    try:
        yield from filter(None, how.drain(unit, data))
    except _DAMAGE as error:
        raise SourceError(f"{how.name} data are damaged: {error}") from error


class Pour(io.BufferedIOBase):
    """A forward-only stream made of chunks; a ``SourceError`` among them is raised after everything before it was read."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._chunk, self._at = b"", 0
        self._error: SourceError | None = None
        self.given_bytes = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        """Return ``size`` bytes, fewer only at the end or before an error."""
        want = sys.maxsize if size is None or size < 0 else size
        parts = []
        while want and (piece := self._take(want)):
            parts.append(piece)
            want -= len(piece)
        if not parts and want and self._error:
            raise self._error
        data = b"".join(parts)
        self.given_bytes += len(data)
        return data

    def read1(self, size: int = -1, /) -> bytes:
        return self.read(CHUNK_BYTES if size < 0 else size)

    def peek(self, size: int) -> bytes:
        """Return the next ``size`` bytes (fewer at the end) without consuming them."""
        head = self.read(size)
        self.given_bytes -= len(head)
        self._chunk, self._at = head + self._chunk[self._at :], 0
        return head

    def _take(self, limit: int) -> bytes:
        while self._at >= len(self._chunk):
            try:
                self._chunk, self._at = next(self._chunks), 0
            except StopIteration:
                return b""
            except SourceError as error:
                self._error = error
                return b""
        piece = self._chunk[self._at : self._at + limit]
        self._at += len(piece)
        return piece
