"""A finding is somebody's, or nobody's."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from bench.soak.attacks import Planted
from bench.soak.judge import Judge, when
from bench.soak.kinds import Kind
from bench.soak.month import Account
from bench.soak.rows import DAY, HOUR, Flows, Lookups

from vedette.incidents.correlate import correlate
from vedette.model import Analytic, Entity, EntityKind, Evidence, Finding, Severity

_AT = 1_780_272_000_000_000
_ATTACK = Planted(
    "one", "test", _AT, _AT + HOUR, ("10.0.0.5",), ("bad.example.net", "203.0.113.9"), Flows.of(0), Lookups.joined([])
)


def _finding(evidence: list[int], actor: str = "10.0.0.9", target: str = "198.51.100.1", hours: float = 0.5) -> Finding:
    at = when(_AT) + timedelta(hours=hours)
    return Finding(
        uid=f"{actor}{target}{hours}{evidence}",
        detector="made",
        title="Made",
        summary="Made up.",
        analytic=Analytic.STATISTICAL,
        severity=Severity.HIGH,
        first_seen=at,
        last_seen=at,
        score=0.9,
        actors=(Entity(EntityKind.ADDRESS, actor),),
        targets=(Entity(EntityKind.ADDRESS, target),),
        techniques=("T1071",),
        reasons=(),
        evidence=tuple(Evidence("conn", s) for s in evidence),
    )


@pytest.fixture
def judge() -> Judge:
    account = Account()
    account.planted["conn", 0] = [np.asarray([1, 2, 3])]
    account.kinds = [np.asarray([Kind.WEB, 0, 0, 0, Kind.BACKUP, Kind.BACKUP, Kind.PROGRAM + 1])]
    return Judge([_ATTACK], account)


def test_a_finding_is_the_attacks_by_its_events_or_by_the_attackers_names(judge: Judge) -> None:
    assert judge.about(_finding([1, 2, 5])) == 0
    assert judge.about(_finding([1, 4, 5])) is None
    assert judge.about(_finding([4, 5], target="203.0.113.9")) == 0
    assert judge.about(_finding([])) is None


def test_a_finding_about_the_host_counts_beside_it_only_while_the_attack_goes_on(judge: Judge) -> None:
    assert judge.near(_finding([4], actor="10.0.0.5")) == 0
    assert judge.near(_finding([4], actor="10.0.0.5", hours=DAY / HOUR + 2)) is None
    assert judge.near(_finding([4], actor="10.0.0.9")) is None


def test_what_was_found_and_when_and_what_is_false(judge: Judge) -> None:
    findings = [_finding([1, 2]), _finding([4, 5], actor="10.0.0.77", hours=40)]
    findings.append(replace(_finding([3], hours=0.7), alert=False, uid="weak"))
    incidents = list(correlate(findings))
    [told] = judge.told(findings, incidents, lambda _: when(_AT + HOUR))
    assert told.alerts == {"made": 1}
    assert told.weak == {"made": 1}
    assert told.delay == timedelta(hours=1)
    assert len(told.incidents) == 1
    assert [i.findings[0].uid for i in judge.false(incidents)] == [findings[1].uid]


def test_the_cause_of_a_false_one_is_what_its_flows_are(judge: Judge) -> None:
    assert judge.cause(_finding([4, 5, 0])) == "backup"
    assert judge.cause(_finding([6])) == "program: telemetry"
    assert judge.cause(_finding([])) == "-"
