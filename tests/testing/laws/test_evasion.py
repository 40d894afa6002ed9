"""Every law of evasions can fail."""

from __future__ import annotations

from random import Random

import polars as pl
import pytest

from vedette.abc import Evasion
from vedette.events.schema import EventClass
from vedette.testing.laws import broken


class Louder(Evasion):
    """Writes URLs in capitals."""

    name = "louder"
    kind = EventClass.EMAIL_URL_ACTIVITY
    column = "url.url_string"
    detectors = ("http_flood",)

    def rewrite(self, events: pl.DataFrame, rng: Random) -> pl.DataFrame:
        return events.with_columns(pl.col("url.url_string").str.to_uppercase())


class Idle(Louder):
    """Does nothing."""

    def rewrite(self, events: pl.DataFrame, rng: Random) -> pl.DataFrame:
        return events


class Losing(Louder):
    """Loses a row."""

    def rewrite(self, events: pl.DataFrame, rng: Random) -> pl.DataFrame:
        return super().rewrite(events, rng).head(59)


class Turning(Louder):
    """Turns the order around."""

    def rewrite(self, events: pl.DataFrame, rng: Random) -> pl.DataFrame:
        return super().rewrite(events, rng).reverse()


class Moody(Louder):
    """Is another each time."""

    calls = 0

    def rewrite(self, events: pl.DataFrame, rng: Random) -> pl.DataFrame:
        Moody.calls += 1
        return events.with_columns(pl.lit(f"http://{Moody.calls}.example/").alias("url.url_string"))


class Lost(Louder):
    """Is aimed at nobody."""

    detectors = ("nobody",)


def test_a_good_evasion_keeps_every_law() -> None:
    assert not broken(Louder)


@pytest.mark.parametrize(
    ("law", "breaker"),
    [
        ("changes_what_it_says", Idle),
        ("keeps_rows_columns_and_order", Losing),
        ("keeps_rows_columns_and_order", Turning),
        ("depends_on_its_chance_alone", Moody),
        ("names_what_it_rewrites", Lost),
    ],
)
def test_every_law_can_be_broken(law: str, breaker: type[Evasion]) -> None:
    assert law in broken(breaker)
