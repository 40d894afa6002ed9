"""Feature sets: events to rows."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import ClassVar

import polars as pl

from vedette.abc.plugin import Plugin
from vedette.events.batch import EventBatch
from vedette.events.schema import DType, EventClass, dtype_of


class FeatureSet(Plugin):
    """Turns events into rows of numbers. Pure, so that training and serving cannot differ.

    Attributes:
        needs: the event class it reads.
        requires: attribute paths without which an event cannot be judged: it is passed over where one is null, and ``doctor`` names it.
        uses: attribute paths that it reads where they exist; null otherwise.
        also: other classes that hold the same thing under other names: attribute path of ``needs`` -> expression over the other class.
            What is not given there is null.
    """

    needs: ClassVar[EventClass]
    requires: ClassVar[tuple[str, ...]]
    uses: ClassVar[tuple[str, ...]] = ()
    also: ClassVar[Mapping[EventClass, Mapping[str, pl.Expr]]] = {}

    @classmethod
    def kinds(cls) -> tuple[EventClass, ...]:
        """Return every class it reads: ``needs`` first."""
        return (cls.needs, *cls.also)

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        """Return every column that ``compute`` or ``prepare`` may read: time, the row's id, ``requires`` and ``uses``."""
        return tuple(dict.fromkeys(("time", "metadata.log_name", "metadata.sequence", *cls.requires, *cls.uses)))

    @classmethod
    def take(cls, batch: EventBatch) -> pl.LazyFrame:
        """Return the events of ``batch`` that have all of ``requires``, in ``columns()``: what ``prepare`` or ``compute`` gets."""
        events = batch.select(cls.columns()) if batch.kind is cls.needs else cls._translated(batch)
        return events.filter(pl.col(c).is_not_null() for c in cls.requires) if cls.requires else events

    @classmethod
    def _translated(cls, batch: EventBatch) -> pl.LazyFrame:
        """Return the events of another class under the names of ``needs``."""
        given = cls.also[batch.kind]
        shared = ("time", "metadata.log_name", "metadata.sequence")
        columns = {c: given.get(c, pl.col(c) if c in shared else pl.lit(None)) for c in cls.columns()}
        read = dict.fromkeys(name for e in columns.values() for name in e.meta.root_names())
        return batch.select((*shared, *(r for r in read if r not in shared))).select(
            e.cast(cls._dtype(c)).alias(c) for c, e in columns.items()
        )

    @classmethod
    def _dtype(cls, column: str) -> DType:
        """Return the dtype of a column of ``needs``; a name that the class has not is a mistake of the plug-in."""
        found = dtype_of(cls.needs, column)
        if found is None:
            raise KeyError(f"{cls.needs.name} has no {column!r}")
        return found

    @classmethod
    def empty(cls) -> pl.LazyFrame:
        """Return no events, with the columns as ``prepare`` or ``compute`` gets them."""
        return pl.LazyFrame(schema={c: cls._dtype(c) for c in cls.columns()})

    @abstractmethod
    def schema(self) -> pl.Schema:
        """Return the columns and dtypes of the rows."""

    @property
    def version(self) -> str:
        """Twelve hex digits that change when the columns do."""
        return hashlib.blake2b(repr(sorted(self.schema().items())).encode(), digest_size=6).hexdigest()


class EventFeatures(FeatureSet):
    """A row per event (or per event that matters).

    Attributes:
        keys: hits alike in these columns and close in time are one finding; by default the detector's actor and targets.
    """

    keys: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def compute(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Return rows with ``time``, ``metadata.log_name``, ``metadata.sequence`` and features; row-wise, pure."""

    def schema(self) -> pl.Schema:
        return self.compute(self.empty()).collect_schema()


class History(ABC):
    """What a ``HistoryFeatures`` knows of the events so far: bounded, made of them alone."""

    @abstractmethod
    def judge(self, events: pl.DataFrame) -> pl.DataFrame:
        """Return the events with the columns that say what was known before each; then learn from them.

        Args:
            events: (n,) in order of time, log name and record; none is older than those of a call before, but for late ones. In how many
                calls they come makes no difference.
        """

    @abstractmethod
    def dump(self) -> dict[str, pl.DataFrame]:
        """Return all that is known, as named frames: a new history that loads them goes on as this one does, to the bit."""

    @abstractmethod
    def load(self, frames: Mapping[str, pl.DataFrame]) -> None:
        """Take what ``dump`` returned; this history is new, of a feature set with the same columns and the same ``marks``."""


class HistoryFeatures(FeatureSet):
    """A row per event, with what was known before it: for questions that no tumbling window answers (a card's last thirty days).

    Events wait until nothing older will come, then are judged in order of time (``features.history``). Like a baseline, what is judged
    is learned from afterwards, never before.

    Attributes:
        keys: as of ``EventFeatures``; columns of the events.
    """

    keys: ClassVar[tuple[str, ...]] = ()

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Filter events and derive columns, row by row: what waits. Keeps the row's id columns."""
        return events

    @abstractmethod
    def history(self) -> History:
        """Return an empty history."""

    def marks(self) -> tuple[str, ...]:
        """Return texts that change when what a history knows means something else, though its columns are the same."""
        return ()

    def schema(self) -> pl.Schema:
        return self.history().judge(self.prepare(self.empty()).collect()).schema


@dataclass(frozen=True, slots=True)
class Normal:
    """What is learned to be normal of the rows of a window feature set: its baseline. ``store.profiles`` does the learning.

    Rows of ``window`` are judged against what was learned from all windows before, and then learned from; rows of other widths have no
    baseline. Per number ``f`` these Float64 columns join a row, all of them of ``log1p(f)``:

    * ``own.f.count``: windows of this entity (what the set's ``keys`` name) behind its baseline (decayed); ``own.f.mean`` and
      ``own.f.spread``: null before the first;
      ``own.f.slow``: the mean with six times the half-life, which a patient drift takes along late (of ``hourly`` numbers without the
      course of the week: an hour counts from its second visit on);
      ``own.f.drift``: how far the mean of the last days (a seventh of the half-life) lies above the slow one, less what everyone's does, in
      spreads of that over entities: a patient attacker lifts his mean by a little each day, and shows here while his network stays or
      grows as a whole; about normally distributed where nothing drifts, and about zero for the young;
      ``own.f.above``: share of the entity's own windows (from its third on) in which ``f`` was at least as high;
    * ``hour.f.count``, ``hour.f.mean``: the same for windows at this hour of a working day or of a weekend (of ``hourly`` numbers);
    * ``peers.f.count|mean|spread``: of the entity's peer group; ``all.f.count|mean|spread``: of everyone;
    * ``normal.f.mean``, ``normal.f.spread``: what is expected of this entity now: its own history (of ``hourly`` numbers that of this hour
      of the week, as far as it is known), drawn the more to that of its peers and of everyone the younger it is; ``normal.f.deviation``:
      how many spreads the row lies above it.

    Per set ``s`` (a List(String) column), aligned with its members: ``had.s`` List(Boolean): the entity had the member in a window before;
    ``others.s`` List(Int64): how many other entities ever had it, this window included.

    And per row ``age`` (Int64: windows this entity was seen in before), ``since`` (Datetime: when it was first seen), ``entities``
    (Int64: how many are known, this window included), ``actors`` (Int64: how many different first keys those have) and ``windows`` (Int64:
    windows of anyone before this one).

    Attributes:
        window: the width; one of the set's ``windows``.
        numbers: columns (>= 0; null: not measured) whose size is learned.
        hourly: those of ``numbers`` whose course over the day and week is learned too.
        sets: List(String) columns whose members are remembered.
        prior: number -> (typical value, spread in nats of log1p): what is expected before anything was learned; counts as a few windows.
        half_life: after it an observation counts half.
        units: number -> what it is counted in, for those who are shown it: ``bytes``. Others are plain counts.
    """

    window: timedelta
    numbers: tuple[str, ...] = ()
    hourly: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    prior: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    half_life: timedelta = timedelta(days=14)
    units: Mapping[str, str] = field(default_factory=dict)

    def columns(self) -> dict[str, pl.DataType]:
        """Return what joins a row."""
        names = [
            f"{level}.{f}.{what}"
            for f in self.numbers
            for level, told in NORMAL_OF_NUMBERS.items()
            for what in told
            if level != "hour" or f in self.hourly
        ]
        joined: dict[str, pl.DataType] = dict.fromkeys(names, pl.Float64())
        for s in self.sets:
            joined |= {f"had.{s}": pl.List(pl.Boolean), f"others.{s}": pl.List(pl.Int64)}
        return joined | {
            "age": pl.Int64(),
            "since": pl.Datetime("us", "UTC"),
            "entities": pl.Int64(),
            "actors": pl.Int64(),
            "windows": pl.Int64(),
        }


NORMAL_OF_NUMBERS: dict[str, tuple[str, ...]] = {
    "own": ("count", "mean", "spread", "slow", "drift", "above"),
    "hour": ("count", "mean"),
    "peers": ("count", "mean", "spread"),
    "all": ("count", "mean", "spread"),
    "normal": ("mean", "spread", "deviation"),
}


class WindowFeatures(FeatureSet):
    """A row per entity and time window: an algebra, so that it can be computed anywhere.

    ``finish(merge*(partial(prepare(events))))`` gives the same rows however the events were split and shuffled: over a whole
    file at once, in micro-batches, or on a cluster. Windows are tumbling, by event time, aligned to the epoch. The partials of a wider
    window are merged from those of the narrowest, so a slow scan costs no second pass over the events. Every row also has ``first_seen``,
    ``last_seen`` (Datetime, of its events) and ``event_count`` (Int64), unless the set makes columns of that name itself.

    Attributes:
        keys: the columns (after ``prepare``) that name the entity of a row.
        windows: widths, narrowest first; each is a multiple of the one before.
        normal: the baseline that joins its rows. Detectors then get rows of ``normal.window`` only, with the columns of the baseline.
    """

    keys: ClassVar[tuple[str, ...]]
    windows: ClassVar[tuple[timedelta, ...]]
    normal: ClassVar[Normal | None] = None

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Filter events and derive columns, row by row: no sort, no group, no neighbour. Keeps the row's id columns."""
        return events

    @abstractmethod
    def partial(self) -> list[pl.Expr]:
        """Return aggregations of prepared events; each names its column. Only bounded state: counts, sums, extremes, sketches."""

    @abstractmethod
    def merge(self) -> list[pl.Expr]:
        """Return aggregations of partials into one partial, same names and dtypes: associative and commutative."""

    @abstractmethod
    def finish(self) -> list[pl.Expr]:
        """Return expressions over merged partials: the features."""

    def telling(self) -> pl.Expr | None:
        """Return, over merged partials, which rows any detector of the set could call at all; None: all.

        The engine passes the others over before they are finished, unless a baseline learns from them or an alert budget counts them. So it
        must hold for every row that reaches a detector's ``threshold`` whatever its baseline says; a detector that would call others needs
        a set of its own. No law checks it: whoever writes one shows in the tests of the detectors that what it passes over is never called.
        """
        return None

    def schema(self) -> pl.Schema:
        empty = self.prepare(self.empty()).group_by(*self.keys, "time").agg(self.partial())
        rows = empty.group_by(*self.keys, "time").agg(self.merge()).with_columns(window=pl.lit(timedelta(minutes=1)))
        finished = rows.select(*self.keys, "time", "window", *self.finish()).collect_schema()
        return pl.Schema({**finished, **(self.normal.columns() if self.normal else {})})
