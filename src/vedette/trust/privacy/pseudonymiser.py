"""Puts tokens in the place of people in event batches, column by column, one look per distinct value."""

from __future__ import annotations

import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.trust.privacy.columns import How, how
from vedette.trust.privacy.texts import Texts
from vedette.trust.privacy.tokens import Tokens

WITHHELD = "(withheld: pseudonyms are on)"
_FAILURE = 2


class Pseudonymiser:
    """Replaces what names people; pure but for the names it has met.

    Args:
        key: 32 secret bytes: the same key gives the same tokens.
        domains: mail domains whose addresses name people; none: all do.
    """

    def __init__(self, key: bytes, domains: tuple[str, ...] = ()) -> None:
        self.tokens = Tokens(key, domains)
        self._texts = Texts(self.tokens)

    def hidden(self, batch: EventBatch) -> EventBatch:
        """Return the batch with tokens in the place of people."""
        frame = batch.frame
        self._learn(batch)
        replaced = [self._column(frame[c], how(c)) for c in frame.columns if _of_text(frame.schema[c])]
        return EventBatch(batch.kind, frame.with_columns(replaced), batch.records)

    def taken(self) -> dict[str, str]:
        """Return token -> name of people met since the last call: for the sealed list."""
        return self.tokens.taken()

    def _learn(self, batch: EventBatch) -> None:
        """Take the names of accounts to look for in texts; not those of refused logons: anybody can try any name."""
        frame = batch.frame
        if batch.kind is EventClass.AUTHENTICATION and "status_id" in frame.columns:
            frame = frame.filter((pl.col("status_id") != _FAILURE).fill_null(value=False))
        plain = [c for c in frame.columns if how(c) is How.NAME and frame.schema[c] == pl.String]
        names = [n for c in plain for n in frame[c].drop_nulls().unique().to_list()]
        domains = [c for c in frame.columns if c.endswith("user.domain") and frame.schema[c] == pl.String]
        self._texts.learn(names, (d for c in domains for d in frame[c].drop_nulls().unique().to_list()))

    def _column(self, values: pl.Series, kind: How) -> pl.Series:
        if kind is How.NOBODY:
            return values
        if kind is How.WITHHELD:
            return pl.select(pl.when(values.is_not_null()).then(pl.lit(WITHHELD)).alias(values.name)).to_series()
        if values.dtype == pl.List(pl.String):
            return self._lists(values, kind)
        if kind is How.TEXT:
            return self._texts.of(values)
        made = getattr(self.tokens, kind.value)
        distinct = values.drop_nulls().unique().to_list()  # one look per distinct value
        changed = {v: t for v in distinct if (t := made(v)) != v}
        return values.replace(changed) if changed else values

    def _lists(self, values: pl.Series, kind: How) -> pl.Series:
        flat = values.list.explode(empty_as_null=True) if len(values) else pl.Series(dtype=pl.String)
        if not flat.drop_nulls().len():
            return values
        new = self._column(flat.alias("v"), kind)
        rows = pl.Series("row", range(len(values)), dtype=pl.UInt32)
        spread = pl.DataFrame({"row": rows, "of": values}).explode("of", empty_as_null=True).with_columns(new)
        joined = spread.group_by("row", maintain_order=True).agg("v")["v"]
        keep = values.is_not_null() & (values.list.len() > 0)
        return pl.select(pl.when(keep).then(joined).otherwise(values).alias(values.name)).to_series()


def _of_text(dtype: pl.DataType) -> bool:
    return dtype in (pl.String, pl.List(pl.String))
