from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from vedette.sources.weblog.web_times import times

SEVEN = datetime(2026, 3, 5, 7, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "05/Mar/2026:08:01:12 +0100",
        "5/mar/2026:08:01:12 +0100",
        "05/Mär/2026:08:01:12 +0100",
        "05/mars/2026:08:01:12 +0100",
        "05/mrt./2026:08:01:12 +0100",
        "05/Mar/2026:01:31:12 -0530",
        "05/Mar/2026:07:01:12 GMT",
        "2026-03-05T08:01:12+01:00",
        "2026-03-05 07:01:12Z",
        "1772694072",
        "1772694072000",
    ],
)
def test_every_way_to_write_one_moment(text: str) -> None:
    got = times(pl.Series([text, None]), UTC)
    assert got["time"].to_list() == [SEVEN, None]
    assert got["assumed"].to_list() == [False, False]


@pytest.mark.parametrize(
    "text", ["05/Mar/2026:08:01:12.345678 +0100", "2026-03-05T07:01:12.345678Z", "1772694072.345678"]
)
def test_fractions_are_kept(text: str) -> None:
    assert times(pl.Series([text]), UTC)["time"][0] == SEVEN.replace(microsecond=345_678)


@pytest.mark.parametrize(
    ("text", "zone", "hour"),
    [
        ("05/Mar/2026:08:01:12", UTC, 8),
        ("05/Mar/2026:08:01:12", ZoneInfo("Europe/Berlin"), 7),
        ("2026-03-05 08:01:12", timezone(timedelta(hours=-3)), 11),
    ],
)
def test_a_time_without_a_zone_is_in_the_zone_of_the_input(text: str, zone: tzinfo, hour: int) -> None:
    row = times(pl.Series([text, "05/Mar/2026:08:01:12 +0100"]), zone).row(0)
    assert row == (SEVEN.replace(hour=hour), True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "32/Mar/2026:08:01:12 +0100",
        "29/Feb/2026:08:01:12 +0100",
        "05/Xyz/2026:08:01:12 +0100",
        "05/Mar/2026:25:01:12 +0100",
        "05/Mar/0026:08:01:12 +0100",
        "05/Mar/9999:08:01:12 +0100",
        "9999999999999",
        "now",
    ],
)
def test_no_time(text: str) -> None:
    assert times(pl.Series([text]), UTC)["time"].to_list() == [None]
