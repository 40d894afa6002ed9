"""Rows of Azure's logs by class."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from vedette.events.schema import EventClass
from vedette.sources.azure import Azure
from vedette.testing.laws.source import read_all, tables

EXAMPLE = json.loads(Azure.example().data)["records"]


def _rows(records: list[dict[str, Any]]) -> dict[EventClass, list[dict[str, Any]]]:
    return {k: f.to_dicts() for k, f in tables(read_all(Azure, io.BytesIO(json.dumps(records).encode()))).items()}


def test_a_sign_in() -> None:
    (row,) = _rows(EXAMPLE)[EventClass.AUTHENTICATION]
    assert (row["user.name"], row["src_endpoint.location.country"], row["is_mfa"]) == ("ada@shop.example", "BE", True)
    assert (row["status_id"], row["service.name"], row["vedette.risk"], row["device.hostname"]) == (
        1,
        "Office 365",
        "none",
        "ada-pc",
    )


@pytest.mark.parametrize(("code", "status"), [(0, 1), (50126, 2), (None, None)])
def test_the_error_code_is_the_outcome(code: int | None, status: int | None) -> None:
    record = {
        "createdDateTime": "2026-03-05T08:00:00Z",
        "userPrincipalName": "a@b.example",
        "appDisplayName": "x",
        "clientAppUsed": "y",
    }
    (row,) = _rows([{**record, "status": {"errorCode": code}}])[EventClass.AUTHENTICATION]
    assert row.get("status_id") == status


def test_advanced_hunting() -> None:
    record = {
        "Timestamp": "2026-03-05T08:00:00Z",
        "AccountUpn": "Ada@Shop.example",
        "LogonType": '["interactiveUser"]',
        "ErrorCode": 50053,
    }
    (row,) = _rows([{**record, "Application": "Portal", "Country": "BE", "IPAddress": "192.0.2.7"}])[
        EventClass.AUTHENTICATION
    ]
    assert (row["user.name"], row["status_id"], row["src_endpoint.location.country"]) == ("ada@shop.example", 2, "BE")


def test_a_role_given() -> None:
    (row,) = _rows(EXAMPLE)[EventClass.USER_ACCESS]
    assert (row["actor.user.name"], row["user.name"], row["privileges"]) == (
        "ada@shop.example",
        "bob@shop.example",
        ["Global Administrator"],
    )
    assert (row["activity_id"], row["metadata.event_code"]) == (1, "Add member to role")


def test_the_activity_log() -> None:
    (row,) = _rows(EXAMPLE)[EventClass.API_ACTIVITY]
    assert (row["api.service.name"], row["activity_id"], row["status_id"]) == ("microsoft.insights", 4, 1)
    assert row["resources.name"][0].endswith("/diagnosticSettings/d")
