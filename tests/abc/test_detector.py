from __future__ import annotations

import math
from typing import ClassVar

import polars as pl
import pytest

from vedette.abc import EventFeatures, LogOdds, Role, Term
from vedette.events.schema import EventClass
from vedette.model import Analytic, EntityKind, Severity


class Lines(EventFeatures):
    """Lines of a log."""

    name = "lines"
    needs = EventClass.EVENT_LOG
    requires: ClassVar[tuple[str, ...]] = ("message",)
    uses: ClassVar[tuple[str, ...]] = ("device.hostname",)

    def compute(self, events: pl.LazyFrame) -> pl.LazyFrame:
        return events.with_columns(length=pl.col("message").str.len_chars().cast(pl.Float64))


class Long(LogOdds):
    """A line is long."""

    name = "long"
    title = "Long line"
    needs = Lines
    analytic = Analytic.STATISTICAL
    techniques = ()
    severity = Severity.LOW
    actor = Role(EntityKind.HOST, "device.hostname")
    prior = -2.0
    limit = 5.0

    def terms(self) -> list[Term]:
        return [
            Term(pl.col("length"), pl.format("{} characters", "length"), "length"),
            Term(pl.lit(-1.0), pl.lit("lines are long here"), "habit"),
            Term(pl.lit(None, dtype=pl.Float64), pl.lit("unknown"), "unknown"),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format("{} wrote {} characters.", "device.hostname", "length")


def _rows(*lengths: float | None) -> pl.DataFrame:
    return pl.DataFrame(
        {"length": lengths, "device.hostname": ["web"] * len(lengths)}, schema_overrides={"length": pl.Float64}
    )


@pytest.mark.parametrize(("length", "nats"), [(0.0, 0.0), (3.0, 3.0), (900.0, 5.0), (None, 0.0), (float("nan"), 0.0)])
def test_the_score_is_the_posterior_of_prior_and_bounded_evidence(length: float | None, nats: float) -> None:
    assert Long().score(_rows(length)).to_list() == [pytest.approx(1 / (1 + math.exp(2.0 + 1.0 - nats)))]


def test_reasons_share_the_score_heaviest_first_and_say_what_speaks_against() -> None:
    (reasons,) = Long().reasons(_rows(4.0))
    assert [r.text for r in reasons] == ["4.0 characters", "lines are long here"]
    assert reasons[1].weight < 0
    assert sum(r.weight for r in reasons) == pytest.approx(Long().score(_rows(4.0))[0])


def test_a_row_without_words_still_has_some() -> None:
    rows = _rows(4.0).with_columns(pl.lit(None, dtype=pl.String).alias("device.hostname"))
    assert Long().summaries(rows) == ["Long line"]
