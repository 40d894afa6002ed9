"""For tests of responses: an action on a made-up world, which fails and crashes on demand, and the laws of acting on a real counterpart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

from vedette.abc import Action
from vedette.abc.response import Rows
from vedette.errors import ActionError
from vedette.model import Entity, EntityKind, Incident, Plan, Receipt


class Killed(BaseException):
    """Stands for a process that was killed: nothing catches it."""


@dataclass(slots=True)
class MadeUpWorld:
    """What is blocked in it; ``before`` and ``after`` are called around every change and may raise."""

    blocked: set[str] = field(default_factory=set)
    before: Callable[[], None] = lambda: None
    after: Callable[[], None] = lambda: None
    readable: bool = True

    def change(self, name: str, *, there: bool) -> None:
        """Block or unblock a name."""
        self.before()
        if there:
            self.blocked.add(name)
        else:
            self.blocked.discard(name)
        self.after()


class Block(Action):
    """Blocks a name in a made-up world."""

    name = "block"
    targets: ClassVar[tuple[EntityKind, ...]] = (
        EntityKind.ADDRESS,
        EntityKind.HOST,
        EntityKind.USER,
        EntityKind.DOMAIN,
    )
    reversible = True
    disruptive = True
    causes: ClassVar[tuple[str, ...]] = ("T1008",)

    def __init__(self, world: MadeUpWorld | None = None) -> None:
        super().__init__()
        self.world = world or MadeUpWorld()

    def plan(self, incident: Incident, target: Entity, rows: Rows = ()) -> Plan:
        return Plan(
            action=self.name,
            target=target,
            steps=(f"block {target.kind}",),
            undo=(f"unblock {target.kind}",) if self.reversible else (),
            disruptive=self.disruptive,
            ttl_seconds=3600,
            why=incident.title,
            causes=self.causes,
        )

    def apply(self, plan: Plan) -> Receipt:
        self.world.change(plan.target.value, there=True)
        return Receipt(plan, "done")

    def undo(self, receipt: Receipt) -> Receipt:
        self.world.change(receipt.plan.target.value, there=False)
        return Receipt(receipt.plan, "undone")

    def in_force(self, plan: Plan) -> bool | None:
        return plan.target.value in self.world.blocked if self.world.readable else None


class Keep(Block):
    """Stays when its time is up; a person can still take it back."""

    name = "keep"
    stays = True


class Wipe(Block):
    """Cannot be undone."""

    name = "wipe"
    reversible = False

    def undo(self, receipt: Receipt) -> Receipt:
        raise ActionError("it cannot be undone")


def there_and_back(action: Action, plan: Plan, *, tells: bool = True) -> Receipt:
    """Carry a plan out on a counterpart and take it back: what is in force is told truthfully, and a second undo is no error.

    Args:
        action: with settings that lead to the counterpart.
        plan: of something that is not in force yet.
        tells: whether the action can see what is in force.

    Returns:
        the receipt of what was done.
    """

    def told(there: bool) -> bool:
        return action.in_force(plan) is (there if tells else None)

    assert told(False), f"before anything was done: {action.in_force(plan)}"
    receipt = action.apply(plan)
    assert receipt.status == "done"
    assert told(True), f"after it was done: {action.in_force(plan)}"
    undone = action.undo(receipt)
    assert undone.status == "undone"
    assert told(False), f"after it was undone: {action.in_force(plan)}"
    assert action.undo(Receipt(plan, "done")).status == "undone", "taking it back again, on the word of the plan alone"
    return receipt
