"""What an entity has for the first time, and nobody else ever had: bounded samples of distinct texts, judged by a baseline."""

from __future__ import annotations

import polars as pl

_HASHES = float(2**64)


def drawn(of: pl.Expr, mark: str, k: int) -> pl.Expr:
    """Aggregate a column into a List of the ``k`` distinct values with the smallest hashes; nulls do not count.

    All values where there are no more than ``k``, elsewhere a fair sample, the same whatever the order or the split of the events.

    Args:
        of: the values.
        mark: a column with their hashes, made row by row: a text is hashed faster once than compared often.
        k: how many.
    """
    first = pl.col(mark).is_first_distinct() & of.is_not_null()
    return of.filter(first).sort_by(pl.col(mark).filter(first)).head(k)


def merge_drawn(sample: str, k: int) -> pl.Expr:
    """Aggregate samples into one, under the same name."""
    each = pl.col(sample).list.explode(empty_as_null=False).unique(maintain_order=True)
    return each.sort_by(each.hash()).head(k).alias(sample)


def count_drawn(sample: str, k: int) -> pl.Expr:
    """Return how many distinct values there were, Float64: beyond ``k`` an estimate (see ``sketch``), good to 1/sqrt(k - 2)."""
    held = pl.col(sample).list.len().cast(pl.Float64)
    last = pl.col(sample).list.last().hash().cast(pl.Float64)
    return pl.when(held < k).then(held).otherwise((k - 1) * _HASHES / last.clip(lower_bound=1.0))


def new_and_rare(members: str) -> pl.Expr:
    """Return the members of a set (a List(String)) that the entity never had before, and no other entity ever."""
    never = pl.col(f"had.{members}").list.eval(pl.arg_where(~pl.element()))
    nobody = pl.col(f"others.{members}").list.eval(pl.arg_where(pl.element() == 0))
    both = never.list.set_intersection(nobody).list.sort()
    return pl.col(members).list.gather(both, null_on_oob=True).list.drop_nulls()
