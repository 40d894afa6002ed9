"""Alerts of other engines (Suricata, Zeek notices), one row each: their rules, our incidents."""

from __future__ import annotations

import polars as pl

from vedette.abc import EventFeatures
from vedette.events.schema import STRINGS, EventClass


class ForeignAlert(EventFeatures):
    """A row per alert: who says what about whom."""

    name = "foreign_alert"
    needs = EventClass.DETECTION_FINDING
    requires = ("finding_info.title",)
    uses = (
        "src_endpoint.ip",
        "dst_endpoint.ip",
        "dst_endpoint.port",
        "device.hostname",
        "severity_id",
        "metadata.product.name",
        "finding_info.desc",
        "finding_info.attacks.technique.uid",
    )
    keys = ("src_endpoint.ip", "dst_endpoint.ip", "host", "finding_info.title")

    def compute(self, events: pl.LazyFrame) -> pl.LazyFrame:
        none = pl.lit([], dtype=STRINGS)
        return events.select(
            "time",
            "metadata.log_name",
            "metadata.sequence",
            "src_endpoint.ip",
            "dst_endpoint.ip",
            "dst_endpoint.port",
            pl.col("device.hostname").alias("host"),
            "finding_info.title",
            pl.col("finding_info.desc").alias("desc"),
            pl.col("metadata.product.name").fill_null("another engine").alias("product"),
            pl.col("severity_id").fill_null(1).cast(pl.Float64).alias("severity"),
            pl.col("finding_info.attacks.technique.uid").list.drop_nulls().fill_null(none).alias("techniques"),
        ).filter(pl.col("finding_info.title").is_not_null())
