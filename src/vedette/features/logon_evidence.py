"""What it is worth that an account does something for the first time: less, if it is young or if its colleagues do it.

With ``n`` days of history behind it, the chance that an honest account brings something new of one kind on a day is about 2 / (n + 2)
(Laplace's rule of succession, with one surprise granted); which one, is what its colleagues have. Whoever stole the account brings
something new most of the time, and any value is as likely as another. The evidence is the logarithm of the ratio of both.
"""

from __future__ import annotations

import polars as pl

SURPRISE = 0.8
"""How often a thief's logon shows something new of a kind."""
YOUNG_DAYS = 5
"""Days of history below which nothing is new."""


def novelty(members: str, *, likely: float, least: float = 0.0, most: float = 6.0) -> pl.Expr:
    """Return nats: the evidence of the most telling new member of a set; 0 where none is new or the account is young.

    Args:
        members: the set's column, with its baseline beside it.
        likely: how likely a thief has one certain value: 1 / (number of usual values).
        least: share of other accounts that any value is thought to have: of what nobody has none is less likely than that.
        most: no more than so many nats.
    """
    age = pl.col("age").fill_null(0)
    fresh = ((SURPRISE / 2.0) * (age + 2).cast(pl.Float64)).log()
    others = fewest(members).cast(pl.Float64)
    share = ((others + 0.5) / (pl.col("entities").fill_null(1).clip(lower_bound=1) + 1)).clip(
        lower_bound=max(least, 1e-6)
    )
    rare = (likely / share).log().clip(-4.0, 4.0)
    known = (age >= YOUNG_DAYS) & others.is_not_null()
    return pl.when(known).then((fresh + rare).clip(0.0, most)).otherwise(0.0)


def news(members: str) -> pl.Expr:
    """Return the members of a set that the account never had, a List."""
    never = pl.col(f"had.{members}").list.eval(pl.arg_where(~pl.element()))
    return pl.col(members).list.gather(never, null_on_oob=True).list.drop_nulls()


def fewest(members: str) -> pl.Expr:
    """Return of how many other accounts the rarest new member is; null where none is new."""
    never = pl.col(f"had.{members}").list.eval(pl.arg_where(~pl.element()))
    return pl.col(f"others.{members}").list.gather(never, null_on_oob=True).list.min()


def shown(members: str, most: int = 3) -> pl.Expr:
    """Return the first new members as words."""
    return news(members).list.head(most).list.join(", ")
