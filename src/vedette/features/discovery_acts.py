"""Who looks round on a host: different questions that one account asks within ten minutes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar

import polars as pl

from vedette.abc import WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.command_decode import decode
from vedette.features.command_signs import DISCOVERY, SIGNS
from vedette.features.sign import signs_of

ACTS = tuple(s for s in SIGNS if s.kind == DISCOVERY)
"""The signs that are questions."""
MOST = 64
"""Different questions of one window that are remembered: more than there are."""
_LINE, _LAUNCH = "process.cmd_line", 1
_SHOWN = 120


class DiscoveryActs(WindowFeatures):
    """A row per host, account and ten minutes: ``acts`` (places in ``ACTS``), ``questions`` (how many), ``lines`` (the first)."""

    name = "discovery_acts"
    needs = EventClass.PROCESS_ACTIVITY
    requires = (_LINE,)
    uses = ("activity_id", "device.hostname", "actor.user.name", "process.user.name")
    also: ClassVar[Mapping[EventClass, Mapping[str, pl.Expr]]] = {
        EventClass.SCRIPT_ACTIVITY: {
            _LINE: pl.col("script.script_content.value"),
            "device.hostname": pl.col("device.hostname"),
            "actor.user.name": pl.col("actor.user.name"),
        },
    }
    keys = ("host", "account")
    windows = (timedelta(minutes=10),)

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        launched = (pl.col("activity_id") == _LAUNCH).fill_null(value=True)
        acts = pl.col(_LINE).map_batches(_acts, return_dtype=pl.List(pl.UInt8), is_elementwise=True)
        return (
            events.filter(launched)
            .with_columns(
                host=pl.col("device.hostname").fill_null("an unnamed host"),
                account=pl.coalesce("process.user.name", "actor.user.name", pl.lit("somebody")),
                act=acts,
                line=pl.col(_LINE).str.head(_SHOWN),
            )
            .filter(pl.col("act").list.len() > 0)
        )

    def partial(self) -> list[pl.Expr]:
        return [
            pl.col("act").list.explode(empty_as_null=False).unique().sort().head(MOST).alias("acts"),
            pl.struct("time", "line").sort().head(_LINES).alias("lines"),
        ]

    def merge(self) -> list[pl.Expr]:
        return [
            pl.col("acts").list.explode(empty_as_null=False).unique().sort().head(MOST).alias("acts"),
            pl.col("lines").list.explode(empty_as_null=False).sort().head(_LINES).alias("lines"),
        ]

    def finish(self) -> list[pl.Expr]:
        return [
            pl.col("acts"),
            pl.col("acts").list.len().cast(pl.Int64).alias("questions"),
            pl.col("lines").list.eval(pl.element().struct.field("line")).alias("lines"),
        ]


_LINES = 5


def _acts(lines: pl.Series) -> pl.Series:
    """Return (n,) List(UInt8): places in ``ACTS`` of the questions that each line asks; each distinct line is read once."""
    distinct = lines.unique(maintain_order=True)
    found = signs_of(decode(distinct), ACTS)
    told = pl.DataFrame({"line": distinct, "acts": found})
    return (
        lines.alias("line")
        .to_frame()
        .join(told, on="line", how="left", nulls_equal=True, maintain_order="left")["acts"]
    )
