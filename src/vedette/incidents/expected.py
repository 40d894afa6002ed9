"""What the operator expects: our own scanners scan, and that is no news."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from ipaddress import IPv4Network, IPv6Network

from vedette.events.address import parsed
from vedette.model import Entity, EntityKind, Finding, Severity

SCANNING = frozenset({"T1046", "T1018", "T1595", "T1590", "T1592"})
"""Techniques that a scanner, an inventory or a monitor does for a living; anything else it does is judged as ever."""


def expect(findings: Sequence[Finding], scanners: Sequence[IPv4Network | IPv6Network]) -> tuple[Finding, ...]:
    """Return the findings, with those of our own scanners at scanning made informational; none is dropped."""
    if not scanners:
        return tuple(findings)
    return tuple(replace(f, severity=Severity.INFORMATIONAL) if _is_expected(f, scanners) else f for f in findings)


def _is_expected(finding: Finding, scanners: Sequence[IPv4Network | IPv6Network]) -> bool:
    scans = bool(finding.techniques) and all(t.partition(".")[0] in SCANNING for t in finding.techniques)
    return scans and bool(finding.actors) and all(_is_one(a, scanners) for a in finding.actors)


def _is_one(actor: Entity, scanners: Sequence[IPv4Network | IPv6Network]) -> bool:
    if actor.kind is not EntityKind.ADDRESS:
        return False
    address = parsed(actor.value)
    return address is not None and any(
        network.version == address.version and address in network for network in scanners
    )
