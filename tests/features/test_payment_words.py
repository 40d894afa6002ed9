"""Payments in words."""

from __future__ import annotations

import polars as pl
import pytest

from vedette.features.payment import Payment
from vedette.features.payment_history import MEASURES
from vedette.features.payment_words import THEMES, frauds_there, named, sentence, story, texts, times
from vedette.testing.payments import Paid, payments
from vedette.testing.rows import rows_of


def last(*paid: Paid) -> dict[str, str]:
    rows = rows_of(Payment, payments(*paid))
    return rows.select(sentence=sentence(), frauds=frauds_there(), **texts())[-1].to_dicts()[0]


def test_every_measure_has_a_theme_and_every_theme_words() -> None:
    assert set(THEMES) == set(MEASURES)
    assert set(THEMES.values()) == set(texts())


def test_how_the_amount_compares() -> None:
    before: list[Paid] = [(k, "a", "t", 10, None, None) for k in range(5)]
    assert last(*before, (6, "a", "t", 120, None, None))["size"] == "120.00, 12 times this account's usual amount"
    assert last(*before, (6, "a", "t", 11, None, None))["size"] == "11.00, about what this account pays"
    assert last((6, "a", "t", 1234.5, None, None))["size"] == "1,234.50, of an account with no payment in sixty days"


def test_what_is_known_of_a_place() -> None:
    bad: list[Paid] = [(k, f"a{k}", "t", 10, int(k > 1), k + 1) for k in range(5)]
    assert (
        last(*bad, (9, "b", "t", 1, None, None))["frauds"]
        == "3 of 5 payments there known as fraud in 30 days, the last 3 in a row"
    )
    assert last(*bad, (9, "b", "u", 1, None, None))["frauds"] == "nothing known of payments there"
    assert (
        last(*bad, (50, "b", "t", 1, None, None))["frauds"]
        == "3 frauds there known in sixty days, none in the last 30 days"
    )


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("card-17", "card-17"),
        ("4111-1111-1111-1234", "account ending in 1234"),
        ("17", "account 17"),
        ("x" * 60, "x" * 40),
        (None, None),
    ],
)
def test_names(name: str | None, shown: str | None) -> None:
    assert pl.DataFrame({"n": pl.Series([name], dtype=pl.String)}).select(named("n", "account")).item() == shown


def test_times_and_sentence() -> None:
    frame = pl.DataFrame({"r": [2.44, 12.4]})
    assert frame.select(times(pl.col("r"))).to_series().to_list() == ["2.4 times", "12 times"]
    assert last((1, "a", "t", -3.05, None, None))["sentence"] == "a paid -3.05 to t"


def test_the_story_tells_what_is_odd_and_nothing_else() -> None:
    before: list[Paid] = [(k, "a", "t", 10, int(k == 4), k + 0.5) for k in range(5)]
    quiet = rows_of(Payment, payments(*before, (6, "a", "u", 10, None, None)))[-1]
    assert quiet.select(story()).item() == "a paid 10.00 to u."
    loud = rows_of(Payment, payments(*before, (6, "a", "t", 200, None, None), (6.5, "a", "t", 120, None, None)))
    assert (
        loud[-2].select(story()).item()
        == "a paid 200.00 to t: 20 times its usual amount; 1 of 5 payments there known as fraud in 30 days."
    )
    assert (
        "; 1 payments of three times its usual amount in the 7 days before, 1 in 30 days; "
        in loud[-1].select(story()).item()
    )
