from __future__ import annotations

from vedette.features.udp_reflector import REFLECTORS, UdpReflector
from vedette.testing.flows import flows
from vedette.testing.rows import rows_of


def test_a_row_per_service_port_of_the_sources() -> None:
    rows = rows_of(
        UdpReflector,
        flows(9, proto="udp", sport=53, port=4444, state="S0", src=[f"198.51.100.{i}" for i in range(9)]),
        flows(5, proto="udp", sport=7001, port=4444, state="S0"),
        flows(5, proto="udp", sport=50_000, port=4444, state="S0"),
        flows(5, proto="udp", sport=53, port=4444, state="SF"),
    )
    assert rows.select("peer_port", "service", "flows", "source_count").rows() == [
        (53, "DNS", 9, 9),
        (7001, None, 5, 1),
    ]


def test_a_flow_that_the_port_turned_round_is_turned_back() -> None:
    row = rows_of(
        UdpReflector,
        flows(
            3,
            proto="udp",
            src="10.0.0.9",
            dst="198.51.100.1",
            sport=3333,
            port=47808,
            state="SHR",
            packets_out=0,
            packets_in=2,
        ),
    ).row(0, named=True)
    assert (row["target"], row["service"], row["packets"]) == ("10.0.0.9", "BACnet", 6)


def test_the_table_holds_ports() -> None:
    assert all(0 < port < 65_536 and name for port, name in REFLECTORS.items())
