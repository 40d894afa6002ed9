"""What other systems want to know of an event, a finding or an incident, in columns of one kind for all classes."""

from __future__ import annotations

import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass

NAMED = 24
"""Actors, targets and techniques that are told; an incident may have a thousand."""
SEVERITIES = ("unknown", "informational", "low", "medium", "high", "critical", "fatal")
"""OCSF ``severity_id`` -> a word."""
STATUSES = ("unknown", "new", "in progress", "on hold", "resolved", "closed")
"""OCSF ``status_id`` of an incident -> a word."""
SOURCES: dict[str, tuple[str, ...]] = {
    "uid": ("metadata.uid",),
    "detector": ("finding_info.analytic.uid",),
    "title": ("finding_info.title", "message"),
    "text": ("finding_info.desc", "desc", "message"),
    "severity_id": ("severity_id",),
    "status_id": ("status_id",),
    "activity_id": ("activity_id",),
    "end": ("end_time", "time"),
    "start": ("start_time", "time"),
    "count": ("count",),
    "confidence": ("confidence_score",),
    "src_ip": ("src_endpoint.ip", "actor.address"),
    "src_port": ("src_endpoint.port",),
    "src_host": ("src_endpoint.hostname", "actor.host"),
    "dst_ip": ("dst_endpoint.ip", "target.address"),
    "dst_port": ("dst_endpoint.port",),
    "dst_host": ("dst_endpoint.hostname", "device.hostname", "target.host"),
    "src_user": ("actor.user.name", "actor.user", "actor.email address", "email.from"),
    "dst_user": ("user.name", "target.user", "target.email address"),
    "domain": ("query.hostname", "http_request.url.hostname", "actor.domain", "target.domain"),
    "url": ("http_request.url.url_string", "actor.url", "target.url"),
    "file": ("file.name", "actor.file", "target.file"),
    "protocol": ("connection_info.protocol_name",),
    "techniques": ("finding_info.attacks.technique.uid", "attacks.technique.uid"),
    "technique_names": ("finding_info.attacks.technique.name", "attacks.technique.name"),
    "actors": ("actors",),
    "targets": ("targets",),
    "addresses": ("addresses",),
    "hosts": ("hosts",),
    "users": ("users",),
    "rest": ("unmapped",),
}
"""Column -> the columns of a batch, or the observables (``role.kind``), that it comes from: the first that says something."""
DTYPES: dict[str, pl.DataType] = {
    **dict.fromkeys(
        ("severity_id", "status_id", "activity_id", "count", "confidence", "src_port", "dst_port"), pl.Int64()
    ),
    **dict.fromkeys(("start", "end"), pl.Datetime("us", "UTC")),
    **dict.fromkeys(
        ("techniques", "technique_names", "actors", "targets", "addresses", "hosts", "users"), pl.List(pl.String())
    ),
}
"""Of all others: text."""
_ROLES = ("actor", "target")
_OF_KIND = {"address": "addresses", "host": "hosts", "user": "users"}
_KINDS = {
    EventClass.INCIDENT_FINDING: "incident",
    EventClass.DETECTION_FINDING: "finding",
    EventClass.OWN_FINDING: "finding",
}


def told(batch: EventBatch) -> pl.DataFrame:
    """Return a row per row: the columns of ``SOURCES``, and these.

    ``kind`` is incident, finding or event; ``class_name`` OCSF's name; ``signature`` what tells alike ones (the detector); ``severity`` and
    ``status`` are words; ``risk`` is that of an incident, 0..1; ``start`` is not after ``end``.
    Null is what is not known; the words and ``title`` never are.
    """
    frame = batch.frame.hstack(_observed(batch.frame).get_columns())
    kind = _KINDS.get(batch.kind, "event")
    rows = frame.select(**{name: _first(frame, name, columns) for name, columns in SOURCES.items()})
    risk = pl.col("rest").str.json_path_match("$.risk") if kind == "incident" else pl.lit(None, pl.String)
    return rows.with_columns(
        pl.lit(kind).alias("kind"),
        pl.lit(batch.kind.caption).alias("class_name"),
        pl.coalesce("detector", pl.lit("incident" if kind == "incident" else batch.kind.name.lower())).alias(
            "signature"
        ),
        pl.coalesce("title", pl.lit(batch.kind.caption)),
        pl.min_horizontal("start", "end"),
        _word("severity_id", SEVERITIES).alias("severity"),
        (_word("status_id", STATUSES) if kind != "event" else pl.lit(STATUSES[0])).alias("status"),
        risk.cast(pl.Float64, strict=False).alias("risk"),
    )


def _word(column: str, words: tuple[str, ...]) -> pl.Expr:
    return pl.col(column).replace_strict(dict(enumerate(words)), default=words[0], return_dtype=pl.String)


def _first(frame: pl.DataFrame, name: str, columns: tuple[str, ...]) -> pl.Expr:
    """Return the first of ``columns`` that says something, of the type that ``name`` has."""
    dtype = DTYPES.get(name, pl.String())
    there = [pl.col(c).cast(dtype) for c in columns if c in frame.columns]
    found = pl.coalesce(there) if there else pl.lit(None, dtype)
    if isinstance(dtype, pl.List):
        return found.list.head(NAMED)
    return pl.when(found != "").then(found) if dtype == pl.String else found


def _observed(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the observables of findings: the first of each role and kind, as ``actor.address``, and all actors and targets."""
    names, values = "observables.name", "observables.value"
    if names not in frame.columns or values not in frame.columns:
        return pl.DataFrame({"actors": pl.repeat(None, frame.height, dtype=pl.List(pl.String), eager=True)})
    wanted = sorted({c for columns in SOURCES.values() for c in columns if c.partition(".")[0] in _ROLES})
    value, name = pl.col(values), pl.col(names)
    lists = frame.select(names, values, row=pl.int_range(pl.len())).filter(
        pl.col(names).list.len() == pl.col(values).list.len(), pl.col(names).list.len() > 0
    )
    found = (
        lists.explode(names, values)
        .group_by("row")
        .agg(
            *(value.filter(name == w).first().alias(w) for w in wanted if w not in frame.columns),
            *(value.filter(name.str.starts_with(f"{role}.")).head(NAMED).alias(f"{role}s") for role in _ROLES),
            *(value.filter(name.str.ends_with(f".{kind}")).head(NAMED).alias(c) for kind, c in _OF_KIND.items()),
        )
    )
    rows = pl.DataFrame({"row": range(frame.height)}, schema={"row": pl.Int64})
    return rows.join(found, on="row", how="left", maintain_order="left").drop("row")
