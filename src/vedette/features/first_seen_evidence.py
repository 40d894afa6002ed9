"""What it is worth that something is new to a host and rare for everyone: nothing without a history, little for who sees new things daily.

The chance that a day brings an honest host something that nobody ever had falls with the days that it is known (Laplace's rule of
succession), and grows with the variety of what it does each day.
"""

from __future__ import annotations

import polars as pl

from vedette.abc import Term
from vedette.features.first_seen_sample import new_and_rare
from vedette.features.wording import number

KNOWN_DAYS = 5
"""Days of history, of the network and of the host, below which nothing is new."""
HOSTS = 10
"""Hosts below which nothing is rare."""
MANY = 4
"""New things of one kind on one day from which the host scatters: sharing of files, a scan."""
FEW_ALIKE = 3

_age, _actors = pl.col("age").fill_null(0), pl.col("actors").fill_null(0)
_known = (pl.col("windows").fill_null(0) >= KNOWN_DAYS) & (_age >= KNOWN_DAYS) & (_actors >= HOSTS)


def novelty(members: str, count: str, worth: float, what: str) -> Term:
    """Return the evidence of new and rare members of a set.

    Args:
        members: the set's column.
        count: the column of how many a day has; its baseline tells the host's variety.
        worth: nats of one new thing at a host that does one thing a day and is known for a day.
        what: it in words, as in "ports".
    """
    found = new_and_rare(members)
    some = found.list.len()
    variety = (pl.col(f"own.{count}.mean").clip(0.0, 30.0).exp() - 1).clip(lower_bound=1.0)
    nats = worth + (1 + _age).cast(pl.Float64).log() - variety.log()
    evidence = pl.when(_known & (some > 0)).then(pl.when(some > MANY).then(0.0).otherwise(nats.clip(lower_bound=0.0)))
    text = pl.format(
        "new to it and had by no other of {} hosts: {} {} (in {} days it had about {} a day)",
        number(_actors),
        pl.lit(what),
        listed(members),
        number(_age),
        number(variety),
    )
    return Term(evidence, text, members)


def listed(members: str) -> pl.Expr:
    """Return the first new and rare members in words."""
    return new_and_rare(members).list.head(FEW_ALIKE).list.join(", ")
