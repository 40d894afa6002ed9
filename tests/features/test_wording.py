from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl
import pytest

from vedette.features.wording import agreed, joined, names_of, number, span

START = datetime(2026, 3, 2)  # noqa: DTZ001 - only differences are told


@pytest.mark.parametrize(
    ("value", "exact_below", "text"),
    [
        (7, None, "7"),
        (1021, None, "1,021"),
        (1234567, None, "1,234,567"),
        (99.6, None, "100"),
        (500, 512, "500"),
        (2149.0, 512, "about 2,100"),
    ],
)
def test_number(value: float, exact_below: int | None, text: str) -> None:
    assert pl.DataFrame({"n": [value]}).select(number(pl.col("n"), exact_below)).item() == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.5, "0.5 s"), (119, "119.0 s"), (120, "2.0 minutes"), (9000, "2.5 hours"), (7 * 86_400, "7.0 days")],
)
def test_span(seconds: float, text: str) -> None:
    rows = pl.DataFrame({"a": [START], "b": [START + timedelta(seconds=seconds)]})
    assert rows.select(span("a", "b")).item() == text


def test_names_of_bits() -> None:
    rows = pl.DataFrame({"kinds": [0, 1, 5]})
    assert rows.select(names_of("kinds", {"SYN": 1, "FIN": 2, "UDP": 4})).to_series().to_list() == [
        "",
        "SYN",
        "SYN, UDP",
    ]


def test_the_first_of_a_list() -> None:
    rows = pl.DataFrame({"ports": [[22, 80, 443], []]}, schema={"ports": pl.List(pl.Int32)})
    assert rows.select(joined("ports", 2)).to_series().to_list() == ["22, 80", ""]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1 addresses tried 21 ports on 1 hosts", "1 address tried 21 ports on 1 host"),
        ("10.0.0.1 ports, 0.1 hours, 2,1 users, 1,001 packets", "10.0.0.1 ports, 0.1 hours, 2,1 users, 1,001 packets"),
        ("held 1 nearly idle connections for 1 minutes", "held 1 nearly idle connection for 1 minute"),
    ],
)
def test_one_is_singular(text: str, said: str) -> None:
    assert agreed(text) == said
