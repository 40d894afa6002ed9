"""Heads and lengths of HTTP/1 messages (RFC 9112)."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

ACTIVITIES = {
    word: number
    for number, word in enumerate(
        ("CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT", "TRACE", "PATCH"), start=1
    )
}
CHUNK_LINE_LIMIT = 256
LINE_LIMIT = 1_024
"""Header lines that are read."""
UNBOUNDED = 1 << 30
"""The length of a body that ends with the connection, or is as good as that."""
_HEADERS = frozenset(
    (
        *(
            b"host",
            b"user-agent",
            b"referer",
            b"content-type",
            b"content-length",
            b"transfer-encoding",
            b"authorization",
        ),
        b"upgrade",
    )
)
_LINE_ENDS = b"\r\n"
_KNOWN = frozenset(method.encode() for method in ACTIVITIES)
_HEX_DIGITS = frozenset(b"0123456789abcdefABCDEF")
_METHOD_LETTERS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ_-")


class Head(NamedTuple):
    """The head of a message: its first line's words, the headers that matter, its size in bytes, and what is odd about it."""

    words: tuple[bytes, bytes, bytes]
    headers: dict[bytes, bytes]
    size: int
    odd: tuple[str, ...]


def read_head(buffer: bytes, *, final: bool) -> Head | None:
    """Return a message's head; with empty words when it is none; None when more bytes are needed."""
    start = 0
    if buffer[:1] in _LINE_ENDS:  # empty lines before a message are passed over (RFC 9112, 2.2)
        start = len(buffer[:4]) - len(buffer[:4].lstrip(_LINE_ENDS))
    end = buffer.find(b"\n", start)
    if end < 0 and not final:
        return None
    line = buffer[start : end if end >= 0 else len(buffer)].rstrip(b"\r")
    answers = line.startswith(b"HTTP/")
    words = _status_line(line) if answers else _request_line(line)
    if not words[0] or not (words[2] or answers):
        return Head(words, {}, end + 1 or len(buffer), ())
    if end < 0:
        return Head(words, {}, len(buffer), ("head cut off",))
    stop, size = _blank_line(buffer, end)
    if stop < 0 and not final:
        return None
    headers, odd = _read_headers(buffer[end + 1 : stop if stop >= 0 else len(buffer)])
    return Head(words, headers, size, odd if stop >= 0 else (*odd, "head cut off"))


def _blank_line(buffer: bytes, start: int) -> tuple[int, int]:
    """Return where the header lines end and where the body begins; -1 and the buffer's length when they go on."""
    crlf = buffer.find(b"\r\n\r\n", max(start - 1, 0))
    bare = buffer.find(b"\n\n", start, crlf if crlf >= 0 else len(buffer))
    if bare >= 0:
        return bare, bare + 2
    return (crlf, crlf + 4) if crlf >= 0 else (-1, len(buffer))


def _status_line(line: bytes) -> tuple[bytes, bytes, bytes]:
    """Return version, code and reason; empty words when the code is none."""
    version, _, rest = line.partition(b" ")
    code, _, reason = rest.strip(b" ").partition(b" ")
    return (version, code, reason) if len(code) == 3 and code.isdigit() else (b"", b"", b"")  # noqa: PLR2004


def _request_line(line: bytes) -> tuple[bytes, bytes, bytes]:
    """Return method, target and version; no version when it is missing or cut off; empty words when it is no request."""
    method, _, rest = line.partition(b" ")
    target, space, version = rest.rpartition(b" ")
    if not version.startswith(b"HTTP/"):
        cut = space and version and b"HTTP/".startswith(version)
        target, version = target if cut else rest, b""
    known = method in _KNOWN
    if not known and not (3 <= len(method) <= 20 and _METHOD_LETTERS.issuperset(method)):  # noqa: PLR2004
        return b"", b"", b""
    plain = bool(version and (target or known)) or (known and target.startswith(b"/"))
    return (method, target.strip(b" "), version) if plain else (b"", b"", b"")


def _read_headers(block: bytes) -> tuple[dict[bytes, bytes], tuple[str, ...]]:
    """Return the first value of each header that matters, and what is odd."""
    headers: dict[bytes, bytes] = {}
    odd: dict[str, None] = {}
    for line in block.split(b"\n", LINE_LIMIT)[:LINE_LIMIT]:
        name, colon, value = line.partition(b":")
        key = _header(name)
        if key is None or not colon:
            continue
        if len(name) != len(key):
            odd["space around a header name"] = None
        value = value.strip()
        if headers.setdefault(key, value) != value:
            odd[f"several {key.decode()} headers"] = None
    if b"content-length" in headers and b"transfer-encoding" in headers:
        odd["both content-length and transfer-encoding"] = None
    if b"\0" in block:
        odd["NUL in the head"] = None
    return headers, tuple(odd)


@lru_cache(maxsize=512)
def _header(name: bytes) -> bytes | None:
    """Return a header's usual name if it matters: names repeat, so most are at hand."""
    key = name.strip().lower()
    return key if key in _HEADERS else None


def body_length(head: Head, buffer: bytes) -> tuple[int | None, int, tuple[str, ...]]:
    """Return the announced length, the bytes to pass over, and all oddities."""
    announced = head.headers.get(b"content-length", b"")
    if b"transfer-encoding" in head.headers:
        length, passed = chunked_length(buffer, head.size)
        return length, passed, head.odd
    if not announced:
        return None if head.words[0].startswith(b"HTTP/") else 0, 0, head.odd
    if not announced.isdigit() or len(announced) > 18:  # noqa: PLR2004 - beyond a 64-bit count
        return None, 0, (*head.odd, "content-length is not a number")
    return int(announced), min(int(announced), UNBOUNDED), head.odd


def chunked_length(buffer: bytes, start: int) -> tuple[int | None, int]:
    """Return the length of a chunked body (RFC 9112, 7.1), None when it goes on beyond the buffer, and the bytes to pass over."""
    offset, length = start, 0
    while (end := buffer.find(b"\n", offset, offset + CHUNK_LINE_LIMIT)) >= 0:
        digits = buffer[offset:end].partition(b";")[0].strip()
        if not digits or len(digits) > 7 or not _HEX_DIGITS.issuperset(digits):  # noqa: PLR2004 - no chunk is larger than 256 MiB
            break
        size = int(digits, 16)
        if size == 0:
            stop = buffer.find(b"\n\r\n", end)
            return length, (stop + 3 if stop >= 0 else len(buffer)) - start
        length, offset = length + size, end + 1 + size + 2
    return None, max(offset, len(buffer)) - start
