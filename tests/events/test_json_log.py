"""A log of objects: rows by class, rejects for what is none, times as services write them."""

from __future__ import annotations

import io
from collections.abc import Iterator

import polars as pl
import pytest

from vedette.errors import SourceError
from vedette.events.json_log import JsonLog, shaped, times
from vedette.events.json_records import records
from vedette.events.schema import EventClass

PATHS = {"time": ("when",), "api.operation": ("what",), "unmapped.extra": ("extra",)}


def _calls(frame: pl.DataFrame) -> Iterator[tuple[EventClass, pl.DataFrame]]:
    yield EventClass.API_ACTIVITY, frame


def test_rows_and_rejects_account_for_every_record() -> None:
    log = JsonLog("made", PATHS, ("api.operation",))
    data = b'{"when":"2026-01-02T03:04:05Z","what":"Get","extra":1}\n{"when":"soon","what":"Get"}\n{"when":"2026-01-02"}\nno\n'
    rows, rejects = log.batches(records(io.BytesIO(data)), _calls)
    assert rows.frame["unmapped.extra"].to_list() == ["1"]
    assert rows.frame["metadata.sequence"].to_list() == [0]
    assert rejects.records == 3
    told = " ".join(rejects.frame["status_detail"])
    assert "no readable time" in told
    assert "lacks api.operation" in told
    assert "not a JSON object" in told


def test_what_was_read_before_an_error_stays() -> None:
    log = JsonLog("made", PATHS, ("api.operation",))
    batches = log.batches(records(io.BytesIO(b'[{"when":"2026-01-02T03:04:05Z","what":"Get"}]]')), _calls)
    assert len(next(batches)) == 1
    with pytest.raises(SourceError):
        list(batches)


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-01-02T03:04:05Z", "2026-01-02 03:04:05+00:00"),
        ("2026-01-02T03:04:05", "2026-01-02 03:04:05+00:00"),
        ("2026-01-02 03:04:05.1234567", "2026-01-02 03:04:05.123456+00:00"),
        ("2026-01-02T05:04:05+02:00", "2026-01-02 03:04:05+00:00"),
        ("2026-01-02T03:04Z", "2026-01-02 03:04:00+00:00"),
        ("1767323045", "2026-01-02 03:04:05+00:00"),
        ("1767323045500", "2026-01-02 03:04:05.500000+00:00"),
        ("2026-13-02T03:04:05Z", "None"),
        ("9999-01-01T00:00:00Z", "None"),
        ("", "None"),
    ],
)
def test_times(text: str, utc: str) -> None:
    assert str(times(pl.Series([text]))[0]) == utc


def test_texts_take_the_types_of_their_class() -> None:
    rows = pl.DataFrame(
        {"time": times(pl.Series(["2026-01-02T03:04:05Z"])), "actor.session.is_mfa": "True", "resources.name": "main"}
        | {"api.response.code": "403", "none.of": "it", "unmapped.a": pl.Series([None], dtype=pl.String)}
    )
    made = shaped(rows, EventClass.API_ACTIVITY)
    assert made.drop("time").rows() == [(True, ["main"], 403)]
