"""Made mails as labelled rows of Email Activity."""

from __future__ import annotations

import polars as pl

from vedette.events.schema import TIME
from vedette.learning.compose import mails
from vedette.sources.mail import parsed


def made_rows(table: str, *, part: int, count: int, seed: int, corpus: str) -> pl.DataFrame:
    """Return ``count`` mails of ``content/mails/TABLE.yaml``: columns of Email Activity and what is known about each."""
    made = list(mails(table, part, count, seed))
    known = pl.DataFrame(
        {
            "@label": [m.label for m in made],
            "@group": [m.group for m in made],
            "@corpus": [corpus] * count,
            "@time": pl.Series([m.time for m in made], dtype=TIME),
        }
    )
    rows = pl.concat([parsed([m.raw for m in made]), known], how="horizontal")
    unique = rows.unique(
        ["@label", "email.subject", "vedette.body_text", "email.from"], keep="first", maintain_order=True
    )
    return unique.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias("metadata.sequence"))
