"""A plain file that counts what is read, and ends where it ended when it was opened."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from vedette.errors import SourceError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class _Raw(io.FileIO):
    """A plain file that counts what is read, and ends where it ended when it was opened."""

    def __init__(self, path: str, count: Callable[[int], None]) -> None:
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
        super().__init__(path, "rb", opener=lambda p, _: os.open(p, flags))  # does not wait should it be a pipe by now
        self.status = os.fstat(self.fileno())  # a pipe has size 0 here, so it is "empty"
        self.furthest = 0
        self._count = count

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        room = memoryview(buffer)[: max(0, self.status.st_size - self.tell())]
        try:
            size = super().readinto(room) or 0
        except OSError as error:
            raise SourceError(f"cannot be read further: {error.strerror}") from error
        if (gain := self.tell() - self.furthest) > 0:
            self.furthest += gain
            self._count(gain)
        return size

    def readall(self) -> bytes:
        data = bytearray(max(0, self.status.st_size - self.tell()))
        view, at = memoryview(data), 0
        while at < len(data) and (size := self.readinto(view[at:])):
            at += size
        return bytes(view[:at])


class PlainFile(io.BufferedReader):
    """A plain file: seekable, with a file number, so that a source may map it into memory."""

    raw: _Raw

    def __init__(self, path: str, count: Callable[[int], None]) -> None:
        super().__init__(_Raw(path, count))
        self.status = self.raw.status

    @property
    def given_bytes(self) -> int:
        """Bytes given out by reading; a file that is mapped instead counts as whole."""
        return self.raw.furthest if self.raw.furthest > io.DEFAULT_BUFFER_SIZE else self.raw.status.st_size

    def changed(self) -> str:
        """Say in words how the file's size differs from that at the start."""
        now = os.fstat(self.fileno()).st_size
        if now == self.raw.status.st_size:
            return ""
        return (
            "grew while it was read: read as it was at the start"
            if now > self.raw.status.st_size
            else "was cut while it was read"
        )
