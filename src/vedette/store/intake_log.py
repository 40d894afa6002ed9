"""The log of what came in: chunks on disk, in order, before anybody is told that they were kept.

Segments are named by the position of their first record. A record is a fixed head (length, checksum, position, arrival), what is known of
the chunk (msgpack), and its bytes. A record that was being written when the power went is cut off at the next start; nobody was told of it.
Everything after this log is a function of it, so it is the one thing that must not be lost.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import os
import struct
import threading
import time
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import msgspec

from vedette.abc import Chunk
from vedette.errors import InletError, StoreError
from vedette.store.settle import settle

SEGMENT_BYTES = 64 << 20
MOST_RECORD_BYTES = 64 << 20
"""A longer record is damage: transports cut chunks long before."""

_HEAD = struct.Struct("<IIQqI")
"""Bytes after the head, CRC-32 of all behind this number, position, arrival (microseconds since the epoch), bytes of what is known."""

_POSITIONS = "positions.json"
"""Input -> its last position, of inputs that the records which are kept may not name any more: one may be silent for months.

An input that is a file is let go of once nothing came of it for ``GONE_AFTER``, and it is not there while its folder is:
where that is away (a network file system, a disk), nobody can tell.
"""

_HEARD = "heard.json"
"""Input -> when it was last heard of, in seconds since the epoch; one that is missing counts from now on."""

GONE_AFTER = timedelta(days=30)

_AHEAD = 8
"""Bytes of a head before its position."""

_EPOCH = datetime.fromtimestamp(0, UTC)


class _Known(msgspec.Struct, array_like=True, frozen=True):
    """What is known of a chunk."""

    input: str
    source: str
    filename: str
    preamble: bytes
    path: str
    position: str


@dataclass(frozen=True, slots=True)
class Record:
    """A chunk as it lies in the log.

    Attributes:
        position: its number, counted from 0.
        arrival: when it came.
        size: bytes on disk.
    """

    position: int
    arrival: datetime
    chunk: Chunk
    size: int


class IntakeLog:
    """Chunks on disk, appended by one thread and read on by another.

    Args:
        folder: made where it is not there; nobody else may write there.
        segment_bytes: after so many a new file is begun.

    Raises:
        StoreError: a record in the middle is damaged.
        InletError: the folder cannot be written.
    """

    def __init__(self, folder: Path, segment_bytes: int = SEGMENT_BYTES) -> None:
        self.folder = folder
        self._segment_bytes = segment_bytes
        self._grown = threading.Condition()
        self.gone = 0
        """Inputs whose positions were let go of since the start."""
        self._heard: dict[str, float] = {}
        self.positions: dict[str, str] = {}
        """Input -> the last position that its transport gave."""
        self.begin = self.end = 0
        """Position of the first record that is kept, and of the next that will be written."""
        self.bytes = 0
        """Bytes of all records that are kept."""
        self._sizes: dict[int, int] = {}
        """Segment -> its bytes."""
        self._turned = False
        """The next record begins a new segment."""
        self._file: BinaryIO | None = None
        self._reader: tuple[int, BinaryIO] | None = None
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._open()
        except OSError as error:
            raise InletError(
                f"the log of what comes in cannot be opened: {error.strerror}", where=str(folder)
            ) from error

    # ---------------------------------------------------------------------------------------------------------- writing

    def append(self, chunks: Sequence[Chunk], arrival: datetime | None = None) -> int:
        """Write chunks so that they outlast a power cut; return the position of the next.

        Raises:
            InletError: they could not be written; none of them is in the log.
        """
        at = arrival or datetime.now(UTC)
        data = b"".join(_packed(self.end + n, at, chunk) for n, chunk in enumerate(chunks))
        try:
            file = self._writable()
        except OSError as error:
            raise InletError(f"nothing more can be kept: {error.strerror}", where=str(self.folder)) from error
        start = file.tell()
        try:
            file.write(data)
            file.flush()
            os.fdatasync(file.fileno())
        except OSError as error:
            self._take_back(file, start)
            raise InletError(f"nothing more can be kept: {error.strerror}", where=str(self.folder)) from error
        with self._grown:
            self.end += len(chunks)
            self.bytes += len(data)
            self._sizes[max(self._sizes)] += len(data)
            self.positions |= {c.input: c.position for c in chunks if c.position}
            self._heard |= {c.input: at.timestamp() for c in chunks if c.position}
            self._grown.notify_all()
        return self.end

    def _take_back(self, file: BinaryIO, start: int) -> None:
        """Cut off what was written in part; where that fails too, the next start does it."""
        self._file = None
        try:
            os.ftruncate(file.fileno(), start)
            file.close()
        except OSError:
            return

    def _writable(self) -> BinaryIO:
        """Return the segment that is written to: the last one, or a new one."""
        last = max(self._sizes, default=None)
        if last is None or (self._sizes[last] and (self._turned or self._sizes[last] >= self._segment_bytes)):
            if self._file is not None:
                self._file.close()
            self._file = open(self._path(self.end), "ab", opener=_owners)  # noqa: SIM115 - with its rights
            settle(self.folder)
            self._sizes[self.end], self._turned = 0, False
        elif self._file is None:
            self._file = self._path(last).open("ab")
            self._file.truncate(self._sizes[last])
            self._file.seek(self._sizes[last])
        return self._file

    # ---------------------------------------------------------------------------------------------------------- reading

    def read(self, position: int, most_bytes: int = 8 << 20, wait_seconds: float = 0.0) -> list[Record]:
        """Return the records from ``position`` on, of about ``most_bytes``; waits where there are none yet.

        Raises:
            StoreError: a record is damaged, or was let go of already.
        """
        deadline = time.monotonic() + wait_seconds
        with self._grown:
            while position >= self.end and (left := deadline - time.monotonic()) > 0:
                self._grown.wait(left)
            end = self.end
        if position < self.begin:
            raise StoreError(f"record {position} was let go of: the log begins at {self.begin}", where=str(self.folder))
        found: list[Record] = []
        size = 0
        while position < end and size < most_bytes:
            record = self._next(position)
            found.append(record)
            size += record.size
            position += 1
        return found

    def _next(self, position: int) -> Record:
        """Return one record; the file stays open where the next one will be asked for."""
        if self._reader is None or self._reader[0] != position:
            self._seek(position)
        assert self._reader is not None  # noqa: S101 - for the reader of types
        file = self._reader[1]
        record = _unpacked(file, position)
        if record is None and position in self._sizes:
            file.close()
            file = self._path(position).open("rb")
            record = _unpacked(file, position)
        if record is None:
            raise StoreError(f"record {position} is damaged", where=file.name, hint=_DAMAGED)
        self._reader = (position + 1, file)
        return record

    def _seek(self, position: int) -> None:
        """Open the segment of a record, and read up to it."""
        if self._reader is not None:
            self._reader[1].close()
        segment = max(s for s in self._sizes if s <= position)
        file = self._path(segment).open("rb")
        for number in range(segment, position):
            if _unpacked(file, number) is None:
                raise StoreError(f"record {number} is damaged", where=file.name, hint=_DAMAGED)
        self._reader = (position, file)

    # ------------------------------------------------------------------------------------------------------------- upkeep

    def let_go(self, before: int) -> None:
        """Remove the segments all of whose records lie before a position; the one that is written to stays."""
        segments = sorted(self._sizes)
        if not any(following <= before for following in segments[1:]) or not self._keep_positions():
            return
        for segment, following in itertools.pairwise(segments):
            if following > before:
                break
            self._path(segment).unlink(missing_ok=True)
            with self._grown:
                self.bytes -= self._sizes.pop(segment)
                self.begin = following

    def turn_over(self) -> None:
        """Let the next record begin a new segment, so that those before it can be let go of; safe in any thread."""
        self._turned = True

    def _keep_positions(self) -> bool:
        """Write down where every transport goes on, before the records that say so go; False where the disk does not take it."""
        self._forget_gone(time.time())
        with self._grown:
            texts = {_HEARD: msgspec.json.encode(self._heard), _POSITIONS: msgspec.json.encode(self.positions)}
        try:
            for name, data in texts.items():
                path = self.folder / name
                new = path.with_suffix(".new")
                with open(new, "wb", opener=_owners) as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                new.replace(path)
            settle(self.folder)
        except OSError:
            return False
        return True

    def _forget_gone(self, now: float) -> None:
        """Let go of the positions of files that are no more, and were not heard of for long."""
        with self._grown:
            for name in self.positions:
                self._heard.setdefault(name, now)
            old = [n for n, at in self._heard.items() if now - at > GONE_AFTER.total_seconds()]
        gone = [name for name in old if _is_gone(name)]  # a look at the disk: nobody waits for it
        with self._grown:
            for name in gone:
                if now - self._heard[name] > GONE_AFTER.total_seconds():  # not heard of meanwhile
                    del self._heard[name]
                    self.gone += self.positions.pop(name, None) is not None

    def wake(self) -> None:
        """Let who waits in ``read`` look again."""
        with self._grown:
            self._grown.notify_all()

    def close(self) -> None:
        """Let go of the files."""
        if self._file is not None:
            self._file.close()
        if self._reader is not None:
            self._reader[1].close()
        self._file = self._reader = None

    def _open(self) -> None:
        path = self.folder / _POSITIONS
        if path.exists():
            try:
                self.positions = msgspec.json.decode(path.read_bytes(), type=dict[str, str])
            except msgspec.DecodeError as error:
                raise StoreError("where inputs go on is damaged", where=str(path), hint=_DAMAGED) from error
            with contextlib.suppress(OSError, msgspec.DecodeError):  # then they count as heard of now
                self._heard = msgspec.json.decode((self.folder / _HEARD).read_bytes(), type=dict[str, float])
        segments = sorted(int(p.stem) for p in self.folder.glob("*.log") if p.stem.isdigit())
        self.begin = self.end = segments[0] if segments else 0
        for segment in segments:
            if segment != self.end:
                raise StoreError(
                    f"records {self.end} to {segment - 1} are missing", where=str(self.folder), hint=_DAMAGED
                )
            whole = self._scan(segment, last=segment == segments[-1])
            self._sizes[segment] = whole
            self.bytes += whole

    def _scan(self, segment: int, *, last: bool) -> int:
        """Read a segment through; return its whole bytes, after cutting off a record that was being written."""
        path, whole = self._path(segment), 0
        with path.open("r+b" if last else "rb") as file:
            while (record := _unpacked(file, self.end)) is not None:
                self.end += 1
                whole += record.size
                if record.chunk.position:
                    self.positions[record.chunk.input] = record.chunk.position
                    self._heard[record.chunk.input] = record.arrival.timestamp()
            if file.seek(0, os.SEEK_END) != whole:
                if not last or _begins_later(path, whole, self.end):
                    raise StoreError(f"record {self.end} is damaged", where=str(path), hint=_DAMAGED)
                file.truncate(whole)
                os.fsync(file.fileno())
        return whole

    def _path(self, segment: int) -> Path:
        return self.folder / f"{segment:020}.log"


_DAMAGED = "the disk lost what it had said was kept; move the folder aside to begin anew, and keep it for a look"


def _is_gone(name: str) -> bool:
    """Return whether an input is a file that is no more; what is no file, or cannot be seen now, is not gone."""
    path = Path(name)
    try:
        return path.is_absolute() and path.parent.is_dir() and not os.path.lexists(path)
    except (OSError, ValueError):
        return False


def _owners(path: str, flags: int) -> int:
    """Open a file that only its owner may read: it holds what everybody here does."""
    return os.open(path, flags | os.O_CLOEXEC, 0o600)


def _packed(position: int, arrival: datetime, chunk: Chunk) -> bytes:
    path = str(chunk.path) if chunk.path else ""
    known = msgspec.msgpack.encode(
        _Known(
            _plain(chunk.input),
            chunk.source,
            _plain(chunk.filename),
            chunk.preamble,
            _plain(path),
            _plain(chunk.position),
        )
    )
    size = len(known) + len(chunk.data)
    head = _HEAD.pack(size, 0, position, (arrival - _EPOCH) // timedelta(microseconds=1), len(known))
    check = zlib.crc32(chunk.data, zlib.crc32(known, zlib.crc32(head[8:])))
    return head[:4] + check.to_bytes(4, "little") + head[8:] + known + chunk.data


def _plain(text: str) -> str:
    """Return a text that can be written as UTF-8: file names may hold any bytes."""
    return text.encode("utf-8", "backslashreplace").decode()


def _unpacked(file: BinaryIO, position: int) -> Record | None:
    """Return the record that begins here; None where there is no whole one, and it is not ``position``."""
    head = file.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    size, check, number, arrival, known_size = _HEAD.unpack(head)
    if number != position or size > MOST_RECORD_BYTES or known_size > size:
        return None
    body = file.read(size)
    if len(body) < size or zlib.crc32(body, zlib.crc32(head[8:])) != check:
        return None
    try:
        known = msgspec.msgpack.decode(body[:known_size], type=_Known)
    except msgspec.DecodeError:
        return None
    path = Path(known.path) if known.path else None
    chunk = Chunk(known.input, body[known_size:], known.source, known.filename, known.preamble, path, known.position)
    return Record(position, _EPOCH + timedelta(microseconds=arrival), chunk, _HEAD.size + size)


def _begins_later(path: Path, offset: int, position: int) -> bool:
    """Return whether a whole record of a later position stands behind ``offset``: then it is damage, not an unfinished write."""
    data = path.read_bytes()[offset:]
    return any(_whole_at(data, at, position) for at in _heads(data, position))


def _heads(data: bytes, position: int) -> Iterator[int]:
    for number in range(position + 1, position + 9):
        at = data.find(number.to_bytes(8, "little"))
        if at >= _AHEAD:
            yield at - _AHEAD


def _whole_at(data: bytes, at: int, position: int) -> bool:
    if at + _HEAD.size > len(data):
        return False
    number = _HEAD.unpack_from(data, at)[2]
    return number > position and _unpacked(io.BytesIO(data[at:]), number) is not None
