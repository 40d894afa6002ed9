from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from vedette.app.report.view import COLUMNS, EXPLAINED, VALUE_LIMIT, IncidentView, shown
from vedette.config import Config
from vedette.incidents.correlate import correlate
from vedette.model import Reason, Severity
from vedette.response.equipped import equipped
from vedette.response.playbook import Match, Playbook, Step
from vedette.response.propose import Proposer
from vedette.testing.made import finding

A, V = "203.0.113.7", "10.0.0.5"


@pytest.mark.parametrize(
    ("value", "want"),
    [
        (datetime(2026, 1, 2, 3, 4, 5, 678_901, tzinfo=UTC), "2026-01-02 03:04:05.678"),
        (0.123456, "0.1235"),
        (["a", 1], "a, 1"),
        ("x\x00", "x\\x00"),
        (None, "None"),
    ],
)
def test_any_value_is_shown_as_text(value: object, want: str) -> None:
    assert shown(value) == want


def test_a_long_value_is_cut() -> None:
    assert len(shown("\x00" * 10**6, VALUE_LIMIT)) == VALUE_LIMIT


def test_the_gravest_of_each_kind_is_explained_once() -> None:
    made = [
        finding(A, V, "T1046", at=n, detector=f"d{n % 9}", score=0.5 + n / 100, severity=Severity(1 + n % 5))
        for n in range(40)
    ]
    (incident,) = correlate(made)
    view = IncidentView.of(incident, (), {})
    assert len({e.finding.detector for e in view.explained}) == EXPLAINED == len(view.explained)
    assert view.explained[0].finding.severity is Severity.CRITICAL
    assert view.more == 40 - EXPLAINED


def test_bars_are_relative_to_the_heaviest_and_keep_their_sign() -> None:
    (incident,) = correlate([finding(A, V, "T1046", reasons=(Reason("b", -0.2), Reason("a", 0.8), Reason("c", 0.0)))])
    bars = IncidentView.of(incident, (), {}).explained[0].bars
    assert [(b.text, b.share) for b in bars] == [("a", 1.0), ("b", -0.25), ("c", 0.0)]


def test_evidence_shows_the_usual_attributes_first_and_no_more_than_fit() -> None:
    made = finding(A, V, "T1046")
    (incident,) = correlate([made])
    row = {f"x{n}": n for n in range(30)} | {
        "metadata.sequence": 7,
        "dst_endpoint.ip": V,
        "time": made.first_seen,
        "message": None,
    }
    explained = IncidentView.of(incident, (), {made.uid: [row, {"dst_endpoint.ip": "10.0.0.6"}]}).explained[0]
    assert explained.columns[:3] == ("time", "dst_endpoint.ip", "x0")
    assert len(explained.columns) == COLUMNS
    assert explained.rows[1][:3] == ("", "10.0.0.6", "")


def test_plans_that_differ_only_in_their_target_are_told_once() -> None:
    crowd = " ".join(f"198.51.100.{n}" for n in range(30, 42))
    (incident,) = correlate([finding(crowd, V, "T1498.001", severity=Severity.HIGH)])
    book = Playbook("b", "", Match(), (Step("block_address", "actors"),))
    plans = Proposer(Config(), equipped(Config()), [book])(incident)
    view = IncidentView.of(incident, plans, {})
    assert (len(view.plans), len(view.more_plans)) == (1, 9)


def test_steps_are_told_apart_from_the_other_sentences() -> None:
    (incident,) = correlate([finding(A, V, "T1046", summary="One.\nTwo  12:00:00  three.")])
    view = IncidentView.of(replace(incident, story=(*incident.story, "Not  a step.")), (), {})
    assert view.steps == (("12:00:00", "One.\\nTwo  12:00:00  three."),)
    assert view.rest[-1] == "Not  a step."


def test_tactics_keep_the_order_of_the_matrix_and_light_by_stage() -> None:
    (incident,) = correlate([finding(A, V, "T1110 T1078 T9999")])
    tactics = IncidentView.of(incident, (), {}).tactics
    assert [t.name for t in tactics if t.techniques] == ["Initial Access", "Credential Access"]
    assert len(tactics) == 14
