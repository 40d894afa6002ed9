"""Every law of detectors can fail."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

import polars as pl
import pytest

from vedette.abc import Detector, LogOdds, Role, Term, WindowFeatures
from vedette.events.schema import EventClass
from vedette.model import Analytic, EntityKind, Reason, Severity
from vedette.testing.laws import broken


class Sent(WindowFeatures):
    """Bytes sent per source."""

    name = "sent"
    needs = EventClass.NETWORK_ACTIVITY
    requires: ClassVar[tuple[str, ...]] = ("src_endpoint.ip", "traffic.bytes_out")
    keys: ClassVar[tuple[str, ...]] = ("src_endpoint.ip",)
    windows: ClassVar[tuple[timedelta, ...]] = (timedelta(minutes=10),)

    def partial(self) -> list[pl.Expr]:
        return [pl.col("traffic.bytes_out").sum().alias("bytes")]

    def merge(self) -> list[pl.Expr]:
        return [pl.col("bytes").sum()]

    def finish(self) -> list[pl.Expr]:
        return [pl.col("bytes").cast(pl.Float64)]


class Much(LogOdds):
    """Somebody sends much.

    Known false positives:
        - backups

    Blind spots:
        - little
    """

    name = "much"
    title = "Much sent"
    needs = Sent
    analytic = Analytic.STATISTICAL
    techniques: ClassVar[tuple[str, ...]] = ("T1048",)
    severity = Severity.LOW
    actor = Role(EntityKind.ADDRESS, "src_endpoint.ip")

    def terms(self) -> list[Term]:
        return [Term((pl.col("bytes") + 1).log(), pl.format("{} bytes", "bytes"), "bytes")]

    def sentence(self) -> pl.Expr:
        return pl.format("{} sent {} bytes.", "src_endpoint.ip", "bytes")


class OutOfRange(Much):
    __doc__ = Much.__doc__

    def score(self, rows: pl.DataFrame) -> pl.Series:
        return rows["bytes"].fill_null(0.0).alias("score")


class NotANumber(Much):
    __doc__ = Much.__doc__

    def score(self, rows: pl.DataFrame) -> pl.Series:
        return (
            super().score(rows)
            * rows.select(pl.when(pl.col("bytes") > 0).then(1.0).otherwise(float("nan"))).to_series()
        )


class Relative(Much):
    __doc__ = Much.__doc__

    def score(self, rows: pl.DataFrame) -> pl.Series:
        return (rows["bytes"].rank() / max(rows.height, 1)).fill_null(0.0).alias("score")


class Hoarder(Much):
    __doc__ = Much.__doc__

    def __init__(self) -> None:
        self.seen: list[int] = []

    def score(self, rows: pl.DataFrame) -> pl.Series:
        self.seen.append(rows.height)
        return super().score(rows)


class Silent(Much):
    __doc__ = Much.__doc__

    def reasons(self, rows: pl.DataFrame) -> list[tuple[Reason, ...]]:
        return [()] * rows.height


class Exaggerating(Much):
    __doc__ = Much.__doc__

    def reasons(self, rows: pl.DataFrame) -> list[tuple[Reason, ...]]:
        return [(Reason("much", 2.0),)] * rows.height


class Inventor(Much):
    __doc__ = Much.__doc__
    techniques: ClassVar[tuple[str, ...]] = ("T9999",)


class Nobody(Much):
    __doc__ = Much.__doc__
    actor = Role(EntityKind.ADDRESS, "src")


class Boaster(Much):
    """Knows no limits."""


@pytest.mark.parametrize(
    ("detector", "breaks"),
    [
        (OutOfRange, "gives_a_score_per_row"),
        (NotANumber, "gives_a_score_per_row"),
        (Relative, "is_pure"),
        (Hoarder, "keeps_no_state"),
        (Silent, "says_why"),
        (Exaggerating, "says_why"),
        (Inventor, "names_real_techniques"),
        (Nobody, "names_real_columns"),
        (Boaster, "tells_its_limits"),
    ],
)
def test_each_law_can_fail(detector: type[Detector], breaks: str) -> None:
    assert breaks in broken(detector)


def test_a_good_detector_breaks_none() -> None:
    assert broken(Much) == set()
