"""What the made-up programs say in datagrams."""

from __future__ import annotations

import struct
from collections.abc import Callable
from functools import lru_cache

from vedette.app.drill.conversation import Turn
from vedette.app.drill.protocols import Ask, filler, vector
from vedette.testing.packets import packed

_PAGE_COUNT = bytes.fromhex("060d2b060102012b0a020104010100")  # prtMarkerLifeCount (RFC 3805)


@lru_cache(maxsize=4096)
def _name(name: str) -> bytes:
    return b"".join(vector(1, part.encode()) for part in name.split(".")) + b"\0"


def dns(ask: Ask) -> list[Turn]:
    """Ask for the address of a name (RFC 1035); one without an address is NXDOMAIN."""
    ident, question = ask.rng.getrandbits(16), _name(ask.name) + b"\0\x01\0\x01"
    answer = b"\xc0\x0c\0\x01\0\x01" + struct.pack(">IH", 300, 4) + packed(ask.address) if ask.address else b""
    query = struct.pack(">HHHHHH", ident, 0x0100, 1, 0, 0, 0) + question
    back = (
        struct.pack(">HHHHHH", ident, 0x8180 if ask.address else 0x8183, 1, bool(ask.address), 0, 0) + question + answer
    )
    return [Turn(True, query), Turn(False, back, 0.002)]


def ntp(ask: Ask) -> list[Turn]:
    """Ask for the time (RFC 5905)."""
    query, answer = b"\x23" + b"\0" * 39 + ask.rng.randbytes(8), b"\x24\x02\x06\xe9" + ask.rng.randbytes(44)
    return [Turn(True, query), Turn(False, answer)]


def _snmp(kind: int, number: bytes, value: bytes) -> bytes:
    binding = b"\x30" + vector(1, _PAGE_COUNT + value)
    body = b"\x02\x01" + number + b"\x02\x01\0\x02\x01\0\x30" + vector(1, binding)
    return b"\x30" + vector(1, b"\x02\x01\0\x04\x06public" + bytes([kind]) + vector(1, body))


def snmp(ask: Ask) -> list[Turn]:
    """Ask a printer for its page count (SNMP v1, RFC 1157, community ``public``)."""
    number = bytes([ask.rng.randrange(128)])
    return [Turn(True, _snmp(0xA0, number, b"\x05\0")), Turn(False, _snmp(0xA2, number, b"\x41\x02\x1f\x40"), 0.01)]


def call(ask: Ask) -> list[Turn]:
    """Speak and listen for three minutes: media both ways, 10 packets a second each (RTP, RFC 3550; 48 kHz)."""
    turns = []
    for n in range(1800):
        for from_src in (True, False):
            head = struct.pack(">BBHII", 0x80, 111, n, n * 4800, 7 if from_src else 9)
            turns.append(Turn(from_src, head + filler(ask.rng, 180), 0.1 if from_src else 0.0))
    return turns


def mdns(_: Ask) -> list[Turn]:
    """Ask the neighbours for a printer (RFC 6762); nobody answers."""
    return [Turn(True, struct.pack(">HHHHHH", 0, 0, 1, 0, 0, 0) + _name("_ipp._tcp.local") + b"\0\x0c\0\x01")]


def echo(_: Ask) -> list[Turn]:
    """Ping three times."""
    data = bytes(range(56))
    return [Turn(side, data, 1.0 if side and n else 0.0) for n in range(3) for side in (True, False)]


DATAGRAMS: dict[str, Callable[[Ask], list[Turn]]] = {
    "dns": dns,
    "ntp": ntp,
    "snmp": snmp,
    "call": call,
    "mdns": mdns,
    "echo": echo,
}
"""Name in YAML -> what is said."""
