"""Small expressions on edges: absurd numbers count as absent, unknown words keep quiet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import inf, nan

import polars as pl
import pytest

from vedette.events.schema import SCHEMAS, EventClass
from vedette.sources.zeek.expressions import TCP, WHO, after, fitting, named, outcome, sane, version

AT = datetime(2026, 1, 2, tzinfo=UTC)


def value(expression: pl.Expr, found: object, dtype: type[pl.DataType]) -> object:
    return pl.DataFrame({"x": pl.Series([found], dtype=dtype)}).select(expression.alias("y"))["y"].item()


@pytest.mark.parametrize(
    ("seconds", "kept"),
    [(0.0, 0.0), (1e9, 1e9), (-0.001, None), (1.1e9, None), (inf, None), (-inf, None), (nan, None), (None, None)],
)
def test_lengths_of_time(seconds: float | None, kept: float | None) -> None:
    assert value(sane(pl.col("x")), seconds, pl.Float64) == kept
    end = value(after(pl.lit(AT), pl.col("x")), seconds, pl.Float64)
    assert end == AT + timedelta(seconds=kept or 0)


def test_microseconds_are_kept() -> None:
    assert value(after(pl.lit(AT), pl.col("x")), 0.123457, pl.Float64) == AT + timedelta(microseconds=123_457)


@pytest.mark.parametrize(
    ("address", "number"), [("10.0.0.1", 4), ("::1", 6), ("::ffff:1.2.3.4", 6), ("", 4), (None, None)]
)
def test_ip_versions(address: str | None, number: int | None) -> None:
    assert value(version(pl.col("x")), address, pl.String) == number


@pytest.mark.parametrize(("flag", "status"), [(True, 1), (False, 2), (None, None)])
def test_outcomes(flag: bool | None, status: int | None) -> None:
    assert value(outcome(pl.col("x")), flag, pl.Boolean) == status


@pytest.mark.parametrize(("word", "default", "number"), [("tcp", None, 6), ("TCP", None, None), ("TCP", 9, 9)])
def test_names_have_numbers(word: str, default: int | None, number: int | None) -> None:
    assert value(named(pl.col("x"), {"tcp": 6}, default), word, pl.String) == number


@pytest.mark.parametrize("kind", [EventClass.EVENT_LOG, EventClass.EMAIL_ACTIVITY, EventClass.NETWORK_ACTIVITY])
def test_only_what_a_class_has_fits(kind: EventClass) -> None:
    found = fitting(kind, WHO, TCP)
    assert found.keys() == (WHO.keys() | TCP.keys()) & SCHEMAS[kind].keys()
    assert all(found[name] is (TCP | WHO)[name] for name in found)
