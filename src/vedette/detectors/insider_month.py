"""A person whose days at work have drifted for weeks, each so little that none of them stands out."""

from __future__ import annotations

from typing import ClassVar

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.person_day import QUARTERS, PersonDay
from vedette.features.person_evidence import ratio
from vedette.features.wording import number
from vedette.model import Analytic, EntityKind, Severity

DAYS = 25
"""Days of a person's own before which nothing is a drift."""
NOTABLE = 3.0
"""Spreads from which a drift is named in the summary."""
DRIFTS: dict[str, tuple[tuple[str, ...], str, str]] = {
    "hours": ((*QUARTERS, "weekend"), "works at other hours", "T1078"),
    "copied": (("media", "copied"), "copies more documents to drives", "T1052.001"),
    "mailed": (("home",), "mails more to private mailboxes", "T1048.003"),
    "sent": (("mailed",), "mails more to other organisations", "T1048.003"),
    "uploaded": (("uploaded",), "sends more to sites that keep files", "T1567.002"),
    "leaks": (("leaks",), "visits sites that publish documents more often", "T1567"),
    "jobs": (("jobs",), "looks at job sites more often", ""),
    "machines": (("machines",), "logs on to more computers", "T1078"),
    "files": (("files",), "opens more documents", "T1213"),
    "deleted": (("deleted",), "deletes more documents", "T1485"),
}
"""What drifts -> the numbers behind it, what it says in words, and the technique that it would be."""
SHARE = 0.4
"""Of people who take data little by little, those with whom one of these drifts: a judgement."""


class InsiderMonth(LogOdds):
    """Insider month: a person's days have drifted for weeks, in several ways that go together, while the others' have not.

    What is normal: work changes, and everybody's with the seasons. Somebody who takes data little by little, a few documents a week, does
    nothing unusual on any day, but after weeks the mean day is another one.

    The statistic: per kind of act, how far the mean of the last days (a week's half-life) lies above a slow one (270 days), less what
    everyone's does, in spreads of that over people (``own.NUMBER.drift``, ``docs/how-to/learn-what-is-normal.md``); its tail is taken as
    exponential, for drifts of people are no normal noise, and made a likelihood ratio as in ``insider_day``. The terms are added up
    in nats with prior log-odds. Nobody is judged before five weeks of work.

    What it says is that the work changed, never that somebody did wrong: ask before you conclude.

    Known false positives:

    * another job in the company, a new project, a customer that wants everything by mail;
    * somebody who takes over a colleague's work.

    Blind spots:

    * what went on from the first day that was watched; a drift slower than about a tenth a week;
    * one kind of act alone, however far it drifts, unless it is extreme.

    Example: anna.berg logs on to others' computers, once a week at first, then three times; each time she mails something home.
    """

    name = "insider_month"
    title = "A person's work drifts"
    needs = PersonDay
    analytic = Analytic.STATISTICAL
    techniques = ("T1052.001", "T1048.003", "T1567.002", "T1567", "T1485", "T1078", "T1213")
    severity = Severity.MEDIUM
    corroborates = True
    actor = Role(EntityKind.USER, "person")
    prior: ClassVar[float] = -1.0
    limit: ClassVar[float] = 6.0

    def terms(self) -> list[Term]:
        return [
            Term(
                pl.when(_old & (_drift(fs) > 0)).then(ratio((-_drift(fs)).exp(), SHARE).clip(lower_bound=0.0)),
                pl.format(
                    "{} than before: {} spreads of what people's work drifts here", pl.lit(words), _drift(fs).round(1)
                ),
                f"own.{fs[0]}.drift",
            )
            for fs, words, _ in DRIFTS.values()
        ]

    def sentence(self) -> pl.Expr:
        parts = [pl.when(_old & (_drift(fs) >= NOTABLE)).then(pl.lit(words)) for fs, words, _ in DRIFTS.values()]
        said = pl.concat_str(parts, separator="; ", ignore_nulls=True)
        return pl.format(
            "{} has changed in the last weeks, beside {} days before, while the others have not: {}.",
            "person",
            number(pl.col("age").fill_null(0)),
            pl.when(said == "").then(pl.lit("several little things together")).otherwise(said),
        )

    def attacks(self, rows: pl.DataFrame) -> list[tuple[str, ...]]:
        named = [(fs, uid) for fs, _, uid in DRIFTS.values() if uid]
        told = rows.select((_drift(fs) >= NOTABLE).alias(str(n)) for n, (fs, _) in enumerate(named)).rows()
        return [tuple(dict.fromkeys(uid for (_, uid), yes in zip(named, row, strict=True) if yes)) for row in told]


_old = pl.col("age").fill_null(0) >= DAYS


def _drift(fs: tuple[str, ...]) -> pl.Expr:
    """Return the largest drift of some numbers, at most 40; 0 where none is known."""
    told = pl.max_horizontal(pl.col(f"own.{f}.drift").fill_nan(0.0).fill_null(0.0) for f in fs)
    return told.clip(0.0, 40.0)
