from __future__ import annotations

import polars as pl
import pytest

from vedette.features import exfiltration_evidence as evidence


def _of(expr: pl.Expr, **columns: object) -> object:
    return pl.DataFrame({c: [v] for c, v in columns.items()}).select(expr).item()


def test_the_surprise_is_that_of_students_t() -> None:
    """At three spreads above: density of t3 there, against a tenth of a nat's everywhere."""
    at_three = 0.36755 / (1 + 9 / 3) ** 2
    told = pl.select(evidence.surprise(pl.lit(3.0), pl.lit(1.0))).item()
    assert told == pytest.approx(pl.select((0.1 / pl.lit(at_three)).log()).item(), abs=1e-3)


def test_the_further_out_the_more_and_nothing_below() -> None:
    told = pl.DataFrame({"d": [-2.0, 0.0, 1.0, 3.0, 6.0, 9.0]}).select(evidence.surprise(pl.col("d"), pl.lit(1.5)))
    values = told.to_series()
    assert values[0] == values[1] == evidence.BELOW
    assert values.is_sorted()
    assert values[-1] < 8


def test_a_wider_spread_makes_the_same_deviation_tell_more() -> None:
    narrow, wide = (pl.select(evidence.surprise(pl.lit(4.0), pl.lit(s))).item() for s in (0.5, 2.0))
    assert wide > narrow


@pytest.mark.parametrize(("held", "nats"), [(0.0, -5.0), (1e8, 0.0), (1e12, 2.0)])
def test_amounts(held: float, nats: float) -> None:
    assert pl.select(evidence.amount(pl.lit(held))).item() == pytest.approx(nats)


@pytest.mark.parametrize(
    ("others", "actors", "sign"),
    [(0, 500, 1), (0, 4, 0), (1, 500, 1), (40, 500, -1), (400, 500, -1), (3, 8, -1)],
)
def test_rarity(others: int, actors: int, sign: int) -> None:
    nats = _of(evidence.rarity(pl.col("o")).evidence, o=others, actors=actors)
    assert isinstance(nats, float | None)
    assert ((nats or 0) > 0) - ((nats or 0) < 0) == sign


def test_rarity_says_how_many() -> None:
    text = evidence.rarity(pl.col("o")).text
    assert _of(text, o=0, actors=1_200) == "none of the 1,199 other hosts that send anything ever sent there"
    assert _of(text, o=3, actors=1_200) == "3 of 1,199 other hosts send there too"


@pytest.mark.parametrize(("got", "nats"), [(10, 0.5), (200, None), (900, -2.0)])
def test_a_call_is_no_file(got: int, nats: float | None) -> None:
    assert _of(evidence.one_sided().evidence, sent=1_000, got=got) == nats


@pytest.mark.parametrize(
    ("held", "text"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1_000, "1.0 kB"),
        (45_678, "46 kB"),
        (4_234_000_000, "4.2 GB"),
        (31e9, "31 GB"),
        (2.5e12, "2.5 TB"),
    ],
)
def test_amounts_in_words(held: float, text: str) -> None:
    assert pl.select(evidence.size(pl.lit(held))).item() == text


def test_what_is_usual_in_words() -> None:
    told = _of(evidence.usual("f"), **{"normal.f.mean": 15.0, "normal.f.spread": 1.0})
    assert told == "1.2 MB to 8.9 MB"
