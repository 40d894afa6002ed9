"""What was found of what was planted, and what was found that nobody planted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np

from bench.soak.attacks import Planted
from bench.soak.company import PROGRAMS, ROLLED_OUT
from bench.soak.kinds import Kind
from bench.soak.month import Account
from vedette.model import Evidence, Finding, Incident, Severity

MAJORITY = 0.5
"""A finding is about an attack where at least this share of the events it shows is the attack's."""
AFTER = timedelta(days=1)
"""A finding about a host whose window is a day may end so long after the attack."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Told:
    """What there is of one attack.

    Attributes:
        alerts: detector -> findings that alert; ``weak``: those that only corroborate; ``loose``: about its host while it went on, by
            detectors that show no event of it.
        known: when the first alert was known; None: never.
    """

    attack: Planted
    alerts: Counter[str] = field(default_factory=Counter)
    weak: Counter[str] = field(default_factory=Counter)
    loose: Counter[str] = field(default_factory=Counter)
    known: datetime | None = None
    incidents: list[str] = field(default_factory=list)

    @property
    def delay(self) -> timedelta | None:
        """How long it went on before it was known."""
        return None if self.known is None else self.known - when(self.attack.begin)


def when(microseconds: int) -> datetime:
    """Return the time of a number of microseconds since the epoch."""
    return _EPOCH + timedelta(microseconds=microseconds)


class Judge:
    """Knows which event is whose.

    Args:
        attacks: those that were planted.
        account: what was made.
    """

    def __init__(self, attacks: Sequence[Planted], account: Account) -> None:
        self.attacks = attacks
        self._owner: dict[tuple[str, int], int] = {
            (log, s): number for (log, number), held in account.planted.items() for part in held for s in part.tolist()
        }
        self._marks = [set(a.marks) for a in attacks]
        self._kinds = np.concatenate(account.kinds) if account.kinds else np.zeros(0, dtype=np.int16)

    def about(self, finding: Finding) -> int | None:
        """Return the attack that a finding shows; None: none."""
        owners = Counter(o for e in finding.evidence if (o := self._owner.get((e.log_name, e.sequence))) is not None)
        if owners:
            number, n = owners.most_common(1)[0]
            if n >= MAJORITY * len(finding.evidence):
                return number
        values = {e.value for e in (*finding.actors, *finding.targets)}
        return next((n for n, marks in enumerate(self._marks) if values & marks), None)

    def near(self, finding: Finding) -> int | None:
        """Return the attack that went on at a host that a finding says does something; None: none."""
        values = {e.value for e in finding.actors}
        for n, a in enumerate(self.attacks):
            going = finding.last_seen >= when(a.begin) and finding.first_seen <= when(a.end) + AFTER
            if values & set(a.hosts) and going:
                return n
        return None

    def told(
        self, findings: Sequence[Finding], incidents: Sequence[Incident], known: Callable[[Finding], datetime]
    ) -> list[Told]:
        """Return what there is of each attack; ``known`` says when a finding was."""
        whole = [Told(a) for a in self.attacks]
        for f in findings:
            firm = self.about(f)
            if firm is None:
                if f.alert and (n := self.near(f)) is not None:
                    whole[n].loose[f.detector] += 1
                continue
            told = whole[firm]
            (told.alerts if f.alert else told.weak)[f.detector] += 1
            if f.alert:
                at = known(f)
                told.known = at if told.known is None else min(told.known, at)
        for incident in incidents:
            for n in {self.about(f) for f in incident.findings if f.alert} - {None}:
                whole[n or 0].incidents.append(f"{incident.title} ({incident.severity.name.lower()})")
        return whole

    def false(self, incidents: Sequence[Incident]) -> list[Incident]:
        """Return the incidents that no attack stands behind; those about what the operator expects (informational) are left out."""
        return [
            i
            for i in incidents
            if i.severity > Severity.INFORMATIONAL
            and all(self.about(f) is None and self.near(f) is None for f in i.findings if f.alert)
        ]

    def cause(self, finding: Finding) -> str:
        """Return what kind of normal traffic stands behind a false finding, as far as its flows tell."""
        kinds = Counter(self._kind(e) for e in finding.evidence)
        return kinds.most_common(1)[0][0] if kinds else "-"

    def _kind(self, e: Evidence) -> str:
        if e.log_name != "conn" or e.sequence >= len(self._kinds):
            return e.log_name
        number = int(self._kinds[e.sequence])
        every = (*PROGRAMS, ROLLED_OUT)
        if number >= Kind.PROGRAM:
            return f"program: {every[number - Kind.PROGRAM].name}"
        return Kind(number).name.lower() if number else "look-up"
