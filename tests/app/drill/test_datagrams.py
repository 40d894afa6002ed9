"""Datagrams decode by their standards: read here by hand, from the documents."""

from __future__ import annotations

import struct
from random import Random

import pytest

from vedette.app.drill.datagrams import DATAGRAMS
from vedette.app.drill.protocols import Ask


def ask(name: str = "www.example", address: str = "192.0.2.1") -> Ask:
    return Ask(Random(5), name, address=address)


def labels(message: bytes, at: int) -> tuple[list[bytes], int]:
    """Read a name without pointers; return its labels and where it ends (RFC 1035, 3.1)."""
    found = []
    while length := message[at]:
        found.append(message[at + 1 : at + 1 + length])
        at += 1 + length
    return found, at + 1


@pytest.mark.parametrize(("address", "code", "answers"), [("192.0.2.1", 0, 1), ("", 3, 0)])
def test_dns_asks_and_answers_under_one_number(address: str, code: int, answers: int) -> None:
    query, reply = (turn.data for turn in DATAGRAMS["dns"](ask(address=address)))
    assert query[:2] == reply[:2]
    assert (query[2] >> 7, reply[2] >> 7, reply[3] & 15) == (0, 1, code)
    assert struct.unpack(">HHHH", reply[4:12]) == (1, answers, 0, 0)
    name, end = labels(reply, 12)
    assert name == [b"www", b"example"]
    assert reply[12:end] + b"\0\1\0\1" == query[12:]
    assert len(reply) == end + 4 + answers * 16


@pytest.mark.parametrize("turn", [0, 1])
def test_snmp_lengths_nest(turn: int) -> None:
    data = DATAGRAMS["snmp"](ask())[turn].data
    assert data[0] == 0x30
    assert data[1] == len(data) - 2  # the message
    pdu = data.index(b"public") + len(b"public")
    assert (data[pdu], data[pdu + 1]) == ((0xA0, 0xA2)[turn], len(data) - pdu - 2)


def test_ntp_modes_and_size() -> None:
    query, reply = (turn.data for turn in DATAGRAMS["ntp"](ask()))
    assert (len(query), len(reply)) == (48, 48)
    assert (query[0] & 7, reply[0] & 7) == (3, 4)  # client, server


def test_a_call_counts_on_both_ways_and_lasts_three_minutes() -> None:
    turns = DATAGRAMS["call"](ask())
    assert sum(t.wait for t in turns) == pytest.approx(180)
    for side, source in ((True, 7), (False, 9)):
        heads = [struct.unpack(">BBHII", t.data[:12]) for t in turns if t.from_src is side]
        assert [h[2] for h in heads] == list(range(1800))
        assert {h[0] >> 6 for h in heads} == {2}
        assert {h[4] for h in heads} == {source}
        assert heads[10][3] - heads[0][3] == 48_000  # one second of Opus (RFC 7587)


def test_mdns_asks_one_question() -> None:
    (turn,) = DATAGRAMS["mdns"](ask())
    name, end = labels(turn.data, 12)
    assert name == [b"_ipp", b"_tcp", b"local"]
    assert (turn.data[4:6], turn.data[end:]) == (b"\0\1", b"\0\x0c\0\1")


def test_a_ping_is_echoed_whole() -> None:
    turns = DATAGRAMS["echo"](ask())
    assert [t.from_src for t in turns] == [True, False] * 3
    assert len({t.data for t in turns}) == 1
    assert sum(t.wait for t in turns) == 2
