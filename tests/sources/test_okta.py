"""Okta's system log."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from vedette.events.schema import EventClass
from vedette.sources.okta import Okta
from vedette.testing.laws.source import read_all, tables

RECORDS = [json.loads(line) for line in Okta.example().data.splitlines()]


def _rows(records: list[dict[str, Any]]) -> dict[EventClass, list[dict[str, Any]]]:
    return {k: f.to_dicts() for k, f in tables(read_all(Okta, io.BytesIO(json.dumps(records).encode()))).items()}


def test_a_sign_in() -> None:
    (row,) = _rows(RECORDS)[EventClass.AUTHENTICATION]
    assert (row["user.name"], row["src_endpoint.location.city"], row["src_endpoint.autonomous_system.number"]) == (
        "ada@shop.example",
        "Ghent",
        64496,
    )
    assert (row["activity_id"], row["status_id"], row["is_mfa"]) == (1, 1, False)


def test_a_right_given_names_both() -> None:
    (row,) = _rows(RECORDS)[EventClass.USER_ACCESS]
    assert (row["actor.user.name"], row["user.name"], row["privileges"]) == (
        "ada@shop.example",
        "bob@shop.example",
        ["Super administrator"],
    )


@pytest.mark.parametrize(
    ("kind", "one", "activity"),
    [
        ("user.session.end", EventClass.AUTHENTICATION, 2),
        ("user.lifecycle.create", EventClass.ACCOUNT_CHANGE, 1),
        ("user.mfa.factor.reset_all", EventClass.ACCOUNT_CHANGE, 11),
        ("group.user_membership.add", EventClass.GROUP_MANAGEMENT, 3),
        ("policy.lifecycle.update", EventClass.API_ACTIVITY, 3),
    ],
)
def test_classes(kind: str, one: EventClass, activity: int) -> None:
    assert _rows([{**RECORDS[2], "eventType": kind}])[one][0]["activity_id"] == activity


@pytest.mark.parametrize("target", [None, "x", [None], [{"type": 7}]])
def test_odd_targets_break_nothing(target: object) -> None:
    assert EventClass.API_ACTIVITY in _rows([{**RECORDS[2], "target": target}])
