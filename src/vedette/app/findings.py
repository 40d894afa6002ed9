"""Hits of a detector become findings: windows that touch, of the same actor and target, are one."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from vedette.abc import (
    BENIGN,
    MALICIOUS,
    UNKNOWN,
    Detector,
    EventFeatures,
    HistoryFeatures,
    Learned,
    Role,
    WindowFeatures,
)
from vedette.features.wording import agreed
from vedette.learning.budget import slot_of
from vedette.model import Entity, Finding, Reason

GAP = timedelta(minutes=10)
"""Findings alike join while no more than this (and no more than a window) lies between their windows or events."""

JOINS = "joins_within"
"""A column by which a feature set says how long may lie between findings alike, where that is longer than a window."""

CHUNK_ROWS = 200_000

_ID = ("metadata.log_name", "metadata.sequence")
"""What tells events of the same time apart, whatever the order they came in."""

DIGITS = 9
"""Scores are rounded: the last bit of a logarithm depends on where in a vector the value stood, and findings must not."""


WEAK = 0.02
"""A row of a learned detector with at most this p-value that is not called malicious is a building block."""

TOLD = 32
"""Targets that are named of a finding about many events."""

FEW_FRAMES = 64
"""So many frames of hits are kept apart."""

WEAK_ROWS = 2_000
"""Building blocks of one learned detector that are kept: the best of each key and day, and of those the best."""


@dataclass(slots=True)
class Hits:
    """The rows of one detector that are findings: at or above its threshold, or called malicious by a learned one.

    Attributes:
        weak: of a learned detector, the rows that only corroborate: bounded.
        warm: rows of windows that are still open, as they look now.
        changes: grows with every change of the rows.
        judged: of a learned detector, how many rows it judged in each slot of the alert budget.
    """

    detector: Detector
    frames: list[pl.DataFrame] = field(default_factory=list)
    weak: list[pl.DataFrame] = field(default_factory=list)
    judged: Counter[int] = field(default_factory=Counter)
    warm: pl.DataFrame = field(default_factory=pl.DataFrame)
    changes: int = 0

    def add(self, rows: pl.DataFrame) -> None:
        """Score rows and keep the hits."""
        for chunk in rows.iter_slices(CHUNK_ROWS):
            hot = self._judged(chunk) if isinstance(self.detector, Learned) else self._scored(chunk)
            if hot.height:
                self.changes += 1
                self.frames.append(hot)
            if len(self.frames) > FEW_FRAMES:  # a frame of a few rows costs a hundred times what it holds
                self.frames = [pl.concat(self.frames, rechunk=True)]

    def look(self, rows: pl.DataFrame) -> None:
        """Score rows of windows that are still open; they take the place of what was seen of the same windows before."""
        hot = self._called(self._told(rows)) if isinstance(self.detector, Learned) else self._scored(rows)
        if self.warm.height:
            same = [*self.keys, "time", "window"]
            others = self.warm.join(rows.select(same), on=same, how="anti", nulls_equal=True)
            hot = pl.concat([others, hot]) if hot.height else others
        self.changes += bool(self.warm.height or hot.height)
        self.warm = hot

    def cool(self, until: datetime) -> None:
        """Forget what was seen of windows that closed: they were judged as a whole."""
        if self.warm.height:
            before, self.warm = self.warm.height, self.warm.filter(pl.col("time") + pl.col("window") > until)
            self.changes += self.warm.height != before

    def settle(self, before: datetime) -> None:
        """Let go of the rows of stretches that nothing can join any more: those whose reach ends before ``before``."""
        self.changes += 1
        if self.frames:
            rows = pl.concat(self.frames)
            self.frames = [f for f in [_unsettled(rows, self.keys, self.detector.span, before)] if f.height]
        self.weak = [f for w in self.weak if (f := _unsettled(w, self.keys, self.detector.span, before)).height]

    def _scored(self, rows: pl.DataFrame) -> pl.DataFrame:
        scored = rows.with_columns(self.detector.score(rows).round(DIGITS).alias("score"))
        return scored.filter(pl.col("score") >= self.detector.threshold)

    def _judged(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return what is called malicious; its score is the calibrated confidence. Count what was judged, keep what is weak."""
        told = self._told(rows)
        known, verdict = told
        slots = known.filter(verdict != UNKNOWN).group_by(slot_of(pl.col("time")).alias("slot")).len()
        for slot, n in slots.iter_rows():  # a row per ten minutes, not per event
            self.judged[slot] += n
        weak = known.filter((verdict == BENIGN) & (known["p_value"] <= WEAK))
        if weak.height:
            self.changes += 1
            self.weak.append(weak)
            if sum(f.height for f in self.weak) > 2 * WEAK_ROWS:
                self.weak = [self._best(self.weak)]
        return self._called(told)

    def _told(self, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
        """Return the rows with the calibrated confidence as ``score`` and their p-value, and the verdict on each."""
        assert isinstance(self.detector, Learned)  # noqa: S101 - for the reader of types
        said = self.detector.judge(rows)
        score, p_value = said["confidence"].round(DIGITS).alias("score"), said["p_value"].round_sig_figs(DIGITS)
        return rows.with_columns(score, p_value), said["verdict"]

    @staticmethod
    def _called(told: tuple[pl.DataFrame, pl.Series]) -> pl.DataFrame:
        known, verdict = told
        return known.filter(verdict == MALICIOUS)

    def _best(self, frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
        """Return the best row of each key and day, and of those the best, whatever order they came in."""
        ids = [c for c in _ID if c in frames[0].columns]
        ordered = pl.concat(frames).sort("p_value", "time", *ids, *self.keys, nulls_last=True)
        days = ordered.with_columns(_day=pl.col("time").dt.date())
        return days.unique([*self.keys, "_day"], keep="first", maintain_order=True).drop("_day").head(WEAK_ROWS)

    def alerting(self, levels: Mapping[int, float]) -> pl.DataFrame:
        """Return the rows that are findings with ``alert``: whether their p-value is within the level of their slot.

        Of a learned detector, building blocks are what was called malicious beside an alert, and the best of what is over the budget or
        weak; what is weak about something that alerts is left out.
        """
        held = [*self.frames, *([self.warm] if self.warm.height else [])]
        rows = pl.concat(held) if held else pl.DataFrame()
        if not isinstance(self.detector, Learned):
            likely = pl.lit(value=False) if self.detector.corroborates else pl.col("score") >= self.detector.alert_from
            return rows.with_columns(alert=likely) if rows.height else rows
        if not rows.height and not self.weak:
            return rows
        if rows.height:
            level = slot_of(pl.col("time")).replace_strict(levels, default=0.0, return_dtype=pl.Float64)
            rows = rows.with_columns((pl.col("p_value") <= level).alias("alert"))
        weak = [w.with_columns(pl.lit(value=False).alias("alert")) for w in self.weak]
        if not rows.height:
            return self._best(weak)
        about = rows.filter("alert").select(self.keys).unique()
        kept = rows.join(about, on=list(self.keys), how="semi", nulls_equal=True)
        over = rows.join(about, on=list(self.keys), how="anti", nulls_equal=True)
        blocks = self._best([over, *weak])
        return pl.concat([kept, blocks.join(about, on=list(self.keys), how="anti", nulls_equal=True)])

    def watch(self) -> Watch | None:
        """Return what the alert budget needs to know; None of a detector without p-values."""
        if not isinstance(self.detector, Learned):
            return None
        found: list[tuple[int, float]] = []
        if self.frames:
            rows = _spans(pl.concat(self.frames), self.keys, self.detector.span).with_columns(
                slot_of(pl.col("time")).alias("slot")
            )
            best, _ = _stretches(rows.with_columns(-pl.col("p_value").alias("score")), self.keys)
            found = best.select("slot", "p_value").rows()
        return Watch(self.detector.name, self.detector.model.calibration.alpha, dict(self.judged), found)

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns that say which rows are about the same thing."""
        needs = self.detector.needs
        if issubclass(needs, (WindowFeatures, EventFeatures, HistoryFeatures)) and needs.keys:
            return needs.keys
        roles = (self.detector.actor, *self.detector.targets)
        return tuple(dict.fromkeys(r.column for role in roles for r in role.choices()))


@dataclass(frozen=True, slots=True)
class Watch:
    """What a learned detector judged, for the alert budget.

    Attributes:
        cap: its own false-positive rate.
        judged: slot -> rows judged.
        found: slot and smallest p-value of each finding: of what was called malicious, whether it alerted or not.
    """

    detector: str
    cap: float
    judged: dict[int, int]
    found: list[tuple[int, float]]

    def alerts(self, levels: Mapping[int, float]) -> int:
        """Return how many of the findings alert at these levels."""
        return sum(p <= levels.get(slot, 0.0) for slot, p in self.found)


@dataclass(frozen=True, slots=True)
class Case:
    """A finding together with what is needed to find its events: the key and the stretch of time.

    Attributes:
        reach: rows that begin later are another finding.
    """

    finding: Finding
    row: dict[str, Any]
    since: datetime
    until: datetime
    reach: datetime


def cases(hits: Hits, levels: Mapping[int, float] | None = None) -> Iterator[Case]:
    """Yield a case per unbroken stretch of windows with the same keys, in the order of keys and time.

    Args:
        hits: the rows.
        levels: of a learned detector: slot -> the largest p-value that alerts; what is above it is a building block.
    """
    rows = hits.alerting(levels or {})
    if not rows.height:
        return
    spread = _spans(rows, hits.keys, hits.detector.span)
    best, spans = _stretches(spread, hits.keys, [r.column for r in hits.detector.targets])
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
    for row, (since, until, first, last, reach), title, summary, severity, reasons, techniques in told:
        finding = Finding(
            uid=_uid(detector.name, [row[k] for k in hits.keys], since),
            detector=detector.name,
            title=title,
            summary=agreed(summary),
            analytic=detector.analytic,
            severity=severity,
            first_seen=first,
            last_seen=last,
            score=row["score"],
            actors=_entities(detector.actor, row),
            targets=tuple(e for role in detector.targets for e in _targets(role, row)),
            techniques=techniques,
            reasons=_shared(reasons, row["score"] if "p_value" in row else None),
            p_value=row.get("p_value"),
            alert=row.get("alert", True),
            event_count=row.get("event_count") or 1,
            targets_are_ends=any(r.ends and len(row[r.column] or ()) > 1 for r in detector.targets),
            false_positives=doubts,
        )
        yield Case(finding, {k: row[k] for k in hits.keys}, since, until, reach)


def _spans(rows: pl.DataFrame, keys: tuple[str, ...], span: tuple[str, str]) -> pl.DataFrame:
    """Give every row the stretch of time it speaks of, and put rows of the same keys next to each other."""
    first, last = span
    windowed = "window" in rows.columns
    since, gap = pl.col("time"), pl.lit(GAP)
    return rows.with_columns(
        since.alias("_since"),
        (since + pl.col("window") if windowed else since + timedelta(microseconds=1)).alias("_until"),
        (pl.coalesce(first, "first_seen") if windowed else since).alias("_first"),
        (pl.coalesce(last, "last_seen") if windowed else since).alias("_last"),
        (pl.col(JOINS) if JOINS in rows.columns else pl.min_horizontal("window", gap) if windowed else gap).alias(
            "_gap"
        ),
    ).sort(*keys, "_since", "_until", nulls_last=True)


def _grouped(rows: pl.DataFrame, keys: tuple[str, ...]) -> pl.DataFrame:
    """Number the stretches: rows of the same keys of which each begins within the reach of those before it."""
    same = pl.all_horizontal(pl.col(k).eq_missing(pl.col(k).shift()) for k in keys)
    reach = (pl.col("_until") + pl.col("_gap")).cum_max().over(*keys).shift()
    return rows.with_columns(_group=(~(same & (pl.col("_since") <= reach)).fill_null(False)).cum_sum())


def _unsettled(rows: pl.DataFrame, keys: tuple[str, ...], span: tuple[str, str], before: datetime) -> pl.DataFrame:
    """Return the rows of stretches whose reach ends at ``before`` or later."""
    marked = _grouped(_spans(rows, keys, span), keys)
    reach = (pl.col("_until") + pl.col("_gap")).max().over("_group")
    return marked.filter(reach >= before).select(rows.columns)


def _stretches(
    rows: pl.DataFrame, keys: tuple[str, ...], told: Sequence[str] = ()
) -> tuple[pl.DataFrame, list[tuple[datetime, ...]]]:
    """Return the strongest row of every stretch, and the stretches' times.

    Of events (rows without a window), ``all:COLUMN`` holds what ``told`` columns say anywhere in the stretch: mails to several people.

    Strongest: one that alerts before one that does not, then by score, events, width, time and record.
    """
    marked = _grouped(rows, keys)
    spans = (
        marked.group_by("_group", maintain_order=True)
        .agg(
            pl.col("_since").min(),
            pl.col("_until").max(),
            pl.col("_first").min(),
            pl.col("_last").max(),
            (pl.col("_until") + pl.col("_gap")).max().alias("_reach"),
        )
        .drop("_group")
        .rows()
    )
    ids = [c for c in _ID if c in rows.columns]
    events = pl.col("event_count") if "event_count" in rows.columns else pl.lit(1)
    alert = pl.col("alert") if "alert" in rows.columns else pl.lit(value=True)
    best = (
        marked.with_columns(_width=pl.col("_until") - pl.col("_since"), _events=events, _alert=alert)
        .sort(
            "_group",
            "_alert",
            "score",
            "_events",
            "_width",
            "_since",
            *ids,
            descending=[False, *[True] * 4, *[False] * (1 + len(ids))],
        )
        .unique("_group", keep="first", maintain_order=True)
    )
    if "window" not in rows.columns and (others := [c for c in dict.fromkeys(told) if c not in keys]):
        lists = [pl.col(c) if rows.schema[c] == pl.List else pl.concat_list(c) for c in others]
        values = [
            e.explode(empty_as_null=True).drop_nulls().unique().sort().head(TOLD).alias(f"all:{c}")
            for e, c in zip(lists, others, strict=True)
        ]
        best = best.join(marked.group_by("_group").agg(values), on="_group", maintain_order="left")
    return best.drop(c for c in best.columns if c.startswith("_")), spans


def _entities(role: Role, row: dict[str, Any]) -> tuple[Entity, ...]:
    for choice in role.choices():
        value = row[choice.column]
        values = value if isinstance(value, list) else [value]
        if found := tuple(Entity(choice.kind, str(v)) for v in values if v is not None):
            return found
    return ()


def _targets(role: Role, row: dict[str, Any]) -> tuple[Entity, ...]:
    """Return whom the strongest row names, then whom the other events of its stretch do: bounded."""
    own = _entities(role, row)
    others = (Entity(role.kind, str(v)) for v in row.get(f"all:{role.column}") or ())
    return tuple(dict.fromkeys((*own, *others)))[: max(TOLD, len(own))]


def _shared(reasons: tuple[Reason, ...], score: float | None) -> tuple[Reason, ...]:
    """Return the reasons with weights that add up to the finding's score (a learned detector's reasons add up to its raw one)."""
    total = math.fsum(r.weight for r in reasons)
    share = 1.0 if score is None or total <= 0 else score / total
    return tuple(replace(r, text=agreed(r.text), weight=round(r.weight * share, DIGITS)) for r in reasons)


def _uid(name: str, keys: list[object], since: datetime) -> str:
    told = (str(k).replace("\x1f", "\\x1f") for k in keys)  # a hostile name does not pass for two
    text = "\x1f".join([name, *told, since.isoformat()])
    return hashlib.blake2b(text.encode("utf-8", "backslashreplace"), digest_size=8).hexdigest()
