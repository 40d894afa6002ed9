"""TLS handshakes: client and server hello of a connection, on any port (RFC 5246, 8446).

A row is a client hello with what came of it: a server hello (status 1), a fatal alert (2), or nothing (0). ``vedette.alpn`` is what the
client offers. A retry request (RFC 8446, 4.1.4) is no answer; the fingerprints are those of the first hello. Hellos inside QUIC are not
read.
"""

from __future__ import annotations

import struct
from functools import lru_cache
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
CACHE_LIMIT: Final = 512
"""Distinct hellos of which the fingerprints are at hand; each is 64 KiB at the most."""
_U16, _EXTENSION = struct.Struct("!H"), struct.Struct("!HH")
_RETRY: Final = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")

_COLUMNS = (
    *("tls.sni", "vedette.alpn", "tls.ja3_hash.value", "ja4_fingerprint_list.value"),
    *("tls.version", "tls.cipher", "tls.ja3s_hash.value", "status_id", "duration", "status_detail", "activity_id"),
)
_CUT = "client hello cut off"


class Hello(NamedTuple):
    """A client or server hello as it stands on the wire: numbers of two bytes each, most significant first.

    Attributes:
        ciphers: the suites that a client offers, or the one that a server chose.
        kinds: the types of all extensions, in order.
        bodies: the body of the first extension of each type.
        whole: nothing is missing.
    """

    kind: int
    version: int
    random: bytes
    ciphers: bytes
    kinds: bytes
    bodies: dict[int, bytes]
    whole: bool


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
        if message is None:
            return NOT_MINE
        wanted = _wanted(message)
        if len(message) < wanted and not final:
            return MORE
        hello = read_hello(message[:wanted])
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
            size_bytes = sum(map(len, map(str, values)))
            client = Client(mark, from_orig, values, None if hello.whole else _CUT, size_bytes)
            for lost in self._waiting.put(connection, client, mark.time, client.size_bytes):
                self._lose(lost)

    def _answer(self, connection: int, hello: Hello, mark: Mark) -> None:
        chosen = hello.bodies.get(_VERSIONS, b"")
        version = int.from_bytes(chosen[:2], "big") if len(chosen) >= 2 else hello.version  # noqa: PLR2004
        cipher = int.from_bytes(hello.ciphers, "big")
        fingerprint = _server_print(hello.version, cipher, hello.kinds) if hello.whole else None
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
        (version,) = _U16.unpack_from(message, 4)
        offset = 39 + message[38]
        ciphers, offset = _ciphers(message, offset, many=kind == _CLIENT_HELLO)
        offset += 1 + message[offset] if kind == _CLIENT_HELLO else 1
    except (struct.error, IndexError):
        return None
    if version >> 8 != 3:  # noqa: PLR2004 - SSL 3.0 and all of TLS
        return None
    kinds, bodies, read = _extensions(message, offset)
    return Hello(kind, version, message[6:38], ciphers, kinds, bodies, whole and read)


def _ciphers(message: bytes, offset: int, *, many: bool) -> tuple[bytes, int]:
    """Return the suites at ``offset`` (a server chooses one) and where they end."""
    (size,) = _U16.unpack_from(message, offset)
    if not many:
        return message[offset : offset + 2], offset + 2
    return message[offset + 2 : offset + 2 + size], offset + 2 + size


def _words(raw: bytes) -> tuple[int, ...]:
    return struct.unpack(f"!{len(raw) // 2}H", raw[: len(raw) // 2 * 2])


def _extensions(raw: bytes, offset: int) -> tuple[bytes, dict[int, bytes], bool]:
    """Return types and bodies of the extensions at ``offset``, and whether all of them were there."""
    kinds: list[bytes] = []
    bodies: dict[int, bytes] = {}
    none, end = offset >= len(raw), offset + 2 + int.from_bytes(raw[offset : offset + 2], "big")
    offset, last = offset + 2, min(end, len(raw)) - 4
    while offset <= last:
        kind, size = _EXTENSION.unpack_from(raw, offset)
        stop = offset + 4 + size
        if stop > len(raw):
            break
        kinds.append(raw[offset : offset + 2])
        bodies.setdefault(kind, raw[offset + 4 : stop])
        offset = stop
    return b"".join(kinds), bodies, none or offset == end


def client_values(hello: Hello) -> tuple[object, ...]:
    """Return server name, offered protocols, JA3 and JA4; no fingerprints of a hello that is not whole."""
    bodies = hello.bodies
    name = bodies.get(_SNI, b"")
    sni = visible(name[5 : 5 + int.from_bytes(name[3:5], "big")][:NAME_LIMIT]).lower() or None
    alpn = bodies.get(_ALPN, b"")
    if not hello.whole:
        return sni, _offered(alpn), None, None
    lists = (bodies.get(kind, b"") for kind in (_GROUPS, _FORMATS, _VERSIONS, _SIGNATURES))
    return sni, _offered(alpn), *_client_prints(hello.version, hello.ciphers, hello.kinds, alpn, *lists)


@lru_cache(maxsize=CACHE_LIMIT)
def _client_prints(version: int, ciphers: bytes, kinds: bytes, alpn: bytes, *lists: bytes) -> tuple[str, str]:
    """Return JA3 and JA4; ``lists`` are the bodies for groups, point formats, versions and signatures. Few programs say hello often."""
    groups, formats, versions, signatures = lists
    suites, types = _words(ciphers), _words(kinds)
    highest = max(without_grease(_words(versions[1:])), default=version)
    return (
        ja3(version, suites, types, _words(groups[2:]), formats[1:]),
        ja4(highest, suites, types, _words(signatures[2:]), _alpn(alpn)),
    )


@lru_cache(maxsize=CACHE_LIMIT)
def _server_print(version: int, cipher: int, kinds: bytes) -> str:
    return ja3s(version, cipher, _words(kinds))


@lru_cache(maxsize=CACHE_LIMIT)
def _offered(alpn: bytes) -> str:
    return SEPARATOR.join(map(visible, _alpn(alpn)[:ALPN_LIMIT]))


def _alpn(raw: bytes) -> list[bytes]:
    """Return the protocols of an ALPN extension (RFC 7301)."""
    names, offset = [], 2
    while offset < len(raw):
        names.append(raw[offset + 1 : offset + 1 + raw[offset]])
        offset += 1 + raw[offset]
    return [n for n in names if n]
