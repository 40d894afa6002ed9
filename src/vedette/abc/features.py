"""Feature sets: events to rows."""

from __future__ import annotations

import hashlib
from abc import abstractmethod
from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar

import polars as pl

from vedette.abc.plugin import Plugin
from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass


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
        given, types = cls.also[batch.kind], SCHEMAS[cls.needs]
        shared = ("time", "metadata.log_name", "metadata.sequence")
        columns = {c: given.get(c, pl.col(c) if c in shared else pl.lit(None)) for c in cls.columns()}
        read = dict.fromkeys(name for e in columns.values() for name in e.meta.root_names())
        return batch.select((*shared, *(r for r in read if r not in shared))).select(
            e.cast(types[c]).alias(c) for c, e in columns.items()
        )

    @classmethod
    def empty(cls) -> pl.LazyFrame:
        """Return no events, with the columns as ``prepare`` or ``compute`` gets them."""
        return pl.LazyFrame(schema={c: SCHEMAS[cls.needs][c] for c in cls.columns()})

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


class WindowFeatures(FeatureSet):
    """A row per entity and time window: an algebra, so that it can be computed anywhere.

    ``finish(merge*(partial(prepare(events))))`` gives the same rows however the events were split and shuffled: over a whole
    file at once, in micro-batches, or on a cluster. Windows are tumbling, by event time, aligned to the epoch. The partials of a wider
    window are merged from those of the narrowest, so a slow scan costs no second pass over the events. Every row also has ``first_seen``,
    ``last_seen`` (Datetime, of its events) and ``event_count`` (Int64), unless the set makes columns of that name itself.

    Attributes:
        keys: the columns (after ``prepare``) that name the entity of a row.
        windows: widths, narrowest first; each is a multiple of the one before.
    """

    keys: ClassVar[tuple[str, ...]]
    windows: ClassVar[tuple[timedelta, ...]]

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

    def schema(self) -> pl.Schema:
        empty = self.prepare(self.empty()).group_by(*self.keys, "time").agg(self.partial())
        rows = empty.group_by(*self.keys, "time").agg(self.merge()).with_columns(window=pl.lit(timedelta(minutes=1)))
        return rows.select(*self.keys, "time", "window", *self.finish()).collect_schema()
