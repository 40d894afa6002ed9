"""Hits of a detector become findings: windows that touch, of the same actor and target, are one."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from vedette.abc import MALICIOUS, Detector, EventFeatures, Learned, Role, WindowFeatures
from vedette.model import Entity, Finding, Reason

GAP = timedelta(minutes=10)
"""Findings alike join while no more than this (and no more than a window) lies between their windows or events."""

CHUNK_ROWS = 200_000

_ID = ("metadata.log_name", "metadata.sequence")
"""What tells events of the same time apart, whatever the order they came in."""

DIGITS = 9
"""Scores are rounded: the last bit of a logarithm depends on where in a vector the value stood, and findings must not."""


@dataclass(slots=True)
class Hits:
    """The rows of one detector that are findings: at or above its threshold, or called malicious by a learned one."""

    detector: Detector
    frames: list[pl.DataFrame] = field(default_factory=list)

    def add(self, rows: pl.DataFrame) -> None:
        """Score rows and keep the hits."""
        for chunk in rows.iter_slices(CHUNK_ROWS):
            hot = self._judged(chunk) if isinstance(self.detector, Learned) else self._scored(chunk)
            if hot.height:
                self.frames.append(hot)

    def _scored(self, rows: pl.DataFrame) -> pl.DataFrame:
        scored = rows.with_columns(self.detector.score(rows).round(DIGITS).alias("score"))
        return scored.filter(pl.col("score") >= self.detector.threshold)

    def _judged(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return what is called malicious; its score is the calibrated confidence."""
        assert isinstance(self.detector, Learned)  # noqa: S101 - for the reader of types
        said = self.detector.judge(rows)
        columns = {"score": said["confidence"], "p_value": said["p_value"]}
        known = rows.with_columns(**{name: c.round(DIGITS) for name, c in columns.items()})
        return known.filter(said["verdict"] == MALICIOUS)

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns that say which rows are about the same thing."""
        needs = self.detector.needs
        if issubclass(needs, (WindowFeatures, EventFeatures)) and needs.keys:
            return needs.keys
        return tuple(dict.fromkeys(r.column for r in (self.detector.actor, *self.detector.targets)))


@dataclass(frozen=True, slots=True)
class Case:
    """A finding together with what is needed to find its events: the key and the stretch of time."""

    finding: Finding
    row: dict[str, Any]
    since: datetime
    until: datetime


def cases(hits: Hits) -> Iterator[Case]:
    """Yield a case per unbroken stretch of windows with the same keys, in the order of keys and time."""
    if not hits.frames:
        return
    best, spans = _stretches(_spans(pl.concat(hits.frames), hits.keys), hits.keys)
    detector, doubts = hits.detector, tuple(d.replace("``", "`") for d in hits.detector.false_positives())
    told = zip(
        best.iter_rows(named=True),  # findings are few: a row per stretch
        spans,
        detector.titles(best),
        detector.summaries(best),
        detector.severities(best),
        detector.reasons(best),
        detector.attacks(best),
        strict=True,
    )
    for row, (since, until, first, last), title, summary, severity, reasons, techniques in told:
        finding = Finding(
            uid=_uid(detector.name, [row[k] for k in hits.keys], since),
            detector=detector.name,
            title=title,
            summary=summary,
            analytic=detector.analytic,
            severity=severity,
            first_seen=first,
            last_seen=last,
            score=row["score"],
            actors=_entities(detector.actor, row),
            targets=tuple(e for role in detector.targets for e in _entities(role, row)),
            techniques=techniques,
            reasons=_shared(reasons, row["score"] if "p_value" in row else None),
            p_value=row.get("p_value"),
            event_count=row.get("event_count") or 1,
            targets_are_ends=any(r.ends and len(row[r.column] or ()) > 1 for r in detector.targets),
            false_positives=doubts,
        )
        yield Case(finding, {k: row[k] for k in hits.keys}, since, until)


def _spans(rows: pl.DataFrame, keys: tuple[str, ...]) -> pl.DataFrame:
    """Give every row the stretch of time it speaks of, and put rows of the same keys next to each other."""
    windowed = "window" in rows.columns
    since, gap = pl.col("time"), pl.lit(GAP)
    return rows.with_columns(
        since.alias("_since"),
        (since + pl.col("window") if windowed else since + timedelta(microseconds=1)).alias("_until"),
        (pl.col("first_seen") if windowed else since).alias("_first"),
        (pl.col("last_seen") if windowed else since).alias("_last"),
        (pl.min_horizontal("window", gap) if windowed else gap).alias("_gap"),
    ).sort(*keys, "_since", "_until", nulls_last=True)


def _stretches(rows: pl.DataFrame, keys: tuple[str, ...]) -> tuple[pl.DataFrame, list[tuple[datetime, ...]]]:
    """Return the strongest row of every stretch (by score, then by events, width, time and record), and the stretches' times."""
    same = pl.all_horizontal(pl.col(k).eq_missing(pl.col(k).shift()) for k in keys)
    reach = (pl.col("_until") + pl.col("_gap")).cum_max().over(*keys).shift()
    marked = rows.with_columns(_group=(~(same & (pl.col("_since") <= reach)).fill_null(False)).cum_sum())
    spans = (
        marked.group_by("_group", maintain_order=True)
        .agg(pl.col("_since").min(), pl.col("_until").max(), pl.col("_first").min(), pl.col("_last").max())
        .drop("_group")
        .rows()
    )
    ids = [c for c in _ID if c in rows.columns]
    events = pl.col("event_count") if "event_count" in rows.columns else pl.lit(1)
    best = (
        marked.with_columns(_width=pl.col("_until") - pl.col("_since"), _events=events)
        .sort(
            "_group",
            "score",
            "_events",
            "_width",
            "_since",
            *ids,
            descending=[False, *[True] * 3, *[False] * (1 + len(ids))],
        )
        .unique("_group", keep="first", maintain_order=True)
    )
    return best.drop(c for c in best.columns if c.startswith("_")), spans


def _entities(role: Role, row: dict[str, Any]) -> tuple[Entity, ...]:
    value = row[role.column]
    values = value if isinstance(value, list) else [value]
    return tuple(Entity(role.kind, str(v)) for v in values if v is not None)


def _shared(reasons: tuple[Reason, ...], score: float | None) -> tuple[Reason, ...]:
    """Return the reasons with weights that add up to the finding's score (a learned detector's reasons add up to its raw one)."""
    total = math.fsum(r.weight for r in reasons)
    share = 1.0 if score is None or total <= 0 else score / total
    return tuple(replace(r, weight=round(r.weight * share, DIGITS)) for r in reasons)


def _uid(name: str, keys: list[object], since: datetime) -> str:
    told = (str(k).replace("\x1f", "\\x1f") for k in keys)  # a hostile name does not pass for two
    text = "\x1f".join([name, *told, since.isoformat()])
    return hashlib.blake2b(text.encode("utf-8", "backslashreplace"), digest_size=8).hexdigest()
