"""A made-up incident, for the laws of actions and for tests of what comes after correlation."""

from __future__ import annotations

from vedette.model import Incident, Severity
from vedette.testing.made import finding


def some_incident(uid: str = "i1", actor: str = "198.51.100.7", target: str = "10.0.0.5") -> Incident:
    """Return an incident of one finding: somebody outside guesses passwords."""
    one = finding(actor, target, "T1110.001", severity=Severity.HIGH)
    return Incident(
        uid=uid,
        title=f"Password guessing by {actor}",
        story=(one.summary,),
        next_steps=("Look for a success after the failures.",),
        severity=one.severity,
        risk=0.8,
        confidence=one.score,
        first_seen=one.first_seen,
        last_seen=one.last_seen,
        actors=one.actors,
        targets=one.targets,
        techniques=one.techniques,
        findings=(one,),
    )
