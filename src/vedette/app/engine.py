"""Joins the stages, from event batches to findings: the same code for a file, a stream and a cluster."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from vedette.abc import Detector, Dump, FeatureSet, HistoryFeatures, Learned, Matches, WindowFeatures
from vedette.app.door import Door
from vedette.app.evidence import attach
from vedette.app.findings import Case, Hits, Watch, cases
from vedette.app.gather import Gather
from vedette.app.stage import Idle, Stage
from vedette.config import Config
from vedette.errors import BaselineError, ConfigError, ModelError
from vedette.events.address import Border
from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass
from vedette.features.history import HistoryState
from vedette.features.window import WindowState
from vedette.incidents.expected import expect
from vedette.incidents.identity import addresses, identify
from vedette.incidents.record import own_findings_batch
from vedette.intel.brands import protect
from vedette.learning.budget import Levels, levels
from vedette.learning.registry import equip, versions
from vedette.model import Finding
from vedette.plugins import discover
from vedette.store.profiles import Profile, Shelf
from vedette.store.profiles.told import Told
from vedette.store.spool import Kept, Spool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the engine found.

    Attributes:
        findings: ordered by time, detector and uid.
        evidence: per finding uid the sample of its events: attribute path -> value.
        idle: the detectors that could not run.
        watched: what the alert budget is kept by: per learned detector what it judged.
        notices: what is to be known about the models and baselines that were used.
        baselines: what was judged against, and what became of it.
    """

    findings: tuple[Finding, ...]
    evidence: dict[str, list[dict[str, Any]]]
    idle: tuple[Idle, ...]
    watched: tuple[Watch, ...] = ()
    notices: tuple[str, ...] = ()
    baselines: Told | None = None


class Engine:
    """Takes event batches in any order, gives findings.

    Args:
        config: the settings.
        detectors: those that run; by default all that are discovered and not disabled.
        folder: where temporary files may go when the memory is used up.
        shelf: stored baselines to begin with; whoever gave it saves what was learned, or does not.
        judging: false: only learn what is normal; there are no findings, and no events are kept.

    Raises:
        ConfigError: a disabled detector does not exist.
    """

    def __init__(
        self,
        config: Config,
        detectors: Iterable[type[Detector]] | None = None,
        folder: Path | None = None,
        shelf: Shelf | None = None,
        *,
        judging: bool = True,
    ) -> None:
        if detectors is None:
            detectors = enabled(config)
        self._judging, self._config = judging, config
        self._shelf = shelf
        self._unkept: list[Profile] = []
        self._blank = Shelf(Path(), config.baselines.entities, config.peers(), folder)
        memory_bytes = config.limits.memory_mb << 20
        self.spool = Spool(memory_bytes // 2, folder)
        self._kept: Kept = self.spool
        self._gather = Gather()
        self._door = Door(config)
        self._scanners = config.network.scanners
        self._alerts_per_day = config.budget.alerts_per_day
        self._border = Border(config.network.internal)
        protect(config.brands.protected)
        self._folder = folder
        self._wanted: dict[type[FeatureSet], list[type[Detector]]] = {}
        for detector in detectors if judging else filter(learns, detectors):
            self._wanted.setdefault(detector.needs, []).append(detector)
        self._ruleless = {n for n in self._wanted if issubclass(n, Matches) and not getattr(config, n.section).paths}
        self._share = memory_bytes // 2 // max(1, len(self._wanted))
        self._awake: dict[type[FeatureSet], Stage] = {}
        self._unequipped: list[Idle] = []
        self._notices: list[str] = []

    def _stage(self, needs: type[FeatureSet]) -> Stage:
        """Return the stage of a feature set, made when the first of its events comes: a model costs more to read than a small file."""
        if needs not in self._awake:
            made = (self._equipped(cls) for cls in self._wanted[needs]) if self._judging else ()
            hits = [Hits(detector) for detector in made if detector is not None]
            names = [h.detector.name for h in hits] if self._judging else [needs.name]
            features = self._features(needs)
            stage = self._awake[needs] = Stage(features, None, hits, names)
            if isinstance(features, WindowFeatures):
                stage.state = WindowState(features, self._share, self._folder)
                counted = any(
                    isinstance(h.detector, Learned) for h in hits
                )  # by the alert budget: rows that tell nothing too
                stage.state.sifted = features.normal is None and not counted
                stage.profile = self._baseline(features) if features.normal else None
            elif isinstance(features, HistoryFeatures):
                stage.state = HistoryState(features, self._share, self._folder)
        return self._awake[needs]

    def _features(self, needs: type[FeatureSet]) -> FeatureSet:
        """Return the feature set; one that the operator's rules make, with the rules that the settings name."""
        if not issubclass(needs, Matches):
            return needs()
        settings = getattr(self._config, needs.section)
        features, told = needs.load(settings.paths, settings.model_dump())
        self._notices += told
        return features

    def _baseline(self, features: WindowFeatures) -> Profile:
        """Return what is stored of a feature set's normal; a new baseline, and it is told, where that cannot be read."""
        if self._shelf is not None:
            try:
                return self._shelf.profile(features)
            except BaselineError as error:
                why = "; ".join(filter(None, (error.message, error.where, error.hint)))
                self._notices.append(f"judged without what was learned: {why}")
        self._unkept.append(self._blank.new(features))
        return self._unkept[-1]

    def _equipped(self, cls: type[Detector]) -> Detector | None:
        """Return the detector with its model; None, and it is told, where that cannot be used."""
        try:
            made = equip(cls)
        except ModelError as error:
            told = "; ".join(filter(None, (error.message, error.where, error.hint)))
            own = not issubclass(cls, Learned) or cls.ships or bool(versions(cls.model_of()))
            self._unequipped.append(
                Idle(cls.name, told, broke=own)
            )  # a site that trained no model of its own lacks nothing
            return None
        if isinstance(made, Learned) and made.model.notice and made.model.notice not in self._notices:
            self._notices.append(made.model.notice)
        return made

    @property
    def _stages(self) -> list[Stage]:
        """The stages that had events, in an order that does not depend on when they came."""
        return [self._awake[needs] for needs in self._wanted if needs in self._awake]

    def working(self) -> list[Stage]:
        """Let in what waits for company, and return the stages that had events: what the engine remembers is in them."""
        self._settle()
        return self._stages

    def wake(self, name: str) -> Stage | None:
        """Return the stage of a feature set, at work as if one of its events had come; None where no detector needs it."""
        needs = next((n for n in self._wanted if n.name == name and n not in self._ruleless), None)
        return None if needs is None else self._stage(needs)

    def recall(self, stage: Stage, learned: Dump) -> None:
        """Let a stage judge against a baseline as it was written down, in place of what is stored.

        Raises:
            BaselineError: it cannot be read.
        """
        if isinstance(stage.features, WindowFeatures) and stage.profile is not None:
            stage.profile = (self._shelf or self._blank).resume(stage.features, learned)
            if self._shelf is None:
                self._unkept.append(stage.profile)

    def feed(self, batch: EventBatch, log_name: str = "") -> None:
        """Take a batch; ``log_name`` is the input it came from."""
        for joined in self._gather.add(batch.named(log_name)):
            self._take(self._door.enter(joined))

    def _take(self, batch: EventBatch) -> None:
        batch = self._directed(batch)
        if self._judging:
            self._kept.add(batch)
        if len(batch):
            for needs in self._wanted:
                if self._asked(needs, batch):
                    self._stage(needs).feed(batch)

    def _asked(self, needs: type[FeatureSet], batch: EventBatch) -> bool:
        """Return whether a feature set gets a batch."""
        return batch.kind in needs.kinds() and needs not in self._ruleless

    def advance(self, until: datetime) -> None:
        """Close the windows that end at or before ``until``: no older event will come."""
        self._settle()
        for stage in self._stages:
            stage.advance(until)

    def _settle(self) -> None:
        for joined in self._gather.flush():
            self._take(self._door.enter(joined))
        self._door.shut()

    def close(self) -> Outcome:
        """Close every window and return what was found; the events stay in ``spool`` until that is closed."""
        self._settle()
        found: list[Case] = []
        evidence: dict[str, list[dict[str, Any]]] = {}
        alone = self._stages
        watched = self._harvest(alone, found, evidence)
        if found and any(EventClass.OWN_FINDING in needs.kinds() for needs in self._wanted):
            self._take(own_findings_batch(expect([c.finding for c in found], self._scanners)))
            together = [s for s in self._stages if s not in alone]
            watched += self._harvest(together, found, evidence)
        naming = (EventClass.AUTHENTICATION, EventClass.NETWORK_ACTIVITY, EventClass.HOST_CONNECTION)
        findings = self._ordered([c.finding for c in found], addresses(*map(self._kept.read, naming)))
        asleep = (
            Idle(cls.name, f"no {needs.needs.caption} in the input")
            for needs, classes in self._wanted.items()
            if needs not in self._awake and needs not in self._ruleless and needs.needs is not EventClass.OWN_FINDING
            for cls in classes
        )
        ruleless = (
            Idle(cls.name, f"no rules: {n.section}.paths in the settings names none")
            for n in self._ruleless
            for cls in self._wanted[n]
        )
        idle = (*self._unequipped, *asleep, *ruleless, *(i for s in self._stages for i in s.idle()))
        ordered = tuple(sorted(idle, key=lambda i: i.detector))
        told = Told.of(s.profile for s in self._stages if s.profile is not None)
        notices = sorted({*self._notices, *(self._shelf.notices if self._shelf else ())})
        for profile in self._unkept:
            profile.close()
        return Outcome(findings, evidence, ordered, tuple(watched), tuple(notices), told)

    def _harvest(
        self, stages: list[Stage], found: list[Case], evidence: dict[str, list[dict[str, Any]]]
    ) -> list[Watch]:
        """Close every window of these stages and add what they found, with its events; return what the alert budget is kept by."""
        for stage in stages:
            stage.advance()
            if stage.state is not None:
                stage.state.close()
        watched = [w for s in stages for h in s.hits if (w := h.watch()) is not None]
        allowed = self._allowed(watched)
        for stage in stages:
            for hits in stage.hits:
                with stage.edge([hits.detector.name]):
                    own = list(cases(hits, allowed.get(hits.detector.name)))
                    attached, rows = attach(stage.features, own, self._kept)
                    found += attached
                    evidence |= rows
        return watched

    def _allowed(self, watched: list[Watch]) -> Levels:
        """Return what the alert budget allows each learned detector in each slot."""
        judged, caps = {w.detector: w.judged for w in watched}, {w.detector: w.cap for w in watched}
        return levels(judged, caps, self._alerts_per_day)

    def _ordered(self, found: list[Finding], known: Mapping[str, str]) -> tuple[Finding, ...]:
        """Return the findings with hosts known by name and address, and what the operator expects, in their order."""
        findings = expect(identify(found, known), self._scanners)
        return tuple(sorted(findings, key=lambda f: (f.first_seen, f.detector, f.uid)))

    def _directed(self, batch: EventBatch) -> EventBatch:
        """Return the batch with the direction of its connections, where the source does not know it."""
        direction, ends = "connection_info.direction_id", ("src_endpoint.ip", "dst_endpoint.ip")
        have = batch.frame.columns
        if direction not in SCHEMAS[batch.kind] or ends[0] not in have:
            return batch
        if direction in have and not batch.frame[direction].null_count():
            return batch
        src, dst = batch.select(ends).collect(engine="in-memory").get_columns()
        column = self._border.direction(src, dst).alias(direction)
        if direction in have:
            column = batch.frame[direction].zip_with(batch.frame[direction].is_not_null(), column)
        return EventBatch(batch.kind, batch.frame.with_columns(column), batch.records)


def enabled(config: Config) -> list[type[Detector]]:
    """Return the detectors that run.

    Raises:
        ConfigError: a disabled detector does not exist.
    """
    found = discover(Detector)
    unknown = [name for name in config.detectors.disabled if name not in found]
    if unknown:
        raise ConfigError(
            f"no detector is called {unknown[0]!r}", where="detectors.disabled", hint=f"there are: {', '.join(found)}"
        )
    return [cls for name, cls in found.items() if name not in config.detectors.disabled]


def learns(detector: type[Detector]) -> bool:
    """Return whether a detector judges against a baseline."""
    return issubclass(detector.needs, WindowFeatures) and detector.needs.normal is not None
