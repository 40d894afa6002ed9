from __future__ import annotations

from vedette.features.idle_connection import IdleConnection
from vedette.testing.flows import flows
from vedette.testing.rows import rows_of


def test_parts_idle_mute_and_busy() -> None:
    row = rows_of(
        IdleConnection,
        flows(4, port=80, seconds=120.0, payload_out=300, payload_in=0),
        flows(3, port=80, seconds=120.0, payload_out=300, payload_in=200),
        flows(2, port=80, seconds=120.0, payload_out=300, payload_in=9_000_000),
        flows(5, port=80, seconds=0.2),
        flows(6, port=80, state="S0"),
        flows(7, port=25, seconds=120.0, payload_in=0),
    ).row(0, named=True)
    assert (row["idle_flows"], row["mute_flows"], row["busy_flows"], row["idle_seconds"]) == (7, 4, 7, 840)
