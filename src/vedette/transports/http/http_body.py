"""Bodies of requests: received and unpacked in bounded memory and time."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import zstandard

from vedette.transports.http.http_request import Trouble

Receive = Callable[[], Awaitable[Mapping[str, Any]]]

_PIECE = 256
"""Bytes of zstd that are unpacked at a time: to 8 MB at the most."""
_WINDOW = 1 << 23
"""Bytes that a zstd stream may want to look back (RFC 8878 asks readers for as much)."""
_ANY = 47
"""zlib's word for a gzip or zlib header."""
_RAW = -15


class Memory:
    """Counts bytes of bodies that are held at the same time."""

    def __init__(self, most: int) -> None:
        self._left = most

    def take(self, size: int) -> bool:
        """Take room; False where there is none."""
        if size > self._left:
            return False
        self._left -= size
        return True

    def give(self, size: int) -> None:
        """Give it back."""
        self._left += size


async def received(receive: Receive, most: int, seconds: float, memory: Memory) -> bytes | Trouble:
    """Return the body as it came; its size stays taken from ``memory`` where it is returned."""
    parts: list[bytes] = []
    size = 0
    trouble: Trouble | None = None
    try:
        async with asyncio.timeout(seconds):
            more = True
            while more and not trouble:
                message = await receive()
                part, more = message.get("body", b""), bool(message.get("more_body"))
                if message["type"] == "http.disconnect":
                    trouble = Trouble.SLOW
                elif size + len(part) > most:
                    trouble = Trouble.TOO_LARGE
                elif not memory.take(len(part)):
                    trouble = Trouble.BUSY
                else:
                    size += len(part)
                    parts.append(part)
    except TimeoutError:
        trouble = Trouble.SLOW
    if trouble:
        memory.give(size)
        return trouble
    return b"".join(parts)


def unpacked(body: bytes, encoding: str, most: int) -> bytes | Trouble:
    """Return the body without its Content-Encoding; never more than ``most`` bytes are unpacked."""
    match encoding.strip().lower():
        case "" | "identity":
            return body
        case "gzip" | "x-gzip" | "deflate":
            return _inflated(body, most)
        case "zstd":
            return _zstd(body, most)
    return Trouble.ENCODING


def _inflated(body: bytes, most: int) -> bytes | Trouble:
    """Unpack gzip of one or more members, zlib, or bare deflate (which some clients send for it)."""
    ways = _ANY if body[:1] in (b"\x1f", b"\x78") else _RAW
    parts: list[bytes] = []
    room = most + 1
    try:
        while body and room > 0:
            unit = zlib.decompressobj(ways)
            part = unit.decompress(body, room)
            if not unit.eof and len(part) < room:
                return Trouble.DAMAGED
            parts.append(part)
            room -= len(part)
            body = unit.unused_data if unit.eof else b""
    except zlib.error:
        return Trouble.DAMAGED
    return b"".join(parts) if room > 0 else Trouble.TOO_LARGE


def _zstd(body: bytes, most: int) -> bytes | Trouble:
    """Unpack one frame or more; few bytes at a time, for a frame of 4 bytes may unpack to 128 KB, and the unit knows no bound."""
    parts: list[bytes] = []
    size = at = 0
    unit = zstandard.ZstdDecompressor(max_window_size=_WINDOW).decompressobj()
    try:
        while at < len(body) and size <= most:
            if unit.eof:
                unit = zstandard.ZstdDecompressor(max_window_size=_WINDOW).decompressobj()
            part = unit.decompress(body[at : at + _PIECE])
            at += min(_PIECE, len(body) - at) - len(unit.unused_data)
            size += len(part)
            parts.append(part)
    except zstandard.ZstdError:
        return Trouble.DAMAGED
    if size > most:
        return Trouble.TOO_LARGE
    return b"".join(parts) if unit.eof else Trouble.DAMAGED
