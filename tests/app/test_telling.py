from __future__ import annotations

import dataclasses

import pytest

from vedette.app.telling import show_finding, show_incident
from vedette.app.terminal import OUT
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
        finding("192.0.2.7", "10.0.0.5", "T1110", event_count=12),
        [{"time": "2026-03-10 09:41:00.041495+00:00", "metadata.log_name": "a.pcap", "src_endpoint.ip": "192.0.2.7"}],
    )
    out = capsys.readouterr().out
    assert "+0.90" in out
    assert "1 of 12 events in a.pcap" in out
    assert "from" in out
    assert "2026-03-10 09:41:00 " in out


def test_what_was_done_is_shown_rather_than_what_carried_it(capsys: pytest.CaptureFixture[str]) -> None:
    flow = {"src_endpoint.ip": "192.0.2.7", "connection_info.protocol_name": "tcp", "status_code": "SF"}
    show_finding(finding("192.0.2.7", "10.0.0.5", "T1569.002"), [{**flow, "vedette.operation": "CreateServiceW"}, flow])
    told = capsys.readouterr().out
    assert "CreateServiceW" in told
    assert "tcp" not in told
    show_finding(finding("192.0.2.7", "10.0.0.5", "T1046"), [flow])
    assert "tcp" in capsys.readouterr().out


def test_an_incident_explained_names_all_that_is_to_be_checked(capsys: pytest.CaptureFixture[str]) -> None:
    steps = tuple(f"look at {n}" for n in range(6))
    show_incident(dataclasses.replace(some_incident(), next_steps=steps), [], {})
    assert all(step in capsys.readouterr().out for step in steps[-1:])


def test_nothing_from_the_data_steers_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    one = finding("192.0.2.7", "10.0.0.5", "T1110", summary=HOSTILE, title=HOSTILE)
    one = dataclasses.replace(one, targets=(Entity(EntityKind.USER, HOSTILE),))
    show_finding(one, [{"message": HOSTILE}])
    show_finding(one, [{"process.cmd_line": HOSTILE, "metadata.log_name": HOSTILE}])
    show_incident(dataclasses.replace(some_incident(), title=HOSTILE, story=(HOSTILE,), next_steps=(HOSTILE,)), [], {})
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "[bold]" in out


@pytest.mark.parametrize("width", [40, 80, 200])
def test_no_value_is_cut_in_a_narrow_terminal(
    width: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OUT, "_width", width)
    long = "Z" * 39  # as long as an address gets
    show_finding(finding("192.0.2.7", "10.0.0.5", "T1110"), [{"src_endpoint.ip": long, "dst_endpoint.ip": long}])
    assert capsys.readouterr().out.count("Z") == 2 * len(long)
