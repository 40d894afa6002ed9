"""A file of lines that grows to a size and is then set aside; whatever it was told to keep is on the disk."""

from __future__ import annotations

import os
from io import FileIO
from pathlib import Path

from vedette.store.settle import settle

_TAIL = 1 << 16


class Rotated:
    """Lines are added whole or not at all: what a crash left half-written is taken off when the file is opened again.

    Args:
        path: the file; older ones are ``path.1``, ``path.2`` ...
        size_bytes: what it may hold before it is set aside.
        keep: how many older ones stay.
    """

    def __init__(self, path: Path, size_bytes: int, keep: int) -> None:
        self.path = path
        self._size_bytes = size_bytes
        self._keep = keep
        self._stream: FileIO | None = None

    def add(self, data: bytes) -> None:
        """Add lines and wait until they are on the disk.

        Raises:
            OSError: they are not; nothing of them counts.
        """
        stream = self._opened()
        begin = stream.tell()
        if begin and begin + len(data) > self._size_bytes:
            self._set_aside()
            stream, begin = self._opened(), 0
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[stream.write(rest) or 0 :]
            os.fsync(stream.fileno())
        except OSError:
            self._take_back(begin)
            raise

    def close(self) -> None:
        """Let go of the file."""
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close()

    def _opened(self) -> FileIO:
        if self._stream is not None and not self._is_same():  # another program moved it away
            self.close()
        if self._stream is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
            stream = FileIO(os.open(self.path, flags, 0o600), "r+b")
            _end_at_a_line(stream)
            settle(self.path.parent)
            self._stream = stream
        return self._stream

    def _is_same(self) -> bool:
        assert self._stream is not None  # noqa: S101 - for the reader of types
        try:
            there = self.path.lstat()
        except FileNotFoundError:
            return False
        return os.path.samestat(there, os.fstat(self._stream.fileno()))

    def _set_aside(self) -> None:
        self.close()
        for number in range(self._keep, 0, -1):
            older = self.path.with_name(f"{self.path.name}.{number}")
            newer = self.path if number == 1 else self.path.with_name(f"{self.path.name}.{number - 1}")
            if newer.exists():
                newer.replace(older)
        if not self._keep:
            self.path.unlink()

    def _take_back(self, begin: int) -> None:
        """Cut what was written of lines that did not all arrive."""
        try:
            if self._stream is not None:
                self._stream.truncate(begin)
        except OSError:  # the next one who opens it does
            pass
        self.close()


def _end_at_a_line(stream: FileIO) -> None:
    """Take off what a crash left behind the last line end, and stand at the end."""
    size = end = stream.seek(0, os.SEEK_END)
    while end > 0:
        begin = max(0, end - _TAIL)
        stream.seek(begin)
        at = stream.read(end - begin).rfind(b"\n")
        if at >= 0:
            end = begin + at + 1
            break
        end = begin
    if end < size:
        stream.truncate(end)
    stream.seek(0, os.SEEK_END)
