"""The objects of a JSON file, each on a line of its own, however the file frames them: bounded memory, whatever the stream holds.

Services write the same records as lines, as one array, inside an envelope (``{"Records": [...]}``) or one after the other over many lines.
Every byte keeps its place: what stands between the objects becomes blanks, so an offset is the offset in the input. Brackets are counted
over a whole piece at once, as in Langdale and Lemire, "Parsing gigabytes of JSON per second", VLDB Journal 2019.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from vedette.errors import SourceError
from vedette.events.lines import LINE_LIMIT_BYTES, Block, blocks

HEAD_BYTES = 1 << 16
"""How much of the input says how it is framed."""
PIECE_BYTES = 1 << 18

ENVELOPES = ("Records", "records", "value", "items", "Events", "events", "logs", "entries")
"""Keys whose array holds the records: AWS, Azure Monitor, Microsoft Graph, Kubernetes, AWS and Google command lines."""

_BOM = b"\xef\xbb\xbf"
_SIMPLE = rb'(?:"(?:[^"\\]|\\.)*+"|\{[^{}]*+\}|null|true|false|-?[0-9.]++)'
_ENVELOPE = re.compile(
    rb'\s*+\{\s*+(?:"[^"\\]*+"\s*+:\s*+'
    + _SIMPLE
    + rb'\s*+,\s*+)*"(?:'
    + "|".join(ENVELOPES).encode()
    + rb')"\s*+:\s*+\['
)
_QUOTE, _BACKSLASH, _NEWLINE, _RETURN, _BLANK = b'"\\\n\r '
_OPENING, _CLOSING = np.zeros(256, np.int8), np.zeros(256, np.int8)
_OPENING[list(b"{[")] = 1
_CLOSING[list(b"}]")] = 1

Bytes = NDArray[np.uint8]
Bools = NDArray[np.bool_]


def records(stream: BinaryIO) -> Iterator[Block]:
    r"""Yield the input's objects, one a line, in blocks of whole lines.

    Raises:
        SourceError: brackets close that were never opened, or the stream ends early; what was whole before has been yielded.

    Example:
        >>> import io
        >>> [b.data.split() for b in records(io.BytesIO(b'{"Records":[{"a":1},\n{"a":2}]}'))]
        [[b'{"a":1}', b'{"a":2}']]
    """
    head, again = peek(stream)
    depth = framing(head)
    if depth is None:
        yield from blocks(again)
    else:
        yield from _Objects(depth).read(again)


def framing(head: bytes) -> int | None:
    """Return how many brackets stand around each record: 0, 1 (an array), 2 (an envelope); None where every line is a record."""
    text = head.removeprefix(_BOM).lstrip()
    if text.startswith(b"["):
        return 1
    if _ENVELOPE.match(text):
        return 2
    line, newline, _ = text.partition(b"\n")
    return None if not text.startswith(b"{") or not newline or line.rstrip().endswith(b"}") else 0


def whole_records(data: bytes) -> int:
    r"""Return how many of the first bytes of a growing input are whole records; -1 where brackets stand around them: then it is a document.

    Example:
        >>> whole_records(b'{"a":1}\n{"a":'), whole_records(b'[{"a":1},')
        (8, -1)
    """
    return data.rfind(b"\n") + 1 if framing(data[:HEAD_BYTES]) is None else -1


def first_record(head: bytes) -> bytes:
    """Return the beginning of the first record in ``head``, without what frames it."""
    text = head.removeprefix(_BOM).lstrip()
    if found := _ENVELOPE.match(text):
        text = text[found.end() :]
    return text.lstrip(b"[ \r\n\t")


def peek(stream: BinaryIO) -> tuple[bytes, BinaryIO]:
    """Return the beginning of a stream, at most ``HEAD_BYTES``, and the stream with its beginning."""
    parts: list[bytes] = []
    size = 0
    while size < HEAD_BYTES and (data := stream.read(HEAD_BYTES - size)):
        parts.append(data)
        size += len(data)
    head = b"".join(parts)
    return head, cast("BinaryIO", _Again(head, stream))


class _Again:
    """A stream whose beginning was read already."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head, self._rest = head, rest

    def read(self, size: int) -> bytes:
        if self._head:
            out, self._head = self._head[:size], self._head[size:]
            return out
        return self._rest.read(size)


class _Objects:
    """Cuts a stream where brackets outside of strings come back to ``base``.

    Args:
        base: how many brackets stand around each object.
    """

    def __init__(self, base: int) -> None:
        self._base = base
        self._depth = 0
        self._in_string = False
        self._backslashes = 0  # at the end of what was seen
        self._ended = False  # the last byte seen ended an object
        self._held = b""
        self._offset = 0  # of what is held
        self._count = 0
        self._skipping = False

    def read(self, stream: BinaryIO) -> Iterator[Block]:
        wrong = False
        while not wrong and (data := stream.read(PIECE_BYTES)):
            if not self._offset and not self._held and data.startswith(_BOM):
                data = b"   " + data[len(_BOM) :]
            text, wrong = self._lined(np.frombuffer(data, np.uint8))
            yield from self._blocks(text)
        yield from self._rest()
        if wrong:
            raise SourceError("closes a bracket that was never opened", where="JSON")

    def _blocks(self, text: bytes) -> Iterator[Block]:
        """Yield the whole lines, and one beyond the limit as far as that goes; hold the rest."""
        if self._skipping:
            end = text.find(b"\n") + 1
            self._offset += end or len(text)
            text, self._skipping = text[end:] if end else b"", not end
        held = self._held + text
        cut = held.rfind(b"\n") + 1
        if cut:
            yield from self._block(held[:cut])
            held = held[cut:]
        self._held = held
        if len(held) > LINE_LIMIT_BYTES:
            if held[:LINE_LIMIT_BYTES].strip():
                yield Block(self._count, self._offset, held[:LINE_LIMIT_BYTES], overlong=True)
                self._count, self._skipping = self._count + 1, True
            self._offset, self._held = self._offset + len(held), b""

    def _rest(self) -> Iterator[Block]:
        if self._held.strip():
            yield from self._block(self._held)

    def _block(self, lines: bytes) -> Iterator[Block]:
        """Yield a block without the blanks around it."""
        bare = lines.strip()
        if bare:
            yield Block(self._count, self._offset + len(lines) - len(lines.lstrip()), bare + b"\n")
            self._count += bare.count(b"\n") + 1
        self._offset += len(lines)

    def _lined(self, data: Bytes) -> tuple[bytes, bool]:
        """Return the piece with each object on a line and blanks elsewhere, and whether a bracket closes too much."""
        outside = self._outside(data)
        opening, closing = _OPENING[data] * outside, _CLOSING[data] * outside
        depth = self._depth + np.cumsum(opening.astype(np.int32) - closing)
        if wrong := bool(len(depth) and depth.min() < 0):
            end = int(np.argmax(depth < 0))
            data, depth, closing = data[:end], depth[:end], closing[:end]
        ends = (closing == 1) & (depth == self._base)
        member = (depth > self._base) | ends
        out = np.where(member & (data != _NEWLINE) & (data != _RETURN), data, np.uint8(_BLANK))
        out, first = self._with_newlines(out, member, ends)
        self._depth = int(depth[-1]) if len(depth) else self._depth
        self._ended = bool(ends[-1]) if len(ends) else self._ended
        return first + out.tobytes(), wrong

    def _with_newlines(self, out: Bytes, member: Bools, ends: Bools) -> tuple[Bytes, bytes]:
        """Put a newline after every object: in place of what follows, or before the next object where that follows at once."""
        after = np.flatnonzero(ends) + 1
        first = b""
        if self._ended and len(out):
            if member[0]:
                first = b"\n"
            else:
                out[0] = _NEWLINE
        after = after[after < len(out)]
        free = ~member[after]
        out[after[free]] = _NEWLINE
        return (out if free.all() else np.insert(out, after[~free], np.uint8(_NEWLINE))), first

    def _outside(self, data: Bytes) -> Bools:
        """Return (n,) which bytes stand outside of strings."""
        quotes = data == _QUOTE
        slashes = data == _BACKSLASH
        if slashes.any() or self._backslashes:
            places = np.arange(len(data))
            last = np.maximum.accumulate(np.where(slashes, -1 - self._backslashes, places))
            before = np.concatenate(([-1 - self._backslashes], last[:-1]))  # the last byte before that is no backslash
            quotes &= (places - 1 - before) % 2 == 0
            self._backslashes = int(len(data) - 1 - last[-1]) % 2 if slashes[-1] else 0
        inside = (np.cumsum(quotes) + self._in_string) % 2 == 1
        self._in_string = bool(inside[-1])
        found: Bools = ~inside
        return found
