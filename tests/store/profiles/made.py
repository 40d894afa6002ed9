"""A made-up feature set with a baseline, and rows of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import numpy as np
import polars as pl

from vedette.abc import Normal, WindowFeatures
from vedette.events.schema import EventClass

START = datetime(2026, 3, 2, tzinfo=UTC)
"""A Monday."""
HOUR = timedelta(hours=1)


class Sent(WindowFeatures):
    """Bytes sent and servers used, per host and hour."""

    name = "sent"
    needs = EventClass.NETWORK_ACTIVITY
    requires = ("src_endpoint.ip", "dst_endpoint.ip")
    uses = ("traffic.bytes_out",)
    keys: ClassVar[tuple[str, ...]] = ("src_endpoint.ip",)
    windows: ClassVar[tuple[timedelta, ...]] = (HOUR,)
    normal: ClassVar[Normal | None] = Normal(
        HOUR,
        numbers=("bytes",),
        hourly=("bytes",),
        sets=("servers",),
        prior={"bytes": (10_000.0, 2.0)},
        units={"bytes": "bytes"},
    )

    def partial(self) -> list[pl.Expr]:
        return [pl.col("traffic.bytes_out").sum().alias("bytes"), pl.col("dst_endpoint.ip").unique().alias("servers")]

    def merge(self) -> list[pl.Expr]:
        return [pl.col("bytes").sum(), pl.col("servers").list.explode(empty_as_null=False).unique()]

    def finish(self) -> list[pl.Expr]:
        return [pl.col("bytes").cast(pl.Float64), pl.col("servers").list.sort()]


Row = tuple[int, str, float, list[str]]
"""Hour since ``START``, host, bytes, servers."""


def rows_of(sent: Sequence[Row]) -> pl.DataFrame:
    """Return the rows as the feature set makes them."""
    frame = pl.DataFrame(sent, schema=["hour", "src_endpoint.ip", "bytes", "servers"], orient="row")
    return frame.select(
        "src_endpoint.ip",
        (pl.lit(START) + pl.col("hour") * HOUR).cast(pl.Datetime("us", "UTC")).alias("time"),
        pl.lit(HOUR).cast(pl.Duration("us")).alias("window"),
        pl.col("bytes").cast(pl.Float64),
        pl.col("servers").cast(pl.List(pl.String)),
    )


def office(days: int, hosts: int, seed: int, share: float = 0.5) -> pl.DataFrame:
    """Return rows of an office: most hosts are there at some hours of some days, and use some of thirty servers."""
    random = np.random.default_rng(seed)
    rows: list[Row] = []
    for hour in range(24 * days):
        for host in range(hosts):
            if random.random() < share / (1 + host % 7):
                servers = [f"s{n}" for n in {*random.integers(0, 30, 2)}]
                rows.append(
                    (hour, f"10.0.{host // 200}.{host % 200}", float(random.lognormal(8 + host % 3, 0.7)), servers)
                )
    return rows_of(rows)
