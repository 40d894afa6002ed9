"""A stream whose beginning can be looked at before it is read."""

from __future__ import annotations

from typing import BinaryIO


class Peeked:
    """Reads forward; the first bytes are known beforehand.

    Args:
        stream: any forward stream; it may give fewer bytes than asked for.
        size: how many bytes to look at, at most.

    Example:
        >>> import io
        >>> peeked = Peeked(io.BytesIO(b"abcdef"), 3)
        >>> peeked.head, peeked.read(4), peeked.read(4)
        (b'abc', b'abc', b'def')
    """

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self._stream = stream
        self.head = b""
        while len(self.head) < size and (more := stream.read(size - len(self.head))):
            self.head += more
        self._rest = self.head

    def read(self, size: int) -> bytes:
        """Return up to ``size`` bytes; none at the end."""
        if self._rest:
            out, self._rest = self._rest[:size], self._rest[size:]
            return out
        return self._stream.read(size)
