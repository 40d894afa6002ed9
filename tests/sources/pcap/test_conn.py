"""Flows as Network Activity: addresses and ids as text, ends in the order of who began."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.sources.pcap.conn import PROTOCOLS, addresses, hex_words
from vedette.testing import packets as p

A, B = "10.0.0.1", "192.0.2.53"
Flows = Callable[..., pl.DataFrame]


@given(st.lists(st.ip_addresses(), max_size=20))
def test_addresses_are_read_back_as_they_were_and_stand_once(found: list[IPv4Address | IPv6Address]) -> None:
    packed = [a.packed for a in found]
    octets = np.array([x.ljust(16, b"\0") for x in packed], "V16")
    texts, index = addresses(octets, np.array([len(x) == 16 for x in packed], np.bool_))
    assert [ip_address(texts[i]) for i in index.tolist()] == found
    assert texts.n_unique() == len(texts)


@given(st.lists(st.integers(0, 2**64 - 1), max_size=5))
def test_ids_are_sixteen_digits(words: list[int]) -> None:
    assert hex_words(np.array(words, np.uint64)).to_list() == [f"{w:016x}" for w in words]


@pytest.mark.parametrize("number", [2, 47, 89, 132, 200])
def test_protocols_have_zeeks_names_or_their_number(number: int, flows: Flows) -> None:
    (row,) = flows([p.ethernet(p.ipv4(A, B, number, bytes(40)))]).iter_rows(named=True)
    assert row["connection_info.protocol_name"] == PROTOCOLS.get(number, str(number))
    assert row["connection_info.protocol_num"] == number
    assert row["connection_info.tcp_flags"] is None
    assert row["connection_info.flag_history"] is None
    assert (row["src_endpoint.port"] is None) is (number != 132)


def test_arp_has_no_protocol_number_and_no_ports(flows: Flows) -> None:
    (row,) = flows([p.arp(A, B), p.arp(B, A, reply=True)]).iter_rows(named=True)
    assert (row["src_endpoint.ip"], row["dst_endpoint.ip"], row["status_code"]) == (A, B, "SF")
    assert row["connection_info.protocol_name"] == "arp"
    for name in ("src_endpoint.port", "connection_info.protocol_num", "connection_info.protocol_ver_id"):
        assert row[name] is None


@pytest.mark.parametrize(
    ("ports", "source"),
    [(((53, 40_000), (40_000, 53)), B), (((40_000, 53), (53, 40_000)), A), (((40_000, 40_001),), A)],
)
def test_the_ends_stand_as_the_conversation_began(
    ports: tuple[tuple[int, int], ...], source: str, flows: Flows
) -> None:
    ends = [(A, B), (B, A)]
    frames = [
        p.ethernet(p.ipv4(src, dst, p.UDP, p.udp(src, dst, *pair, b"x")))
        for (src, dst), pair in zip(ends, ports, strict=False)
    ]
    (row,) = flows(frames).iter_rows(named=True)
    assert row["src_endpoint.ip"] == source
    assert row["src_endpoint.port"] >= 40_000
    sent, got = row["traffic.packets_out"], row["traffic.packets_in"]
    assert (sent + got, row["status_code"]) == (len(frames), "SF" if got else "S0")


def test_icmp_ports_are_type_and_code_of_the_first(flows: Flows) -> None:
    ping = [p.ethernet(p.ipv4(B, A, p.ICMP, p.icmp(8, ident=1))), p.ethernet(p.ipv4(A, B, p.ICMP, p.icmp(0, ident=1)))]
    (row,) = flows(ping).iter_rows(named=True)
    assert (row["src_endpoint.ip"], row["src_endpoint.port"], row["dst_endpoint.port"]) == (B, 8, 0)
