"""What an act of a host on another is worth as evidence: its weight, less where this host has always done so."""

from __future__ import annotations

import polars as pl

from vedette.abc import Term

HABIT = 6.0
"""Nats by which an act counts less of a host that did it in a window before: an administrator's machine, a management server."""
EACH = 0.5
"""Nats for each doubling of how often it was done: once tells nearly all."""
_MOST = 2.0


def act(name: str, nats: float, words: str) -> Term:
    """Return the evidence of an act.

    Args:
        name: a column of ``RemoteCall``.
        nats: what once is worth, of a host that was never seen to do it.
        words: what was done; ``{}`` is how often.
    """
    count, usual = pl.col(name), _did_before(name)
    more = (EACH * (count.clip(lower_bound=1).cast(pl.Float64).log() / pl.lit(2.0).log())).clip(upper_bound=_MOST)
    text = pl.format(words, _times(count))
    return Term(
        pl.when(count > 0).then(nats + more - pl.when(usual).then(HABIT).otherwise(0.0)),
        pl.when(usual).then(pl.concat_str(text, pl.lit(", as this host has done before"))).otherwise(text),
        name,
    )


def _did_before(name: str) -> pl.Expr:
    """Say whether the host did this in a window before; False where nothing was learned."""
    place = pl.col("acts").list.eval((pl.element() == name).cast(pl.Int8)).list.arg_max()
    known = pl.col("acts").list.contains(name) & pl.col("had.acts").list.get(place, null_on_oob=True)
    return known.fill_null(value=False)


def _times(count: pl.Expr) -> pl.Expr:
    return pl.when(count == 1).then(pl.lit("once")).otherwise(pl.format("{} times", count))


def named(column: str, otherwise: str) -> pl.Expr:
    """Return a list of names as text; a word where it is empty."""
    return pl.when(pl.col(column).list.len() > 0).then(pl.col(column).list.join(", ")).otherwise(pl.lit(otherwise))


def account() -> pl.Expr:
    """Return ``, as Administrator`` where the account is known, else nothing."""
    return (
        pl.when(pl.col("users").list.len() > 0)
        .then(pl.format(", as {}", pl.col("users").list.join(", ")))
        .otherwise(pl.lit(""))
    )


def techniques(rows: pl.DataFrame, table: dict[str, str]) -> list[tuple[str, ...]]:
    """Return the ATT&CK ids of the acts in each row, each once, in the order of the table (hits only: few)."""
    counts = rows.select(table.keys()).rows(named=True)
    return [tuple(dict.fromkeys(i for name, i in table.items() if row[name])) for row in counts]
