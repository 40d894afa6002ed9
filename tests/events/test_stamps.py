"""Stamps of one layout are read at once, exactly as they are one by one; anything else is left to the caller."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.events.schema import TIME
from vedette.events.stamps import stamps as stamps_of

LIKELY = st.text("0123456789-:.+TZ \n\u0664", min_size=0, max_size=34)
TIMES = st.datetimes(datetime(1000, 1, 1), datetime(9999, 12, 30))  # noqa: DTZ001 - the zone is drawn beside
ZONES = st.integers(-23 * 60 - 59, 23 * 60 + 59)


def stamps(texts: list[str | None]) -> pl.Series | None:
    return stamps_of(pl.Series(texts, dtype=pl.String))


def _written(time: datetime, minutes: int) -> str:
    sign, minutes = "-" if minutes < 0 else "+", abs(minutes)
    return f"{time.isoformat(timespec='microseconds')}{sign}{minutes // 60:02d}{minutes % 60:02d}"


def _one_by_one(texts: list[str | None]) -> pl.Series:
    column = pl.Series(texts, dtype=pl.String)
    return column.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%z", time_unit="us", strict=False).cast(TIME)


@given(st.lists(TIMES, min_size=1, max_size=5), ZONES, st.integers(0, 4))
def test_stamps_of_one_layout_are_the_times_that_they_say(times: list[datetime], minutes: int, gap: int) -> None:
    texts: list[str | None] = [_written(t, minutes) for t in times]
    texts.insert(min(gap, len(texts)), None)
    found = stamps(texts)
    assert found is not None
    assert found.dtype == TIME
    assert found.equals(_one_by_one(texts), null_equal=True)
    assert found.to_list() == [None if t is None else datetime.fromisoformat(t) for t in texts]


@given(st.lists(st.one_of(TIMES.map(lambda t: _written(t, 0)), LIKELY, st.none()), max_size=4))
def test_whatever_the_texts_the_result_is_that_of_each_alone(texts: list[str | None]) -> None:
    found = stamps(texts)
    if found is not None:
        alone = [None if t is None else stamps([t]) for t in texts]
        assert all(a is None or a.len() == 1 for a in alone)
        assert found.to_list() == [None if a is None else a.item() for a in alone]


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-01-02T03:04:05.678901+0000", datetime(2026, 1, 2, 3, 4, 5, 678_901, UTC)),
        ("2026-01-02T03:04:05.678901+01:30", datetime(2026, 1, 2, 1, 34, 5, 678_901, UTC)),
        ("2026-01-02T03:04:05-0830", datetime(2026, 1, 2, 11, 34, 5, 0, UTC)),
        ("2026-01-02T03:04:05.000001Z", datetime(2026, 1, 2, 3, 4, 5, 1, UTC)),
        ("2024-02-29T23:59:59", datetime(2024, 2, 29, 23, 59, 59, 0, UTC)),
        ("1969-12-31T23:59:59.999999Z", datetime(1970, 1, 1, tzinfo=UTC) - timedelta(microseconds=1)),
    ],
)
def test_layouts(text: str, time: datetime) -> None:
    found = stamps([text, text])
    assert found is not None
    assert found.to_list() == [time, time]


@pytest.mark.parametrize(
    "bad",
    [
        "2026-02-29T03:04:05.678901+0000",
        "2026-13-02T03:04:05.678901+0000",
        "2026-00-02T03:04:05.678901+0000",
        "2026-01-00T03:04:05.678901+0000",
        "2026-01-02T24:04:05.678901+0000",
        "2026-01-02T03:60:05.678901+0000",
        "2026-01-02T03:04:60.678901+0000",
        "2026-01-02T03:04:05.678901+2400",
        "2026-01-02T03:04:05.678901+0060",
        "2026-01-02T03:04:05.678901-0000",
        "2026-01-02T03:04:05.67890x+0000",
        "2026-01-02T03:04:05.678901+000\u0660",
        "2026-01-02T03:04:05.67890+0000",
        "2026-01-02 03:04:05.678901+0000",
        "2026-01-02T03:04:05.678901+0000\n2026-01-02T03:04:05.678901+0000",
        "",
    ],
)
def test_one_other_stamp_leaves_all_to_the_caller(bad: str) -> None:
    good = "2026-01-02T03:04:05.678901+0000"
    assert stamps([good, bad]) is None
    assert stamps([good, bad, None]) is None


@pytest.mark.parametrize("texts", [[], [None, None], [""], ["yesterday"], ["2026-01-02"]])
def test_without_a_layout_there_is_no_result(texts: list[str | None]) -> None:
    assert stamps(texts) is None


def test_rows_of_other_lengths_do_not_make_up_for_each_other() -> None:
    good = "2026-01-02T03:04:05.678901+0000"
    assert stamps([good, good + "2", good[1:], good]) is None
