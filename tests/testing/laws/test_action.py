"""Every law of actions can fail."""

from __future__ import annotations

import tempfile
from ipaddress import ip_address
from pathlib import Path
from typing import ClassVar

import pytest

from vedette.abc import Action
from vedette.abc.response import Rows
from vedette.errors import Refused
from vedette.model import Entity, EntityKind, Incident, Plan, Receipt
from vedette.testing.laws import broken


class Hold(Action):
    """Holds an address."""

    name = "hold"
    targets: ClassVar[tuple[EntityKind, ...]] = (EntityKind.ADDRESS,)
    reversible = True
    disruptive = True

    def plan(self, incident: Incident, target: Entity, rows: Rows = ()) -> Plan:
        if target.kind is not EntityKind.ADDRESS:
            raise Refused(f"cannot hold a {target.kind}")
        try:
            address = ip_address(target.value)
        except ValueError as error:
            raise Refused(f"no address: {target.value!r}") from error
        return Plan(self.name, target, (f"hold {address}",), (f"free {address}",), disruptive=True)

    def apply(self, plan: Plan) -> Receipt:
        return Receipt(plan, "done")

    def undo(self, receipt: Receipt) -> Receipt:
        return Receipt(receipt.plan, "undone")


class Eager(Hold):
    """Acts while it plans."""

    def plan(self, incident: Incident, target: Entity, rows: Rows = ()) -> Plan:
        (Path(tempfile.gettempdir()) / "vedette-eager").write_text("held")
        return super().plan(incident, target)


class OneWay(Hold):
    """Says it can be undone and does not say how."""

    def plan(self, incident: Incident, target: Entity, rows: Rows = ()) -> Plan:
        plan = super().plan(incident, target)
        return Plan(plan.action, plan.target, plan.steps, disruptive=True)


class Anything(Hold):
    """Holds whatever it is given."""

    def plan(self, incident: Incident, target: Entity, rows: Rows = ()) -> Plan:
        return Plan(self.name, target, (f"hold {target.value}",), (f"free {target.value}",), disruptive=True)


class Unready(Hold):
    """Lacks something even with its example."""

    def ready(self) -> str:
        return "no key"


class Talker(Hold):
    """Only speaks, stays and interrupts."""

    touches = False
    stays = True
    reversible = False

    def plan(self, incident: Incident, target: Entity, rows: Rows = ()) -> Plan:
        plan = super().plan(incident, target)
        return Plan(plan.action, plan.target, plan.steps, disruptive=True)


@pytest.mark.parametrize(
    ("action", "breaks"),
    [
        (Hold, set()),
        (Eager, {"plans_without_touching"}),
        (OneWay, {"plans_without_touching"}),
        (Unready, {"is_ready_with_its_example"}),
        (Talker, {"only_what_touches_can_interrupt"}),
        (Anything, {"refuses_what_it_cannot_act_on", "is_safe_against_hostile_names"}),
    ],
)
def test_each_law_can_fail(action: type[Action], breaks: set[str]) -> None:
    assert broken(action) == breaks
