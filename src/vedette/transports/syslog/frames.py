"""A byte stream of syslog -> messages (RFC 6587): counted octets or line breaks, told apart message by message."""

from __future__ import annotations

import re

MESSAGE_BYTES = 1 << 16
"""A message beyond this is cut there."""
_COUNT = re.compile(rb"([1-9][0-9]{0,8}) (?=<)")
_MAY_COUNT = re.compile(rb"[1-9][0-9]{0,8} ?\Z")
_AT_LINE_START = re.compile(rb"(?:\A|\n)[1-9][0-9]{0,8} <")


def one_line(message: bytes) -> bytes:
    r"""Return a message without what ends it, on one line: a line break inside becomes ``#012``, as rsyslog writes it.

    Example:
        >>> one_line(b"<13>one\ntwo\r\n\x00")
        b'<13>one#012two'
    """
    return message.rstrip(b"\r\n\0").replace(b"\n", b"#012")


class Frames:
    """Cuts what one connection sends; holds at most one message that is not whole, of ``MESSAGE_BYTES``.

    Attributes:
        cut: messages that were longer, or broke off.
    """

    def __init__(self) -> None:
        self.cut = 0
        self._held = bytearray()
        self._need = 0  # what is held is not worth a look before it is as long as this; -1: before a line ends
        self._skip = 0  # octets of a counted message that are passed over
        self._skip_line = False

    @property
    def waits(self) -> bool:
        """Whether a message has begun and is not whole."""
        return bool(self._held) or self._skip > 0 or self._skip_line

    def feed(self, data: bytes) -> list[bytes]:
        """Return the messages that are whole now, each one line without its break; empty ones are left out."""
        self._held += self._passed(data)
        if self._waits_for_more(data):
            return []
        data, found = bytes(self._held), list[bytes]()
        at = 0
        while at < len(data):  # over messages where octets are counted; lines are taken as many as there are
            count = _COUNT.match(data, at)
            if count is not None:
                after = self._counted(data, count, found)
            elif _MAY_COUNT.match(data, at):
                after, self._need = at, 0
            else:
                after = self._lines(data, at, found)
            if after == at:
                break
            at = after
        self._held = bytearray(data[at:])
        return [m for m in found if m]

    def _waits_for_more(self, data: bytes) -> bool:
        """Say whether nothing new can be whole, without a look at all that is held: a sender may give it byte by byte."""
        if self._need < 0:
            return b"\n" not in data and len(self._held) <= MESSAGE_BYTES
        return len(self._held) < self._need

    def rest(self) -> list[bytes]:
        """Return what is left when the sender is gone: a last message without its end."""
        held, self._held = bytes(self._held), bytearray()
        count = _COUNT.match(held)
        self.cut += count is not None
        message = one_line(held[count.end() if count else 0 :])
        return [message] if message else []

    def _passed(self, data: bytes) -> bytes:
        """Pass over the rest of a message that was too long."""
        if self._skip_line:
            end = data.find(b"\n") + 1
            self._skip_line = not end
            return data[end:] if end else b""
        gone = min(self._skip, len(data))
        self._skip -= gone
        return data[gone:]

    def _counted(self, data: bytes, count: re.Match[bytes], found: list[bytes]) -> int:
        """Take a message of so many octets; return where the next begins, or where this one does if it is not whole."""
        size, at = int(count[1]), count.end()
        end = at + size
        if len(data) < min(end, at + MESSAGE_BYTES):
            self._need = min(end, at + MESSAGE_BYTES) - count.start()
            return count.start()
        found.append(one_line(data[at : min(end, at + MESSAGE_BYTES)]))
        self._need = 0
        if size > MESSAGE_BYTES:
            self.cut += 1
            self._skip = max(0, end - len(data))
        return min(end, len(data))

    def _lines(self, data: bytes, at: int, found: list[bytes]) -> int:
        """Take the lines up to the next counted message; return where what follows begins."""
        counted = _AT_LINE_START.search(data, at)
        last = data.rfind(b"\n", at, counted.start() + 1 if counted else len(data)) + 1
        self._need = 0
        if last > at:
            for line in data[at : last - 1].split(b"\n"):
                self.cut += len(line) > MESSAGE_BYTES
                found.append(line[:MESSAGE_BYTES].rstrip(b"\r\0"))
            return last
        if len(data) - at > MESSAGE_BYTES:
            self.cut += 1
            self._skip_line = True
            found.append(one_line(data[at : at + MESSAGE_BYTES]))
            return len(data)
        self._need = -1
        return at
