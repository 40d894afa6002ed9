from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from vedette.events.dates import Calendar
from vedette.sources.logline.log_stamps import stamped

DATES = Calendar.of(datetime(2026, 6, 1, tzinfo=UTC), UTC)

TABLE = [
    ("2026-01-05 08:00:00.123 UTC [7] x", "2026-01-05T08:00:00.123000", " [7] x"),
    ("2026-01-05T08:00:00.123456Z 0 x", "2026-01-05T08:00:00.123456", " 0 x"),
    ("[2026-01-05T09:00:00,5+0100][info] x", "2026-01-05T08:00:00.500000", "[info] x"),
    ("2026/01/05 08:00:00 [error] x", "2026-01-05T08:00:00", " [error] x"),
    ("26/01/05 08:00:00 INFO x", "2026-01-05T08:00:00", " INFO x"),
    ("Jan 05, 2026 8:00:00 PM x", "2026-01-05T20:00:00", " x"),
    ("Jan  5 2026 12:00:00 AM x", "2026-01-05T00:00:00", " x"),
    ("[Mon Jan 05 08:00:00.25 2026] [core] x", "2026-01-05T08:00:00.250000", " [core] x"),
    ("05-Jan-2026 08:00:00.123 INFO x", "2026-01-05T08:00:00.123000", " INFO x"),
    ("Mon, 05 Jan 2026 08:00:00 +0130 x", "2026-01-05T06:30:00", " x"),
    ("01-05 08:00:00.811  1 2 D x", "2026-01-05T08:00:00.811000", "  1 2 D x"),
    ("[12.24 08:00:00] x", "2025-12-24T08:00:00", " x"),
    ("01/25/2026 08:00:00 PM x", "2026-01-25T20:00:00", " x"),
    ("25/01/2026 08:00:00 x", "2026-01-25T08:00:00", " x"),
    ("20260105-8:0:1:606|x", "2026-01-05T08:00:01.606000", "|x"),
    ("20260105T080000Z x", "2026-01-05T08:00:00", " x"),
    ("260105 080000 148 INFO x", "2026-01-05T08:00:00", " 148 INFO x"),
    ("I0105 08:00:00.123456    1 a.go:1] x", "2026-01-05T08:00:00.123456", "    1 a.go:1] x"),
    ("1767600000.5 x", "2026-01-05T08:00:00.500000", " x"),
    ("1767600000123 x", "2026-01-05T08:00:00.123000", " x"),
    ("12:M 05 Jan 2026 08:00:00.123 * x", "2026-01-05T08:00:00.123000", " * x"),
    ("api.log 2026-01-05 08:00:00.008 7 x", "2026-01-05T08:00:00.008000", " 7 x"),
    ('time="2026-01-05T08:00:00Z" level=info x', "2026-01-05T08:00:00", " level=info x"),
    ("app=a ts=2026-01-05T08:00:00Z x", "2026-01-05T08:00:00", " x"),
    ("- 1767600000 2026.01.05 x", "2026-01-05T08:00:00", " 2026.01.05 x"),
    ("1 node a b 1767600000 1 x", "2026-01-05T08:00:00", " 1 x"),
]


@pytest.mark.parametrize(("line", "time", "rest"), TABLE, ids=[line for line, _, _ in TABLE])
def test_stamps(line: str, time: str, rest: str) -> None:
    found = stamped(pl.DataFrame({"row": [0], "line": [line]}), DATES).row(0, named=True)
    assert found["time"] == datetime.fromisoformat(f"{time}+00:00")
    assert found["rest"] == rest


@pytest.mark.parametrize(
    "line",
    [
        "",
        "no time",
        "2026-13-45 08:00:00 x",
        "2026-01-05 28:00:00 x",
        "at 08:00:00",
        "12345678901234567890 x",
        "x1767600000 y",
    ],
)
def test_no_stamps(line: str) -> None:
    assert stamped(pl.DataFrame({"row": [0], "line": [line]}), DATES).is_empty()


def test_what_is_assumed_is_told() -> None:
    lines = ["01-05 08:00:00 x", "2026-01-05 08:00:00 x", "2026-01-05 08:00:00Z x"]
    found = stamped(pl.DataFrame({"row": range(3), "line": lines}), DATES)
    assert found["assumed"].to_list() == ['{"year_assumed":true,"zone_assumed":"UTC"}', '{"zone_assumed":"UTC"}', None]


def test_every_line_of_the_table_is_parted_among_others_as_alone() -> None:
    lines = [line for line, _, _ in TABLE]
    found = stamped(pl.DataFrame({"row": range(len(lines)), "line": lines}), DATES)
    assert found["rest"].to_list() == [rest for _, _, rest in TABLE]
