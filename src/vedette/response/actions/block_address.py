"""Blocks one address on a Linux gateway, for a while."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from vedette.abc import Action
from vedette.errors import ActionError, Refused
from vedette.incidents.words import visible
from vedette.model import Entity, EntityKind, Incident, Plan, Receipt

TABLE = "inet vedette"
SETS = {4: "blocked4", 6: "blocked6"}
TTL_SECONDS = 3600
PATIENCE_SECONDS = 10
_ABSENT = "No such file or directory"
"""What nft says of an element, a set or a table that is not there."""
_NEVER = ("is_loopback", "is_multicast", "is_unspecified", "is_link_local", "is_reserved")
"""Properties of addresses that no attacker beyond the gateway can have."""

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


class BlockAddress(Action):
    """Drops packets from and to an address, by an nftables set whose elements time out by themselves.

    The table ``inet vedette`` with the sets ``blocked4`` and ``blocked6`` is made once, by hand: docs/how-to/block-with-nftables.md.
    The element leaves the set when its time is up, even if Vedette is gone by then.

    Refused: what is not an address, and addresses that are nobody's to block: loopback, multicast, unspecified, link-local,
    reserved, broadcast, and ``own``, those of this system.
    """

    name = "block_address"
    targets = (EntityKind.ADDRESS,)
    reversible = True
    disruptive = True
    causes = ("T1008", "T1046", "T1018")

    def __init__(self, own: Iterable[Network] = ()) -> None:
        self.own = tuple(own)

    def plan(self, incident: Incident, target: Entity) -> Plan:
        element = _element(self._blockable(target))
        return Plan(
            action=self.name,
            target=target,
            steps=(f"nft 'add {element} timeout {TTL_SECONDS}s }}'",),
            undo=(f"nft 'delete {element} }}'",),
            disruptive=self.disruptive,
            ttl_seconds=TTL_SECONDS,
            why=f"{incident.title} ({incident.severity.name.lower()}, {incident.confidence:.0%} sure).",
            causes=self.causes,
        )

    def apply(self, plan: Plan) -> Receipt:
        element = _element(self._blockable(plan.target))
        said = _nft(f"add {element} timeout {plan.ttl_seconds}s }}")
        if said is not None:
            hint = (
                "docs/how-to/block-with-nftables.md makes the table"
                if _ABSENT in said
                else "is this the gateway, and are we root?"
            )
            raise ActionError(f"nft did not take the element: {said}", where=self.name, hint=hint)
        return Receipt(plan, "done", {"element": f"{element} }}"})

    def undo(self, receipt: Receipt) -> Receipt:
        said = _nft(f"delete {_element(_address(receipt.plan.target))} }}")
        if said is not None and _ABSENT not in said:
            raise ActionError(f"nft did not give the element back: {said}", where=self.name)
        return Receipt(receipt.plan, "undone")

    def in_force(self, plan: Plan) -> bool | None:
        said = _nft(f"get {_element(_address(plan.target))} }}")
        return True if said is None else False if _ABSENT in said else None

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


def _element(address: Address) -> str:
    return f"element {TABLE} {SETS[address.version]} {{ {address}"


def _nft(command: str) -> str | None:
    """Run nft; return what it complains of, None where it does not. The command holds nothing but our words and an address."""
    program = shutil.which("nft") or shutil.which("nft", path="/usr/sbin:/sbin")
    if program is None:
        return "there is no nft on this machine"
    try:
        done = subprocess.run(  # noqa: S603 - no shell; one argument, made of our words and a parsed address
            [program, command], capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return None if not done.returncode else (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[0]
