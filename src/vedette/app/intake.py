"""Inputs of any mix: every file, archive member or pipe, with the source that reads it or a word why it is skipped.

Containers are opened in memory and read forward; nothing is written to disk. Formats are told by content, never by name.
"""

from __future__ import annotations

import io
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from pathlib import PurePath
from typing import IO, Any, BinaryIO, cast

from vedette.abc import Origin, Source
from vedette.app.archive import Member, is_tar, is_zip, tar_members, zip_members
from vedette.app.expand import CODECS, Codec, Pour, codec, expand
from vedette.app.limits import Budget, Limits
from vedette.app.looks import looks_like
from vedette.app.plain_file import PlainFile
from vedette.app.walk import STDIN, Found, printable, walk
from vedette.errors import LimitError, SourceError
from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.plugins import readers

HEAD_BYTES = 4096
RAW_BYTES = 1 << 16

Progress = Callable[[int, int], None]
"""Called with the bytes read from disk so far and the bytes that there are in all (0 from a pipe)."""


@dataclass(slots=True)
class Account:
    """What became of one input; grows while it is read.

    Attributes:
        bytes_read: bytes that the source got (unpacked).
        records: records accounted for; ``rows``: events by class; ``rejects``: records that could not be read.
        error: why reading stopped before the end, or nothing.
        notes: words for the operator: a second source that would read it, a file that changed under way.
    """

    bytes_read: int = 0
    records: int = 0
    rows: Counter[EventClass] = field(default_factory=Counter)
    rejects: int = 0
    error: str = ""
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Input:
    """One file, archive member or pipe. Its stream must be used before the next input is asked for.

    Attributes:
        name: as the operator would write it; "archive.zip!member" for a member. Safe to print.
        source: the class that reads it; None when it is skipped.
        stream: forward only; for a file that is neither packed nor piped a real, seekable file.
        size_bytes: on disk, or of a member as the archive says; None for a pipe.
        modified: when it was last written; for a pipe, now.
        skipped: why it is not read, or nothing.
    """

    name: str
    source: type[Source] | None
    stream: BinaryIO
    size_bytes: int | None
    modified: datetime | None
    skipped: str = ""
    account: Account = field(default_factory=Account)

    def origin(self, zone: tzinfo = UTC) -> Origin:
        """Return what the source is told about it."""
        return Origin(self.name, self.modified, zone)

    def batches(self, zone: tzinfo = UTC) -> Iterator[EventBatch]:
        """Read it to the end and keep the account; an error of the input ends it and stands in the account."""
        if self.source is None:
            return
        try:
            for batch in self.source(self.origin(zone)).read(self.stream):
                self._book(batch)
                yield batch
        except SourceError as error:
            self.account.error = error.message
        self.account.bytes_read = self._position()
        if isinstance(self.stream, PlainFile) and (note := self.stream.changed()):
            self.account.notes.append(note)

    def _book(self, batch: EventBatch) -> None:
        account = self.account
        account.records += batch.records
        account.bytes_read = self._position()
        if batch.kind is EventClass.REJECT:
            account.rejects += batch.records
        else:
            account.rows[batch.kind] += len(batch)

    def _position(self) -> int:
        stream: Any = self.stream
        return int(stream.given_bytes)


@dataclass(frozen=True, slots=True)
class _Item:
    """Something to look into: a stream and how it came to be.

    Attributes:
        archives: how many archives it lies in; ``packed``: how it was compressed just now.
    """

    name: str
    stream: BinaryIO
    size_bytes: int | None
    modified: datetime | None
    budget: Budget
    archives: int = 0
    packed: str = ""


@dataclass(slots=True)
class _Meter:
    """Adds up bytes read from disk over all files."""

    total: int
    progress: Progress | None
    done: int = 0

    def counter(self, budget: Budget) -> Callable[[int], None]:
        """Return what is called with each number of bytes read."""

        def count(size: int) -> None:
            budget.packed_bytes += size
            self.done += size
            if self.progress:
                self.progress(self.done, self.total)

        return count


def open_inputs(
    paths: Sequence[str], limits: Limits | None = None, progress: Progress | None = None
) -> Iterator[Input]:
    """Yield every input under ``paths`` in order: those that a source reads and those that are skipped, with a word why.

    Args:
        paths: files, folders, globs, archives, and "-" for standard input.
        limits: how far archives and compressed files may unpack; the default limits when None.
        progress: called as bytes are read from disk.
    """
    found = list(walk(paths))
    meter = _Meter(sum(f.size_bytes for f in found if not f.skipped), progress)
    for file in found:
        expected = meter.done + (0 if file.skipped else file.size_bytes)
        yield from _open(file, Budget(limits or Limits()), meter)
        if expected > meter.done:  # a mapped or skipped file was not read through
            meter.done = expected
            if progress:
                progress(meter.done, meter.total)


def open_descriptor(path: str, descriptor: int, limits: Limits) -> Iterator[Input]:
    """Yield the inputs of one plain file that is open already; ``path`` is only its name. The descriptor stays open."""
    size = os.fstat(descriptor).st_size
    found = Found(printable(path), f"/dev/fd/{descriptor}", size)
    yield from _open(found, Budget(limits), _Meter(size, None))


def _open(file: Found, budget: Budget, meter: _Meter) -> Iterator[Input]:
    count = meter.counter(budget)
    if file.skipped:
        yield _skipped(file.name, file.size_bytes, None, file.skipped)
        return
    try:
        if file.forward:
            with nullcontext(sys.stdin.buffer) if file.path == STDIN else io.FileIO(file.path, "rb") as pipe:
                yield from _look_into(_forward_item(file, pipe, budget, count))
            return
        with PlainFile(file.path, count) as stream:
            status = stream.status
            modified = datetime.fromtimestamp(status.st_mtime, UTC)
            yield from _look_into(_Item(file.name, stream, status.st_size, modified, budget))
    except OSError as error:
        yield _skipped(file.name, file.size_bytes, None, f"cannot be read: {error.strerror}")


def _forward_item(file: Found, stream: IO[bytes] | io.FileIO, budget: Budget, count: Callable[[int], None]) -> _Item:
    """Return standard input, or a pipe that the operator named (`<(zcat ...)`)."""

    def chunks() -> Iterator[bytes]:
        while data := stream.read(RAW_BYTES):
            count(len(data))
            yield data

    return _Item(file.name, _poured(chunks()), None, datetime.now(UTC), budget)


def _poured(chunks: Iterator[bytes]) -> BinaryIO:
    return cast("BinaryIO", Pour(chunks))


def _look_into(item: _Item) -> Iterator[Input]:
    """Yield the inputs of a stream: itself, or what it holds when it is a container."""
    try:
        head = _head(item.stream)
        if how := codec(head):
            yield from _look_into(_unpacked(item, how))
        elif is_zip(head):
            yield from _members(item, zip_members(_seekable(item), item.budget))
        elif is_tar(head):
            yield from _members(item, tar_members(item.stream, item.budget))
        else:
            yield _classified(item, head)
    except SourceError as error:
        yield _skipped(item.name, item.size_bytes, item.modified, error.message)


def _head(stream: BinaryIO) -> bytes:
    """Return the first bytes, which will be read again; an error that leaves none is raised."""
    if isinstance(stream, Pour):
        return stream.peek(HEAD_BYTES)
    head = stream.read(HEAD_BYTES)
    stream.seek(0)
    return head


def _unpacked(item: _Item, how: Codec) -> _Item:
    if item.packed:
        raise LimitError(f"is compressed twice ({item.packed}, {how.name})")
    return replace(item, stream=_poured(expand(item.stream, how, item.budget)), packed=how.name)


def _seekable(item: _Item) -> BinaryIO:
    """Return the stream itself, or a copy in memory when it can only be read forward."""
    if item.stream.seekable():
        return item.stream
    limit = item.budget.limits.max_spool_bytes
    data = item.stream.read(limit + 1)
    if len(data) > limit:
        raise LimitError(f"zip of more than {limit:,} bytes inside another archive or a pipe")
    return io.BytesIO(data)


def _members(item: _Item, members: Iterator[Member]) -> Iterator[Input]:
    if item.archives >= item.budget.limits.max_nesting:
        raise LimitError(f"an archive {item.archives + 1} levels deep")
    empty = True
    for member in members:
        empty = False
        name = f"{item.name}!{printable(member.name)}"
        if member.skipped:
            yield _skipped(name, member.size_bytes, member.modified, member.skipped)
            continue
        stream = _poured(member.chunks)
        yield from _look_into(
            _Item(name, stream, member.size_bytes, member.modified or item.modified, item.budget, item.archives + 1)
        )
    if empty:
        raise SourceError("empty archive")


def _classified(item: _Item, head: bytes) -> Input:
    """Ask every source; the first by name of those that say yes reads it, a fallback only when no other does."""
    if not head:
        return _skipped(item.name, item.size_bytes, item.modified, "empty")
    filename = _without_suffix(item)
    takers = readers(head, filename)
    if not takers:
        return _skipped(item.name, item.size_bytes, item.modified, f"no source reads this format: {looks_like(head)}")
    entry = Input(item.name, takers[0], item.stream, item.size_bytes, item.modified)
    if len(takers) > 1:
        entry.account.notes.append(
            f"taken for {takers[0].name}; {', '.join(t.name for t in takers[1:])} would read it too"
        )
    return entry


def _without_suffix(item: _Item) -> str:
    """Return the file's own name, without the suffix of the compression that was taken off."""
    path = PurePath(item.name.rpartition("!")[2])
    return path.stem if item.packed and path.suffix in {s for c in CODECS for s in c.suffixes} else path.name


def _skipped(name: str, size_bytes: int | None, modified: datetime | None, why: str) -> Input:
    return Input(name, None, io.BytesIO(), size_bytes, modified, skipped=why)


__all__ = ["Account", "Input", "Limits", "Progress", "open_inputs"]
