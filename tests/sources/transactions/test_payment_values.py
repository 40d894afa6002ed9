"""Values of payments: exact amounts, times, labels."""

from __future__ import annotations

from datetime import UTC
from decimal import Decimal
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.sources.transactions.payment_values import amounts, labels, times


def read(*texts: str | None) -> list[int | None]:
    return pl.DataFrame({"t": pl.Series(texts, dtype=pl.String)}).select(amounts(pl.col("t"))).to_series().to_list()


@pytest.mark.parametrize(
    ("text", "thousandths"),
    [
        ("12.5", 12_500),
        ("0.07", 70),
        (".5", 500),
        ("5.", 5_000),
        ("1,234.56", 1_234_560),
        ("1.234,56", 1_234_560),
        ("1 234,56 €", 1_234_560),
        ("12,5", 12_500),
        ("1,234", 1_234_000),
        ("12,34,567.5", 1_234_567_500),
        ("EUR 12.50", 12_500),
        ("12.50USD", 12_500),
        ("CHF 1'234.50", 1_234_500),
        ("-3.20", -3_200),
        ("(3.20)", -3_200),
        ("3.20-", -3_200),
        ("2.0004", 2_000),
        ("2.0005", 2_001),
        ("999999999999999.999", 999_999_999_999_999_999),
        ("9999999999999999", None),
        ("1e5", None),
        ("NaN", None),
        ("-", None),
        (".", None),
        ("", None),
        (None, None),
    ],
)
def test_amounts(text: str | None, thousandths: int | None) -> None:
    assert read(text) == [thousandths]


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=3))
def test_amounts_are_exact(amount: Decimal) -> None:
    assert read(f"{amount:f}") == [int(amount * 1000)]


@given(st.text(max_size=30))
def test_any_text_is_an_amount_or_none(text: str) -> None:
    assert len(read(text)) == 1


def told(zone: str, *texts: str | None) -> list[str | None]:
    found = times(pl.Series(texts, dtype=pl.String), UTC if zone == "UTC" else ZoneInfo(zone))
    return [t and f"{t:%Y-%m-%d %H:%M:%S.%f}" for t in found]


def test_times() -> None:
    assert told(
        "UTC", "2026-03-05", "2026-03-05T08:00:01.25Z", "20260305", "2026-03-05 08:00:00+01:30", "5.3.2026 9:00", None
    ) == [
        "2026-03-05 00:00:00.000000",
        "2026-03-05 08:00:01.250000",
        "2026-03-05 00:00:00.000000",
        "2026-03-05 06:30:00.000000",
        None,  # the hour needs two digits
        None,
    ]
    assert told("UTC", "1772697600", "1772697600000", "1772697600000000", "99", "soon", "2026-13-01") == [
        *["2026-03-05 08:00:00.000000"] * 3,
        *[None] * 3,
    ]
    assert told("Europe/Berlin", "05.03.2026 09:00") == ["2026-03-05 08:00:00.000000"]


def test_labels() -> None:
    texts = pl.DataFrame({"t": ["1", " Fraud", "0", "FALSE", "no", "maybe", "", None]})
    assert texts.select(labels(pl.col("t"))).to_series().to_list() == [1, 1, 0, 0, 0, None, None, None]
