"""Rows of the unified audit log by class."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from vedette.events.schema import EventClass
from vedette.sources.m365 import M365
from vedette.sources.m365.audit_rows import unfolded
from vedette.testing.laws.source import read_all, tables

RECORDS = [json.loads(line) for line in M365.example().data.splitlines()]


def _rows(records: list[dict[str, Any]]) -> dict[EventClass, list[dict[str, Any]]]:
    return {k: f.to_dicts() for k, f in tables(read_all(M365, io.BytesIO(json.dumps(records).encode()))).items()}


def test_a_sign_in() -> None:
    (row,) = _rows(RECORDS)[EventClass.AUTHENTICATION]
    assert (row["user.name"], row["src_endpoint.ip"], row["http_request.user_agent"]) == (
        "ada@shop.example",
        "192.0.2.7",
        "Mozilla/5.0",
    )
    assert (row["activity_id"], row["status_id"]) == (1, 1)


def test_a_sign_in_that_failed_says_so_though_its_status_does_not() -> None:
    (row,) = _rows([{**RECORDS[0], "Operation": "UserLoginFailed", "LogonError": "InvalidUserNameOrPassword"}])[
        EventClass.AUTHENTICATION
    ]
    assert (row["status_id"], row["status_detail"]) == (2, "InvalidUserNameOrPassword")


def test_a_rule_is_an_interface_call_with_its_parameters() -> None:
    (row,) = _rows(RECORDS)[EventClass.API_ACTIVITY]
    assert json.loads(row["api.request.data"])["Parameters"] == {"Name": "rule", "ForwardTo": "else@other.example"}
    assert (row["src_endpoint.ip"], row["src_endpoint.port"], row["actor.user.type"]) == ("192.0.2.7", 50123, "Admin")


def test_a_role_is_named_with_who_got_it() -> None:
    (row,) = _rows(RECORDS)[EventClass.USER_ACCESS]
    assert (row["user.name"], row["resource.name"], row["activity_id"]) == (
        "bob@shop.example",
        "Global Administrator",
        1,
    )


def test_a_file() -> None:
    (row,) = _rows(RECORDS)[EventClass.FILE_HOSTING]
    assert (row["file.name"], row["file.size"], row["activity_id"]) == ("plan.docx", 11206, 2)


@pytest.mark.parametrize(
    "odd",
    [
        {"Parameters": "x"},
        {"Parameters": [1, None]},
        {"ModifiedProperties": [{"NewValue": 1}]},
        {"ExtendedProperties": {}},
    ],
)
def test_odd_values_break_nothing(odd: dict[str, object]) -> None:
    assert unfolded([{**RECORDS[0], **odd}])[0]["Operation"] == "UserLoggedIn"


@pytest.mark.parametrize(
    ("user", "kind"),
    [
        ("S-1-5-18", "System"),
        ("NT AUTHORITY\\SYSTEM (Microsoft.Exchange.ServiceHost)", "System"),
        ("app@sharepoint", "System"),
        ("ada@shop.example", "Admin"),
        ("microsoft@shop.example", "Admin"),
    ],
)
def test_the_service_itself_is_known_by_its_names(user: str, kind: str) -> None:
    (row,) = _rows([{**RECORDS[1], "UserId": user}])[EventClass.API_ACTIVITY]
    assert row["actor.user.type"] == kind
