from __future__ import annotations

import pytest

from vedette.features.udp_target import UdpTarget
from vedette.testing.flows import flows
from vedette.testing.rows import rows_of


def test_parts_answered_from_unanswered() -> None:
    row = rows_of(
        UdpTarget,
        flows(50, every=0.1, proto="udp", state="S0", packets_out=4, bytes_out=400, port=list(range(50))),
        flows(6, proto="udp", state="SF"),
    ).row(0, named=True)
    assert (row["one_way_flows"], row["one_way_packets"], row["answered_flows"]) == (50, 200, 6)
    assert (row["port_count"], row["source_count"], row["bytes_per_packet"]) == (50, 1, 100)
    assert row["packet_rate"] == pytest.approx(200 / 4.9)
