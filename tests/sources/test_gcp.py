"""Google Cloud audit entries."""

from __future__ import annotations

import io
import json
from typing import Any

from vedette.events.schema import EventClass
from vedette.sources.gcp import Gcp
from vedette.testing.laws.source import read_all, tables

RECORDS = [json.loads(line) for line in Gcp.example().data.splitlines()]


def _rows(records: list[dict[str, Any]]) -> dict[EventClass, list[dict[str, Any]]]:
    return {k: f.to_dicts() for k, f in tables(read_all(Gcp, io.BytesIO(json.dumps(records).encode()))).items()}


def test_calls() -> None:
    first, second = _rows(RECORDS)[EventClass.API_ACTIVITY]
    assert (first["actor.user.name"], first["activity_id"], first["status_id"]) == ("ada@shop.example", 4, 1)
    assert json.loads(first["api.request.data"])["authorizationInfo"][0]["permission"] == "logging.sinks.delete"
    assert (second["actor.user.type"], second["status_id"], second["api.response.error"]) == (
        "ServiceAccount",
        2,
        "PERMISSION_DENIED",
    )
    assert second["cloud.region"] == "eu"


def test_a_sign_in_to_workspace_that_failed() -> None:
    (row,) = _rows(RECORDS)[EventClass.AUTHENTICATION]
    assert (row["user.name"], row["status_id"], row["src_endpoint.ip"]) == ("bob@shop.example", 2, "198.51.100.9")


def test_entries_inside_of_data_come_out() -> None:
    got = _rows([{"data": RECORDS[0]}])
    assert got[EventClass.API_ACTIVITY][0]["api.operation"].endswith("DeleteSink")


def test_a_permission_that_was_not_granted_is_a_failure() -> None:
    payload = {
        **RECORDS[0]["protoPayload"],
        "authorizationInfo": [{"granted": False, "permission": "logging.sinks.delete"}],
    }
    (row,) = _rows([{**RECORDS[0], "protoPayload": payload}])[EventClass.API_ACTIVITY]
    assert (row["status_id"], row["api.response.error"]) == (2, "permission not granted")
