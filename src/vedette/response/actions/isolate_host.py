"""Cuts a host off, by the agent that runs on it."""

from __future__ import annotations

from vedette.model import Entity, EntityKind
from vedette.response import names
from vedette.response.hook import HookAction


class IsolateHost(HookAction):
    """Asks the endpoint agent's server (EDR), by a signed webhook, to cut a host off from the network, and later to let it back.

    The call says ``do`` (apply, undo, ask), the host as the events name it, for how long and why: docs/how-to/respond.md shows it. A few
    lines between it and the interface of your product are enough; answer 4xx only where nothing was done.

    Refused: what is not the name of a host or an address.
    """

    name = "isolate_host"
    targets = (EntityKind.HOST, EntityKind.ADDRESS)
    reversible = True
    disruptive = True
    causes = ("T1008", "T1489", "T1562")

    def named(self, target: Entity) -> str:
        return names.host(target, self.name)
