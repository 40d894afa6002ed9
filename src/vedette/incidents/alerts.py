"""Other products' alerts as findings: their rules, our incidents. Alike ones, however many, become one finding."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass
from vedette.incidents.record import to_findings
from vedette.model import Finding

GAP = timedelta(minutes=10)
"""Alike alerts belong to one finding while less than this lies between them."""
SAMPLE = 10
"""Rows that a finding points to."""

_KEYS = ("finding_info.analytic.name", "metadata.log_provider", "_title", "src_endpoint.ip", "dst_endpoint.ip")
_SENTENCE = pl.format(
    "{} says: {}, from {} to {}; {} alert{}.",
    pl.coalesce("metadata.product.name", "metadata.log_provider", pl.lit("another product")),
    pl.col("finding_info.title").fill_null("an alert without a name"),
    pl.col("src_endpoint.ip").fill_null("nobody named"),
    pl.col("dst_endpoint.ip").fill_null("nobody named"),
    pl.col("count"),
    pl.when(pl.col("count") == 1).then(pl.lit("")).otherwise(pl.lit("s")),
)
_KEPT = (
    "metadata.product.name",
    "finding_info.analytic.type_id",
    "finding_info.attacks.technique.uid",
    "message",
)
_READ = (
    *(k for k in _KEYS if k != "_title"),
    *_KEPT,
    *("time", "severity_id", "confidence_score", "finding_info.title", "metadata.log_name", "metadata.sequence"),
)


def gather(batches: Iterable[EventBatch]) -> list[Finding]:
    """Return a finding for each unbroken stretch of alike alerts (same product, rule, source and destination), oldest first.

    Args:
        batches: Detection Findings as sources read them. The order of rows does not matter.
    """
    frames = [b.select(_READ).collect() for b in batches]
    if not frames:
        return []
    alerts = pl.concat(frames).with_columns(_title=pl.coalesce("finding_info.title", "message"))
    ordered = alerts.sort(*_KEYS, "time", "metadata.log_name", "metadata.sequence", nulls_last=True)
    fresh = pl.any_horizontal(~pl.col(k).eq_missing(pl.col(k).shift()) for k in _KEYS) | (pl.col("time").diff() > GAP)
    stretches = ordered.with_columns(_stretch=fresh.fill_null(value=True).cum_sum())
    merged = stretches.group_by("_stretch", maintain_order=True).agg(
        pl.col(*(k for k in _KEYS if k != "_title"), *_KEPT).first(),
        pl.col("_title").first().alias("finding_info.title"),
        pl.col("time").min().alias("finding_info.first_seen_time"),
        pl.col("time").max(),
        pl.col("severity_id", "confidence_score").max(),
        pl.len().cast(pl.Int64).alias("count"),
        pl.col("metadata.log_name").first(),
        pl.col("metadata.sequence").first(),
        pl.format("{}#{}", "metadata.log_name", "metadata.sequence")
        .drop_nulls()
        .head(SAMPLE)
        .alias("finding_info.related_events.uid"),
    )
    told = merged.with_columns(_SENTENCE.alias("finding_info.desc"))
    schema = SCHEMAS[EventClass.DETECTION_FINDING]
    batch = EventBatch(EventClass.DETECTION_FINDING, told.select(c for c in told.columns if c in schema), records=0)
    return sorted(to_findings(batch), key=lambda f: (f.first_seen, f.detector, f.uid))
