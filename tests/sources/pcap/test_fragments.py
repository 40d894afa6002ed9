"""Ports for fragments: the table is bounded, and a datagram id used again takes the new ports."""

from __future__ import annotations

import numpy as np
import pytest

from vedette.sources.pcap import fragments
from vedette.sources.pcap.fragments import Fragments
from vedette.sources.pcap.packets import UDP, Packets, blank

NO_OCTETS = np.zeros((0, 16), np.uint8)


def _pieces(offsets: list[int], ident: list[int], ports: list[int]) -> Packets:
    rows = np.arange(len(offsets))
    return blank(
        rows,
        source=1,
        target=2,
        protocol=UDP,
        fragment=np.array(offsets),
        ident=np.array(ident),
        source_port=np.array(ports),
    )


def test_an_id_used_again_takes_the_new_ports() -> None:
    packets = _pieces([0, 8, 0, 8], [7, 7, 7, 7], [100, 0, 200, 0])
    Fragments().fill(packets, NO_OCTETS)
    assert packets.source_port.tolist() == [100, 100, 200, 200]


def test_the_oldest_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fragments, "TABLE_LIMIT", 2)
    packets = _pieces([0, 0, 0, 8, 8], [1, 2, 3, 1, 3], [10, 20, 30, 0, 0])
    Fragments().fill(packets, NO_OCTETS)
    assert packets.source_port.tolist()[3:] == [0, 30]
