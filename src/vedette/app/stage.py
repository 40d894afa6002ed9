"""One feature set at work, with the detectors that need it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from vedette.abc import EventFeatures, FeatureSet
from vedette.app.findings import Hits
from vedette.events.batch import EventBatch
from vedette.features.history import HistoryState
from vedette.features.window import WindowState
from vedette.store.profiles import Profile


@dataclass(frozen=True, slots=True)
class Idle:
    """A detector that could not look at (all of) the input, and why, in words."""

    detector: str
    reason: str
    broke: bool = False


@dataclass(slots=True)
class Stage:
    """One feature set with the detectors that need it."""

    features: FeatureSet
    state: WindowState | HistoryState | None
    hits: list[Hits]
    names: list[str]
    profile: Profile | None = None
    looked_at: int = 0
    passed_over: int = 0
    lacking: set[str] = field(default_factory=set)
    broken: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def edge(self, names: Iterable[str]) -> Iterator[None]:
        """The edge of plug-ins: what breaks in the block ends those detectors, and is told; the others go on."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - a plug-in may break in any way
            self.broken |= dict.fromkeys(names, f"it broke: {type(error).__name__}: {str(error)[:200]}")

    def feed(self, batch: EventBatch) -> None:
        if self.broken.keys() >= set(self.names):
            return
        with self.edge(self.names):
            events = self.features.take(batch)
            self._book(batch, events)
            if self.state is not None:
                self.state.add(events)
            elif isinstance(self.features, EventFeatures):
                self.score([self.features.compute(events).collect(engine="in-memory")])

    def advance(self, until: datetime | None = None) -> None:
        if self.state is not None:
            with self.edge(self.names):
                self.score(self._judged(self.state.advance(until)))

    def cool(self, until: datetime) -> None:
        """Forget what was seen early of windows that end at or before ``until``: they are closed."""
        for hits in self.hits:
            hits.cool(until)

    def look(self) -> bool:
        """Judge the open windows that got events since the last look, as they are now; say whether any were. Nothing is learned."""
        if not isinstance(self.state, WindowState):
            return False
        seen = False
        with self.edge(self.names):
            for rows in self._looked(self.state.peek()):
                for hits in self.hits:
                    if rows.height and hits.detector.name not in self.broken:
                        seen = True
                        with self.edge([hits.detector.name]):
                            hits.look(rows)
        return seen

    def _looked(self, frames: Iterable[pl.DataFrame]) -> Iterable[pl.DataFrame]:
        if self.profile is None:
            return frames
        width = self.profile.normal.window
        return [self.profile.look(f) for f in frames if f.height and f["window"][0] == width]

    def _judged(self, frames: Iterable[pl.DataFrame]) -> Iterable[pl.DataFrame]:
        """Let the baseline judge the rows, and learn from them; it needs all rows of a window together, in order of time."""
        if self.profile is None:
            return frames
        width = self.profile.normal.window
        held = [f for f in frames if f.height and f["window"][0] == width]
        return self.profile.each(pl.concat(held)) if held else []

    def _book(self, batch: EventBatch, events: pl.LazyFrame) -> None:
        """Count what is looked at, and what is passed over for lack of which column."""
        have = batch.frame.columns
        if batch.kind is not self.features.needs:  # a class that holds some of it under another name
            self.looked_at += events.select(pl.len()).collect(engine="in-memory").item()
            return
        lacking = [c for c in self.features.requires if c not in have or batch.frame[c].null_count()]
        self.lacking |= set(lacking)
        taken = events.select(pl.len()).collect(engine="in-memory").item() if lacking else len(batch)
        self.looked_at += taken
        self.passed_over += len(batch) - taken

    def score(self, frames: Iterable[pl.DataFrame]) -> None:
        for rows in frames:
            if rows.height:
                for hits in self.hits:
                    if hits.detector.name not in self.broken:
                        with self.edge([hits.detector.name]):
                            hits.add(rows)

    def idle(self) -> Iterator[Idle]:
        yield from (Idle(name, reason, broke=True) for name, reason in self.broken.items())
        if self.passed_over:
            share = (
                ""
                if not self.looked_at
                else f" in {self.passed_over:,} of {self.passed_over + self.looked_at:,} events"
            )
            reason = f"no {', '.join(sorted(self.lacking))}{share}"
        elif not self.looked_at:
            reason = f"no {self.features.needs.caption} in the input"
        else:
            return
        yield from (Idle(name, reason) for name in self.names if name not in self.broken)
