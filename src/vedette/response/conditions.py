"""Conditions of a step of a playbook: what must be known of a target before a plan is made for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from typing import Annotated, Literal

import msgspec

from vedette.events.address import parsed
from vedette.model import Entity, EntityKind, Finding, Incident

SPOOFABLE = ("T1498", "T1499.001")
"""Floods whose packets need no answer, so their sources may be forged (RFC 4987, RFC 2827)."""
REFLECTED = "T1498.002"
"""Reflection: the sources are abused servers."""
TWO = 2

Network = IPv4Network | IPv6Network
Unit = Annotated[float, msgspec.Meta(ge=0, le=1)]
_OURS = (EntityKind.HOST, EntityKind.USER, EntityKind.ACCOUNT)
"""Kinds whose names are known of our own alone."""
_NAMED = (EntityKind.DOMAIN, EntityKind.EMAIL, EntityKind.URL, EntityKind.COUNTERPARTY)


@dataclass(frozen=True, slots=True)
class Case:
    """A target of an incident, and what speaks about it.

    Attributes:
        alerts: the alerts about the target; all alerts where none names it.
        place: ``inside`` or ``outside`` our networks; empty where neither can be said.
    """

    incident: Incident
    target: Entity
    alerts: tuple[Finding, ...]
    place: str

    @property
    def forgeable(self) -> bool:
        """Whether all that is seen of it may carry a forged address."""
        return all(any(t.startswith(SPOOFABLE) for t in f.techniques) for f in self.alerts)

    @property
    def reflected(self) -> bool:
        """Whether it is an abused server."""
        return any(REFLECTED in f.techniques for f in self.alerts)

    @property
    def kinds(self) -> int:
        """How many kinds of analytic speak about it."""
        return len({f.analytic for f in self.alerts})

    @property
    def crowd(self) -> int:
        """How many of its kind act."""
        return sum(a.kind is self.target.kind for a in self.incident.actors)


class When(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What must hold of a target; what is not said is not asked.

    Attributes:
        confidence: the surest alert about it is at least so sure.
        corroborated: two kinds of analytic speak about it; ``false``: only one does.
        place: it is inside our networks, or outside.
        genuine: its address cannot be forged, and it is no abused server.
        at_most: no more than so many of its kind act.
        techniques: an alert about it has any of these; ``detectors``: is by any of these.
    """

    confidence: Unit = 0.0
    corroborated: bool | None = None
    place: Literal["inside", "outside"] | None = None
    genuine: bool = False
    at_most: Annotated[int, msgspec.Meta(ge=1)] | None = None
    techniques: tuple[str, ...] = ()
    detectors: tuple[str, ...] = ()

    def __call__(self, case: Case) -> bool:
        """Say whether all of it holds."""
        return all(
            (
                max((f.score for f in case.alerts), default=0.0) >= self.confidence,
                self.corroborated in (None, case.kinds >= TWO),
                self.place in (None, case.place),
                not self.genuine or not (case.forgeable or case.reflected),
                self.at_most is None or case.crowd <= self.at_most,
                has((t for f in case.alerts for t in f.techniques), self.techniques),
                not self.detectors or any(f.detector in self.detectors for f in case.alerts),
            )
        )


def has(techniques: Iterable[str], wanted: Sequence[str]) -> bool:
    """Say whether any technique is wanted; a parent covers its sub-techniques, and nothing wanted is anything."""
    have = {prefix for t in techniques for prefix in (t, t.partition(".")[0])}
    return not wanted or not have.isdisjoint(wanted)


def place(target: Entity, networks: Sequence[Network], names: Sequence[str] = ()) -> str:
    """Say whether a target is ``inside`` or ``outside``: an address by networks, a domain by our names; empty where neither can be said."""
    address = parsed(target.value) if target.kind in (EntityKind.ADDRESS, EntityKind.HOST) else None
    if address is not None:
        return "inside" if any(address in network for network in networks) else "outside"
    if target.kind in _OURS:
        return "inside"
    if target.kind not in _NAMED:
        return ""
    domain = target.value.rpartition("@")[2].casefold().rstrip(".")
    ours = any(domain == n.casefold() or domain.endswith("." + n.casefold()) for n in names)
    return "inside" if ours else "outside"
