"""Kubernetes audit events."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from vedette.events.schema import EventClass
from vedette.sources.kubernetes import Kubernetes
from vedette.testing.laws.source import read_all, tables

RECORDS = [json.loads(line) for line in Kubernetes.example().data.splitlines()]


def _rows(data: object) -> list[dict[str, Any]]:
    return tables(read_all(Kubernetes, io.BytesIO(json.dumps(data).encode())))[EventClass.API_ACTIVITY].to_dicts()


def test_what_was_asked_of_what() -> None:
    rows = _rows(RECORDS)
    assert [r["metadata.event_code"] for r in rows] == ["create pods", "create pods/exec", "list secrets"]
    assert [r["activity_id"] for r in rows] == [1, 1, 2]
    assert [r["status_id"] for r in rows] == [1, 1, 2]
    assert [r["actor.user.type"] for r in rows] == ["User", "ServiceAccount", "ServiceAccount"]
    assert rows[0]["resources.name"] == ["shop/web"]
    assert rows[2]["api.response.error"] == "Forbidden"


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "EventList", "apiVersion": "audit.k8s.io/v1", "items": RECORDS},
        [
            {"category": "kube-audit", "time": "2026-03-05T08:00:00Z", "properties": {"log": json.dumps(r)}}
            for r in RECORDS
        ],
    ],
    ids=["EventList", "AKS"],
)
def test_wrapped_events_come_out(data: object) -> None:
    assert Kubernetes.sniff(json.dumps(data).encode()[:4096], "")
    assert [r["metadata.event_code"] for r in _rows(data)] == ["create pods", "create pods/exec", "list secrets"]
