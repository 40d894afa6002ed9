from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_network

import pytest

from vedette.model import Analytic, Entity, EntityKind, Finding
from vedette.response.conditions import Case, When, has, place
from vedette.testing.incidents import some_incident
from vedette.testing.made import entity, finding

NETWORKS = [ip_network("10.0.0.0/8")]
ONE = finding("203.0.113.7", "10.0.0.5", "T1110.001")
TWO = finding("203.0.113.7", "10.0.0.5", "T1078", analytic=Analytic.RULE, score=0.5, detector="two")


def case(*alerts: Finding, where: str = "outside") -> Case:
    return Case(some_incident(), entity("203.0.113.7"), alerts, where)


HOLDS = [
    (When(), case(ONE), True),
    (When(confidence=0.9), case(ONE), True),
    (When(confidence=0.95), case(ONE), False),
    (When(corroborated=True), case(ONE), False),
    (When(corroborated=True), case(ONE, TWO), True),
    (When(corroborated=False), case(ONE), True),
    (When(corroborated=False), case(ONE, TWO), False),
    (When(place="outside"), case(ONE), True),
    (When(place="inside"), case(ONE), False),
    (When(place="inside"), case(ONE, where=""), False),
    (When(genuine=True), case(ONE), True),
    (When(genuine=True), case(finding("203.0.113.7", "10.0.0.5", "T1498.001")), False),
    (When(genuine=True), case(ONE, finding("203.0.113.7", "10.0.0.5", "T1498.001")), True),
    (When(genuine=True), case(ONE, finding("203.0.113.7", "10.0.0.5", "T1498.002")), False),
    (When(at_most=1), case(ONE), True),
    (When(techniques=("T1110",)), case(ONE), True),
    (When(techniques=("T1078",)), case(ONE), False),
    (When(detectors=("two",)), case(ONE, TWO), True),
    (When(detectors=("two",)), case(ONE), False),
    (When(confidence=0.9, corroborated=True, techniques=("T1078",)), case(ONE, TWO), True),
]


@pytest.mark.parametrize(("when", "about", "holds"), HOLDS)
def test_what_is_asked_must_hold(when: When, about: Case, holds: bool) -> None:
    assert when(about) is holds


def test_a_crowd() -> None:
    many = finding("203.0.113.7 203.0.113.8 user:bob", "10.0.0.5", "T1110")
    crowd = Case(replace(some_incident(), actors=many.actors), many.actors[0], (many,), "outside")
    assert When(at_most=2)(crowd)
    assert not When(at_most=1)(crowd)


@pytest.mark.parametrize(
    ("kind", "value", "where"),
    [
        (EntityKind.ADDRESS, "10.1.2.3", "inside"),
        (EntityKind.ADDRESS, "::ffff:10.1.2.3", "inside"),
        (EntityKind.ADDRESS, "203.0.113.7", "outside"),
        (EntityKind.HOST, "203.0.113.7", "outside"),
        (EntityKind.HOST, "web1", "inside"),
        (EntityKind.USER, "bob", "inside"),
        (EntityKind.DOMAIN, "bad.example", "outside"),
        (EntityKind.DOMAIN, "Mail.Corp.Example.", "inside"),
        (EntityKind.EMAIL, "bob@corp.example", "inside"),
        (EntityKind.EMAIL, "bob@notcorp.example", "outside"),
        (EntityKind.MESSAGE, "<1@x>", ""),
        (EntityKind.FILE, "/srv/x", ""),
    ],
)
def test_where_somebody_is(kind: EntityKind, value: str, where: str) -> None:
    assert place(Entity(kind, value), NETWORKS, ["corp.example"]) == where


def test_a_parent_covers_its_sub_techniques_and_not_the_other_way() -> None:
    assert has(["T1110.001"], ["T1110"])
    assert not has(["T1110"], ["T1110.001"])
    assert has([], [])
