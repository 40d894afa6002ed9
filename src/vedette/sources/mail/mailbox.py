"""A stream -> messages: one of its own, or a mailbox of many (mbox: RFC 4155 and its kin); in bounded memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from vedette.errors import SourceError

MESSAGE_LIMIT_BYTES = 1 << 25
"""Bytes of a message that are read; of a larger one the rest is only counted."""
READ_BYTES = 1 << 20
LINE_ROOM = 1 << 10
"""Bytes kept back from a search, so that a line that separates messages is seen whole."""

_LINE = re.compile(rb"From ([^\n]{0,450})\n")
_NEXT = re.compile(rb"\n\r?\nFrom ([^\n]{0,450})\n")
_BLANK = re.compile(rb"\n\r?\n\Z")
"""The blank line that ends a message belongs to the mailbox."""
_YEAR = re.compile(rb"(?:19|20)[0-9]{2}")
_YEAR_WITHIN = 50
"""Bytes at the end of the line that separates messages, where its year stands."""
_QUOTED = re.compile(rb"\n>(?=>*From )")


@dataclass(frozen=True, slots=True)
class Letter:
    """One message of a stream.

    Attributes:
        data: its bytes, at most ``MESSAGE_LIMIT_BYTES``, without the line that separates it from the one before.
        offset: where it starts in the stream.
        size_bytes: of the whole message.
        cut: the stream broke off inside of it.
    """

    data: bytes
    offset: int
    size_bytes: int
    cut: bool = False


def is_envelope(head: bytes) -> bool:
    """Say whether these bytes start with the line that stands before each message of a mailbox."""
    line = _LINE.match(head)
    return line is not None and _dated(line[1])


def _dated(line: bytes) -> bool:
    return _YEAR.search(line[-_YEAR_WITHIN:]) is not None


def whole_letters(data: bytes) -> int:
    """Return how many of the first bytes of a mailbox are whole messages: up to the last line that begins another."""
    starts = [found.start(1) - len(b"From ") for found in _NEXT.finditer(data) if _dated(found[1])]
    return starts[-1] if starts else 0


def letters(stream: BinaryIO) -> Iterator[Letter]:
    """Yield the messages of a stream, the same ones however it splits its reads.

    Raises:
        SourceError: the stream breaks off; what stands before has been yielded.
    """
    reader = _Reader(stream)
    reader.fill(LINE_ROOM)
    if is_envelope(reader.held):
        while reader.left():
            yield _one_of_many(reader)
    elif reader.left():
        yield _single(reader)
    if reader.error:
        raise reader.error


class _Reader:
    """Bytes of a stream: ``held[at:]`` are the next ones; ``base`` is where ``held`` starts in the stream."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.held = b""
        self.at = self.base = 0
        self.ended = False
        self.error: SourceError | None = None

    def left(self) -> int:
        """Return how many bytes are held, after a look for more where there are none."""
        if self.at >= len(self.held):
            self.fill(1)
        return len(self.held) - self.at

    def fill(self, size: int) -> None:
        """Hold at least ``size`` bytes from ``at`` on, fewer only at the end."""
        parts, have = [self.held[self.at :]], len(self.held) - self.at
        if have >= size or self.ended:
            return
        while have < size and not self.ended:
            part = self._read()
            parts.append(part)
            have += len(part)
        self.held, self.base, self.at = b"".join(parts), self.base + self.at, 0

    def _read(self) -> bytes:
        try:
            data = self._stream.read(READ_BYTES)
        except SourceError as error:
            self.error, data = error, b""
        self.ended = not data
        return data


def _single(reader: _Reader) -> Letter:
    reader.fill(MESSAGE_LIMIT_BYTES)
    data = reader.held[:MESSAGE_LIMIT_BYTES]
    while reader.left():
        reader.at = len(reader.held)
    return Letter(data, 0, reader.base + reader.at, cut=reader.error is not None)


def _one_of_many(reader: _Reader) -> Letter:
    """Return the first message of a mailbox and pass it."""
    reader.fill(LINE_ROOM)
    envelope = _LINE.match(reader.held, reader.at)
    reader.at += len(envelope[0]) if envelope else 0
    start, kept, searched = reader.base + reader.at, b"", reader.at
    while True:
        if found := _separator(reader.held, searched):
            end, following = found.start() + 1, found.start(1) - len(b"From ")
            break
        if reader.ended:
            following = len(reader.held)
            blank = _BLANK.search(reader.held, max(reader.at, following - len(b"\n\r\n")))
            end = blank.start() + 1 if blank else following
            break
        searched = max(reader.at, len(reader.held) - LINE_ROOM)
        if len(reader.held) - reader.at > MESSAGE_LIMIT_BYTES:
            kept = kept or reader.held[reader.at : reader.at + MESSAGE_LIMIT_BYTES]
            reader.at = searched
        searched -= reader.at
        have = len(reader.held) - reader.at
        reader.fill(have + max(READ_BYTES, have // 2))
    data = kept or reader.held[reader.at : min(end, reader.at + MESSAGE_LIMIT_BYTES)]
    size = reader.base + end - start
    reader.at = following
    cut = reader.error is not None and following >= len(reader.held)
    return Letter(_QUOTED.sub(b"\n", data) if b"\n>" in data else data, start, size, cut)


def _separator(held: bytes, start: int) -> re.Match[bytes] | None:
    """Return the next place where an empty line and one that separates messages stand."""
    while found := _NEXT.search(held, start):
        if _dated(found[1]):
            return found
        start = found.start(1)
    return None
