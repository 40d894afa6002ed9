"""Chunks of an EVTX file, each parsed for itself: bounded memory, and damage stays where it is."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Iterator
from typing import BinaryIO

import msgspec
from evtx import PyEvtxParser

from vedette.errors import SourceError
from vedette.events.batch import Rejects
from vedette.events.windows.element import Parts, Whole

CHUNK_BYTES = 1 << 16
HEADER_BYTES = 4096
CHUNK_MAGIC = b"ElfChnk\0"
MOST_TEXT = 1 << 24
"""Characters of one chunk's records as JSON; a chunk that unfolds to more is damaged or hostile: its further records are one reject."""

_BAD_CHUNK = "a chunk that cannot be read"
_BAD_RECORD = "a record that cannot be read"
_CUT = "the file ends within a chunk"
_SWOLLEN = f"a chunk that unfolds to more than {MOST_TEXT:,} characters"

Rows = tuple[int, int, list[Parts]]


def file_header(chunks: int) -> bytes:
    """Return the header of a file of ``chunks`` chunks."""
    head = struct.pack("<8sQQQIHHHH", b"ElfFile\0", 0, max(chunks - 1, 0), 1, 128, 1, 3, HEADER_BYTES, chunks).ljust(
        120, b"\0"
    )
    return (head + struct.pack("<II", 0, zlib.crc32(head))).ljust(HEADER_BYTES, b"\0")


class Chunks:
    """Reads a stream to its end.

    Args:
        stream: an EVTX file, forward only.
        rejects: takes what cannot be read.
    """

    def __init__(self, stream: BinaryIO, rejects: Rejects) -> None:
        self.records = 0
        self._stream = stream
        self._rejects = rejects
        self._decoder = msgspec.json.Decoder(Whole)
        self._header = file_header(1)

    def read(self) -> Iterator[Rows]:
        """Yield the number of the first record, the offset of its chunk, and the records.

        Raises:
            SourceError: the stream does not begin with the header of an event log, or ends early.
        """
        head = self._exactly(HEADER_BYTES)
        if len(head) < HEADER_BYTES:
            raise SourceError("ends within the header", where="EVTX")
        offset = HEADER_BYTES
        while chunk := self._exactly(CHUNK_BYTES):
            if len(chunk) < CHUNK_BYTES:
                if chunk.strip(b"\0"):
                    self._reject(_CUT, offset)
                    chunk = chunk.ljust(CHUNK_BYTES, b"\0")
                else:
                    return
            if chunk.startswith(CHUNK_MAGIC):
                yield from self._parsed(chunk, offset)
            elif chunk.strip(b"\0"):
                self._reject(_BAD_CHUNK, offset)
            offset += CHUNK_BYTES

    def _exactly(self, size: int) -> bytes:
        parts: list[bytes] = []
        while size and (data := self._stream.read(size)):
            parts.append(data)
            size -= len(data)
        return b"".join(parts)

    def _reject(self, reason: str, offset: int, count: int = 1) -> None:
        self._rejects.add(sequence=self.records, offset=offset, reason=reason, count=count)
        self.records += count

    def _parsed(self, chunk: bytes, offset: int) -> Iterator[Rows]:
        texts: list[str] = []
        size = 0
        with warnings.catch_warnings(record=True) as skipped:  # each is a record that the parser gave up
            warnings.simplefilter("always")
            try:
                file = io.BytesIO(self._header + chunk)
                for record in PyEvtxParser(file, number_of_threads=1, indent=False, skip_errors=True).records_json():
                    text: str = record["data"] if record else ""
                    texts.append(text)
                    size += len(text)
                    if size > MOST_TEXT:
                        break
            except (RuntimeError, OSError, ValueError):
                self._reject(_BAD_CHUNK, offset)
        if texts:
            yield self._decoded(texts, offset)
        if size > MOST_TEXT:
            self._reject(_SWOLLEN, offset)
        if skipped:
            self._reject(_BAD_RECORD, offset, len(skipped))

    def _decoded(self, texts: list[str], offset: int) -> Rows:
        try:
            rows = [whole.Event for whole in self._decoder.decode_lines("\n".join(texts))]
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            rows = self._one_by_one(texts, offset)
        first = self.records
        self.records += len(rows)
        return first, offset, rows

    def _one_by_one(self, texts: list[str], offset: int) -> list[Parts]:
        rows: list[Parts] = []
        for text in texts:
            try:
                rows.append(self._decoder.decode(text).Event)
            except (msgspec.MsgspecError, UnicodeError, RecursionError):
                self._reject(_BAD_RECORD, offset)
        return rows
