from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from vedette.events.dates import Calendar
from vedette.sources.authlog.syslog_lines import parse

MODIFIED = datetime(2026, 3, 6, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def one(line: str, modified: datetime = MODIFIED, zone: tzinfo = UTC) -> dict[str, object]:
    frame = parse(pl.DataFrame({"row": [0], "line": [line]}), Calendar.of(modified, zone))
    return frame.to_dicts()[0] if len(frame) else {}


@pytest.mark.parametrize(
    ("line", "want"),
    [
        ("Mar  5 08:01:12 mail sshd[801]: hi", ("mail", "sshd", "801", "hi", "2026-03-05T08:01:12")),
        ("<86>Mar  5 08:01:12 mail sshd[801]: hi", ("mail", "sshd", "801", "hi", "2026-03-05T08:01:12")),
        ("Mar 05 08:01:12.250000 mail sshd[801]: hi", ("mail", "sshd", "801", "hi", "2026-03-05T08:01:12.250000")),
        ("Mar 5 2019 08:01:12 mail sshd[801]: hi", ("mail", "sshd", "801", "hi", "2019-03-05T08:01:12")),
        ("Mär  5 08:01:12 mail sshd[801]: hi", ("mail", "sshd", "801", "hi", "2026-03-05T08:01:12")),
        ("Mar  5 08:01:12 sshd[801]: error: hi: you", (None, "sshd", "801", "error: hi: you", "2026-03-05T08:01:12")),
        ("Mar  5 08:01:12 2001:db8::1 sshd[801]: hi", ("2001:db8::1", "sshd", "801", "hi", "2026-03-05T08:01:12")),
        ("Mar  5 08:01:12 combo su(pam_unix)[801]: hi", ("combo", "su(pam_unix)", "801", "hi", "2026-03-05T08:01:12")),
        (
            "Mar  5 08:01:12 combo syslogd 1.4.1: restart.",
            ("combo", "syslogd", None, "restart.", "2026-03-05T08:01:12"),
        ),
        ("Mar  5 08:01:12 mail -- MARK --", ("mail", None, None, "-- MARK --", "2026-03-05T08:01:12")),
        ("Mar  5 08:01:12 mail kernel: [ 1.5] x: y", ("mail", "kernel", None, "[ 1.5] x: y", "2026-03-05T08:01:12")),
        ("Mar  5 08:01:12 mail app:", ("mail", "app", None, "", "2026-03-05T08:01:12")),
        ("2026-03-05T08:01:12.5+02:00 mail sshd[801]: hi", ("mail", "sshd", "801", "hi", "2026-03-05T06:01:12.500000")),
        ("2026-03-05T08:01:12-0130 mail sshd[801]: hi", ("mail", "sshd", "801", "hi", "2026-03-05T09:31:12")),
        ("2026-03-05T08:01:12Z mail sshd[801]: hi", ("mail", "sshd", "801", "hi", "2026-03-05T08:01:12")),
        ("<34>1 2026-03-05T08:01:12.003Z mail su 7 ID47 - hi", ("mail", "su", "7", "hi", "2026-03-05T08:01:12.003000")),
        (r'<34>1 2026-03-05T08:01:12Z - su - - [a b="\]\"c"][d] hi', (None, "su", None, "hi", "2026-03-05T08:01:12")),
        ("<34>1 2026-03-05T08:01:12Z mail su - - -", ("mail", "su", None, "", "2026-03-05T08:01:12")),
        ("Thu 2026-03-05 08:01:12 UTC mail sshd[801]: hi", ("mail", "sshd", "801", "hi", "2026-03-05T08:01:12")),
        ("1772697672.250000 mail sshd[801]: hi", ("mail", "sshd", "801", "hi", "2026-03-05T08:01:12.250000")),
    ],
)
def test_shapes(line: str, want: tuple[str | None, ...]) -> None:
    got = one(line)
    assert isinstance(got["time"], datetime)
    assert (got["host"], got["program"], got["pid"], got["message"]) == want[:-1]
    assert got["time"] == datetime.fromisoformat(f"{want[-1]}+00:00")


@pytest.mark.parametrize(
    "line",
    [
        "",
        "hello world",
        "Mar 32 08:01:12 mail sshd[1]: no such day",
        "Feb 30 08:01:12 mail sshd[1]: no such day",
        "Mar  5 25:01:12 mail sshd[1]: no such hour",
        "Foo  5 08:01:12 mail sshd[1]: no such month",
        "2026-13-05T08:01:12Z mail sshd[1]: no such month",
        "[    0.000000] mail kernel: no time at all",
        "<34>1 - mail su - - - no time",
        "2026-03-05 08:01:12 mail sshd[1]: another log's stamp",
    ],
)
def test_what_is_no_syslog_line(line: str) -> None:
    assert one(line) == {}


@pytest.mark.parametrize(
    ("stamp", "modified", "year"),
    [
        ("Mar  5 08:00:00", MODIFIED, 2026),
        ("Mar  7 11:59:59", MODIFIED, 2026),  # within the day of grace
        ("Mar  7 12:00:01", MODIFIED, 2025),
        ("Dec 31 23:59:59", datetime(2026, 1, 1, 6, tzinfo=UTC), 2025),
        ("Jan  1 00:00:01", datetime(2026, 1, 1, 6, tzinfo=UTC), 2026),
        ("Jan  1 00:00:01", datetime(2025, 12, 31, 23, tzinfo=UTC), 2026),  # a clock ahead by minutes
        ("Feb 29 08:00:00", MODIFIED, 2024),
        ("Feb 29 08:00:00", datetime(2028, 3, 1, tzinfo=UTC), 2028),
        ("Feb 29 08:00:00", datetime(2028, 2, 1, tzinfo=UTC), 2024),
        ("Feb 29 08:00:00", datetime(2103, 3, 1, tzinfo=UTC), 2096),
    ],
)
def test_a_missing_year_is_the_latest_that_is_not_after_the_file(stamp: str, modified: datetime, year: int) -> None:
    got = one(f"{stamp} mail sshd[1]: x", modified)
    assert isinstance(got["time"], datetime)
    assert got["time"].year == year
    assert got["unmapped"] == '{"year_assumed":true,"zone_assumed":"UTC"}'


@pytest.mark.parametrize(
    ("stamp", "zone", "utc"),
    [
        ("Mar  5 08:00:00", BERLIN, "2026-03-05T07:00:00"),
        ("Jul  5 08:00:00", BERLIN, "2025-07-05T06:00:00"),
        ("Oct 26 02:30:00", BERLIN, "2025-10-26T00:30:00"),  # twice that night: the first
        ("Mar 30 02:30:00", BERLIN, "2025-03-30T01:30:00"),  # never that night: moved on
        ("Mar  5 08:00:00", timezone(timedelta(hours=-5)), "2026-03-05T13:00:00"),
    ],
)
def test_a_missing_zone_is_that_of_the_input(stamp: str, zone: tzinfo, utc: str) -> None:
    got = one(f"{stamp} mail sshd[1]: x", zone=zone)
    assert got["time"] == datetime.fromisoformat(f"{utc}+00:00")
    assert f'"zone_assumed":"{zone}"' in str(got["unmapped"])


def test_what_a_stamp_says_is_not_assumed() -> None:
    assert one("2026-03-05T08:01:12+02:00 mail sshd[801]: hi", zone=BERLIN)["unmapped"] is None
    assert one("2026-03-05T08:01:12 mail sshd[801]: hi", zone=BERLIN)["unmapped"] == '{"zone_assumed":"Europe/Berlin"}'


def test_mixed_shapes_keep_their_order() -> None:
    lines = [
        "Mar  5 08:00:00 a x[1]: 0",
        "2026-03-05T08:00:00Z a x[1]: 1",
        "?",
        "Mar 05 08:00:00 a x y: 3",
        "Mar  5 08:00:00 a x[1]: 4",
    ]
    frame = parse(pl.DataFrame({"row": range(5), "line": lines}), Calendar.of(MODIFIED, UTC))
    assert [(r["row"], r["message"][-1]) for r in frame.to_dicts()] == [(n, str(n)) for n in (0, 1, 3, 4)]
