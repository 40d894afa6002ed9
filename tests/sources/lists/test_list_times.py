from __future__ import annotations

from datetime import UTC
from zoneinfo import ZoneInfo

import polars as pl

from vedette.sources.lists.list_times import times


def test_forms_of_time() -> None:
    texts: list[str | None] = [
        "2024-01-15",
        "2024/01/15 01:05:09.5",
        "2024-01-15T01:05:09-01:30",
        "1705280709",
        "1705280709000",
        "x",
        None,
        "9999-01-01",
        "2024-13-01",
    ]
    told = [t and f"{t:%Y-%m-%d %H:%M:%S}" for t in times(pl.Series(texts), UTC)]
    assert told == [
        "2024-01-15 00:00:00",
        "2024-01-15 01:05:09",
        "2024-01-15 02:35:09",
        "2024-01-15 01:05:09",
        "2024-01-15 01:05:09",
        None,
        None,
        None,
        None,
    ]


def test_a_time_without_a_zone_is_local() -> None:
    (found,) = times(pl.Series(["2024-07-15 12:00"]), ZoneInfo("Europe/Berlin"))
    assert found.hour == 10
