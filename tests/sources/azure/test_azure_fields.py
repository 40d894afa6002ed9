"""Each form of Azure's logs opens to the same few names."""

from __future__ import annotations

import json
from typing import Any

import pytest

from vedette.events.json_fields import Fields
from vedette.sources.azure.azure_fields import PATHS, unfolded

_TARGET = {
    "type": "User",
    "userPrincipalName": "bob@shop.example",
    "modifiedProperties": [{"displayName": "Role.DisplayName", "newValue": '"Owner"'}],
}
_BY = {"user": {"userPrincipalName": "ada@shop.example", "ipAddress": "192.0.2.7"}}

AUDIT: dict[str, dict[str, Any]] = {
    "Graph": {
        "activityDateTime": "2026-03-05T08:00:00Z",
        "activityDisplayName": "Add member to role",
        "initiatedBy": _BY,
        "targetResources": [_TARGET],
    },
    "Monitor": {
        "time": "2026-03-05T08:00:00Z",
        "category": "AuditLogs",
        "operationName": "Add member to role",
        "properties": {"initiatedBy": _BY, "targetResources": [_TARGET]},
    },
    "Monitor, properties as text": {
        "time": "2026-03-05T08:00:00Z",
        "category": "AuditLogs",
        "operationName": "Add member to role",
        "properties": json.dumps({"initiatedBy": _BY, "targetResources": [_TARGET]}),
    },
    "Sentinel": {
        "TimeGenerated": "2026-03-05T08:00:00Z",
        "Type": "AuditLogs",
        "OperationName": "Add member to role",
        "InitiatedBy": json.dumps(_BY),
        "TargetResources": json.dumps([_TARGET]),
    },
}


@pytest.mark.parametrize("form", AUDIT)
def test_an_audit_record_says_the_same_in_every_form(form: str) -> None:
    row = Fields(PATHS).frame(unfolded([AUDIT[form]])).row(0, named=True)
    told = tuple(row[c] for c in ("time", "operation", "user", "address", "whom", "role", "sign_in"))
    assert told == (
        "2026-03-05T08:00:00Z",
        "Add member to role",
        "ada@shop.example",
        "192.0.2.7",
        "bob@shop.example",
        "Owner",
        None,
    )


def test_claims_name_the_caller_of_the_activity_log() -> None:
    claim = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn"
    record = {
        "operationName": "A/B/WRITE",
        "identity": {"claims": {claim: "ada@shop.example"}},
        "location": "westeurope",
    }
    row = Fields(PATHS).frame(unfolded([record])).row(0, named=True)
    assert (row["user"], row["cloud.region"]) == ("ada@shop.example", "westeurope")


@pytest.mark.parametrize(
    "odd", [{"properties": "[broken"}, {"targetResources": "x"}, {"identity": 7}, {"additionalDetails": [1]}]
)
def test_odd_values_break_nothing(odd: dict[str, object]) -> None:
    assert unfolded([{"operationName": "x", **odd}])[0]["operationName"] == "x"
