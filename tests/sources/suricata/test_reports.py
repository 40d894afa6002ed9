"""Alerts keep the sensor's meaning; who attacks whom is the rule's word before the packet's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from vedette.sources.suricata.reports import ALERT, ANOMALY, OTHER

Columns = Callable[..., dict[str, Any]]
PACKET = {"src_ip": "10.0.0.1", "src_port": 1, "dest_ip": "10.0.0.2", "dest_port": 2}
TECHNIQUES = "finding_info.attacks.technique.uid"


@pytest.mark.parametrize(("priority", "severity"), [(1, 4), (2, 3), (3, 2), (4, 1), (0, 1), (-7, 1), (None, 1)])
def test_a_rules_priority_is_our_severity(priority: int | None, severity: int, columns: Columns) -> None:
    assert columns(ALERT, alert={"severity": priority})["severity_id"] == severity


@pytest.mark.parametrize(
    ("alert", "ends"),
    [
        ({}, ("10.0.0.1", 1, "10.0.0.2", 2)),
        ({"source": {"ip": "9.9.9.9", "port": 9}}, ("9.9.9.9", 9, "10.0.0.2", 2)),
        ({"target": {"ip": "9.9.9.9"}}, ("10.0.0.1", 1, "9.9.9.9", None)),  # never the port of another host
        ({"source": {"port": 9}, "target": {}}, ("10.0.0.1", 1, "10.0.0.2", 2)),
    ],
)
def test_who_attacks_whom(alert: dict[str, Any], ends: tuple[object, ...], columns: Columns) -> None:
    found = columns(ALERT, **PACKET, alert=alert)
    assert tuple(found.get(f"{side}_endpoint.{what}") for side in ("src", "dst") for what in ("ip", "port")) == ends


@pytest.mark.parametrize(
    ("said", "techniques"),
    [
        (["T1059_001", "T1190"], ["T1059.001", "T1190"]),
        (["T1059_001_2", "t1190", "TA0001", "T12345", "", "T1190\n"], []),
        ([], None),
        (None, None),
    ],
)
def test_only_technique_ids_are_techniques(
    said: list[str] | None, techniques: list[str] | None, columns: Columns
) -> None:
    assert columns(ALERT, alert={"metadata": {"mitre_technique_id": said}}).get(TECHNIQUES) == techniques


def test_a_rule_is_called_by_group_and_number(columns: Columns) -> None:
    assert columns(ALERT, alert={"gid": 3, "signature_id": 7})["finding_info.analytic.uid"] == "3:7"
    assert columns(ALERT, alert={})["finding_info.analytic.uid"] == "1:0"
    assert "finding_info.desc" not in columns(ALERT, alert={"category": ""})


def test_alerts_that_differ_have_ids_that_differ(columns: Columns) -> None:
    cases: list[dict[str, Any]] = [
        {},
        {"flow_id": 7},
        {"flow_id": 7, "src_ip": "10.0.0.1"},
        {"timestamp": "2026-01-03T00:00:00.0Z"},
    ]
    uids = [columns(ALERT, alert={}, **case)["finding_info.uid"] for case in cases]
    assert len(set(uids)) == len(cases)


def test_what_is_no_alert_tells_what_it_knows(columns: Columns) -> None:
    anomaly = columns(ANOMALY, anomaly={"event": "x", "layer": "l"})
    assert (anomaly["message"], anomaly["status_detail"], anomaly["log_name"]) == ("x", "l", "anomaly")
    assert columns(OTHER, **PACKET)["log_name"] == "x"  # its event type
