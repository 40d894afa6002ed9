"""Drives the engine as a live system would: an hour of events, then the windows that have ended."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import IPv4Network

from bench.soak.clock import Clock, Label, held_mb, memory_mb
from bench.soak.judge import Judge, Told, when
from bench.soak.month import Month
from bench.soak.rows import HOUR
from vedette.abc import WindowFeatures
from vedette.app.engine import Engine
from vedette.app.findings import Hits
from vedette.app.stage import Idle
from vedette.config import Config, Network
from vedette.incidents.correlate import correlate
from vedette.model import Finding, Incident

GENERATOR, NOTES = ("soak", "generator"), ("soak", "notes")
CORRELATE = ("engine", "incidents")


@dataclass(slots=True)
class Result:
    """What a run gave.

    Attributes:
        rows: events by log; ``spent`` CPU seconds by part.
        memory_mb: per day, what the process held at its end, the soak itself among it.
        held_mb: of that, what the engine holds: partials, baselines and findings to be; and events, in memory up to a bound.
    """

    days: int
    hosts: int
    seed: int
    rows: dict[str, int]
    told: list[Told]
    findings: tuple[Finding, ...]
    incidents: list[Incident]
    false: list[Incident]
    judge: Judge
    spent: dict[Label, float]
    memory_mb: list[float]
    held_mb: list[tuple[float, float]]
    peak_mb: float
    idle: tuple[Idle, ...]

    @property
    def engine_seconds(self) -> float:
        """CPU seconds of everything but the soak itself."""
        return sum(s for label, s in self.spent.items() if label not in (GENERATOR, NOTES))

    @property
    def flows_per_second(self) -> float:
        """Flows per CPU second, with all that comes with them (look-ups, handshakes, requests)."""
        return self.rows["conn"] / max(self.engine_seconds, 1e-9)


@dataclass(slots=True)
class Known:
    """When rows that are findings became known, by key.

    Attributes:
        rows: detector -> [(text keys, since, until, known)].
    """

    rows: dict[str, list[tuple[frozenset[str], datetime, datetime, datetime]]] = field(default_factory=dict)
    _seen: dict[str, int] = field(default_factory=dict)

    def note(self, hits: Hits, now: datetime) -> None:
        """Look at the rows that are new since the last call."""
        name = hits.detector.name
        held, first = self.rows.setdefault(name, []), self._seen.get(name, 0)
        self._seen[name] = sum(frame.height for frame in hits.frames)
        windowed = issubclass(hits.detector.needs, WindowFeatures)
        for frame in hits.frames:
            new, first = frame[min(first, frame.height) :], max(0, first - frame.height)
            for row in new.iter_rows(named=True):  # findings are few
                keys = frozenset(v for k in hits.keys if isinstance(v := row[k], str))
                width = row["window"] if windowed else timedelta(seconds=1)
                held.append((keys, row["time"], row["time"] + width, now))

    def first(self, finding: Finding) -> datetime:
        """Return when a finding was first known; its last event where no row says."""
        values = {e.value for e in (*finding.actors, *finding.targets)}
        times = [
            known
            for keys, since, until, known in self.rows.get(finding.detector, ())
            if since <= finding.last_seen and until >= finding.first_seen and keys <= values
        ]
        return min(times, default=finding.last_seen)


def run(  # noqa: PLR0913 - the settings of a run
    days: int,
    hosts: int,
    seed: int,
    *,
    attacks: bool = True,
    joining: float = 0.0,
    disabled: tuple[str, ...] = (),
    step: int = 1,
    say: Callable[[str], None] = lambda _: None,
) -> Result:
    """Make the company, run its days through the engine, judge what was found; windows are closed every ``step`` hours."""
    clock = Clock()
    with clock.on(GENERATOR):
        month = Month(days, hosts, seed, attacks=attacks, joining=joining)
    company = month.company
    scanner = IPv4Network(company.addresses[company.at("scanner")])
    config = Config.model_validate({"network": Network(scanners=(scanner,)), "detectors": {"disabled": disabled}})
    engine, known, memory, held = Engine(config), Known(), [], []
    with clock.watching(), clock.on(("engine", "the rest")):
        for day in range(days):
            began = time.monotonic()
            _day(month, engine, day, clock, known, step)
            now, _ = memory_mb()
            memory.append(now)
            with clock.on(NOTES):
                held.append((_state_mb(engine), held_mb(engine.spool)))
            say(f"day {day + 1}: {month.account.rows['conn']:,} flows, {time.monotonic() - began:.1f} s, {now:,.0f} MB")
        outcome = engine.close()
        with clock.on(CORRELATE):
            incidents = correlate(outcome.findings, config.incidents.gap)
    _note(engine, known, when(month.end))
    judge = Judge(month.attacks, month.account)
    engine.spool.close()
    return Result(
        days=days,
        hosts=hosts,
        seed=seed,
        rows=dict(month.account.rows),
        told=judge.told(outcome.findings, incidents, known.first),
        findings=outcome.findings,
        incidents=list(incidents),
        false=judge.false(incidents),
        judge=judge,
        spent=dict(clock.spent),
        memory_mb=memory,
        held_mb=held,
        peak_mb=memory_mb()[1],
        idle=outcome.idle,
    )


def _day(month: Month, engine: Engine, day: int, clock: Clock, known: Known, step: int) -> None:
    hours = month.day(day)
    while True:
        with clock.on(GENERATOR):
            hour = next(hours, None)
        if hour is None:
            return
        for batch in hour.batches:
            engine.feed(batch)
        if hour.until // HOUR % step:
            continue
        now = when(hour.until)
        engine.advance(now)
        with clock.on(NOTES):
            _note(engine, known, now)


def _state_mb(engine: Engine) -> float:
    """Return what the engine holds beside the events."""
    stages = engine._stages  # noqa: SLF001 - what is measured is the engine's own
    return sum(held_mb((s.state, s.profile, [(h.frames, h.weak, h.judged) for h in s.hits])) for s in stages)


def _note(engine: Engine, known: Known, now: datetime) -> None:
    for stage in engine._stages:  # noqa: SLF001 - what is measured is the engine's own
        for hits in stage.hits:
            known.note(hits, now)
