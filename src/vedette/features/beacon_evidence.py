"""What a rhythm is worth: the evidence that tells an implant's beacon from the many honest programs that keep time.

Regularity alone is no evidence of malice: clocks, updates, push services and dashboards keep better time than implants do. So the
evidence of the rhythm itself is limited, and what decides is what else is known: whether anybody else goes there (software is installed
on many hosts, an implant's master is asked by few), whether the intervals are spread as if on purpose, whether what is sent is always
the same size, how much of the day it goes on, and whether it is new. The sizes of the likelihood ratios are judgements, chosen on
simulated beacons and on ``rita-test-data`` (docs/reference/beacons.md); none was fitted to the data that the tables report as test.
"""

from __future__ import annotations

import polars as pl

from vedette.abc import Term
from vedette.features.beacon_rhythm import BOUNDS, RATIOS, field
from vedette.features.wording import number

RHYTHM = 8.0
"""Nats that the rhythm may count for: nearly what a prior of one in ten thousand costs."""
ALIVE = 2.0
"""Nats of a rhythm below which there is none."""
NONE = -12.0
JITTER = (1.1, 2.0)
"""Spread of the intervals from which they look jittered on purpose, and what that is worth."""
EXACT = -0.7
"""What it is worth when they are as exact as a timer's: implants without jitter exist, but timers are far more."""
STEADY = 0.5
"""Share of regular intervals from which their spread tells anything."""
HOSTS = 5
"""Hosts below which there is nobody to compare with."""
KNOWN_DAYS = 5
"""Days of history below which nothing is new."""
HEAVY_BYTES = (20_000.0, 100_000.0)
"""Bytes a contact: more than a question for orders; a transfer."""

_share = field("regular") / field("gaps")
_actors, _days = pl.col("actors").fill_null(0), pl.col("windows").fill_null(0)


def rhythm() -> Term:
    """The regularity of the intervals; without any, nothing else counts."""
    nats = field("nats").fill_null(0.0)
    chance = _chance()
    text = pl.format(
        "interval {}: {} of {} gaps are from {} to {} long (of random contacts at most {} %)",
        _share.round(2),
        number(field("regular")),
        number(field("gaps")),
        length(field("low")),
        length(field("high")),
        (100 * chance).round(0).cast(pl.Int64),
    )
    evidence = pl.when(nats >= ALIVE).then(nats.clip(0.0, RHYTHM)).otherwise(NONE)
    return Term(evidence, text.fill_null("no rhythm"), "rhythm")


def jitter() -> Term:
    """Whether the intervals vary as a program's that is told to vary them, or are exact."""
    low, high = field("low"), field("high")
    spread = (high - 1) / low.clip(lower_bound=1.0)  # whole seconds: one more is none
    wide, nats = JITTER
    evidence = pl.when((_share >= STEADY) & (field("nats") >= ALIVE)).then(
        pl.when(spread >= wide).then(nats).otherwise(EXACT)
    )
    varied = pl.format(
        "jitter {} %: the intervals are spread evenly, as on purpose", (100 * (1 - low / high)).round(0).cast(pl.Int64)
    )
    return Term(evidence, pl.when(spread >= wide).then(varied).otherwise(pl.lit("as exact as a timer")), "rhythm")


def duration() -> Term:
    """How much of the day it goes on."""
    hours = field("hours")
    evidence = (
        pl.when(hours >= 12)  # noqa: PLR2004 - steps of a judgement
        .then(1.0)
        .when(hours >= 6)  # noqa: PLR2004
        .then(0.7)
        .when(hours >= 3)  # noqa: PLR2004
        .then(0.0)
        .when(hours >= 2)  # noqa: PLR2004
        .then(-0.7)
        .otherwise(-1.5)
    )
    text = pl.format(
        "duration {}: in {} of 24 hours", (hours / 24).round(2), hours.clip(0, 1e6).round(0).cast(pl.Int64)
    )
    return Term(pl.when(hours > 0).then(evidence), text, "rhythm")


def prevalence(what: str) -> Term:
    """How many other hosts ever went there: software is on many, an implant's master is asked by few.

    Args:
        what: the place in words.
    """
    others = _others(0)
    share = others / (_actors - 1).clip(lower_bound=1)
    evidence = (
        pl.when(_actors < HOSTS)
        .then(0.0)
        .when(others == 0)
        .then(1.5)
        .when(share >= 0.3)  # noqa: PLR2004 - a third of the hosts
        .then(-6.0)
        .when(others <= 2)  # noqa: PLR2004
        .then(-0.5)
        .otherwise(-2.5)
    )
    alone = pl.format("prevalence 1 of {} hosts: no other goes to {}", number(_actors), pl.lit(what))
    shared = pl.format("prevalence {} of {} hosts go to {}", number(others + 1), number(_actors), pl.lit(what))
    return Term(evidence, pl.when(others == 0).then(alone).otherwise(shared), "others.place")


def crowd(what: str) -> Term:
    """How many other such contacts there are with its surroundings: those of a large provider are many.

    Args:
        what: the surroundings in words.
    """
    around = _others(1) - _others(0)
    evidence = pl.when(around >= 10).then(-3.0).when(around >= 3).then(-1.5)  # noqa: PLR2004 - steps of a judgement
    return Term(evidence, pl.format("{} other destinations in {}", number(around), pl.lit(what)), "others.place")


def novelty() -> Term:
    """Whether it began lately, in a network that is known for longer."""
    age = pl.col("age").fill_null(0)
    evidence = (
        pl.when(_days < KNOWN_DAYS).then(0.0).when(age == 0).then(1.0).when(age >= _days / 2).then(-1.5).otherwise(0.0)
    )
    fresh = pl.format("first seen today, after {} known days", number(_days))
    text = (
        pl.when(age == 0).then(fresh).otherwise(pl.format("seen on {} of {} days before", number(age), number(_days)))
    )
    return Term(evidence, text, "age")


def length(seconds: pl.Expr) -> pl.Expr:
    """A count of seconds in words: 45 s, 5 min, 2.5 h."""
    whole = seconds.clip(0.0, 1e9)
    hours = pl.format("{} h", (whole / 3600).round(1))
    minutes = pl.format("{} min", (whole / 60).round(1))
    return (
        pl.when(whole >= 7200)  # noqa: PLR2004 - two hours
        .then(hours)
        .when(whole >= 120)  # noqa: PLR2004 - two minutes
        .then(minutes)
        .otherwise(pl.format("{} s", whole.round(0).cast(pl.Int64)))
    )


def _others(place: int) -> pl.Expr:
    return pl.col("others.place").list.get(place, null_on_oob=True)


def _chance() -> pl.Expr:
    """The bound of the narrowest range that was tried and holds the one found."""
    spread = field("high") / field("low").clip(lower_bound=1.0)
    chance = pl.lit(BOUNDS[-1])
    for ratio, most in zip(reversed(RATIOS[:-1]), reversed(BOUNDS[:-1]), strict=True):
        chance = pl.when(spread <= ratio).then(most).otherwise(chance)
    return chance
