"""Where in an attack a finding stands: the tactics of its techniques, and what they mean for a story."""

from __future__ import annotations

from functools import cache

from vedette.intel.attack import stage
from vedette.model import Finding

ENTERED = frozenset(
    {
        "initial-access",
        "execution",
        "persistence",
        "privilege-escalation",
        "defense-evasion",
        "lateral-movement",
        "collection",
        "exfiltration",
    }
)
"""Tactics of somebody who is in: what the target does afterwards may be theirs."""

TRIED = frozenset({"credential-access", "command-and-control"})
"""Tactics that may have ended inside: if the target itself turns on others soon after, they belong together."""

ATTEMPT = frozenset({"reconnaissance", "credential-access", "discovery"})
"""Tactics that come before entering; entering after them is progress."""

PROGRESS = (
    "reconnaissance",
    "resource-development",
    "discovery",
    "credential-access",
    "initial-access",
    "execution",
    "persistence",
    "privilege-escalation",
    "defense-evasion",
    "lateral-movement",
    "collection",
    "command-and-control",
    "exfiltration",
    "impact",
)
"""Tactics as an attack over the network goes through them: scanning and guessing come before entering, other than in the matrix."""

SUMS_UP = frozenset({"infected_host"})
"""Detectors that judge the findings of others together: they head a story, hold it together, and corroborate nothing."""


CROWD = 8
"""More actors than this are a crowd."""


@cache
def _stages(techniques: tuple[str, ...]) -> frozenset[str]:
    return frozenset(filter(None, map(stage, techniques)))


def stages(finding: Finding) -> frozenset[str]:
    """Return the earliest tactic of each technique; empty where none is known.

    Earliest, because a technique in several tactics proves no more than its first: ``T1078`` (valid accounts) says that somebody is
    in, not that he has gained privileges.
    """
    return _stages(finding.techniques)


def furthest(finding: Finding) -> str:
    """Return the stage of a finding that shows the most progress; empty where none is known."""
    return max(stages(finding), key=progress, default="")


def progress(tactic: str) -> int:
    """Return how far an attack is that has reached this tactic; -1 where it is not known."""
    return PROGRESS.index(tactic) if tactic in PROGRESS else -1
