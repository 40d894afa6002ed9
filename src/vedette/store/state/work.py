"""What one look at the open windows changes in the store: one transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from vedette.model import Finding, Incident, Plan


@dataclass(frozen=True, slots=True)
class Work:
    """All of it is stored, or nothing.

    Attributes:
        position: of the intake log, judged up to here.
        findings: new or changed.
        evidence: finding uid -> rows (attribute path -> value), for those in ``findings`` that have some; a finding that
            changed and has none here keeps what it had.
        final: uids of findings that will not change any more.
        withdrawn: uids of findings that turned out to be nothing, or went into another.
        incidents: new or changed, with their findings; a finding that is in the store already is not changed by this.
        replaced: uid of an incident that is no more -> that which holds its findings now ("": none).
        plans: incident uid -> plans; an incident that has none here keeps what it had.
    """

    position: int
    findings: Sequence[Finding] = ()
    evidence: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    final: Collection[str] = ()
    withdrawn: Collection[str] = ()
    incidents: Sequence[Incident] = ()
    replaced: Mapping[str, str] = field(default_factory=dict)
    plans: Mapping[str, Sequence[Plan]] = field(default_factory=dict)
