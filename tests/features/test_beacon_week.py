from __future__ import annotations

from vedette.features.beacon_rhythm import field
from vedette.features.beacon_week import BeaconWeek
from vedette.testing.flows import flows
from vedette.testing.rows import rows_of


def test_a_week_is_one_row() -> None:
    """From Monday 8:00 to Wednesday evening every three hours; Thursday begins another week."""
    rows = rows_of(BeaconWeek, flows(30, every=10_800, dst="203.0.113.9", direction=2))
    told = rows.select("event_count", beats=field("beats"), days=field("days"), period=field("period"))
    assert told.rows() == [(22, 22.0, 3.0, 10_800.0), (8, 8.0, 1.0, 10_800.0)]
