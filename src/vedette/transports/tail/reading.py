"""One file that grows: whole records from where its place says, as they come."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from vedette.abc import Source
from vedette.plugins import discover, readers
from vedette.transports.links import open_owned
from vedette.transports.tail.place import HEAD_BYTES, Place, fingerprint, is_of

LONGEST_BYTES = 1 << 20
"""A line beyond this is cut there; and what is read of a file at a time."""
STILL_SECONDS = 0.5
"""After so long without growth, records that might go on are taken as whole."""
MOST_PREAMBLE_BYTES = 1 << 16
CHECK_BYTES = 256
"""Last bytes that were read, which a copy of the file must hold too."""
_SNIFF_BYTES = 4096
_NEAR_BYTES = 1 << 14
_SNIFFS = 8
_FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY


class Replaced(Exception):  # noqa: N818 - no error: it is what rotation by copytruncate does
    """The file no longer holds what was read of it."""


class Whole(Exception):  # noqa: N818 - no error: a file of another kind
    """The file is of a kind that is only read when it is complete."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Whole records.

    Attributes:
        preamble: what stands before them.
        data: at most ``LONGEST_BYTES`` and a line break.
        cut: lines that were too long, and are not whole after all.
        full: there may be more at once.
    """

    preamble: bytes
    data: bytes
    cut: int = 0
    full: bool = False


def open_file(path: Path) -> int:
    """Return a descriptor for reading; never waits, as a pipe without a writer would let it.

    Raises:
        OSError: it cannot be opened, or a link leads to it that its owner did not make.
    """
    return open_owned(path, _FLAGS)


class Reading:
    """Reads one file on.

    Args:
        path: where it lies now.
        place: how far it was read.
        chosen: the source that the settings name; empty: it is told by the first bytes, else ``place`` says it.
        fd: the file, open.
        now: of a clock that only goes on, in seconds.

    Attributes:
        grown_at: when it was last seen to grow; ``left_at``: when it was rotated away, 0 while it lies at its path.
        seen: size and time of change of what lies at its path, where that is known.
    """

    def __init__(self, path: Path, place: Place, chosen: str, fd: int, now: float) -> None:
        self.path = path
        self.place = place
        self.grown_at = now
        self.left_at = 0.0
        self.seen: tuple[int, int] | None = None
        self._chosen = chosen
        self._first = self._near = b""
        self._fd: int | None = fd
        self._state = (-1, -1)
        self._tried: tuple[object, ...] = ()
        self._sniffs = 0
        self._headless = place.offset > 0 and not place.preamble

    @property
    def is_open(self) -> bool:
        """Whether a descriptor is held."""
        return self._fd is not None

    def close(self) -> None:
        """Let go of the descriptor; it is opened again where the file grows."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def take(self, now: float, *, last: bool = False) -> Taken | None:
        """Return the next whole records, None where there are none yet.

        Args:
            now: as for the class.
            last: nothing will come any more: a last line without a line break is whole.

        Raises:
            Replaced: what was read is no longer there.
            Whole: the file is not one that is read in parts.
            OSError: it cannot be read.
        """
        if self._fd is None and self.seen == self._state and not last:
            return None
        fd = self._opened()
        self._notice(fd, now)
        still = last or now - self.grown_at >= STILL_SECONDS
        if self._tried == (trial := (self._state, self.place.offset, still, last)):
            return None
        data = self._unread(fd)
        taken = self._whole(data, still=still, last=last) if data else None
        self._tried = () if taken else trial
        self._know(fd)
        return taken

    def _opened(self) -> int:
        if self._fd is None:
            try:
                self._fd = open_file(self.path)
            except FileNotFoundError:
                raise Replaced from None
            self._state = (-1, -1)
        return self._fd

    def _notice(self, fd: int, now: float) -> None:
        """See whether the file changed, and whether it is still the one that was read."""
        status = os.fstat(fd)
        state = status.st_size, status.st_mtime_ns
        if state == self._state:
            return
        if not is_of(self.place, fd, status):
            raise Replaced
        if state[0] != self._state[0] >= 0:
            self.grown_at = now
        self._state = state

    def _unread(self, fd: int) -> bytes:
        """Return the next bytes; zeros are passed over: a writer that kept its place after the file was emptied left a hole."""
        if self._headless and self._state[0] > self.place.offset:
            self._read_head(fd)
        data = os.pread(fd, LONGEST_BYTES, self.place.offset)
        if self.place.inside:
            end = data.find(b"\n") + 1
            self._move(end or len(data), inside=not end)
            data = data[end:] if end else b""
        if data.startswith(b"\0"):
            rest = data.lstrip(b"\0")
            self._move(len(data) - len(rest))
            if not rest:
                with suppress(OSError):  # nothing but the hole, or a file system that cannot tell
                    self._move(max(0, os.lseek(fd, self.place.offset, os.SEEK_DATA) - self.place.offset))
            data = rest
        return data

    def _whole(self, data: bytes, *, still: bool, last: bool) -> Taken | None:
        source = self._source(data)
        size = source.cut(data) if source else data.rfind(b"\n") + 1
        if size < 0:
            raise Whole
        full = len(data) == LONGEST_BYTES
        if (full and not size) or (still and not full):
            size = max(size, data.rfind(b"\n") + 1)
        if not size and (last or full):
            return self._given(source, data, len(data), cut=not last or full)
        return self._given(source, data[:size], size, full=full) if size else None

    def _given(
        self, source: type[Source] | None, data: bytes, size: int, *, cut: bool = False, full: bool = False
    ) -> Taken:
        before = self.place.preamble
        self._near = data[max(0, size - CHECK_BYTES) : size]
        if not data.endswith(b"\n"):
            data += b"\n"
        after = source.preamble(before + data) if source and not cut else before
        self._move(size, inside=cut)
        self.place = replace(self.place, preamble=after if len(after) <= MOST_PREAMBLE_BYTES else b"")
        return Taken(before, data, int(cut), full or cut)

    def _move(self, size: int, *, inside: bool = False) -> None:
        self.place = replace(self.place, offset=self.place.offset + size, inside=inside)

    def _know(self, fd: int) -> None:
        """Keep the hash of the first bytes, once more of them were read."""
        size = min(self.place.offset, HEAD_BYTES)
        if size != self.place.head_bytes:
            self.place = replace(self.place, head_bytes=size, head=fingerprint(fd, size))
        if size != len(self._first):
            self._first = os.pread(fd, size, 0)

    def is_copied(self, fd: int, size: int) -> bool | None:
        """Say whether another open file, of ``size`` bytes, is a copy of what was read; None where it may still become one."""
        part = min(size, len(self._first))
        if os.pread(fd, part, 0) != self._first[:part] or not self._first:
            return False
        if size < self.place.offset:
            return None
        near = len(self._near)
        return os.pread(fd, near, self.place.offset - near) == self._near

    # ------------------------------------------------------------------------------------------------------- where to begin

    def begin_at_end(self) -> None:
        """Pass over what is there: the next record is the first.

        Raises:
            OSError: it cannot be read.
        """
        fd = self._opened()
        size = os.fstat(fd).st_size
        for near_bytes in (_NEAR_BYTES, LONGEST_BYTES):
            near = os.pread(fd, min(size, near_bytes), max(0, size - near_bytes))
            rest = len(near) - (near.rfind(b"\n") + 1)
            if rest < len(near):
                break
        inside = rest == LONGEST_BYTES
        self.place = replace(self.place, offset=size if inside else size - rest, inside=inside)
        self._near = near[max(0, len(near) - rest - CHECK_BYTES) : len(near) - rest] if not inside else b""
        self._headless = True
        self._know(fd)

    def _read_head(self, fd: int) -> None:
        """Read the header of a file that was begun at its end, now that something comes."""
        self._headless = False
        head = os.pread(fd, min(MOST_PREAMBLE_BYTES, self.place.offset), 0)
        whole = head[: head.rfind(b"\n") + 1]
        source = self._source(whole) if whole else None
        self.place = replace(self.place, preamble=source.preamble(whole) if source else b"")

    # ---------------------------------------------------------------------------------------------------- what it is

    def _source(self, data: bytes) -> type[Source] | None:
        """Return the source that reads this file: as the settings say, else as its first bytes do, else as its place says."""
        sources = discover(Source)
        if self._chosen:
            return sources[self._chosen]
        known = sources.get(self.place.source)
        sure = known is not None and not known.fallback and self.place.offset > 0
        if sure or self._sniffs >= _SNIFFS:
            return known
        self._sniffs += 1
        found = readers((self.place.preamble + data)[:_SNIFF_BYTES], self.path.name)
        if found and (known is None or not found[0].fallback):
            known = found[0]
            self.place = replace(self.place, source=known.name)
        return known
