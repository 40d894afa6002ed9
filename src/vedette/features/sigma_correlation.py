"""Sigma correlations: hits of rules counted within a sliding stretch of time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from itertools import islice
from typing import Self

import polars as pl

from vedette.abc import History, HistoryFeatures, Matches
from vedette.events.batch import EventBatch
from vedette.events.schema import TIME, EventClass
from vedette.features.sigma import EXAMPLE, KIND, KINDS, ROW, attributes, loaded, rows_of
from vedette.intel.sigma import Rule, Rules
from vedette.intel.sigma.cells import text_of
from vedette.intel.sigma.rule import Correlation
from vedette.intel.sigma.rules import Hit
from vedette.intel.sigma.sliding import Sliding

EXAMPLE_COUNT = Correlation(
    uid="example-count",
    title="Many shell commands",
    kind="event_count",
    rules=(EXAMPLE.uid,),
    group_by=("device.hostname",),
    span=timedelta(minutes=10),
    low=3,
    author="Vedette",
)
"""Stands in where no rules are given."""

_WAITS = {**ROW, "base": pl.String(), "group": pl.String(), "value": pl.String()}
_GROUPS = {"rule": pl.String(), "group": pl.String(), "told": TIME, "hits": pl.Int64()}
_HITS = {"time": TIME, "base": pl.String(), "value": pl.String()}
_EACH = ("event_count", "first_seen", "last_seen", "window")


class SigmaCorrelations(Matches, HistoryFeatures):
    """What Sigma correlations hold of: a row per correlation, group and stretch of time.

    Args:
        correlations: the correlations.
        rules: the rules that they refer to.
    """

    name = "sigma_correlation"
    section = "sigma"
    needs = EventClass.PROCESS_ACTIVITY
    requires = ()
    uses = ("device.hostname", "process.cmd_line", "actor.user.name")
    keys = ("rule", "group")

    def __init__(
        self, correlations: Sequence[Correlation] = (EXAMPLE_COUNT,), rules: Sequence[Rule] = (EXAMPLE,)
    ) -> None:
        self._correlations = tuple(correlations)
        wanted = {uid for c in correlations for uid in c.rules}
        self._rules = tuple(r for r in rules if r.uid in wanted)

    @cached_property
    def _matcher(self) -> Rules:
        return Rules(self._rules)

    @classmethod
    def kinds(cls) -> tuple[EventClass, ...]:
        return KINDS

    @classmethod
    def take(cls, batch: EventBatch) -> pl.LazyFrame:
        """Return the whole batch: rules name whatever columns they like."""
        return batch.frame.lazy().with_columns(pl.lit(batch.kind.name).alias(KIND))

    @classmethod
    def load(cls, paths: Sequence[str], settings: Mapping[str, object]) -> tuple[Self, tuple[str, ...]]:
        read = loaded(paths, settings)
        return cls(read.correlations, read.rules), ()

    def only(self, rules: Sequence[str]) -> Self:
        wanted = set(rules)
        return type(self)([c for c in self._correlations if c.uid in wanted], self._rules)

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Return a row per event and correlation that it counts for."""
        if not self._rules:
            return pl.LazyFrame(schema=_WAITS)
        frame = events.collect()
        kind = EventClass[frame[KIND][0]] if frame.height and KIND in frame else self.needs
        hits = self._matcher.match(kind, frame.drop(KIND, strict=False))
        found = [rows for hit in hits for rows in self._counted(kind, frame, hit)]
        return pl.concat(found).lazy() if found else pl.LazyFrame(schema=_WAITS)

    def _counted(self, kind: EventClass, frame: pl.DataFrame, hit: Hit) -> Iterator[pl.DataFrame]:
        """Yield the rows of a hit for each correlation that refers to its rule; those without a value to group by are left out."""
        rows, events = rows_of(kind, frame, hit), frame[hit.rows]
        for c in self._correlations:
            if hit.rule.uid not in c.rules:
                continue
            fields = [c.aliases.get(name, {}).get(hit.rule.uid, name) for name in c.group_by]
            parts = [text_of(events, self._matcher.columns(f, hit)) for f in fields]
            shown = [pl.format("{} {}", pl.lit(n), part) for n, part in zip(c.group_by, parts, strict=True)]
            group = pl.concat_str(shown, separator=", ") if shown else pl.lit("")
            value = text_of(events, self._matcher.columns(c.counted, hit)) if c.counted else pl.lit(None)
            made = rows.with_columns(
                pl.lit(c.uid).alias("rule"),
                pl.lit(hit.rule.uid).alias("base"),
                group.alias("group"),
                pl.Series("value", value, dtype=pl.String) if isinstance(value, pl.Series) else value.alias("value"),
            )
            yield made.cast(pl.Schema(_WAITS)).filter(pl.col("group").is_not_null())

    def history(self) -> History:
        return _Counts(self._correlations)

    def marks(self) -> tuple[str, ...]:
        asked = ("uid", "kind", "rules", "group_by", "span", "low", "high", "counted", "aliases")
        return tuple(sorted(repr([getattr(c, name) for name in asked]) for c in self._correlations))


class _Counts(History):
    def __init__(self, correlations: Sequence[Correlation]) -> None:
        self._correlations = {c.uid: c for c in correlations}
        self._sliding = {c.uid: Sliding(c) for c in correlations}
        self._attributes = attributes(correlations)

    def judge(self, events: pl.DataFrame) -> pl.DataFrame:
        """Return the events at which a correlation holds; the rest is counted."""
        ordered = events.sort("time", "metadata.log_name", "metadata.sequence", "rule", "base", nulls_last=True)
        # row by row: hits are few, and each depends on those before
        told = [self._told(*row) for row in ordered.select("rule", "group", "time", "base", "value").iter_rows()]
        schema = {
            "event_count": pl.Int64(),
            "first_seen": ordered.schema["time"],
            "last_seen": ordered.schema["time"],
            "window": pl.Duration("us"),
        }
        columns = pl.DataFrame([t or (None,) * len(schema) for t in told], schema=schema, orient="row")
        held = ordered.hstack(columns).filter(pl.col("window").is_not_null())
        kinds = {uid: c.kind for uid, c in self._correlations.items()}
        kind = pl.col("rule").replace_strict(kinds, default="", return_dtype=pl.String).alias("kind")
        return held.with_columns(kind, *self._attributes, time=pl.col("first_seen"))

    def dump(self) -> dict[str, pl.DataFrame]:
        groups, hits = [], []
        for rule, sliding in self._sliding.items():  # bounded: groups of a rule, and hits of a group
            for group, told, held in sliding.held():
                groups.append((rule, group, told, len(held)))
                hits += held
        return {
            "groups": pl.DataFrame(groups, schema=_GROUPS, orient="row"),
            "hits": pl.DataFrame(hits, schema=_HITS, orient="row"),
        }

    def load(self, frames: Mapping[str, pl.DataFrame]) -> None:
        hits = frames["hits"].iter_rows()  # bounded, as in dump
        for rule, group, told, count in frames["groups"].iter_rows():
            self._sliding[rule].hold(group, told, list(islice(hits, count)))

    def _told(
        self, rule: str, group: str, time: datetime, base: str, value: str | None
    ) -> tuple[int, datetime, datetime, timedelta] | None:
        """Return how many, since when, until when, and the stretch."""
        found = self._sliding[rule].add(group, time, base, value)
        return None if found is None else (found.number, found.since, time, self._correlations[rule].span)
