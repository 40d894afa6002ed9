"""TLS handshakes: client and server hello of a connection, on any port (RFC 5246, 8446).

A row is a client hello with what came of it: a server hello (status 1), a fatal alert (2), or nothing (0). ``vedette.alpn`` is what the
client offers. A retry request (RFC 8446, 4.1.4) is no answer; the fingerprints are those of the first hello. Hellos inside QUIC are not
read.
"""

from __future__ import annotations

import struct
from typing import Final, NamedTuple

from vedette.events.schema import EventClass
from vedette.sources.pcap.dns_records import visible
from vedette.sources.pcap.fingerprints import ja3, ja3s, ja4, without_grease
from vedette.sources.pcap.messages import SEPARATOR, Mark, MessageRows
from vedette.sources.pcap.pending import Pending
from vedette.sources.pcap.streams import DONE, MORE, NOT_MINE, Dialogue
from vedette.sources.pcap.tls_names import FATAL, alert_name, cipher_name, version_name

_ALERT, _HANDSHAKE = 21, 22
_CLIENT_HELLO, _SERVER_HELLO = 1, 2
_RECORD_LIMIT: Final = 16_384 + 2_048
NAME_LIMIT: Final = 1_024
"""Bytes of a server name that are kept; host names have 255 at the most."""
ALPN_LIMIT: Final = 32
"""Offered protocols that are kept."""
_BEGINNING, _ENOUGH_BYTES = b"\x16\x03", 9
"""Record header and handshake header."""
_ALERT_BYTES: Final = 7
"""Record header, level and description."""
_HELLO_LIMIT: Final = 65_536
_SNI, _GROUPS, _FORMATS, _SIGNATURES, _ALPN, _VERSIONS = 0, 10, 11, 13, 16, 43
_RETRY: Final = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")

_COLUMNS = (
    *("tls.sni", "vedette.alpn", "tls.ja3_hash.value", "ja4_fingerprint_list.value"),
    *("tls.version", "tls.cipher", "tls.ja3s_hash.value", "status_id", "duration", "status_detail", "activity_id"),
)
_CUT = "client hello cut off"


class Hello(NamedTuple):
    """A client or server hello as it stands on the wire; ``extensions`` in order, by type and body."""

    kind: int
    version: int
    random: bytes
    ciphers: tuple[int, ...]
    extensions: tuple[tuple[int, bytes], ...]
    whole: bool

    def body(self, extension: int) -> bytes:
        """Return the body of the first extension of a type, or nothing."""
        return next((body for kind, body in self.extensions if kind == extension), b"")

    def kinds(self) -> list[int]:
        """Return the types of all extensions."""
        return [kind for kind, _ in self.extensions]


class Client(NamedTuple):
    """A client hello that waits: its values in the order of the columns, and what is odd, and how many characters they are."""

    mark: Mark
    from_orig: bool
    values: tuple[object, ...]
    odd: str | None
    size_bytes: int


_UNSEEN: tuple[object, ...] = (None,) * 4


class Tls(Dialogue):
    """Pairs hellos by connection."""

    def __init__(self) -> None:
        self.rows = MessageRows(EventClass.TLS_HANDSHAKE, "tls", _COLUMNS)
        self._waiting: Pending[Client] = Pending()

    def take(self, connection: int, from_orig: bool, buffer: bytes, mark: Mark, final: bool) -> int:
        if buffer[0] == _ALERT:
            return self._alert(connection, from_orig, buffer, mark)
        if len(buffer) < _ENOUGH_BYTES and not final and buffer.startswith(_BEGINNING[: len(buffer)]):
            return MORE
        message = handshake(buffer)
        if message is None or not (len(message) >= _wanted(message) or final):
            return NOT_MINE if message is None or final else MORE
        hello = read_hello(message[: _wanted(message)])
        if hello is None:
            return NOT_MINE
        if hello.kind == _CLIENT_HELLO:
            self._ask(connection, from_orig, hello, mark)
        elif hello.random != _RETRY:
            self._answer(connection, hello, mark)
        return DONE

    def _ask(self, connection: int, from_orig: bool, hello: Hello, mark: Mark) -> None:
        if self._waiting.get(connection) is None:
            values = client_values(hello)
            size_bytes = sum(len(str(value)) for value in values)
            client = Client(mark, from_orig, values, None if hello.whole else _CUT, size_bytes)
            for lost in self._waiting.put(connection, client, mark.time, client.size_bytes):
                self._lose(lost)

    def _answer(self, connection: int, hello: Hello, mark: Mark) -> None:
        chosen = hello.body(_VERSIONS)
        version = int.from_bytes(chosen[:2], "big") if len(chosen) >= 2 else hello.version  # noqa: PLR2004
        cipher = hello.ciphers[0] if hello.ciphers else 0
        fingerprint = ja3s(hello.version, cipher, hello.kinds()) if hello.whole else None
        self._emit(connection, mark, (version_name(version), cipher_name(cipher), fingerprint, 1), None)

    def _alert(self, connection: int, from_orig: bool, buffer: bytes, mark: Mark) -> int:
        client = self._waiting.get(connection)
        if client is None or len(buffer) < _ALERT_BYTES:
            return NOT_MINE
        if buffer[5] == FATAL and from_orig != client.from_orig:
            self._emit(connection, mark, (None, None, None, 2), f"fatal alert: {alert_name(buffer[6])}")
        return _ALERT_BYTES

    def _emit(self, connection: int, mark: Mark, server: tuple[object, ...], detail: str | None) -> None:
        client = self._waiting.pop(connection)
        if client is None:
            self.rows.add((*_UNSEEN, *server, None, "client hello not seen", 1, mark))
            return
        duration = (mark.time - client.mark.time) // 1000
        self.rows.add((*client.values, *server, duration, detail or client.odd, 1, client.mark))

    def _lose(self, client: Client) -> None:
        self.rows.add((*client.values, None, None, None, 0, None, client.odd, 1, client.mark))

    def expire(self, now: int) -> None:
        for client in self._waiting.expire(now):
            self._lose(client)

    def close(self) -> None:
        for client in self._waiting.drain():
            self._lose(client)


def handshake(buffer: bytes) -> bytes | None:
    """Return the handshake bytes of the records at the start of ``buffer``; None when these are no handshake records."""
    parts, offset = [], 0
    while offset + 5 <= len(buffer):
        size = int.from_bytes(buffer[offset + 3 : offset + 5], "big")
        if buffer[offset] != _HANDSHAKE or buffer[offset + 1] != 3 or not 0 < size <= _RECORD_LIMIT:  # noqa: PLR2004
            break
        parts.append(buffer[offset + 5 : offset + 5 + size])
        offset += 5 + size
    message = b"".join(parts)
    sane = message[:1] in (b"\x01", b"\x02") and _wanted(message) <= _HELLO_LIMIT
    return message if sane else None


def _wanted(message: bytes) -> int:
    """Return the length of a handshake message with its header."""
    return 4 + int.from_bytes(message[1:4], "big")


def read_hello(message: bytes) -> Hello | None:
    """Return a hello as far as it can be read; None when not even its fixed part can."""
    kind, whole = message[0], len(message) == _wanted(message)
    try:
        (version,) = struct.unpack_from("!H", message, 4)
        offset = 39 + message[38]
        ciphers, offset = _ciphers(message, offset, many=kind == _CLIENT_HELLO)
        offset += 1 + message[offset] if kind == _CLIENT_HELLO else 1
    except (struct.error, IndexError):
        return None
    if version >> 8 != 3:  # noqa: PLR2004 - SSL 3.0 and all of TLS
        return None
    extensions, read = _extensions(message[offset:])
    return Hello(kind, version, message[6:38], ciphers, extensions, whole and read)


def _ciphers(message: bytes, offset: int, *, many: bool) -> tuple[tuple[int, ...], int]:
    """Return the suites at ``offset`` (a server chooses one) and where they end."""
    if not many:
        return struct.unpack_from("!H", message, offset), offset + 2
    (size,) = struct.unpack_from("!H", message, offset)
    return _words(message[offset + 2 : offset + 2 + size]), offset + 2 + size


def _words(raw: bytes) -> tuple[int, ...]:
    return struct.unpack(f"!{len(raw) // 2}H", raw[: len(raw) // 2 * 2])


def _extensions(raw: bytes) -> tuple[tuple[tuple[int, bytes], ...], bool]:
    """Return types and bodies of the extensions, and whether all of them were there."""
    found, offset, end = [], 2, 2 + int.from_bytes(raw[:2], "big")
    while offset + 4 <= min(end, len(raw)):
        kind, size = struct.unpack_from("!HH", raw, offset)
        if offset + 4 + size > len(raw):
            break
        found.append((kind, raw[offset + 4 : offset + 4 + size]))
        offset += 4 + size
    return tuple(found), offset == end or not raw


def client_values(hello: Hello) -> tuple[object, ...]:
    """Return server name, offered protocols, JA3 and JA4; no fingerprints of a hello that is not whole."""
    alpn = _alpn(hello.body(_ALPN))
    offered = SEPARATOR.join(visible(p) for p in alpn[:ALPN_LIMIT])
    name = hello.body(_SNI)
    sni = visible(name[5 : 5 + int.from_bytes(name[3:5], "big")][:NAME_LIMIT]).lower() or None
    if not hello.whole:
        return sni, offered, None, None
    kinds, versions = hello.kinds(), without_grease(_words(hello.body(_VERSIONS)[1:]))
    groups, formats = _words(hello.body(_GROUPS)[2:]), hello.body(_FORMATS)[1:]
    version = max(versions, default=hello.version)
    signatures = _words(hello.body(_SIGNATURES)[2:])
    return (
        sni,
        offered,
        ja3(hello.version, hello.ciphers, kinds, groups, formats),
        ja4(version, hello.ciphers, kinds, signatures, alpn),
    )


def _alpn(raw: bytes) -> list[bytes]:
    """Return the protocols of an ALPN extension (RFC 7301)."""
    names, offset = [], 2
    while offset < len(raw):
        names.append(raw[offset + 1 : offset + 1 + raw[offset]])
        offset += 1 + raw[offset]
    return [n for n in names if n]
