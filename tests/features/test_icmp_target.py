from __future__ import annotations

from vedette.features.icmp_target import IcmpTarget
from vedette.testing.flows import flows
from vedette.testing.rows import rows_of


def test_counts_packets_and_answers_of_both_versions() -> None:
    row = rows_of(
        IcmpTarget,
        flows(2, proto="icmp", packets_out=10, packets_in=9, bytes_out=840),
        flows(1, proto="icmp6", packets_out=5, packets_in=0, bytes_out=420, src="10.0.0.6"),
        flows(4, proto="udp"),
    ).row(0, named=True)
    assert (row["packets"], row["answers"], row["source_count"], row["bytes_per_packet"]) == (25, 18, 2, 84)
