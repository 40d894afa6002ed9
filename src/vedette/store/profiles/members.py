"""The values that are normal: which members of a set an entity, and how many others, ever had."""

from __future__ import annotations

from datetime import datetime

import polars as pl

_SEEN = {
    "entity": pl.Int64(),
    "member": pl.String(),
    "first": pl.Datetime("us", "UTC"),
    "last": pl.Datetime("us", "UTC"),
}


class Members:
    """What was seen of one set column.

    Attributes:
        seen: a row per entity and member: when first and last; ordered by neither.
    """

    def __init__(self, column: str) -> None:
        self.column = column
        self.seen = pl.DataFrame(schema=_SEEN)

    def look(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Judge rows (``entity`` Int64, ``time``, the column), learn them, return them with ``had.`` and ``others.`` of the column.

        A member is judged as of its window, so it makes no difference whether windows come one by one or together.
        """
        column = self.column
        numbered = rows.select("entity", "time", pl.col(column).alias("member")).with_row_index("_row")
        each = numbered.explode("member", empty_as_null=False).filter(pl.col("member").is_not_null())
        fresh = each.group_by("entity", "member").agg(first=pl.col("time").min(), last=pl.col("time").max())
        self.seen = (
            pl.concat([self.seen, fresh]).group_by("entity", "member").agg(pl.col("first").min(), pl.col("last").max())
        )
        started = self.seen.join(fresh.select("member").unique(), on="member", how="semi").sort("member", "first")
        counted = started.select("member", time="first", so_far=pl.int_range(1, pl.len() + 1).over("member")).sort(
            "time"
        )
        known = each.with_row_index("_place").join(
            started.select("entity", "member", "first"), on=["entity", "member"], how="left"
        )
        known = known.sort("time").join_asof(
            counted, on="time", by="member", strategy="backward", check_sortedness=False
        )
        told = (
            known.sort("_place")
            .group_by("_row", maintain_order=True)
            .agg(
                (pl.col("first") < pl.col("time")).alias(f"had.{column}"),
                (pl.col("so_far") - 1).cast(pl.Int64).alias(f"others.{column}"),
            )
        )
        joined = numbered.select("_row").join(told, on="_row", how="left").sort("_row").drop("_row")
        whole = rows.hstack(joined)
        absent = [pl.col(c).fill_null([]) for c in joined.columns]
        return whole.with_columns(absent)

    def forget(self, before: datetime) -> int:
        """Forget what nobody had since ``before``; return how many rows that were."""
        count = self.seen.height
        self.seen = self.seen.filter(pl.col("last") >= before)
        return count - self.seen.height
