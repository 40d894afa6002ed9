"""The engine of a run that has no end: what it has found so far can be looked at, at any time."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from vedette.abc import Detector, EventFeatures, FeatureSet, Learned, WindowFeatures
from vedette.app.engine import Engine
from vedette.app.evidence import attach
from vedette.app.findings import Case, Hits, cases
from vedette.app.stage import Idle, Stage
from vedette.config import Config
from vedette.errors import PrivacyError
from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.features.window import WindowState
from vedette.incidents.expected import expect
from vedette.incidents.identity import Acquaintance
from vedette.incidents.record import OwnFindings
from vedette.learning.budget import SLOT, Levels
from vedette.model import Finding
from vedette.store.profiles import Shelf
from vedette.store.spool import Kept, Spool

BUDGET_DAYS = 4
"""Days of judged items that the alert budget looks back on: it holds two days' income at the most."""

_DAY_SLOTS = timedelta(days=1) // SLOT


@dataclass(frozen=True, slots=True)
class Look:
    """What a run has found so far.

    Attributes:
        findings: those that may still change or come to nothing, and those that are final since the last look.
        final: uids of those that will not change any more; they are told once.
        evidence: per finding uid the sample of its events: of findings that are new or final.
        spent: per learned detector, the false alerts that the budget has spent on it in the last day, in expectation.
    """

    findings: tuple[Finding, ...]
    final: frozenset[str]
    evidence: dict[str, list[dict[str, Any]]]
    spent: Mapping[str, float]


@dataclass(slots=True)
class _Seen:
    """The cases of one detector, as they were when its hits last changed."""

    changes: int
    levels: Mapping[int, float]
    cases: list[Case]


class LiveEngine(Engine):
    """Takes event batches as they come; ``step`` closes windows, ``look`` says what was found so far.

    Args:
        config: the settings.
        kept: where events are kept, and evidence is looked up.
        shelf: stored baselines.
    """

    def __init__(self, config: Config, kept: Kept, shelf: Shelf | None = None) -> None:
        super().__init__(config, shelf=shelf)
        self.spool.close()
        self._kept = kept
        self.known = Acquaintance()
        self.until: datetime | None = None
        self.told_own: dict[str, datetime] = {}
        """Uids of findings about findings that are final, with the end of their stretch."""
        self.shedding = 0
        """1: feature sets all of whose detectors only corroborate are left out; 2: models that judge event by event are as well."""
        self.trouble = ""
        """What the operator must know of; empty: nothing."""
        self._left_out: Counter[str] = Counter()
        self._own = OwnFindings()
        self._judged_together: tuple[list[Any], list[Case]] = ([], [])
        """The findings that were judged together last, and what was found of them."""
        self._seen: dict[str, _Seen] = {}
        self._shown: dict[str, Finding] = {}

    def step(self, until: datetime, held: Sequence[Finding] = ()) -> Look:
        """Close the windows that end at or before ``until`` and return what was found so far, with what is final now.

        Whoever wants the same findings from the same events calls this at the same places between them.

        Args:
            until: no older event will come.
            held: findings that are final, and recent enough for others to be judged together with them.
        """
        self.advance(until)
        self.until = until
        for stage in self._stages:
            stage.cool(until)
        return self._told(held, settle=True)

    def _stage(self, needs: type[FeatureSet]) -> Stage:
        stage = super()._stage(needs)
        if isinstance(stage.state, WindowState):
            stage.state.watched = True
        return stage

    def _settle(self) -> None:
        """As of any engine; a list of pseudonyms that cannot be written now is told, and tried again at the next look."""
        try:
            super()._settle()
            self.trouble = ""
        except PrivacyError as error:
            self.trouble = error.message

    def _take(self, batch: EventBatch) -> None:
        super()._take(batch)
        self.known.add(batch)

    def _asked(self, needs: type[FeatureSet], batch: EventBatch) -> bool:
        """Return whether a feature set gets a batch; count what it does not get under overload."""
        if not super()._asked(needs, batch):
            return False
        if self.shedding and _worth(needs, self._wanted[needs]) <= self.shedding:
            self._left_out[needs.name] += len(batch)
            return False
        return True

    def take_shed(self) -> dict[str, int]:
        """Return how many events each feature set did not get since this was last asked."""
        left, self._left_out = self._left_out, Counter()
        return dict(left)

    def broken(self) -> list[Idle]:
        """Return the detectors that broke, or have no model to judge with."""
        return [i for i in (*self._unequipped, *(i for s in self._stages for i in s.idle())) if i.broke]

    def flush(self) -> None:
        """Judge what waits to be more: nothing is held outside of the stages then."""
        self._settle()

    def extra(self) -> dict[str, bytes]:
        """Return what a checkpoint keeps beside the stages."""
        return {f"known.{name}": _ipc(frame) for name, frame in self.known.dump().items()}

    def resume(self, until: datetime | None, own: Mapping[str, datetime], extra: Mapping[str, bytes]) -> None:
        """Go on from a checkpoint whose stages were read already."""
        self.until, self.told_own = until, dict(own)
        frames = {n.removeprefix("known."): d for n, d in extra.items() if n.startswith("known.")}
        self.known.load({name: pl.read_ipc(io.BytesIO(data)) for name, data in frames.items()})

    def look(self, held: Sequence[Finding] = ()) -> Look:
        """Return what was found so far, with windows that are still open judged as they are now; nothing becomes final.

        Args:
            held: as for ``step``.
        """
        self._settle()
        for stage in self._alone():
            stage.look()
        return self._told(held, settle=False)

    def _alone(self) -> list[Stage]:
        """The stages that judge events."""
        return [s for s in self._stages if EventClass.OWN_FINDING not in s.features.kinds()]

    def _told(self, held: Sequence[Finding], *, settle: bool) -> Look:
        stages = self._alone()
        watched = self._watch(stages)
        found: list[Case] = []
        final: set[str] = set()
        evidence: dict[str, list[dict[str, Any]]] = {}
        for stage in stages:
            for hits in stage.hits:
                with stage.edge([hits.detector.name]):
                    own = self._cases(hits, watched[hits.detector.name][0] if hits.detector.name in watched else {})
                    done = self._done(stage, own) if settle else set()
                    found += self._with_evidence(stage, own, done, evidence)
                    final |= done
                    if done and self.until is not None:
                        hits.settle(self.until - _widest(stage))
        together = self._together([*(c.finding for c in found), *held], evidence)
        over = {c.finding.uid: c.until for c in together if settle and self._over(c)}
        self.told_own |= over
        findings = self._ordered([c.finding for c in (*found, *together)], self.known.known())
        final |= over.keys()
        self._shown = {f.uid: f for f in findings if f.uid not in final}
        return Look(findings, frozenset(final), evidence, {name: spent for name, (_, spent) in watched.items()})

    # ------------------------------------------------------------------------------------------------------ one detector

    def _watch(self, stages: Iterable[Stage]) -> dict[str, tuple[Mapping[int, float], float]]:
        """Return per learned detector the levels of its slots, and what it spent in the last day; forget slots of long ago."""
        judging = {h.detector.name: h for s in stages for h in s.hits if h.judged}
        if not judging:
            return {}
        newest = max(max(h.judged) for h in judging.values())
        for hits in judging.values():
            for slot in [s for s in hits.judged if s <= newest - BUDGET_DAYS * _DAY_SLOTS]:
                del hits.judged[slot]
        allowed: Levels = self._allowed([w for h in judging.values() if (w := h.watch()) is not None])
        recent = newest - _DAY_SLOTS
        return {
            name: (levels, sum(a * judging[name].judged[s] for s, a in levels.items() if s > recent))
            for name, levels in allowed.items()
        }

    def _cases(self, hits: Hits, levels: Mapping[int, float]) -> list[Case]:
        """Return the findings of a detector; made anew only where its hits, or what it may spend, changed."""
        seen = self._seen.get(hits.detector.name)
        if seen is None or seen.changes != hits.changes or seen.levels != levels:
            seen = self._seen[hits.detector.name] = _Seen(hits.changes, dict(levels), list(cases(hits, levels)))
        return seen.cases

    def _done(self, stage: Stage, found: Sequence[Case]) -> set[str]:
        """Return the uids of cases that nothing can join any more."""
        if self.until is None:
            return set()
        before = self.until - _widest(stage)
        return {c.finding.uid for c in found if c.reach < before}

    def _with_evidence(
        self, stage: Stage, found: list[Case], done: set[str], evidence: dict[str, list[dict[str, Any]]]
    ) -> list[Case]:
        """Return the cases with evidence: looked up for alerts that are new, and for what is final; others keep what they have."""
        fresh = [c for c in found if c.finding.uid in done or (c.finding.alert and not self._has_evidence(c))]
        attached, rows = attach(stage.features, fresh, self._kept)
        evidence |= rows
        by_uid = {c.finding.uid: c for c in attached}
        return [by_uid.get(c.finding.uid) or self._as_shown(c) for c in found]

    def _has_evidence(self, case: Case) -> bool:
        shown = self._shown.get(case.finding.uid)
        return shown is not None and bool(shown.evidence)

    def _as_shown(self, case: Case) -> Case:
        """Return a case with the evidence that it had before."""
        shown = self._shown.get(case.finding.uid)
        if shown is None:
            return case
        count = max(case.finding.event_count, shown.event_count)
        return replace(case, finding=replace(case.finding, evidence=shown.evidence, event_count=count))

    # --------------------------------------------------------------------------------------------------- findings together

    def _together(self, findings: Sequence[Finding], evidence: dict[str, list[dict[str, Any]]]) -> list[Case]:
        """Return what detectors find that judge findings together: over all that are at hand, anew where any of them changed."""
        wanted = [n for n in self._wanted if EventClass.OWN_FINDING in n.kinds()]
        if not findings or not wanted:
            return []
        known = [(f.uid, f.score, f.last_seen, f.severity, f.actors, f.targets) for f in findings]
        if known == self._judged_together[0]:
            return [c for c in self._judged_together[1] if c.finding.uid not in self.told_own]
        batch = self._own.batch(expect(findings, self._scanners))
        spool = Spool(64 << 20)
        spool.add(batch)
        found: list[Case] = []
        for needs in wanted:
            stage = self._stage(needs)
            if not isinstance(stage.features, WindowFeatures):
                continue
            stage.state = WindowState(stage.features, self._share, self._folder)
            for hits in stage.hits:
                hits.frames, hits.weak, hits.warm = [], [], pl.DataFrame()
            stage.feed(batch)
            stage.advance()
            for hits in stage.hits:
                with stage.edge([hits.detector.name]):
                    own = [c for c in cases(hits) if c.finding.uid not in self.told_own]
                    attached, rows = attach(stage.features, own, spool)
                    evidence |= rows
                    found += attached
        spool.close()
        self._judged_together = (known, found)
        return found

    def _over(self, case: Case) -> bool:
        """Return whether all findings of a stretch are final: its day is over, and so is the longest window after it."""
        return self.until is not None and case.reach + timedelta(days=1) < self.until


def _worth(needs: type[FeatureSet], detectors: Sequence[type[Detector]]) -> int:
    """Return from which level of overload on a feature set is left out; 3: never."""
    if all(d.corroborates for d in detectors):
        return 1
    return 2 if issubclass(needs, EventFeatures) and all(issubclass(d, Learned) for d in detectors) else 3


def _ipc(frame: pl.DataFrame) -> bytes:
    stream = io.BytesIO()
    frame.write_ipc(stream)
    return stream.getvalue()


def _widest(stage: Stage) -> timedelta:
    """Return the width of the widest window that may still close and reach back."""
    features = stage.features
    if not isinstance(features, WindowFeatures):
        return timedelta(0)
    return features.normal.window if features.normal else features.windows[-1]
