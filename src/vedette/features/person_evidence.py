"""What an unusual number of a person's day is worth as evidence, against that person's own days, its peers' and everyone's.

How unusual: the share of the person's own days (which fade) with at least as much, drawn to a bound for its peers or for everyone, so that
someone new is judged by the others. The bound is Cantelli's inequality, which holds for numbers of any distribution: most of what a person
does is nothing on most days. What it is worth: a p-value becomes a likelihood ratio by the calibrator ``k p^(k-1)`` (Vovk and Wang,
"E-values: calibration, combination and applications", Annals of Statistics 2021), mixed with 1, because even an insider does not do
everything every day. Under honest days such ratios average 1 at the most, so that no amount of terms makes a crowd of false findings.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from vedette.features.wording import number

SHARPNESS = 0.3
"""The ``k`` of the calibrator: the smaller, the more the rare counts and the less the merely uncommon."""
OTHERS_DAYS = 4.0
"""So many days of the person's own count as much as what is known of others."""
PEER_DAYS = 24.0
"""Days of a peer group from which it stands for everyone."""
KNOWN_DAYS = 10
"""Days of a person's own below which nothing is new for it."""


def rare(f: str) -> pl.Expr:
    """Return how likely so much of ``f`` is on an honest day of this person, in (0, 1]; 1 where there is none of it."""
    x = pl.col(f).cast(pl.Float64).clip(lower_bound=0.0).log1p()
    group = pl.when(pl.col(f"peers.{f}.count") >= PEER_DAYS)
    mean = group.then(pl.col(f"peers.{f}.mean")).otherwise(pl.col(f"all.{f}.mean"))
    variance = group.then(pl.col(f"peers.{f}.spread")).otherwise(pl.col(f"all.{f}.spread")).pow(2)
    bound = (
        pl.when(x > mean).then(variance / (variance + (x - mean).pow(2))).otherwise(1.0).fill_nan(1.0).fill_null(1.0)
    )
    days, above = pl.col(f"own.{f}.count").fill_null(0.0).clip(lower_bound=0.0), pl.col(f"own.{f}.above")
    own = pl.when(above.is_not_null() & above.is_not_nan()).then(days).otherwise(0.0)
    told = (above.fill_nan(0.0).fill_null(0.0).clip(0.0, 1.0) * own + OTHERS_DAYS * bound) / (own + OTHERS_DAYS)
    return pl.when(pl.col(f) > 0).then(told.clip(1e-9, 1.0)).otherwise(1.0)


def rarest(fs: Sequence[str]) -> pl.Expr:
    """Return the same of the most unusual of several numbers that have one cause: the least, times their count (Bonferroni)."""
    return (len(fs) * pl.min_horizontal(rare(f) for f in fs)).clip(upper_bound=1.0)


def worth(p: pl.Expr, share: float) -> pl.Expr:
    """Return the nats of a p-value.

    Args:
        p: in (0, 1].
        share: of an insider's days on which this would be unusual.
    """
    return (1 - share + share * SHARPNESS * p.pow(SHARPNESS - 1)).log()


def often(f: str) -> pl.Expr:
    """Return on how many of the person's days there was as much, in words."""
    days, above = pl.col(f"own.{f}.count").fill_null(0.0), pl.col(f"own.{f}.above").fill_nan(None)
    share = (100 * above).round(0)
    old = pl.col("age").fill_null(0)
    never = pl.format("never as much in {} days before", number(old))
    some = pl.format("as much on about {} % of {} days before", number(share.clip(lower_bound=1)), number(old))
    told = pl.when(above <= 0).then(never).otherwise(some)
    return (
        pl.when((old >= 3) & (days > 0) & above.is_not_null())
        .then(told)
        .otherwise(pl.lit("too little is known of this person"))
    )  # noqa: PLR2004 - windows before there is a share


def fresh(s: str, others: tuple[int, int]) -> pl.Expr:
    """Return how many members of a set the person never had before and so many other people had: from, and to (inclusive)."""
    new = pl.col(f"had.{s}").list.eval((~pl.element()).cast(pl.Int64))
    few = pl.col(f"others.{s}").list.eval(pl.element().is_between(*others).cast(pl.Int64))
    return pl.when(new.list.len() == few.list.len()).then((new * few).list.sum())
