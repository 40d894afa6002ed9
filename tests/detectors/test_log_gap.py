"""When a hole is worth a word."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from vedette.detectors.log_gap import LogGap


def _row(missing: int, seen: int, holes: int) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "time": [datetime(2026, 3, 2, 9, tzinfo=UTC)],
            "since": [datetime(2026, 3, 2, 8, tzinfo=UTC)],
            "host": ["ws7"],
            "channel": ["Security"],
            "missing": [missing],
            "seen": [seen],
            "holes": [holes],
        }
    )


@pytest.mark.parametrize(
    ("missing", "seen", "holes", "found"),
    [
        (1, 5_000, 0, True),
        (40, 5_000, 2, True),
        (1, 50, 0, False),
        (1, 5_000, 900, False),
        (90_000, 300, 0, False),
    ],
)
def test_what_is_found(missing: int, seen: int, holes: int, found: bool) -> None:
    assert (LogGap().score(_row(missing, seen, holes))[0] >= LogGap.threshold) is found


def test_words() -> None:
    said = LogGap().summaries(_row(1, 900, 0))[0]
    assert said == "The log Security of ws7 lacks 1 record between 02 March 2026, 08:00:00 and 09:00:00."
