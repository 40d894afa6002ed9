"""Blocks one address on Linux gateways, for a while."""

from __future__ import annotations

import re
import shlex
import shutil
from ipaddress import IPv4Network, IPv6Network
from typing import Any, ClassVar, Literal

from pydantic import Field, field_validator

from vedette.abc import Action
from vedette.abc.response import Rows
from vedette.abc.settings import Settings
from vedette.errors import ActionError, Refused
from vedette.incidents.words import visible
from vedette.model import Entity, EntityKind, Incident, Plan, Receipt
from vedette.response.because import because
from vedette.response.command import run
from vedette.response.names import Address, address, blockable

TABLE = "inet vedette"
SETS = {4: "blocked4", 6: "blocked6"}
PATIENCE_SECONDS = 10
SSH = (
    "ssh",
    "-T",
    "-oBatchMode=yes",
    "-oStrictHostKeyChecking=yes",
    f"-oConnectTimeout={PATIENCE_SECONDS // 2}",
    "-oClearAllForwardings=yes",
    "-oForwardAgent=no",
    "-oPermitLocalCommand=no",
)
"""Never asks, never trusts a host key that it does not know."""
_REMOTE = re.compile(r"ssh (?:[a-z_][a-z0-9_-]*@)?[A-Za-z0-9:][A-Za-z0-9.:-]*")
_ABSENT = "No such file or directory"
"""What nft says of an element, a set or a table that is not there."""

Network = IPv4Network | IPv6Network


class BlockSettings(Settings):
    """Where addresses are blocked, and for how long."""

    via: tuple[str, ...] = ()
    """Gateways that are reached by ssh, one or a list: ``"ssh root@gw1"``. Their host keys must be known, and the key must need no
    passphrase. Empty: nftables of this machine."""

    nft: Literal["nft", "sudo -n nft"] = "nft"
    """How nft is called there."""

    ssh_key: str = ""
    """File of the private key; by default what ssh takes by itself."""

    known_hosts: str = ""
    """File of the host keys that are trusted; by default what ssh takes by itself."""

    never: tuple[Network, ...] = ()
    """Networks that this action refuses whatever else is said."""

    minutes: int = Field(default=60, ge=1, le=525_600)
    """How long a block lasts."""

    @field_validator("via", mode="before")
    @classmethod
    def _remotes(cls, value: Any) -> Any:  # noqa: ANN401 - whatever stands in the file
        remotes = [value] if isinstance(value, str) else value
        bad = [r for r in remotes if not (isinstance(r, str) and _REMOTE.fullmatch(r))]
        if bad:
            raise ValueError(f"should be like 'ssh root@gw1', not {bad[0]!r}")
        return remotes


class BlockAddress(Action):
    """Drops packets from and to an address, by an nftables set whose elements time out by themselves.

    The table ``inet vedette`` with the sets ``blocked4`` and ``blocked6`` is made once, by hand: docs/how-to/block-with-nftables.md.
    The element leaves the set when its time is up, even if Vedette is gone by then. It is set on this machine, or by ssh on each gateway of
    ``via``; where one of several gateways cannot be reached, it is said, and the others hold.

    Refused: what is not an address, and addresses that are nobody's to block: loopback, multicast, unspecified, link-local,
    reserved, broadcast, and those of ``never``.
    """

    name = "block_address"
    targets = (EntityKind.ADDRESS,)
    reversible = True
    disruptive = True
    causes = ("T1008", "T1046", "T1018")
    options = BlockSettings
    settings: BlockSettings
    example: ClassVar[dict[str, Any]] = {"via": "ssh root@gw1.example"}

    def plan(self, incident: Incident, target: Entity, rows: Rows = ()) -> Plan:
        element, seconds = _element(self._blockable(target)), self.settings.minutes * 60
        return Plan(
            action=self.name,
            target=target,
            steps=self._told(f"add {element} timeout {seconds}s }}"),
            undo=self._told(f"delete {element} }}"),
            disruptive=self.disruptive,
            ttl_seconds=seconds,
            why=because(incident),
            causes=self.causes,
        )

    def apply(self, plan: Plan) -> Receipt:
        element = _element(self._blockable(plan.target))
        for place, said in self._nft(f"add {element} timeout {plan.ttl_seconds}s }}").items():
            if said is not None:
                hint = (
                    "docs/how-to/block-with-nftables.md makes the table"
                    if _ABSENT in said
                    else "is this the gateway, and are we root?"
                )
                where = f"{self.name} {place}".strip()
                raise ActionError(f"nft did not take the element: {visible(said, 200)}", where=where, hint=hint)
        return Receipt(plan, "done", {"element": f"{element} }}"})

    def undo(self, receipt: Receipt) -> Receipt:
        for place, said in self._nft(f"delete {_element(address(receipt.plan.target, self.name))} }}").items():
            if said is not None and _ABSENT not in said:
                where = f"{self.name} {place}".strip()
                raise ActionError(f"nft did not give the element back: {visible(said, 200)}", where=where)
        return Receipt(receipt.plan, "undone")

    def in_force(self, plan: Plan) -> bool | None:
        answers = self._nft(f"get {_element(address(plan.target, self.name))} }}").values()
        found = {True if said is None else False if _ABSENT in said else None for said in answers}
        return found.pop() if len(found) == 1 else True if True in found else None

    def _blockable(self, target: Entity) -> Address:
        found = blockable(target, self.name)
        if any(found in network for network in self.settings.never):
            raise Refused(f"{found} is one of our own addresses", where=self.name)
        return found

    def _told(self, command: str) -> tuple[str, ...]:
        """Return the command as a person would type it, for each place."""
        here = f"{self.settings.nft} {shlex.quote(command)}"
        return tuple(f"{remote} {shlex.quote(here)}" for remote in self.settings.via) or (here,)

    def _nft(self, command: str) -> dict[str, str | None]:
        """Run nft everywhere; return what it complains of by place, None where it does not. Holds our words and an address alone."""
        if not self.settings.via:
            return {"": _complaint([*_local(self.settings.nft), command])}
        files = {"IdentityFile": self.settings.ssh_key, "UserKnownHostsFile": self.settings.known_hosts}
        options = [f"-o{key}={value}" for key, value in files.items() if value]
        there = f"{self.settings.nft} {shlex.quote(command)}"
        return {r: _complaint([*SSH, *options, "--", r.removeprefix("ssh "), there]) for r in self.settings.via}


def _element(address: Address) -> str:
    return f"element {TABLE} {SETS[address.version]} {{ {address}"


def _local(nft: str) -> list[str]:
    """Return how nft is called here: root's programs may not be on the path."""
    *before, name = nft.split()
    return [*before, shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin") or name]


def _complaint(argv: list[str]) -> str | None:
    ran = run(argv, seconds=PATIENCE_SECONDS)
    return None if ran.code == 0 else ran.why
