from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.sources.mail.mail_times import date, first_time, received_time

MOMENT = datetime(2026, 3, 5, 8, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "stamp",
    [
        "Thu, 5 Mar 2026 09:01:12 +0100",
        "5 Mar 2026 08:01:12 GMT",
        " Thu, 05 Mar 2026 08:01:12 -0000 (UTC)",
        "Thu, 5 Mar 2026 03:01:12 EST",
        "Thu Mar  5 08:01:12 2026",
    ],
)
def test_dates_are_read(stamp: str) -> None:
    assert date(stamp) == MOMENT


@pytest.mark.parametrize(
    "stamp",
    [
        "",
        "yesterday",
        "1 Jan 1900 00:00:00 +0000",
        "1 Jan 9999 00:00:00 +0000",
        "31 Feb 2026 00:00:00 +0000",
        "9" * 500,
        "1 Jan 2026 00:00:00 +9999",
        "1 Jan 99999999999999999999 00:00:00 +0000",
        "Mon, 99 Jan 2026 00:00:00",
    ],
)
def test_what_is_no_date_is_none(stamp: str) -> None:
    assert date(stamp) is None


def test_the_newest_received_date_counts_then_what_the_sender_claims() -> None:
    newest, older = "by a; Thu, 5 Mar 2026 09:01:12 +0100", "by b; Wed, 4 Mar 2026 09:01:12 +0100"
    assert first_time([newest, older], "1 Jan 2001 00:00:00 +0000") == MOMENT
    assert first_time(["by a with no date", newest], "") == MOMENT
    assert first_time(["by a; no date"], "Thu, 5 Mar 2026 09:01:12 +0100") == MOMENT
    assert first_time([], "") is None
    assert received_time("no semicolon 5 Mar 2026 08:01:12 GMT") is None


@given(st.text(max_size=60))
def test_any_text_is_a_date_or_none(text: str) -> None:
    date(text)
    date("Thu, 5 Mar 2026 " + text)
