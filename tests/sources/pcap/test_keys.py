"""Grouping by endpoints."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.sources.pcap import keys
from vedette.sources.pcap.packets import ICMP, TCP, UDP, blank

NO_OCTETS = np.zeros((0, 16), np.uint8)
PACKET = st.tuples(
    st.integers(1, 3), st.integers(1, 3), st.integers(5, 7), st.integers(5, 7), st.sampled_from([TCP, UDP])
)


@given(st.lists(PACKET, min_size=1, max_size=60))
def test_groups_are_unordered_pairs_of_endpoints(packets: list[tuple[int, int, int, int, int]]) -> None:
    source, target, sport, dport, protocol = np.array(packets).T
    rows = blank(
        np.arange(len(packets)), source=source, target=target, source_port=sport, target_port=dport, protocol=protocol
    )
    found = keys.group(rows, NO_OCTETS)
    edges = [*found.start.tolist(), len(packets)]
    groups = [found.order[a:b].tolist() for a, b in itertools.pairwise(edges)]
    expected: dict[object, list[int]] = {}
    for number, (src, dst, sp, dp, proto) in enumerate(packets):
        expected.setdefault((frozenset(((src, sp), (dst, dp))), proto), []).append(number)
        assert found.side[number] == ((src, sp) > (dst, dp))
    assert sorted(groups) == sorted(expected.values())


def test_icmp_answers_share_the_key_of_the_question() -> None:
    rows = blank(
        np.arange(3),
        source=np.array([1, 2, 1]),
        target=np.array([2, 1, 2]),
        source_port=np.array([8, 0, 3]),
        protocol=ICMP,
    )
    assert len(keys.group(rows, NO_OCTETS).start) == 2


def test_equal_hashes_of_different_keys_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "_MIX", (np.uint64(0), np.uint64(0)))
    rows = blank(np.arange(6), source=np.array([1, 3, 1, 3, 5, 1]), target=2, protocol=UDP)
    found = keys.group(rows, NO_OCTETS)
    assert len(found.start) == 3
    assert found.order.tolist() == [0, 2, 5, 1, 3, 4]
