"""Blocks one address on a Linux gateway, for a while."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from vedette.abc import Action
from vedette.errors import Refused
from vedette.incidents.words import visible
from vedette.model import Entity, EntityKind, Incident, Plan, Receipt

TABLE = "inet vedette"
SETS = {4: "blocked4", 6: "blocked6"}
TTL_SECONDS = 3600
_NEVER = ("is_loopback", "is_multicast", "is_unspecified", "is_link_local", "is_reserved")
"""Properties of addresses that no attacker beyond the gateway can have."""

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


class BlockAddress(Action):
    """Proposes to drop packets from and to an address, by an nftables set whose elements time out by themselves.

    The table ``inet vedette`` with the sets ``blocked4`` and ``blocked6`` is made once, by hand: docs/how-to/block-with-nftables.md.
    The element leaves the set when its time is up, even if Vedette is gone by then.

    Refused: what is not an address, and addresses that are nobody's to block: loopback, multicast, unspecified, link-local,
    reserved, broadcast, and ``own``, those of this system.
    """

    name = "block_address"
    targets = (EntityKind.ADDRESS,)
    reversible = True
    disruptive = True

    def __init__(self, own: Iterable[Network] = ()) -> None:
        self.own = tuple(own)

    def plan(self, incident: Incident, target: Entity) -> Plan:
        address = self._blockable(target)
        element = f"element {TABLE} {SETS[address.version]} {{ {address}"
        return Plan(
            action=self.name,
            target=target,
            steps=(f"nft 'add {element} timeout {TTL_SECONDS}s }}'",),
            undo=(f"nft 'delete {element} }}'",),
            disruptive=self.disruptive,
            ttl_seconds=TTL_SECONDS,
            why=f"{incident.title} ({incident.severity.name.lower()}, {incident.confidence:.0%} sure).",
        )

    def apply(self, plan: Plan) -> Receipt:
        raise _not_yet(plan)

    def undo(self, receipt: Receipt) -> Receipt:
        raise _not_yet(receipt.plan)

    def _blockable(self, target: Entity) -> Address:
        """Return the plain address of a target; an IPv4 address inside an IPv6 one is that."""
        address = _address(target)
        kind = next((p for p in _NEVER if getattr(address, p)), "")
        if kind:
            raise Refused(
                f"{address} is a {kind.removeprefix('is_').replace('_', '-')} address", where=BlockAddress.name
            )
        if any(address in network for network in self.own):
            raise Refused(f"{address} is one of our own addresses", where=BlockAddress.name)
        return address


def _address(target: Entity) -> Address:
    try:
        address = ip_address(target.value) if target.kind is EntityKind.ADDRESS else None
    except ValueError:
        address = None
    if address is None or getattr(address, "scope_id", None):
        raise Refused(f"{visible(target.value, 80)!r} is not an address that can be blocked", where=BlockAddress.name)
    return getattr(address, "ipv4_mapped", None) or address


def _not_yet(plan: Plan) -> Refused:
    return Refused(
        "not in this release: plans are proposals, nothing is applied",
        where=plan.action,
        hint=f"run it yourself if you agree: {'; '.join(plan.steps)}",
    )
