"""Findings made by hand, for tests of what comes after detection: correlation, playbooks, sinks, reports."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from vedette.model import Analytic, Entity, EntityKind, Evidence, Finding, Reason, Severity

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
KINDS = {"user": EntityKind.USER, "host": EntityKind.HOST, "domain": EntityKind.DOMAIN, "file": EntityKind.FILE}


def entity(word: str) -> Entity:
    """Return an entity: ``user:bob``, ``host:web1``, ``domain:a.example``, ``file:x``; anything else is an address.

    Example:
        >>> entity("host:web1").kind.value, entity("2001:db8::1").kind.value
        ('host', 'address')
    """
    kind, _, value = word.partition(":")
    return Entity(KINDS[kind], value) if kind in KINDS else Entity(EntityKind.ADDRESS, word)


def finding(actors: str, targets: str, techniques: str, *, at: float = 0, lasts: float = 1, **changes: Any) -> Finding:
    """Return a finding; entities and techniques are words apart by spaces, times are minutes after ``NOON``.

    Example:
        >>> finding("203.0.113.7", "10.0.0.5 user:bob", "T1110", at=5).targets[1].value
        'bob'
    """
    start = NOON + timedelta(minutes=at)
    values: dict[str, Any] = {
        "uid": f"{actors}|{targets}|{techniques}|{at}",
        "detector": f"sees_{techniques}",
        "title": f"Case of {techniques}",
        "summary": f"{actors} did {techniques} to {targets}.",
        "analytic": Analytic.STATISTICAL,
        "severity": Severity.MEDIUM,
        "first_seen": start,
        "last_seen": start + timedelta(minutes=lasts),
        "score": 0.9,
        "actors": tuple(map(entity, actors.split())),
        "targets": tuple(map(entity, targets.split())),
        "techniques": tuple(techniques.split()),
        "reasons": (Reason("1,024 ports in 12 s, where 3 is usual", 0.9, "ports"),),
        "evidence": (Evidence("conn.log", 7),),
        "event_count": 1,
    }
    return Finding(**{**values, **changes})
