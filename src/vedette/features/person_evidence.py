"""What an unusual number of a person's day is worth as evidence, against that person's own days, its peers' and everyone's.

How unusual: the share of the person's own days (which fade) with at least as much, drawn to a bound from the others and from how far it
lies above the person's mean, so that someone new is judged by the others. The bounds are Cantelli's inequality, which holds for numbers of
any distribution: most of what a person does is nothing on most days. What it is worth: on some share of the days on which data is taken
or harm is done that kind of act is unusual, and then it lies beyond any bound of honest days with chance one half; so the likelihood ratio
is ``1 - share + share / (2 p)``. Repeats teach the person's own baseline; so some of it is judged by the others alone, and a rise over the
last days counts too.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from vedette.features.wording import number

OTHERS_DAYS = 4.0
"""So many days of the person's own count as much as what is known of others."""
PEER_DAYS = 24.0
"""Days of a peer group from which it stands for everyone."""
KNOWN_DAYS = 10
"""Days of a person's own below which nothing is new for it; ``RISING_DAYS``: below which nothing rises."""
RISING_DAYS = 20
FIRST_DAYS = 5
"""Days of a person's own below which its mean says nothing."""
TOLD_DAYS = 3
"""Days after which a share of days is known."""
MOST, OTHERS_SHARE, OTHERS_MOST = 3.5, 0.1, 1.0
"""Nats that a kind counts for at the most; share and nats of what is rare for others, whether or not it is for the person."""
RISING_MOST = 3.0


def others(f: str) -> pl.Expr:
    """Return a bound of how likely so much of ``f`` is on a day of the person's peers, where it has any, else of everyone; 1 for none."""
    group = pl.when(pl.col(f"peers.{f}.count") >= PEER_DAYS)
    mean = group.then(pl.col(f"peers.{f}.mean")).otherwise(pl.col(f"all.{f}.mean"))
    spread = group.then(pl.col(f"peers.{f}.spread")).otherwise(pl.col(f"all.{f}.spread"))
    return pl.when(pl.col(f) > 0).then(_cantelli(f, mean, spread)).otherwise(1.0)


def rare(f: str, beside: pl.Expr | None = None) -> pl.Expr:
    """Return how likely so much of ``f`` is on an honest day of this person, in (0, 1]; 1 where there is none of it.

    Args:
        f: the number.
        beside: ``others`` of it, where that is a column already.
    """
    days, above = pl.col(f"own.{f}.count").fill_nan(0.0).fill_null(0.0), pl.col(f"own.{f}.above").fill_nan(None)
    own = pl.when(above.is_not_null()).then(days.clip(lower_bound=0.0)).otherwise(0.0)
    far = (
        pl.when(days >= FIRST_DAYS)
        .then(_cantelli(f, pl.col(f"own.{f}.mean"), pl.col(f"own.{f}.spread")))
        .otherwise(1.0)
    )
    told = (
        above.fill_null(0.0).clip(0.0, 1.0) * own + OTHERS_DAYS * (others(f) if beside is None else beside) * far
    ) / (own + OTHERS_DAYS)
    return pl.when(pl.col(f) > 0).then(told.clip(1e-9, 1.0)).otherwise(1.0)


def rarest(chances: Sequence[pl.Expr]) -> pl.Expr:
    """Return the chance of the most unusual of several numbers that have one cause: the least, times their count (Bonferroni)."""
    return (len(chances) * pl.min_horizontal(chances)).clip(upper_bound=1.0)


def worth(mine: Sequence[pl.Expr], theirs: Sequence[pl.Expr], share: float) -> pl.Expr:
    """Return the nats of one kind of act, never below 0: the usual proves nothing, a thief has usual habits too.

    Args:
        mine: ``rare`` of each number that has the one cause.
        theirs: ``others`` of each.
        share: of the days on which data is taken or harm is done, those on which this is unusual.
    """
    own = ratio(rarest(mine), share).clip(0.0, MOST)
    return own + ratio(rarest(theirs), OTHERS_SHARE).clip(0.0, OTHERS_MOST)


def ratio(p: pl.Expr, share: float) -> pl.Expr:
    """Return the log-likelihood ratio of something whose chance on honest days is ``p``."""
    return (1 - share + share / 2 / p).log()


def rising(fs: Sequence[str]) -> pl.Expr:
    """Return the nats of a rise over the last days against the months before, and against everyone (``own.NUMBER.drift``)."""
    drift = pl.max_horizontal(pl.col(f"own.{f}.drift").fill_nan(0.0).fill_null(0.0) for f in fs)
    return pl.when(pl.col("age").fill_null(0) >= RISING_DAYS).then((drift - 1).clip(0.0, RISING_MOST)).otherwise(0.0)


def often(f: str) -> pl.Expr:
    """Return on how many of the person's days there was as much, in words."""
    days, above = pl.col(f"own.{f}.count").fill_null(0.0), pl.col(f"own.{f}.above").fill_nan(None)
    old = pl.col("age").fill_null(0)
    never = pl.format("never as much in {} days before", number(old))
    some = pl.format("as much on about {} % of {} days before", number((100 * above).clip(lower_bound=1)), number(old))
    told = pl.when(above <= 0).then(never).otherwise(some)
    known = (old >= TOLD_DAYS) & (days > 0) & above.is_not_null()
    return pl.when(known).then(told).otherwise(pl.lit("little is known of this person yet"))


def fresh(s: str, least: int, most: int) -> pl.Expr:
    """Return how many members of a set the person never had before and so many other people had."""
    new = pl.col(f"had.{s}").list.eval((~pl.element()).cast(pl.Int64))
    few = pl.col(f"others.{s}").list.eval(pl.element().is_between(least, most).cast(pl.Int64))
    return pl.when(new.list.len() == few.list.len()).then((new * few).list.sum())


def _cantelli(f: str, mean: pl.Expr, spread: pl.Expr) -> pl.Expr:
    """Return a bound of the chance of so much of ``f``, of any distribution of this mean and spread (of log1p); 1 where not known."""
    apart = pl.col(f).cast(pl.Float64).clip(lower_bound=0.0).log1p() - mean
    bound = pl.when(apart > 0).then(spread.pow(2) / (spread.pow(2) + apart.pow(2))).otherwise(1.0)
    return bound.fill_nan(1.0).fill_null(1.0)
