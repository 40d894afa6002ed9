"""What an entity has for the first time, and nobody else ever had: bounded samples of distinct texts, judged by a baseline."""

from __future__ import annotations

import polars as pl

_HASHES = float(2**64)


def drawn(of: pl.Expr, mark: str, k: int) -> pl.Expr:
    """Aggregate a column into a List of the ``k`` distinct values with the smallest hashes; nulls do not count.

    All values where there are no more than ``k``, elsewhere a fair sample, the same whatever the order or the split of the events;
    in order of text.

    Args:
        of: the values.
        mark: a column with their hashes, made row by row: a text is hashed faster once than compared often.
        k: how many.
    """
    return _smallest(of, pl.col(mark).filter(of.is_not_null()), pl.col(mark), k)


def merge_drawn(sample: str, k: int) -> pl.Expr:
    """Aggregate samples into one, under the same name."""
    each = pl.col(sample).list.explode(empty_as_null=False)
    return _smallest(each, each.hash(), each.hash(), k).alias(sample)


def count_drawn(sample: str, k: int) -> pl.Expr:
    """Return how many distinct values there were, Float64: beyond ``k`` an estimate (see ``sketch``), good to 1/sqrt(k - 2)."""
    held = pl.col(sample).list.len().cast(pl.Float64)
    last = pl.col(sample).list.eval(pl.element().hash()).list.max().cast(pl.Float64)
    return pl.when(held < k).then(held).otherwise((k - 1) * _HASHES / last.clip(lower_bound=1.0))


def _smallest(of: pl.Expr, known: pl.Expr, marks: pl.Expr, k: int) -> pl.Expr:
    """Return the values of the k smallest marks, by comparing with the k-th: sorting a filtered column by another crashed polars 2.1."""
    return of.filter((marks <= known.unique().sort().head(k).last()) & of.is_not_null()).unique().sort()


def new_and_rare(members: str) -> pl.Expr:
    """Return the members of a set (a List(String)) that the entity never had before, and no other entity ever."""
    never = pl.col(f"had.{members}").list.eval(pl.arg_where(~pl.element()))
    nobody = pl.col(f"others.{members}").list.eval(pl.arg_where(pl.element() == 0))
    both = never.list.set_intersection(nobody).list.sort()
    return pl.col(members).list.gather(both, null_on_oob=True).list.drop_nulls()
