from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from vedette.events.dates import Calendar


@pytest.mark.parametrize(
    ("stamp", "expected"),
    [
        ("03-05 08:00:00", "2026"),
        ("03-07 11:00:00", "2026"),
        ("03-07 13:00:00", "2025"),
        ("12-31 00:00:00", "2025"),
        ("02-29 00:00:00", "2024"),
    ],
)
def test_the_year_is_the_latest_that_is_not_after_the_last_change(stamp: str, expected: str) -> None:
    calendar = Calendar.of(datetime(2026, 3, 6, 12, tzinfo=UTC), UTC)
    assert pl.DataFrame({"s": [stamp]}).select(calendar.year(pl.col("s"))).item() == expected


def test_local_times_become_utc_also_in_the_hours_that_are_skipped_or_twice() -> None:
    calendar = Calendar.of(datetime(2026, 12, 1, tzinfo=UTC), ZoneInfo("Europe/Berlin"))
    local = pl.Series(["2026-03-29 02:30", "2026-10-25 02:30"]).str.to_datetime(time_unit="us")
    found = pl.DataFrame({"t": local}).select(calendar.utc(pl.col("t"))).to_series().to_list()
    assert [t.hour for t in found] == [1, 0]


def test_what_was_assumed_is_told() -> None:
    calendar = Calendar.of(None, UTC)
    assert calendar.note(year=True, zone=True) == '{"year_assumed":true,"zone_assumed":"UTC"}'
    assert calendar.note(year=False, zone=False) is None
