"""The beginnings of TCP messages, put together from segments within bounds."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from typing import ClassVar

from vedette.events.batch import EventBatch
from vedette.sources.pcap.messages import BATCH_ROWS, Mark, MessageRows
from vedette.sources.pcap.pending import PATIENCE_US

MESSAGE_LIMIT_BYTES = 65_536
"""A message head beyond this is parsed as far as it goes."""
SEGMENT_LIMIT = 48
"""Segments that one message head may span: 48 of 1,460 bytes are 68 KiB."""
OPEN_LIMIT = 16_384
HELD_LIMIT_BYTES = 64 << 20
PASSED_LIMIT = 65_536
BODY_WINDOW = 1 << 30
SWEEP_US = 30_000_000

MORE, NOT_MINE, DONE = 0, -1, -2


class Dialogue(ABC):
    """One protocol's messages, paired; the streams hand it bytes, it collects rows.

    Attributes:
        rows: what was read; ``also``: rows of further classes.
        stays: messages follow each other without a gap (DNS), so that the segment limit counts for each anew.
    """

    stays: ClassVar[bool] = False
    rows: MessageRows
    also: tuple[MessageRows, ...] = ()

    @abstractmethod
    def take(self, connection: int, from_orig: bool, buffer: bytes, mark: Mark, final: bool) -> int:
        """Read one message from the start of ``buffer``.

        Returns:
            The length of the whole message, which may go beyond the buffer; ``MORE``, unless ``final``, when its head is
            incomplete; ``NOT_MINE`` when it is of another protocol; ``DONE`` when this side has nothing more to say.
        """

    def full(self) -> bool:
        """Say whether there are as many rows as a batch should have."""
        return any(len(rows) >= BATCH_ROWS for rows in (self.rows, *self.also))

    def batches(self) -> Iterator[EventBatch]:
        """Yield what was collected since the last call."""
        for rows in (self.rows, *self.also):
            yield from rows.batches()

    def ends_other(self, connection: int) -> bool:
        """Say whether a message of one side shows that segments of the other's unfinished one were lost: an answer to it."""
        return True

    @abstractmethod
    def expire(self, now: int) -> None:
        """Give up what waits since too long before ``now``, in microseconds."""

    @abstractmethod
    def close(self) -> None:
        """Give up all that waits."""


def ahead(sequence: int, of: int) -> int:
    """Return how far a TCP sequence number lies ahead of another, in [-2^31, 2^31) (RFC 9293, 3.4)."""
    return ((sequence - of + 0x8000_0000) & 0xFFFF_FFFF) - 0x8000_0000


class Stream:
    """One direction of a connection, from the first byte of a message on."""

    __slots__ = ("buffer", "code", "late", "mark", "next", "segments", "start")

    def __init__(self, code: int, sequence: int, mark: Mark) -> None:
        self.code, self.start, self.next, self.mark = code, sequence, sequence, mark
        self.buffer, self.segments = b"", 0
        self.late: dict[int, bytes] = {}

    def held(self) -> int:
        """Return the bytes that it holds."""
        return len(self.buffer) + sum(map(len, self.late.values()))

    def push(self, sequence: int, payload: bytes) -> None:
        """Add a segment, in order, early, late or again."""
        self.segments += 1
        if sequence != self.next and 0 < ahead(sequence, self.next) < MESSAGE_LIMIT_BYTES:
            if self.held() < MESSAGE_LIMIT_BYTES:
                self.late.setdefault(sequence, payload)
            return
        self._append(sequence, payload)
        while self.late and (ready := [s for s in self.late if ahead(s, self.next) <= 0]):
            for s in ready:
                self._append(s, self.late.pop(s))

    def _append(self, sequence: int, payload: bytes) -> None:
        new = payload[-ahead(sequence, self.next) :] if sequence != self.next else payload
        self.buffer = (self.buffer + new)[: 2 * MESSAGE_LIMIT_BYTES]
        self.next = (self.start + len(self.buffer)) & 0xFFFF_FFFF

    def consume(self, size: int) -> None:
        """Pass over a message."""
        self.start = (self.start + size) & 0xFFFF_FFFF
        self.buffer = self.buffer[size:]

    def full(self) -> bool:
        """Say whether no more of this message will be waited for."""
        return self.segments >= SEGMENT_LIMIT or len(self.buffer) >= MESSAGE_LIMIT_BYTES


class Streams:
    """All open message heads. Keys are ``flow * 2 + direction``: ``key ^ 1`` is the other side, ``key | 1`` the connection.

    What happens depends on the order of packets alone.
    """

    def __init__(self, dialogues: Mapping[int, Dialogue], name: Callable[[int, int], None]) -> None:
        """Take the dialogue of each code of ``firstbytes``, and whom to tell the flow and the code of a recognised message."""
        self._dialogues, self._name = dialogues, name
        self._open: dict[int, Stream] = {}
        self._passed: dict[int, int] = {}
        self._held = 0
        self._sweep_at = 0

    def open_keys(self) -> list[int]:
        """Return the keys that wait for more segments."""
        return list(self._open)

    def __contains__(self, key: int) -> bool:
        return key in self._open

    def packet(self, key: int, sequence: int, payload: bytes, code: int, mark: Mark) -> int:
        """Take one segment; return the code of the protocol that was recognised in it, or 0.

        Args:
            key: the direction of a connection.
            sequence: TCP sequence number of ``payload``.
            payload: the segment.
            code: what its first bytes promise, or 0.
            mark: the packet.
        """
        stream = self._open.get(key)
        if stream is None and (not code or self._is_old(key, sequence)):
            return 0
        self._tick(mark.time)
        if stream and code and ahead(sequence, stream.next) > 0:
            self._advance(key, stream, final=True)
            stream = None
        if stream is None:
            self._answered(key ^ 1)
            stream = Stream(code, sequence, mark)
        return self._push(key, stream, sequence, payload)

    def follow(self, key: int, sequence: int, payload: bytes, time: int) -> int:
        """Take a segment, that begins nothing by itself, of a direction that is open; as ``packet`` with a code of 0."""
        stream = self._open[key]
        self._tick(time)
        return self._push(key, stream, sequence, payload)

    def _answered(self, key: int) -> None:
        """Read what is there of a direction when the other one begins to speak, unless it may yet go on."""
        stream = self._open.get(key)
        if stream and self._dialogues[stream.code].ends_other(key | 1):
            self._advance(key, stream, final=True)

    def _push(self, key: int, stream: Stream, sequence: int, payload: bytes) -> int:
        if key in self._open:
            self._drop(key)
        stream.push(sequence, payload)
        code = self._advance(key, stream, final=stream.full())
        while len(self._open) > OPEN_LIMIT or self._held > HELD_LIMIT_BYTES:
            oldest = next(iter(self._open))
            self._advance(oldest, self._open[oldest], final=True)
        return code

    def _drop(self, key: int) -> None:
        stream = self._open.pop(key, None)
        if stream:
            self._held -= stream.held()

    def _advance(self, key: int, stream: Stream, *, final: bool) -> int:
        """Read what is complete; return the code if there was a message."""
        dialogue, found = self._dialogues[stream.code], 0
        if key in self._open:
            self._drop(key)
        while stream.buffer:
            used = dialogue.take(key | 1, bool(key & 1), stream.buffer, stream.mark, final)
            if used == MORE and not final:
                self._open[key] = stream
                self._held += stream.held()
                return found
            if used != NOT_MINE and not found:
                found = stream.code
                self._name(stream.mark.ends[-1], found)
            if used == DONE:
                break
            if used <= 0:
                return found
            stream.consume(used)
            if dialogue.stays:
                stream.segments = 0
        self._pass(key, (stream.start + len(stream.buffer)) & 0xFFFF_FFFF)
        return found

    def _is_old(self, key: int, sequence: int) -> bool:
        """Say whether this was read before, or lies within a body."""
        passed = self._passed.get(key)
        return passed is not None and -BODY_WINDOW < ahead(sequence, passed) < 0

    def _pass(self, key: int, until: int) -> None:
        self._passed.pop(key, None)
        self._passed[key] = until
        if len(self._passed) > PASSED_LIMIT:
            del self._passed[next(iter(self._passed))]

    def _tick(self, now: int) -> None:
        if now > self._sweep_at:
            self._sweep(now)

    def _sweep(self, now: int) -> None:
        self._sweep_at = now + SWEEP_US
        for key, stream in list(self._open.items()):
            if stream.mark.time < now - PATIENCE_US:
                self._advance(key, stream, final=True)
        for dialogue in self._dialogues.values():
            dialogue.expire(now)

    def close(self) -> None:
        """Read what is there of every open message, and give up all that waits."""
        for key, stream in list(self._open.items()):
            self._advance(key, stream, final=True)
        for dialogue in self._dialogues.values():
            dialogue.close()
