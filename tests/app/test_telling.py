from __future__ import annotations

import dataclasses

import pytest

from vedette.app.telling import show_finding, show_incident
from vedette.model import Entity, EntityKind, Plan
from vedette.testing.incidents import some_incident
from vedette.testing.made import finding

HOSTILE = "ro\x1b[2J\u202eot[bold]"


def test_an_incident_is_told_with_its_plan_and_the_way_back(capsys: pytest.CaptureFixture[str]) -> None:
    incident = some_incident()
    plan = Plan(
        "block_address", incident.actors[0], ("nft add x",), ("nft delete x",), why="it guesses", objections=("ours?",)
    )
    show_incident(incident, [plan], {})
    out = capsys.readouterr().out
    for word in ("198.51.100.7", "not applied", "nft add x", "nft delete x", "it guesses", "ours?", "T1110.001"):
        assert word in out


def test_a_finding_shows_its_reasons_and_events(capsys: pytest.CaptureFixture[str]) -> None:
    show_finding(
        finding("192.0.2.7", "10.0.0.5", "T1110", event_count=12), [{"time": "now", "src_endpoint.ip": "192.0.2.7"}]
    )
    out = capsys.readouterr().out
    assert "+0.90" in out
    assert "1 of 12 events" in out
    assert "src_endpoint.ip" in out


def test_nothing_from_the_data_steers_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    one = finding("192.0.2.7", "10.0.0.5", "T1110", summary=HOSTILE, title=HOSTILE)
    one = dataclasses.replace(one, targets=(Entity(EntityKind.USER, HOSTILE),))
    show_finding(one, [{"message": HOSTILE}])
    show_incident(dataclasses.replace(some_incident(), title=HOSTILE, story=(HOSTILE,), next_steps=(HOSTILE,)), [], {})
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "[bold]" in out
