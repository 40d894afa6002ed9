from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

import pytest

from vedette.abc import Action
from vedette.abc.response import Rows
from vedette.config import Config
from vedette.errors import ContentError, Refused
from vedette.incidents.correlate import correlate
from vedette.model import Analytic, Entity, EntityKind, Finding, Incident, Plan, Severity
from vedette.response.conditions import When
from vedette.response.equipped import equipped
from vedette.response.playbook import Match, Playbook, Step
from vedette.response.propose import CROWD, Proposer
from vedette.testing.made import finding
from vedette.testing.responses import Block

A, V = "203.0.113.7", "10.0.0.5"
HIGH, RULE = Severity.HIGH, Analytic.RULE
SETTINGS = {"network": {"internal": ["10.0.0.0/8"], "protected": ["10.0.0.1/32"]}}
GUESSING = finding(A, f"{V} user:bob", "T1110.001", severity=HIGH)
MANY = " ".join(f"198.51.100.{n}" for n in range(1, CROWD + 5))
ANY = Match(severity="informational")


class Noted(Block):
    """Takes anything, and notes in its plan what it was told of the events."""

    name = "noted"
    targets: ClassVar[tuple[EntityKind, ...]] = tuple(EntityKind)
    lacks = ""

    def ready(self) -> str:
        return self.lacks

    def plan(self, incident: Incident, target: Entity, rows: Rows = ()) -> Plan:
        if target.value == "no":
            raise Refused("no")
        parameters = {"boxes": " ".join(str(row.get("box")) for row in rows)} if rows else {}
        return replace(super().plan(incident, target), action=self.name, parameters=parameters)


class Unready(Noted):
    """Lacks a setting."""

    name = "unready"
    lacks = "actions.unready.url says nothing"


class Harmless(Noted):
    """Only speaks of its target."""

    name = "harmless"
    touches = False
    disruptive = False


ACTIONS: dict[str, Action] = {a.name: a() for a in (Noted, Unready, Harmless)}


def incident(*findings: Finding) -> Incident:
    (joined,) = correlate(findings)
    return joined


def plans(
    findings: Sequence[Finding],
    *steps: Step,
    evidence: dict[str, list[dict[str, Any]]] | None = None,
    settings: dict[str, Any] | None = None,
) -> list[Plan]:
    """Return the plans of one playbook with these steps; the shipped ones where there are none."""
    config = Config.model_validate({**SETTINGS, **(settings or {})})
    books = [Playbook("b", "", ANY, steps)] if steps else None
    return Proposer(config, ACTIONS if steps else equipped(config), books)(incident(*findings), evidence)


def objections(*findings: Finding) -> dict[str, str]:
    """Return what speaks against stopping each actor, whoever it is."""
    return {p.target.value: " ".join(p.objections) for p in plans(findings, Step("noted", "actors"))}


# ------------------------------------------------------------------------------------------- the playbooks that come with it


def shipped(*findings: Finding) -> list[tuple[str, str]]:
    return [(p.action, p.target.value) for p in plans(findings)]


def test_a_grave_incident_gets_a_plan_and_a_harmless_one_none() -> None:
    assert shipped(GUESSING) == [("block_address", A)]
    assert shipped(replace(GUESSING, severity=Severity.LOW)) == []
    assert shipped(replace(GUESSING, score=0.7)) == []
    assert shipped(replace(GUESSING, techniques=("T1571",))) == []


@pytest.mark.parametrize("what", ["10.0.0.9", "10.0.0.1", "127.0.0.1"])
def test_nobody_inside_is_cut_off_at_the_gateway(what: str) -> None:
    assert shipped(finding(what, V, "T1046", severity=HIGH)) == []


def test_forged_sources_abused_servers_and_crowds_are_not_blocked() -> None:
    assert shipped(finding(A, V, "T1498.001", severity=HIGH)) == []
    assert shipped(finding(A, V, "T1498.002", severity=HIGH)) == []
    assert shipped(finding(MANY, V, "T1499.002", severity=HIGH)) == []
    assert shipped(finding(A, V, "T1499.002", severity=HIGH)) == [("block_address", A)]


# ----------------------------------------------------------------------------------------------------------- what is proposed


OBJECTIONS = {
    "one kind of analytic": ([GUESSING], A, "Only one kind"),
    "forged sources": ([finding(A, V, "T1498.001", severity=HIGH)], A, "may be forged"),
    "reflection": ([finding(A, V, "T1498.002", severity=HIGH)], A, "abused server"),
    "inside": ([finding("10.0.0.9", V, "T1046", severity=HIGH)], "10.0.0.9", "inside your network"),
    "a victim too": ([GUESSING, finding(V, "10.0.0.6", "T1046", at=5, severity=HIGH)], V, "victim here as well"),
    "a crowd": ([finding(MANY, V, "T1498.001", severity=HIGH)], "198.51.100.1", "Many sources"),
}


@pytest.mark.parametrize(("findings", "target", "words"), OBJECTIONS.values(), ids=OBJECTIONS.keys())
def test_what_speaks_against_a_plan_is_said(findings: list[Finding], target: str, words: str) -> None:
    assert words in objections(*findings)[target]


def test_two_kinds_of_analytic_against_an_outsider_leave_no_objection() -> None:
    assert objections(GUESSING, finding(A, V, "T1110 T1078", at=5, severity=HIGH, analytic=RULE))[A] == ""


def test_what_the_playbook_asked_for_is_no_objection() -> None:
    findings = [GUESSING, finding(V, "10.0.0.6", "T1046", at=5, severity=HIGH)]
    inside = Step("noted", "actors", when=When(place="inside"))
    assert [" ".join(p.objections) for p in plans(findings, inside)] == [
        "Only one kind of analytic says so; a second one, or a person, should confirm it."
    ]


@pytest.mark.parametrize("actor", ["10.0.0.1", "::ffff:10.0.0.1", "127.0.0.1", "192.0.2.9"])
def test_there_is_no_plan_for_what_is_protected_but_it_may_be_spoken_of(actor: str) -> None:
    settings = {"response": {"allowed": ["192.0.2.0/24"]}}
    found = [finding(actor, V, "T1046", severity=HIGH)]
    assert plans(found, Step("noted", "actors"), settings=settings) == []
    assert [p.target.value for p in plans(found, Step("harmless", "actors"), settings=settings)] == [actor]


def test_an_action_that_is_not_ready_or_only_observes_gives_no_plan() -> None:
    assert plans([GUESSING], Step("unready", "actors")) == []
    assert plans([GUESSING], Step("noted", "actors"), settings={"response": {"actions": {"noted": "observe"}}}) == []
    assert plans([GUESSING], Step("noted", "actors"), settings={"response": {"targets": {"address": "observe"}}}) == []


def test_plans_are_bounded_and_what_an_action_refuses_is_passed_over() -> None:
    flood = finding(f"host:no user:bob {MANY}", V, "T1498.001", severity=HIGH)
    step = Step("noted", "actors", kinds=(EntityKind.ADDRESS, EntityKind.HOST), most=3)
    assert [p.target.value for p in plans([flood], step)] == ["198.51.100.1", "198.51.100.2", "198.51.100.3"]


def test_the_order_is_that_of_the_steps_and_nothing_is_there_twice() -> None:
    first, second = Step("harmless", "incident"), Step("noted", "actors", tier="autonomous")
    found = plans([GUESSING], first, second, Step("noted", "actors", tier="approve"), first)
    assert [(p.action, p.target.value, p.tier) for p in found] == [("harmless", A, ""), ("noted", A, "approve")]


def test_an_action_that_does_not_exist_is_an_error_with_the_playbooks_name() -> None:
    with pytest.raises(ContentError, match=r"explode.*playbook b"):
        plans([GUESSING], Step("explode", "actors"))


# --------------------------------------------------------------------------------------------------------------- evidence

ROWS: dict[str, list[dict[str, Any]]] = {
    GUESSING.uid: [
        {"email.message_uid": "<1@x>", "box": "a"},
        {"email.message_uid": "<2@x>", "box": "b"},
        {"email.message_uid": "<1@x>", "box": "c"},
        {"email.message_uid": None},
        {"email.message_uid": 7},
        {"email.to": ["d@x", "e@x", "d@x"]},
    ]
}


def test_what_events_name_is_acted_on_once_with_its_events() -> None:
    step = Step("noted", "evidence", kinds=(EntityKind.MESSAGE,), column="email.message_uid")
    assert [(p.target, p.parameters["boxes"]) for p in plans([GUESSING], step, evidence=ROWS)] == [
        (Entity(EntityKind.MESSAGE, "<1@x>"), "a c"),
        (Entity(EntityKind.MESSAGE, "<2@x>"), "b"),
    ]
    listed = Step("noted", "evidence", kinds=(EntityKind.EMAIL,), column="email.to")
    assert [p.target.value for p in plans([GUESSING], listed, evidence=ROWS)] == ["d@x", "e@x"]
    assert plans([GUESSING], step) == []


def test_a_target_comes_with_the_events_behind_the_alerts_about_it() -> None:
    (plan,) = plans([GUESSING], Step("noted", "actors"), evidence=ROWS)
    assert plan.parameters["boxes"] == "a b c None None None"
