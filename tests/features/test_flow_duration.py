from __future__ import annotations

from datetime import timedelta

from vedette.features.flow_duration import FlowDuration
from vedette.testing.flows import flows
from vedette.testing.rows import rows_of


def test_the_longest_of_a_pair_and_port_in_an_hour() -> None:
    long = flows(2, every=60.0, seconds=7200.0, app="tls", bytes_out=10, bytes_in=20, direction=2)
    longer = flows(1, seconds=9000.0, app=None, bytes_out=1, bytes_in=None, direction=2)
    row = rows_of(FlowDuration, long, longer, flows(50, seconds=30.0)).row(0, named=True)
    assert (row["longest"], row["connections"], row["app"], row["bytes"]) == (timedelta(hours=2.5), 3, "tls", 61)
    assert (row["inside"], row["across"]) == (True, True)


def test_short_ones_and_absurd_ones_do_not_count() -> None:
    assert not rows_of(FlowDuration, flows(9, seconds=3599.0), flows(seconds=400 * 86_400.0)).height
