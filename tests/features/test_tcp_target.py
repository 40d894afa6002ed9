from __future__ import annotations

from vedette.features.tcp_target import TcpTarget
from vedette.testing.flows import flows
from vedette.testing.rows import rows_of


def test_counts_shapes_of_one_target() -> None:
    row = rows_of(
        TcpTarget,
        flows(20, every=0.5, src=[f"198.51.100.{i}" for i in range(20)], port=[80, 443] * 10, state="S0", direction=1),
        flows(7, every=0.1, port=80),
        flows(3, state="OTH", history="A", packets_in=0),
        flows(9, proto="udp"),
    ).row(0, named=True)
    assert (row["half_open"], row["completed"], row["stray"], row["syn_ack"]) == (20, 7, 3, 0)
    assert (row["peer_count"], row["lowest_port"], row["highest_port"]) == (21, 80, 443)
    assert row["outbound"] == 0


def test_a_syn_and_its_retransmissions_are_one_try() -> None:
    row = rows_of(TcpTarget, flows(1, state="S0", packets_out=7), flows(1, state="S0", packets_out=1_006)).row(
        0, named=True
    )
    assert row["half_open_packets"] == 1 + 1_000


def test_of_a_reflection_the_victim_is_the_target() -> None:
    row = rows_of(
        TcpTarget,
        flows(
            5,
            src="10.0.0.9",
            dst=[f"198.51.100.{i}" for i in range(5)],
            state="OTH",
            history="^h",
            packets_out=0,
            packets_in=40,
        ),
    ).row(0, named=True)
    assert (row["target"], row["syn_ack"], row["repeated"], row["syn_ack_packets"]) == ("10.0.0.9", 5, 40, 200)
