"""What programs say has the shape of their protocols, and the size that was asked for."""

from __future__ import annotations

from random import Random

import pytest

from vedette.app.drill.datagrams import DATAGRAMS
from vedette.app.drill.protocols import TCP_PROTOCOLS, Ask, client_hello, filler, server_hello

STARTS = {
    "tls": b"\x16\x03\x01",
    "tunnel": b"\x16\x03\x01",
    "http": b"GET /",
    "update": b"HEAD /",
    "smtp": b"220 ",
    "print": b"\x1b%-12345X",
    "smb": b"\0\0\0\x66\xfeSMB",
    "ssh": b"SSH-2.0-",
}


def ask(size: int = 50_000) -> Ask:
    return Ask(Random(3), "www.example", size, 3, "192.0.2.1")


@pytest.mark.parametrize("protocol", TCP_PROTOCOLS)
def test_tcp_protocols(protocol: str) -> None:
    turns = TCP_PROTOCOLS[protocol](ask())
    assert turns[0].data.startswith(STARTS.get(protocol, b""))
    assert {t.from_src for t in turns} == {True, False}
    assert all(t.data and t.wait >= 0 for t in turns)
    assert turns == TCP_PROTOCOLS[protocol](ask())
    small, large = (sum(len(t.data) for t in TCP_PROTOCOLS[protocol](ask(n))) for n in (3_000, 90_000))
    assert (80_000 < large - small < 180_000) or protocol == "update"


@pytest.mark.parametrize("protocol", DATAGRAMS)
def test_datagrams(protocol: str) -> None:
    turns = DATAGRAMS[protocol](ask())
    assert turns[0].from_src
    assert all(0 < len(t.data) <= 512 for t in turns)
    assert any(not t.from_src for t in turns) or protocol == "mdns"


@pytest.mark.parametrize("record", [client_hello(Random(1), "www.example"), server_hello(Random(1))])
def test_tls_lengths_add_up(record: bytes) -> None:
    size = int.from_bytes(record[3:5], "big")
    handshake = record[5 : 5 + size]
    assert int.from_bytes(handshake[1:4], "big") == size - 4
    assert (b"www.example" in handshake) is (handshake[0] == 1)


def test_dns_answers_or_denies() -> None:
    known = DATAGRAMS["dns"](ask())[1].data
    unknown = DATAGRAMS["dns"](Ask(Random(3), "nowhere.example"))[1].data
    assert (known[3] & 15, known[-4:]) == (0, bytes((192, 0, 2, 1)))
    assert (unknown[3] & 15, unknown[6:8]) == (3, b"\0\0")


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 300_000])
def test_filler_has_its_size(size: int) -> None:
    assert len(filler(Random(1), size)) == size
