"""A column of a field holds what its texts say, whether all are written as Suricata does or some are not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from vedette.events.schema import TIME
from vedette.sources.suricata.typed import typed

FULL = "2001:0db8:0000:0000:0000:0000:0000:0001"
FAR = datetime(9999, 12, 31, 23, 59, 59, 0, UTC)
USUAL, AT = "2026-01-02T03:04:05.250000+0000", datetime(2026, 1, 2, 3, 4, 5, 250_000, UTC)


def column(name: str, values: list[Any], dtype: pl.DataType | type[pl.DataType] = pl.String) -> pl.Series:
    return typed(pl.DataFrame({name: pl.Series(values, dtype=dtype)}))[name]


@pytest.mark.parametrize("others", [[], [None], ["2026-01-02T04:04:05.25+0100"], ["x"], [None, "x"]])
@pytest.mark.parametrize("name", ["timestamp", "flow.start", "flow.end", "tls.notbefore", "tls.notafter"])
def test_a_time_is_the_same_among_stamps_of_any_layout(name: str, others: list[str | None]) -> None:
    found = column(name, [USUAL, *others, USUAL])
    assert found.dtype == TIME
    assert found.to_list() == [AT, *([AT] if others == ["2026-01-02T04:04:05.25+0100"] else [None] * len(others)), AT]


@pytest.mark.parametrize("others", [[], ["x"]])
@pytest.mark.parametrize(("name", "kept"), [("timestamp", None), ("flow.end", None), ("tls.notafter", FAR)])
def test_only_a_certificate_lasts_until_the_end_of_time(name: str, kept: datetime | None, others: list[str]) -> None:
    found = column(name, ["9999-12-31T23:59:59", *others])
    assert found[0] == kept


@pytest.mark.parametrize(
    ("name", "values", "dtype", "found"),
    [
        ("tcp.tcp_flags", ["1b", "00", None, "zz", "1b", "f" * 40, ""], pl.Int32, [27, 0, None, None, 27, None, None]),
        ("src_port", [1, None, 65_535], pl.Int32, [1, None, 65_535]),
        ("flow_id", [1 << 60, None, -1], pl.String, [str(1 << 60), None, "-1"]),
        ("src_ip", [FULL, None, "192.0.2.1", "x" * 39, FULL], pl.String, ["2001:db8::1", None, "192.0.2.1", "x" * 39, "2001:db8::1"]),
        ("dest_ip", ["2001:db8::1", ""], pl.String, ["2001:db8::1", ""]),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)  # fmt: skip
def test_fields_with_a_type_of_their_own(name: str, values: list[Any], dtype: pl.DataType, found: list[Any]) -> None:
    got = column(name, values, pl.Int64 if any(isinstance(v, int) for v in values) else pl.String)
    assert got.dtype == dtype
    assert got.to_list() == found


@pytest.mark.parametrize("name", ["timestamp", "tls.notafter", "tcp.tcp_flags", "src_ip", "http.url"])
def test_no_rows_and_nothing_in_any(name: str) -> None:
    assert column(name, []).len() == 0
    assert column(name, [None, None]).to_list() == [None, None]


def test_any_other_field_is_as_it_was_decoded() -> None:
    raw = pl.DataFrame({"http.url": [FULL, USUAL, None], "alert.gid": [1, None, 3]})
    assert typed(raw).equals(raw, null_equal=True)
