from __future__ import annotations

import json
from typing import Any

import polars as pl
import pytest

from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass
from vedette.incidents.record import findings_batch, incidents_batch
from vedette.response.sinks.ecs_json import OF_BATCH, EcsJson
from vedette.testing.events import random_events
from vedette.testing.incidents import some_incident
from vedette.testing.laws import Law, laws_of
from vedette.testing.made import NOON, finding


def read(batch: EventBatch) -> list[dict[str, Any]]:
    return [json.loads(line) for line in EcsJson().encode(batch).decode().splitlines()]


def test_an_incident() -> None:
    (row,) = read(incidents_batch([some_incident()]))
    assert row == {
        "@timestamp": "2026-11-22T12:01:00.000Z",
        "message": "Password guessing by 198.51.100.7",
        "ecs": {"version": "8.17.0"},
        "observer": {"vendor": "Vedette", "product": "Vedette"},
        "event": {
            "id": "i1",
            "kind": "alert",
            "category": ["intrusion_detection"],
            "type": ["info"],
            "module": "vedette",
            "dataset": "vedette.incident",
            "severity": 4,
            "risk_score": 80.0,
            "reason": "198.51.100.7 did T1110.001 to 10.0.0.5.",
            "start": "2026-11-22T12:00:00.000Z",
            "end": "2026-11-22T12:01:00.000Z",
            "duration": 60_000_000_000,
            "action": "incident",
        },
        "threat": {
            "framework": "MITRE ATT&CK",
            "technique": {"id": ["T1110.001"], "name": ["Password Guessing"]},
            "tactic": {"name": ["Credential Access"]},
        },
        "source": {"ip": "198.51.100.7"},
        "destination": {"ip": "10.0.0.5"},
        "related": {"ip": ["198.51.100.7", "10.0.0.5"]},
        "vedette": {
            "severity": "high",
            "status": "new",
            "confidence": 90,
            "count": 1,
            "actors": ["198.51.100.7"],
            "targets": ["10.0.0.5"],
            "details": {"risk": 0.8, "next_steps": ["Look for a success after the failures."]},
        },
    }


def test_a_finding_names_its_rule() -> None:
    (row,) = read(findings_batch([finding("user:eve", "host:pc1 10.0.0.5", "T1021")]))
    assert row["rule"] == {"id": "sees_T1021", "name": "Case of T1021"}
    assert row["event"]["risk_score"] == 90
    assert row["source"] == {"user": {"name": "eve"}}
    assert row["host"] == {"name": "pc1"}
    assert row["related"] == {"ip": ["10.0.0.5"], "hosts": ["pc1"], "user": ["eve"]}
    assert row["vedette"]["details"]["reasons"][0]["attribute"] == "ports"


def test_an_unknown_technique_has_no_tactic() -> None:
    (row,) = read(findings_batch([finding("10.0.0.1", "10.0.0.2", "T9999 T1110")]))
    assert row["threat"]["tactic"]["name"] == [None, "Credential Access"]


def test_a_flow() -> None:
    schema = SCHEMAS[EventClass.NETWORK_ACTIVITY]
    values = {"time": [NOON], "src_endpoint.ip": ["10.0.0.1"], "traffic.bytes_out": [512], "unmapped": ['{"a": 1}']}
    frame = pl.DataFrame(values, schema={c: schema[c] for c in values})
    (row,) = read(EventBatch(EventClass.NETWORK_ACTIVITY, frame))
    assert row["event"]["kind"] == "event"
    assert row["event"]["category"] == ["network"]
    assert row["event"]["dataset"] == "vedette.network_activity"
    assert row["source"] == {"ip": "10.0.0.1", "bytes": 512}
    assert "details" not in row["vedette"]


def test_the_fields_of_events_are_columns_that_exist() -> None:
    known = {column for schema in SCHEMAS.values() for column in schema}
    assert set(OF_BATCH) <= known


@pytest.mark.parametrize("kind", EventClass, ids=lambda kind: kind.name)
def test_every_class_is_written(kind: EventClass) -> None:
    rows = read(random_events(kind, n=10))
    assert len(rows) == 10
    assert all(row["ecs"] == {"version": "8.17.0"} for row in rows)


@pytest.mark.parametrize("law", laws_of(EcsJson), ids=lambda law: law.name)
def test_law(law: Law) -> None:
    law.check()
