"""Finds the events behind findings: by the finding's key and stretch of time, in the events themselves.

Partials carry no row ids; a finding's evidence is looked up once it is known, so it costs nothing where nothing is found.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import Any

import numpy as np
import polars as pl

from vedette.abc import EventFeatures, FeatureSet, HistoryFeatures, Matches, WindowFeatures
from vedette.app.findings import Case
from vedette.events.batch import EventBatch
from vedette.events.schema import TIME
from vedette.model import Evidence
from vedette.store.spool import Kept

SAMPLE = 10
"""Events that a finding shows; all are counted."""

BLOCK_SAMPLE = 3
"""Events that a building block shows: there are many, and few of them are ever looked at."""

SAMPLES = 50_000
"""Events that all findings of a detector show; where there are too many findings, each shows fewer, but at least one."""

_ID = ("metadata.log_name", "metadata.sequence")


def attach(features: FeatureSet, found: list[Case], kept: Kept) -> tuple[list[Case], dict[str, list[dict[str, Any]]]]:
    """Return the cases with their evidence, and per finding uid the sample's rows (attribute path -> value, nulls left out)."""
    if not found:
        return [], {}
    if isinstance(features, Matches):
        features = features.only(sorted({str(c.row["rule"]) for c in found}))
    most = max(1, SAMPLES // len(found))
    wanted = _wanted(features, found, most)
    counts: dict[str, int] = {}
    samples: dict[str, list[dict[str, Any]]] = {}
    since, until = min(c.since for c in found), max(c.until for c in found)
    for batch in chain.from_iterable(kept.read(kind, since, until) for kind in features.kinds()):
        _look(features, batch, wanted, counts, samples)
    done = []
    for case in found:
        uid = case.finding.uid
        pointers = tuple(Evidence(str(r[_ID[0]]), int(r[_ID[1]])) for r in samples.get(uid, ()))
        count = counts.get(uid, case.finding.event_count)
        done.append(replace(case, finding=replace(case.finding, evidence=pointers, event_count=count)))
    return done, samples


def _wanted(features: FeatureSet, found: list[Case], most: int) -> pl.DataFrame:
    """Return key columns, uid, stretch of time and how many events to show (``most`` at the most), a row per case."""
    types = features.schema()
    keys = {k: types[k] for k in found[0].row}
    return pl.DataFrame(
        [
            (*c.row.values(), c.finding.uid, c.since, c.until, min(most, SAMPLE if c.finding.alert else BLOCK_SAMPLE))
            for c in found
        ],
        schema={**keys, "_uid": pl.String, "_from": TIME, "_to": TIME, "_most": pl.Int64},
        orient="row",
    )


def _look(
    features: FeatureSet,
    batch: EventBatch,
    wanted: pl.DataFrame,
    counts: dict[str, int],
    samples: dict[str, list[dict[str, Any]]],
) -> None:
    """Add what one batch holds to counts and samples."""
    hits = _matches(features, batch, wanted)
    if not hits.height:
        return
    for uid, n in hits.group_by("_uid").len().iter_rows():  # findings are few
        counts[uid] = counts.get(uid, 0) + n
    ids = batch.select(_ID).collect()[hits["_row"]]
    ordered = hits.hstack(ids).sort("_time", *_ID, "_row")
    first = ordered.filter(pl.int_range(pl.len()).over("_uid") < pl.col("_most"))
    rows = batch.frame[first["_row"]].with_columns(first["_uid"])
    for row in rows.iter_rows(named=True):  # at most SAMPLE per finding
        uid = row.pop("_uid")
        samples.setdefault(uid, []).append({k: v for k, v in row.items() if v is not None})
    for uid, most in first.select("_uid", "_most").unique().iter_rows():  # as few
        samples[uid] = sorted(samples[uid], key=lambda r: (r["time"], str(r[_ID[0]]), r[_ID[1]]))[:most]


def _matches(features: FeatureSet, batch: EventBatch, wanted: pl.DataFrame) -> pl.DataFrame:
    """Return uid, how many are shown, time and row number of every event that a finding speaks of.

    While it is looked up, an event's id is its row number: two events may come of one record (a tunnel's outer and inner flow).
    """
    keys = [c for c in wanted.columns if not c.startswith("_")]
    numbers = pl.int_range(pl.len(), dtype=pl.Int64).alias(_ID[1])
    maybe = _near(batch.frame["time"], wanted)
    if batch.kind is features.needs:
        maybe &= _about(batch.frame, keys, wanted)
    near = batch.frame.with_columns(numbers).filter(maybe)
    if not near.height:
        return pl.DataFrame()
    events = features.take(EventBatch(batch.kind, near, batch.records))
    if isinstance(features, (WindowFeatures, HistoryFeatures)):
        prepared = features.prepare(events)
    elif isinstance(features, EventFeatures):
        prepared = features.compute(events)
    else:
        return pl.DataFrame()
    at, row = pl.col("time").alias("_time"), pl.col(_ID[1]).alias("_row")
    joined = prepared.select(at, row, *keys).join(wanted.lazy(), on=keys, nulls_equal=True)
    held = (pl.col("_time") >= pl.col("_from")) & (pl.col("_time") < pl.col("_to"))
    return joined.filter(held).select("_uid", "_most", "_time", "_row").collect()


def _about(events: pl.DataFrame, keys: list[str], wanted: pl.DataFrame) -> pl.Series:
    """Return which events may have a wanted key: a key that is named as a path is the event's own (a law of feature sets)."""
    own = [k for k in keys if "." in k and k in events.columns and not wanted[k].null_count()]
    told = events.select(maybe=pl.all_horizontal(True, *(pl.col(k).is_in(wanted[k].unique().to_list()) for k in own)))
    return told["maybe"] if own else pl.repeat(True, len(events), eager=True)


def _near(times: pl.Series, wanted: pl.DataFrame) -> pl.Series:
    """Return which times lie in the stretch of any finding; most events of a long run lie in none, and need not be looked at again."""
    stretches = wanted.select(pl.col("_from", "_to").dt.timestamp("us")).sort("_from")
    since, until = stretches["_from"].to_numpy(), stretches["_to"].cum_max().to_numpy()
    at = times.dt.timestamp("us").to_numpy()
    last = np.searchsorted(since, at, side="right") - 1
    return pl.Series(values=(last >= 0) & (at < until[np.maximum(last, 0)]))
