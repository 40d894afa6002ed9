"""Evidence over the hours of ``cloud_work``: what is new to a principal and to all, what is more than it ever did."""

from __future__ import annotations

import polars as pl

from vedette.abc import Term
from vedette.features.wording import number

KNOWN_HOURS = 20
"""Hours of a principal's own work after which something is new to it."""
KNOWN_WINDOWS = 48
"""Hours in which anybody worked after which something is new to all."""
FEW_ALIKE = 3

_age = pl.col("age").fill_null(0)
known = (_age >= KNOWN_HOURS) & (pl.col("windows").fill_null(0) >= KNOWN_WINDOWS)


def new_members(members: str, *, to_all: bool) -> pl.Expr:
    """Return the members of a set that this principal, or nobody at all, ever had."""
    never = pl.col(f"had.{members}").list.eval(pl.arg_where(~pl.element()))
    if to_all:
        nobody = pl.col(f"others.{members}").list.eval(pl.arg_where(pl.element() == 0))
        never = never.list.set_intersection(nobody).list.sort()
    return pl.col(members).list.gather(never, null_on_oob=True).list.drop_nulls()


def newness(members: str, what: str, *, own: float, everyone: float) -> Term:
    """Return the evidence of something new: ``own`` nats where it is new to the principal, ``everyone`` where nobody ever had it.

    It grows with the hours that the principal is known without it.
    """
    mine, all_of = new_members(members, to_all=False), new_members(members, to_all=True)
    grown = 0.3 * (_age.cast(pl.Float64) / KNOWN_HOURS).clip(lower_bound=1.0).log()
    nats = pl.when(all_of.list.len() > 0).then(everyone).when(mine.list.len() > 0).then(own)
    text = pl.format(
        "{} new to it in {} hours: {}{}",
        pl.lit(what),
        number(_age),
        mine.list.head(FEW_ALIKE).list.join(", "),
        pl.when(all_of.list.len() > 0).then(pl.lit(", which nobody here ever had")).otherwise(pl.lit("")),
    )
    return Term(pl.when(known).then(nats + grown), text, members)


def more(name: str, text: str, *, least: float, most: float = 8.0) -> Term:
    """Return the evidence that a count lies above what is expected of this principal: half the squared deviation, in nats.

    Args:
        name: the number.
        text: a reason with a place for the number and one for what is usual.
        least: counts below this mean nothing.
        most: nats at the most.
    """
    away = pl.col(f"normal.{name}.deviation").fill_null(0.0).clip(0.0, 10.0)
    usual = (pl.col(f"normal.{name}.mean").fill_null(0.0).clip(0.0, 30.0).exp() - 1).clip(lower_bound=0.0)
    evidence = pl.when(pl.col(name) >= least).then((0.5 * away**2).clip(0.0, most))
    return Term(evidence, pl.format(text, number(pl.col(name)), number(usual)), name)


def source() -> pl.Expr:
    """Return from where, in words; nothing where it is not known."""
    shown = pl.format(" from {}", pl.col("addresses").list.head(2).list.join(", "))
    return pl.when(pl.col("addresses").list.len() > 0).then(shown).otherwise(pl.lit(""))
