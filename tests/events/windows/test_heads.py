"""What every event says of itself."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from vedette.events.windows.heads import heads


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("2026-03-02T08:00:01.2500000Z", "2026-03-02T08:00:01.250000+00:00"),
        ("2026-03-02 08:00:01.25", "2026-03-02T08:00:01.250000+00:00"),
        ("2026-03-02T08:00:01Z", "2026-03-02T08:00:01+00:00"),
        ("2026-03-02T10:00:01.5+02:00", "2026-03-02T08:00:01.500000+00:00"),
        ("/Date(1772438401250)/", "2026-03-02T08:00:01.250000+00:00"),
        ("9999-12-31T00:00:00.0Z", None),
        ("soon", None),
        (None, None),
    ],
)
def test_times(text: str | None, want: str | None) -> None:
    frame, known = heads({"time": [text], "provider": ["p"], "code": [1]}, [4])
    assert known.to_list() == [want is not None]
    assert [t.isoformat() for t in frame["time"]] == ([want] if want else [])


def test_layouts_may_mix() -> None:
    texts = ["2026-03-02T08:00:01.25Z", "2026-03-02 08:00:01", "1601-01-01T00:00:00Z", "x"]
    frame, known = heads({"time": texts}, [0, 1, 2, 3])
    assert known.to_list() == [True, True, True, False]
    assert frame["time"][2] == frame["time"][1], "Windows' zero takes the time before it"


def test_a_zero_without_a_neighbour_takes_the_time_of_the_file() -> None:
    zero = {"time": ["1601-01-01T00:00:00.0Z"]}
    assert not heads(zero, [0])[1].any()
    assert heads(zero, [0], otherwise=datetime(2026, 3, 2, tzinfo=UTC))[0]["time"].to_list() == [
        datetime(2026, 3, 2, tzinfo=UTC)
    ]


def test_a_local_time_is_put_right() -> None:
    texts = {"time": ["2026-03-02 03:00:01", "2026-03-02 08:00:05.5", "2026-03-02 13:30:00"]}
    received = ["2026-03-02T08:00:03Z", "2026-03-02T08:00:06Z", None]
    frame, _ = heads({**texts, "received": received}, [0, 1, 2], local=True)
    assert [t.strftime("%H:%M") for t in frame["time"]] == ["08:00", "08:00", "13:30"]


def test_columns_are_text() -> None:
    frame, _ = heads({"time": ["2026-03-02T08:00:01.0Z"], "code": [4624], "record": [10], "host": [{"odd": 1}]}, [0])
    assert frame.row(0, named=True)["metadata.event_code"] == "4624"
    assert frame["device.hostname"].to_list() == [None]
    assert frame.schema["metadata.uid"] == pl.String
