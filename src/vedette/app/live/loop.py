"""The loop of the live service: reads the log, judges, and commits what was found; one thread, one order.

What is final is a function of the log alone: windows are closed at places that the log decides (``EventClock``), and a restart that reads
the log again from the last checkpoint finds the same. What is told early, of windows that are still open, depends on when there is time.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import msgspec
import polars as pl

from vedette.abc import Chunk
from vedette.app import checkpoint
from vedette.app.collector import rare_collections
from vedette.app.live import erasing
from vedette.app.live.clock import EventClock
from vedette.app.live.desk import Desk
from vedette.app.live.engine import LiveEngine, Look
from vedette.app.live.reader import LiveReader
from vedette.app.meters import Meters
from vedette.config import Config
from vedette.errors import InletError, StoreError
from vedette.events.batch import EventBatch
from vedette.store.intake_log import IntakeLog, Record
from vedette.store.profiles import Shelf
from vedette.store.spool import Kept
from vedette.store.state.erased import rewriter_of
from vedette.store.state.erasure import Rewrite
from vedette.store.state.state import State
from vedette.store.state.work import Work

LOG = logging.getLogger("vedette.live")

READ_BYTES = 4 << 20
"""Of the log that is judged at a time."""

QUIET_SECONDS = 10.0
"""After so long without input a mark is put into the log: time passes, and windows close."""

LATE = timedelta(seconds=5)
"""Behind by this, open windows are looked at more rarely: work that only makes findings appear sooner waits first."""

RARELY_SECONDS = 5.0

OVERLOAD = (timedelta(seconds=60), timedelta(seconds=300))
"""Behind by the first, detectors that only corroborate are left out; by the second, models that judge event by event are as well."""

RETRY_SECONDS = 1.0

FULL_SECONDS = 10.0
"""Between two checkpoints while the log is more than half full."""

TICK = Chunk("")
"""What is put into the log while nothing comes in."""


class Events(Kept, Protocol):
    """The lake, as the loop uses it."""

    position: int

    def flush(self) -> None:
        """Write what is in memory."""

    def truncate_after(self, position: int) -> None:
        """Remove what was written of records from ``position`` on: it will come again."""


@dataclass(slots=True)
class Standing:
    """Where the loop stands; read by other threads.

    Attributes:
        position: judged up to here.
        arrival: when the last judged record came.
        caught_up: whether a restart has read again all that was there.
        checkpoint: when the state was last written.
        shedding: 0: everything is judged; 1, 2: see ``OVERLOAD``.
        problems: what is wrong, by what it is about.
        seen: input -> when a chunk of it was last judged.
        spent: per learned detector the false alerts spent in the last day, in expectation.
    """

    position: int = 0
    arrival: datetime | None = None
    caught_up: bool = False
    checkpoint: datetime | None = None
    shedding: int = 0
    problems: dict[str, str] = field(default_factory=dict)
    seen: dict[str, datetime] = field(default_factory=dict)
    spent: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parts:
    """What the loop works with."""

    config: Config
    log: IntakeLog
    state: State
    lake: Events
    engine: LiveEngine
    desk: Desk
    reader: LiveReader
    meters: Meters
    checkpoints: Path
    shelf: Shelf | None = None


class Loop:
    """Judges what comes in, until it is stopped.

    Args:
        parts: what it works with.
        committed: called with the work and the number of the last change after each commit.
        clock: the time.
    """

    def __init__(
        self,
        parts: Parts,
        committed: Callable[[Work, int], None] = lambda _work, _change: None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.parts, self._committed, self._now = parts, committed, clock
        self.standing = Standing()
        serve = parts.config.serve
        self.clock = EventClock(parts.config.time.lateness, timedelta(seconds=serve.idle_seconds))
        self._stopping = threading.Event()
        self._target = 0
        self._looked = self._checked = time.monotonic()
        self._cost = 0.0
        self._oldest: datetime | None = None
        """When the oldest record came that no look has covered yet."""
        self._unheld: set[str] = set()
        self._change = 0
        """Number of the last change of the store that this run, or the one before its checkpoint, made."""
        self._untold = False
        self._before = parts.log.begin
        """Position of the checkpoint before the last."""
        self._writer: threading.Thread | None = None
        self._saved: int | None = None
        """Position of the checkpoint that was written last, until the log was told."""
        self._asked = threading.Event()
        self.clean: set[str] = set()
        """Tokens of those erased that this run holds no longer, nor its checkpoints."""

    # ------------------------------------------------------------------------------------------------------------ running

    def restore(self) -> None:
        """Take the last checkpoint; what came in after it is read again.

        Raises:
            StoreError: the log no longer holds what the checkpoint needs.
        """
        parts = self.parts
        extra = checkpoint.load(parts.engine, parts.checkpoints)
        kept = msgspec.msgpack.decode(extra["live"], type=_Kept) if extra else _Kept(position=parts.log.begin)
        if kept.position < parts.log.begin or kept.position > parts.log.end:
            raise StoreError(
                f"the checkpoint stands at record {kept.position}, the log holds {parts.log.begin} to {parts.log.end}",
                where=str(parts.log.folder),
                hint="one of the two was removed or brought back from elsewhere; move both aside to begin anew",
            )
        if extra:
            parts.reader.load(kept.inputs)
            parts.desk.load(extra["desk"])
            self.clock.load(kept.marks, kept.until, kept.last)
            parts.engine.resume(kept.until, kept.own, extra)
        self.standing.position = kept.position
        self._target = parts.log.end
        self._change = kept.change
        self._unheld = parts.state.provisional()
        parts.lake.truncate_after(kept.position)

    def run(self) -> None:
        """Judge until ``stop`` is called, then write a checkpoint.

        Raises:
            Exception: what no one expected: the service must end, and be started anew from its log.
        """
        with rare_collections():
            while not self._stopping.is_set():
                self.turn()
        if self.standing.caught_up:
            self._tell(self.parts.engine.look(self._held()))
            self.save()

    def stop(self) -> None:
        """Let ``run`` end; safe in any thread."""
        self._stopping.set()
        self.parts.log.wake()

    def erase(self) -> None:
        """Let the loop erase who waits for it in the store (``State.begin_erasure``); safe in any thread."""
        self._asked.set()
        self.parts.log.wake()

    def turn(self) -> None:
        """Do what is to be done now: read some of the log, look, write a checkpoint."""
        parts, serve = self.parts, self.parts.config.serve
        records = parts.log.read(self.standing.position, READ_BYTES, serve.look_seconds)
        for record in records:
            self._judge(record)
        if not self.standing.caught_up and self.standing.position >= self._target:
            self._catch_up()
        elif self.standing.caught_up and time.monotonic() - self._looked >= self._pause(waiting=bool(records)):
            self._look()
        if self._asked.is_set() and self.standing.caught_up:
            self._erase()
        if not records:
            self._mark_time()
        if self._writer is not None and not self._writer.is_alive():
            self._written()
        full = (
            parts.log.bytes > serve.backlog_mb << 19
        )  # half: what is judged but in no checkpoint fills the log as well
        if time.monotonic() - self._checked >= (
            min(FULL_SECONDS, serve.checkpoint_seconds) if full else serve.checkpoint_seconds
        ):
            self.save(wait=False)
        self._measure()

    def _pause(self, *, waiting: bool) -> float:
        """Return how long to wait between two looks: half of the time at the most is for looks, and less under load."""
        pause = max(self.parts.config.serve.look_seconds, self._cost)
        behind = self._behind()
        if waiting and behind > LATE:
            self.parts.meters.shed("early looks")
            pause = max(pause, RARELY_SECONDS)
        return pause

    def _behind(self) -> timedelta:
        arrival = self.standing.arrival
        waits = self.standing.position < self.parts.log.end
        return self._now() - arrival if waits and arrival is not None else timedelta(0)

    # -------------------------------------------------------------------------------------------------------- one record

    def _judge(self, record: Record) -> None:
        """Judge one record; close windows where the clock of events has moved on."""
        parts, began = self.parts, time.monotonic()
        parts.lake.position = record.position
        self.clock.comes(record.arrival)
        counts: Counter[str] = Counter()
        reading = 0.0
        for name, batch, took in _timed(parts.reader.read(record.chunk, record.arrival)):
            reading += took
            counts[batch.kind.name.lower()] += len(batch)
            parts.engine.feed(batch, name)
            if (newest := _newest(batch)) is not None:
                self.clock.saw(record.chunk.input, newest, record.arrival)
        for kind, count in counts.items():
            parts.meters.events(kind, count)
        parts.meters.took("read", reading)
        parts.meters.took("judge", time.monotonic() - began - reading)
        if until := self.clock.moved(record.arrival):
            self._step(until, record.position + 1)
        self.standing.position = record.position + 1
        self.standing.arrival = record.arrival
        if record.chunk.input:
            self._oldest = self._oldest or record.arrival
            self._see(record)

    def _see(self, record: Record) -> None:
        self.standing.seen[record.chunk.input] = record.arrival
        self.standing.problems.pop("disk", None)

    def _step(self, until: datetime, position: int) -> None:
        look = self.parts.engine.step(until, self._held())
        self.parts.meters.watermark(until)
        if self.standing.caught_up:
            self._commit(look, position)
        else:
            self.parts.desk.note(look)

    def _held(self) -> list[Any]:
        return list(self.parts.desk.held.values())

    # ------------------------------------------------------------------------------------------------------------ telling

    def _catch_up(self) -> None:
        """All that was there at the start is judged: what the store knew from before is set straight."""
        self.standing.caught_up = True
        self.parts.desk.recall(self._told_since())
        self._tell(self.parts.engine.look(self._held()), known=self._unheld)
        self._unheld = set()
        if self.parts.state.erasures():  # an interruption left them
            self.erase()
        LOG.info("caught up", extra={"position": self.standing.position})

    def _told_since(self) -> dict[str, frozenset[str]]:
        """Return the incidents that the store was told of since the checkpoint: uid -> uids of their findings."""
        state, after, uids = self.parts.state, self._change, set()
        while changes := state.changes(after):
            uids |= {c.uid for c in changes if c.kind == "incident" and not c.gone}
            after = changes[-1].number
        found = [s for uid in sorted(uids) if (s := state.incident(uid)) is not None]
        return {s.incident.uid: frozenset(f.uid for f in s.incident.findings) for s in found if not s.gone}

    def _look(self) -> None:
        self._shed()
        began = time.monotonic()
        oldest, self._oldest = self._oldest, None
        if oldest is not None:
            self._tell(self.parts.engine.look(self._held()))
            self._cost = time.monotonic() - began
            self.parts.meters.took("look", self._cost)
            self.parts.meters.took("whole", (self._now() - oldest).total_seconds())
        self._looked = time.monotonic()

    def _tell(self, look: Look, known: set[str] | None = None) -> None:
        self._commit(look, self.standing.position, known or set())

    def _commit(self, look: Look, position: int, known: set[str] | None = None) -> None:
        """Commit what changed; a store that is away is waited for, and told: nothing is lost meanwhile."""
        work = self.parts.desk.take(look, position, known=known or ())
        self.standing.spent = dict(look.spent)
        self.parts.meters.provisional(len(look.findings) - len(look.final))
        if not _empty(work):
            began = time.monotonic()
            while True:
                try:
                    change = self._change = self.parts.state.commit(work)
                    break
                except StoreError as error:
                    self.standing.problems["store"] = error.message
                    LOG.warning("the store cannot be written: %s", error.message)
                    if self._stopping.wait(RETRY_SECONDS):
                        self._untold = True
                        return
            self.standing.problems.pop("store", None)
            self.parts.meters.took("commit", time.monotonic() - began)
            self._committed(work, change)

    # ----------------------------------------------------------------------------------------------------------- upkeep

    def _mark_time(self) -> None:
        """Put a mark into the log where nothing came for a while, so that windows close: once for each quiet stretch of time."""
        arrival = self.standing.arrival
        if arrival is None or not self.standing.caught_up or self._now() - arrival < timedelta(seconds=QUIET_SECONDS):
            return
        if self.clock.marks and self.parts.log.end == self.standing.position:
            try:
                self.parts.log.append([TICK], self._now())
            except InletError as error:
                self.standing.problems["disk"] = error.message

    def _shed(self) -> None:
        """Choose what is left out, by how far behind this is."""
        parts, behind = self.parts, self._behind()
        level = sum(behind > limit for limit in OVERLOAD)
        if level != self.standing.shedding:
            LOG.warning("overload level %d", level, extra={"behind_seconds": behind.total_seconds()})
            self.standing.shedding = level
        parts.engine.shedding = level
        for what, count in parts.engine.take_shed().items():
            parts.meters.shed(what, count)

    def save(self, *, wait: bool = True) -> None:
        """Write a checkpoint; where that fails, the one before stays and the log is kept.

        Args:
            wait: false: a thread writes what is taken now, while judging goes on.
        """
        if self._writer is not None and self._writer.is_alive() and not wait:
            return
        self._written()
        parts, began = self.parts, time.monotonic()
        self._checked = began
        if self._untold or not self.standing.caught_up:
            return  # what the store did not get is found again from the checkpoint before
        position = self.standing.position
        try:
            extra = self._remembered()
            snapshot = checkpoint.take(parts.engine, parts.checkpoints)
        except StoreError as error:
            self._unsaved(error)
            return
        work = partial(self._write, snapshot, extra, position, began)
        self._writer = threading.Thread(target=work, name="vedette-checkpoint", daemon=True)
        self._writer.start()
        if wait:
            self._written()

    def _remembered(self) -> dict[str, bytes]:
        """Return what a checkpoint of now holds beside the stages, after all that waits is with them or on disk."""
        parts = self.parts
        kept = _Kept(
            position=self.standing.position,
            inputs=parts.reader.dump(),
            marks=self.clock.dump(),
            until=self.clock.until,
            last=self.clock.last,
            change=self._change,
            own=parts.engine.told_own,
        )
        parts.engine.flush()
        parts.lake.flush()
        return {"live": msgspec.msgpack.encode(kept), "desk": parts.desk.dump(), **parts.engine.extra()}

    def _erase(self) -> None:
        """Go on without those that are to be erased: from a checkpoint that holds them no more; tried again at the next turn."""
        self._written()
        try:
            asked = [e for e in self.parts.state.erasures() if e.token not in self.clean]
            if asked and not self._untold:  # else the next start does it
                self._go_on_without(rewriter_of(asked))
                self.clean |= {e.token for e in asked}
        except StoreError as error:
            self.standing.problems["erasure"] = error.message
            return
        self.standing.problems.pop("erasure", None)
        self._asked.clear()

    def _go_on_without(self, rewrite: Rewrite) -> None:
        """Begin anew from a checkpoint without a name."""
        parts, position = self.parts, self.standing.position
        parts.desk.erase(rewrite)
        erasing.save(parts.engine, parts.checkpoints, self._remembered(), rewrite)
        parts.log.turn_over()
        parts.log.let_go(position)
        self._before = position
        self.parts = replace(parts, engine=LiveEngine(parts.config, parts.lake, parts.shelf))
        self.restore()

    def _write(self, snapshot: checkpoint.Snapshot, extra: dict[str, bytes], position: int, began: float) -> None:
        try:
            checkpoint.write(snapshot, extra)
        except StoreError as error:
            self._unsaved(error)
            return
        self.standing.problems.pop("checkpoint", None)
        self.standing.checkpoint = self._now()
        self._saved = position
        self.parts.meters.checkpoint(time.monotonic() - began)

    def _unsaved(self, error: StoreError) -> None:
        self.standing.problems["checkpoint"] = error.message
        LOG.warning("no checkpoint: %s", error.message)

    def _written(self) -> None:
        """Wait for the checkpoint that is being written, and let go of what two of them have behind them."""
        if self._writer is None:
            return
        self._writer.join()
        self._writer = None
        if self._saved is not None:
            self.parts.log.let_go(self._before)  # two checkpoints are kept: the older one may still be needed
            self._before, self._saved = self._saved, None

    def _measure(self) -> None:
        log = self.parts.log
        waits = log.end - self.standing.position
        self.parts.meters.backlog(log.bytes if waits else 0, self._behind().total_seconds())


class _Kept(msgspec.Struct):
    """What the loop itself adds to a checkpoint."""

    position: int
    inputs: dict[str, tuple[str, int]] = {}
    marks: dict[str, list[float]] = {}
    until: datetime | None = None
    last: datetime | None = None
    change: int = 0
    own: dict[str, datetime] = {}


def _timed(batches: Iterator[tuple[str, EventBatch]]) -> Iterator[tuple[str, EventBatch, float]]:
    """Yield each batch with the seconds that it took to read."""
    while True:
        began = time.monotonic()
        found = next(batches, None)
        if found is None:
            return
        yield *found, time.monotonic() - began


def _newest(batch: EventBatch) -> datetime | None:
    if "time" not in batch.frame.columns:
        return None
    newest = batch.frame.select(pl.col("time").max()).item()
    return newest if isinstance(newest, datetime) else None


def _empty(work: Work) -> bool:
    return not (work.findings or work.withdrawn or work.incidents or work.replaced or work.final)
