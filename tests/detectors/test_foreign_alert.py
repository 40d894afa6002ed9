from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from vedette.app.engine import Engine
from vedette.config import Config
from vedette.detectors.foreign_alert import ForeignAlertDetector
from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass
from vedette.model import Finding, Severity

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def _findings(*alerts: tuple[float, str, str, int, list[str] | None]) -> tuple[Finding, ...]:
    """Return what becomes of alerts: minute, source address, title, severity, techniques."""
    kind = EventClass.DETECTION_FINDING
    columns = {
        "time": [NOON + timedelta(minutes=a[0]) for a in alerts],
        "metadata.sequence": list(range(len(alerts))),
        "src_endpoint.ip": [a[1] for a in alerts],
        "dst_endpoint.ip": ["10.0.0.5"] * len(alerts),
        "finding_info.title": [a[2] for a in alerts],
        "severity_id": [a[3] for a in alerts],
        "finding_info.attacks.technique.uid": [a[4] for a in alerts],
        "metadata.product.name": ["Suricata"] * len(alerts),
    }
    engine = Engine(Config(), [ForeignAlertDetector])
    engine.feed(EventBatch(kind, pl.DataFrame(columns, schema={c: SCHEMAS[kind][c] for c in columns})), "eve.json")
    outcome = engine.close()
    engine.spool.close()
    return outcome.findings


def test_alerts_alike_are_one_finding_with_its_own_techniques() -> None:
    (found,) = _findings(*((n, "192.0.2.7", "ET EXPLOIT x", 4, ["T1190"]) for n in range(5)))
    assert (found.title, found.severity, found.techniques, found.event_count) == (
        "ET EXPLOIT x",
        Severity.HIGH,
        ("T1190",),
        5,
    )
    assert "Suricata" in found.summary


@pytest.mark.parametrize(
    ("alerts", "findings"),
    [
        ([(0, "a", "one", 2, None), (0, "a", "two", 2, None)], 2),
        ([(0, "a", "one", 2, None), (0, "b", "one", 2, None)], 2),
        ([(0, "a", "one", 2, None), (30, "a", "one", 2, None)], 2),
        ([(0, "a", "one", 2, None), (9, "a", "one", 2, None), (18, "a", "one", 2, None)], 1),
    ],
)
def test_what_is_not_alike_stays_apart(
    alerts: list[tuple[float, str, str, int, list[str] | None]], findings: int
) -> None:
    assert len(_findings(*alerts)) == findings


def test_housekeeping_is_never_more_than_informational() -> None:
    (found,) = _findings((0, "a", "SSL::Invalid_Server_Cert", 4, None))
    assert found.severity is Severity.INFORMATIONAL
    assert found.score > _findings((0, "a", "ET INFO", 1, None))[0].score


def test_an_alert_without_addresses_is_about_its_host() -> None:
    kind = EventClass.DETECTION_FINDING
    columns = {
        "time": [NOON],
        "metadata.sequence": [0],
        "device.hostname": ["ws7"],
        "finding_info.title": ["Trojan:Win32/Example"],
        "severity_id": [5],
        "metadata.product.name": ["Microsoft Defender Antivirus"],
    }
    engine = Engine(Config(), [ForeignAlertDetector])
    engine.feed(EventBatch(kind, pl.DataFrame(columns, schema={c: SCHEMAS[kind][c] for c in columns})), "defender.evtx")
    (found,) = engine.close().findings
    engine.spool.close()
    assert found.summary == "Microsoft Defender Antivirus raised “Trojan:Win32/Example” on ws7."
    assert [e.value for e in found.actors] == ["ws7"]
