"""Flows whose source address cannot exist, by protocol: the fingerprint of forged addresses."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.sketch import count_distinct, distinct, merge_distinct, merge_sample, sample

IMPOSSIBLE = r"^(?:22[4-9]|2[3-5]\d|127|0)\.|^[fF][fF]"
"""224.0.0.0 and above (multicast, reserved), 127/8, 0/8, IPv6 multicast: never a source on a wire (RFC 6890; RFC 1122, 3.2.1.3)."""

SHARE_OF_RANDOM = 34 / 256
"""How many of all IPv4 addresses are impossible as a source."""

_NO_ADDRESS_YET = r"^0\.0\.0\.0$|^255\.255\.255\.255$"


class ImpossibleSource(WindowFeatures):
    """A row per protocol: ``flows`` of ``all_flows`` have an impossible source, from ``source_count`` addresses to ``target_count``.

    Loopback among themselves is no such flow, nor is a host without an address yet (DHCP, IGMP: 0.0.0.0).
    """

    name = "impossible_source"
    needs = EventClass.NETWORK_ACTIVITY
    requires = ("src_endpoint.ip", "dst_endpoint.ip", "connection_info.protocol_name")
    uses = ("start_time",)
    keys = ("connection_info.protocol_name",)
    windows = (timedelta(minutes=1),)

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        source = pl.col("src_endpoint.ip")
        forged = source.str.contains(IMPOSSIBLE) & ~source.str.contains(_NO_ADDRESS_YET)
        forged &= ~pl.col("dst_endpoint.ip").str.starts_with("127.")
        return events.filter(pl.col(self.keys[0]).is_not_null()).with_columns(forged=forged.fill_null(value=False))

    def partial(self) -> list[pl.Expr]:
        source, target = (pl.col(f"{side}_endpoint.ip").filter(pl.col("forged")) for side in ("src", "dst"))
        return [
            pl.len().cast(pl.Int64).alias("all_flows"),
            pl.col("forged").sum().cast(pl.Int64).alias("flows"),
            distinct(source).alias("source_set"),
            distinct(target).alias("target_set"),
            sample(source).alias("sources"),
            sample(target).alias("targets"),
        ]

    def merge(self) -> list[pl.Expr]:
        return [
            *(pl.col(c).sum() for c in ("all_flows", "flows")),
            *(merge_distinct(c) for c in ("source_set", "target_set")),
            *(merge_sample(c) for c in ("sources", "targets")),
        ]

    def finish(self) -> list[pl.Expr]:
        return [
            *(pl.col(c) for c in ("all_flows", "flows", "sources", "targets")),
            count_distinct("source_set").round(0).alias("source_count"),
            count_distinct("target_set").round(0).alias("target_count"),
        ]
