"""What many do at once, each to others: one cause is likelier than so many attackers."""

from __future__ import annotations

from collections.abc import Sequence

from vedette.incidents.expected import SCANNING
from vedette.incidents.stages import CROWD
from vedette.model import Entity, Finding, Severity

COMMON = SCANNING | {"T1008"}
"""What an outage, an update or a monitor makes many hosts seem to do at once: to try many, and to call in vain."""
GRAVEST = Severity.MEDIUM
"""How grave it is that many do so: a worm begins with a few, and those are told before."""


def is_common(findings: Sequence[Finding]) -> bool:
    """Say whether findings show nothing that has no innocent common cause."""
    return all(f.techniques and {t.partition(".")[0] for t in f.techniques} <= COMMON for f in findings)


def crowd(findings: Sequence[Finding]) -> list[Entity]:
    """Return who does the same at once, each to others, whoever began first; nobody where it is no crowd."""
    if not is_common(findings) or any(len(f.actors) != 1 for f in findings):
        return []
    if set.intersection(*({*f.targets} for f in findings)):
        return []  # one victim of many
    ordered = sorted(findings, key=lambda f: (f.first_seen, f.uid))
    actors = list(dict.fromkeys(f.actors[0] for f in ordered))
    return actors if len(actors) > CROWD else []
