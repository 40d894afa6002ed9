"""Whole records out of a stream that comes piece by piece, for transports that cannot read anything twice."""

from __future__ import annotations

from vedette.abc import Source
from vedette.plugins import discover, readers

LONGEST_BYTES = 1 << 20
"""A line beyond this is cut there; and what is given at a time."""
STILL_SECONDS = 0.5
"""After so long without anything new, records that might go on are taken as whole."""
MOST_PREAMBLE_BYTES = 1 << 16
_SNIFF_BYTES = 4096
_SNIFFS = 8


class Parts:
    """Holds what is not whole, at most ``LONGEST_BYTES`` and what was fed last.

    Args:
        chosen: the source that the settings name; empty: the first bytes tell it.

    Attributes:
        source: the name of the source that reads the parts; empty: not known.
        cut: lines that were too long.
    """

    def __init__(self, chosen: str) -> None:
        self.source = chosen
        self.cut = 0
        self._sure = bool(chosen)
        self._held = b""
        self._preamble = b""
        self._sniffs = 0
        self._first = True
        self._skips = False

    @property
    def waits(self) -> bool:
        """Whether something is held."""
        return bool(self._held)

    def feed(self, data: bytes) -> None:
        """Take more of the stream."""
        if self._skips:
            end = data.find(b"\n") + 1
            data, self._skips = (data[end:], False) if end else (b"", True)
        self._held += data

    def take(self, *, still: bool = False, last: bool = False) -> tuple[bytes, bytes] | None:
        """Return what must stand before the next part, and the part; None where nothing is whole.

        Args:
            still: nothing came for a while: what ends with a line break is whole.
            last: nothing will come any more: all is whole, a document too.
        """
        data = self._held[:LONGEST_BYTES]
        if not data:
            return None
        source = self._reader(data)
        full = len(self._held) > LONGEST_BYTES
        size = self._size(source, data, still=still or last, full=full)
        if size or not (last or full):
            return self._given(source, data[:size], size) if size else None
        if full:
            self.cut += 1
            end = self._held.find(b"\n", LONGEST_BYTES) + 1
            self._skips = not end
            return self._given(None, data, end or len(self._held))
        return self._given(source, data, len(data))

    def _size(self, source: type[Source] | None, data: bytes, *, still: bool, full: bool) -> int:
        lines = data.rfind(b"\n") + 1
        size = source.cut(data) if source else lines
        if size < 0:
            return 0 if self._first and not still else lines
        return max(size, lines) if (still and not full) or (full and not size) else size

    def _given(self, source: type[Source] | None, data: bytes, size: int) -> tuple[bytes, bytes]:
        self._held, self._first = self._held[size:], False
        before = self._preamble
        data += b"" if data.endswith(b"\n") else b"\n"
        after = source.preamble(before + data) if source else before
        self._preamble = after if len(after) <= MOST_PREAMBLE_BYTES else b""
        return before, data

    def _reader(self, data: bytes) -> type[Source] | None:
        """Return the source that the first bytes tell; a fallback is asked about again."""
        sources = discover(Source)
        if not self._sure and self._sniffs < _SNIFFS:
            self._sniffs += 1
            found = readers((self._preamble + data)[:_SNIFF_BYTES])
            if found and (not self.source or not found[0].fallback):
                self.source, self._sure = found[0].name, not found[0].fallback
        return sources.get(self.source)
