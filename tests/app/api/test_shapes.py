from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import ValidationError

from vedette.app.api.shapes import (
    SHOWN,
    Erasure,
    FindingPaging,
    IncidentPaging,
    IncidentWhole,
    finding_line,
    incident_whole,
    plan_shape,
)
from vedette.model import Entity, EntityKind, Plan, Severity
from vedette.store.state.stored import StoredIncident
from vedette.testing.incidents import some_incident
from vedette.testing.made import NOON, finding

BLOCK = Plan(
    "block",
    Entity(EntityKind.ADDRESS, "198.51.100.7"),
    ("nft add",),
    ("nft delete",),
    disruptive=True,
    why="it guesses",
)


def test_many_entities_are_counted_and_a_few_named() -> None:
    many = finding(" ".join(f"198.51.100.{n}" for n in range(1, 100)), "10.0.0.1", "T1110 T9999")
    told = finding_line(many)
    assert (len(told["actors"]), told["actor_count"], told["target_count"]) == (SHOWN, 99, 1)
    assert told["techniques"] == [{"uid": "T1110", "name": "Brute Force"}, {"uid": "T9999", "name": ""}]


def test_an_incident_goes_through_json_whole() -> None:
    stored = StoredIncident(some_incident(), 3, "new", "", (BLOCK,), False, "", 7, NOON)
    told = IncidentWhole.model_validate(incident_whole(stored, ["abc"]))
    assert IncidentWhole.model_validate_json(told.model_dump_json()) == told
    assert (told.finding_count, told.plan_count, told.changed) == (3, 1, 7)
    assert told.plans[0].request == "abc"
    assert told.findings[0].p_value is None


def test_every_severity_has_its_word() -> None:
    for severity in Severity:
        told = finding_line(replace(finding("a", "b", ""), severity=severity))
        assert FindingPaging(severity=told["severity"]).severity_id == severity.value == told["severity_id"]
    assert FindingPaging().severity_id == 0


def test_a_plan_tells_what_stands_against_it() -> None:
    told = plan_shape(replace(BLOCK, objections=("it is a proxy",)), "abc")
    assert (told.objections, told.undo, told.disruptive) == (["it is a proxy"], ["nft delete"], True)


@pytest.mark.parametrize(
    "asked",
    [
        {"limit": 0},
        {"limit": 201},
        {"technique": "1110"},
        {"technique": "T1110.1"},
        {"technique": "T1110\n"},
        {"detector": "../etc"},
        {"entity": "a\x00"},
        {"entity": "x" * 501},
        {"since": "2026-01-01T00:00:00"},
        {"kind": "planet"},
        {"verdict": "maybe"},
        {"unknown": 1},
    ],
)
def test_what_makes_no_sense_is_refused(asked: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        IncidentPaging.model_validate(asked)


@pytest.mark.parametrize("change", [{"reason": "no"}, {"value": ""}, {"kind": "planet"}, {"reason": ""}])
def test_nobody_is_erased_without_a_word(change: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Erasure.model_validate({"kind": "user", "value": "ada", "reason": "asked for it", **change})
