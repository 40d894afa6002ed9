"""What was decided and done, for good: a file that only grows, each line bound to all lines before it.

A line is written, and is on the disk, before anything is done, and again after it. So a crash in the middle leaves a line that says what
was begun. Each line holds a hash of itself and of the line before: what is changed, put in or taken out in the middle is found by
``verify``. Lines cut off at the end cannot be told from lines that were never written; who must exclude that sends the last hash elsewhere
(``vedette respond verify`` prints it).
"""

from __future__ import annotations

import os
import time
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import reduce
from hashlib import blake2b
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from vedette.errors import JournalError
from vedette.store.lock import alone

FILE = "journal.jsonl"
FIRST = "0" * 32
"""What the first line follows."""
LONGEST_LINE = 1 << 20
SETTLED_NS = 100_000_000
"""Clocks of file systems stand still for some milliseconds: a change within so many nanoseconds of another may have the same time."""
_PIECE = 1 << 20
_SORTED = orjson.OPT_SORT_KEYS


@dataclass(frozen=True, slots=True)
class Entry:
    """One line.

    Attributes:
        number: from 0 on.
        time: when it was written.
        kind: what happened: proposed, approved, applying, applied ...
        data: what is to be known of it.
        hash: of this line and all before it, 32 hex digits.
    """

    number: int
    time: datetime
    kind: str
    data: dict[str, Any]
    hash: str


@dataclass(frozen=True, slots=True)
class Place:
    """How far a journal was read.

    Attributes:
        size: bytes; ``number``: lines; ``hash``: of the last of them.
        crc: CRC-32 of all of them.
        stamp: which file it was, and when it was changed.
    """

    size: int
    number: int
    hash: str
    crc: int
    stamp: tuple[int, ...]


NOWHERE = Place(0, 0, FIRST, 0, ())
"""Before the first line."""


class Journal:
    """The journal of a folder, made when it is first written to; readable by its owner alone."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self._end = NOWHERE
        """Behind the last line that was read for a writing."""

    def read(self) -> Iterator[Entry]:
        """Yield every line, checked.

        A last line without an end was being written when the machine stopped: it is passed over, nothing was done on its word yet.

        Raises:
            JournalError: a line is damaged, or does not follow the one before.
        """
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            for entry, _ in self._lines(file, NOWHERE):
                yield entry

    def since(self, place: Place) -> tuple[list[Entry], Place, bool]:
        """Return the lines behind a place, checked, the place behind them, and whether they are all lines, from the first on.

        What lies before the place is not read again as long as the file only grew; where it changed otherwise, everything is.

        Raises:
            JournalError: a line is damaged, or does not follow the one before.
        """
        try:
            file = self.path.open("rb")
        except FileNotFoundError:
            return [], NOWHERE, True
        with file:
            anew = not place.stamp or not _continues(file, place)
            place = NOWHERE if anew else place
            found = list(self._lines(file, place))
            last, sizes = (found[-1][0] if found else None), sum(len(line) for _, line in found)
            crc = reduce(lambda crc, one: zlib.crc32(one[1], crc), found, place.crc)
            number, before = (last.number + 1, last.hash) if last else (place.number, place.hash)
            return [e for e, _ in found], Place(place.size + sizes, number, before, crc, _stamp(file)), anew

    def _lines(self, file: BinaryIO, place: Place) -> Iterator[tuple[Entry, bytes]]:
        """Yield the whole lines from a place on."""
        before, number = place.hash, place.number
        file.seek(place.size)
        while line := file.readline(LONGEST_LINE + 1):
            if not line.endswith(b"\n"):
                if len(line) > LONGEST_LINE or file.read(1):
                    raise self._damaged(number, "it is longer than any line may be")
                return
            entry = self._checked(line, number, before)
            yield entry, line
            before, number = entry.hash, number + 1

    def alone(self) -> AbstractContextManager[None]:
        """Let one process at a time decide on the word of the journal and write to it."""
        return alone(self.path.parent, JournalError, "the journal of responses", mode=0o700)

    def write(self, kind: str, data: dict[str, Any], now: datetime) -> Entry:
        """Add a line and wait until it is on the disk; call it under ``alone``.

        Raises:
            JournalError: the journal is damaged, or cannot be written.
        """
        _, self._end, _ = self.since(self._end)
        number, before = self._end.number, self._end.hash
        body = {"n": number, "time": now.astimezone(UTC).isoformat(), "kind": kind, "data": data, "before": before}
        line = orjson.dumps({**body, "hash": _hash(body)}, option=_SORTED) + b"\n"
        if len(line) > LONGEST_LINE:
            raise JournalError(f"{len(line):,} bytes are too many for one line", where=str(self.path))
        try:
            self._append(line)
        except OSError as error:
            hint = "nothing was done; make room, or give it back its rights"
            raise JournalError(f"cannot write: {error.strerror}", where=str(self.path), hint=hint) from error
        made = Entry(number, now, kind, data, _hash(body))
        with self.path.open("rb") as file:
            size, crc = self._end.size + len(line), zlib.crc32(line, self._end.crc)
            self._end = Place(size, number + 1, made.hash, crc, _stamp(file))
        return made

    def _append(self, line: bytes) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            end = self._whole(file)
            os.ftruncate(file, end)  # half a line, of which nothing was done
            os.lseek(file, end, os.SEEK_SET)
            written = os.write(file, line)
            if written != len(line):
                os.ftruncate(file, end)
                raise OSError(28, "No space left on device")
            os.fsync(file)
        finally:
            os.close(file)
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    @staticmethod
    def _whole(file: int) -> int:
        """Return where the last whole line ends."""
        size = os.fstat(file).st_size
        at = max(0, size - LONGEST_LINE)
        tail = os.pread(file, size - at, at)
        return at + tail.rfind(b"\n") + 1

    def _checked(self, line: bytes, number: int, before: str) -> Entry:
        try:
            found = orjson.loads(line)
            body = {key: found[key] for key in ("n", "time", "kind", "data", "before")}
            entry = Entry(
                found["n"], datetime.fromisoformat(found["time"]), found["kind"], found["data"], found["hash"]
            )
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
            raise self._damaged(number, "it is not a line of a journal") from error
        if entry.hash != _hash(body):
            raise self._damaged(number, "it was changed: its hash differs")
        if found["before"] != before or entry.number != number:
            raise self._damaged(number, "it does not follow the line before it: one was put in or taken out")
        return entry

    def _damaged(self, number: int, why: str) -> JournalError:
        return JournalError(
            f"line {number + 1}: {why}",
            where=f"{self.path}:{number + 1}",
            hint="nothing is done on the word of a damaged journal: move it away, keep it, and find out who changed it",
        )


def _stamp(file: BinaryIO) -> tuple[int, ...]:
    """Return what changes when a file does; the last number is 0 where it was changed so lately that the next change may not show."""
    found = os.fstat(file.fileno())
    settled = time.time_ns() - found.st_ctime_ns > SETTLED_NS
    return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_ctime_ns, int(settled)


def _continues(file: BinaryIO, place: Place) -> bool:
    """Return whether the file is that which was read up to a place, and at the most grew since."""
    now, size = _stamp(file), os.fstat(file.fileno()).st_size
    if now[:2] != place.stamp[:2] or size < place.size:
        return False
    if size > place.size or (now[2:4] == place.stamp[2:4] and place.stamp[4]):
        return True  # what was added is bound to what was read by its hash
    crc = 0
    while piece := file.read(_PIECE):
        crc = zlib.crc32(piece, crc)
    return crc == place.crc


def _hash(body: dict[str, Any]) -> str:
    return blake2b(orjson.dumps(body, option=_SORTED), digest_size=16).hexdigest()
