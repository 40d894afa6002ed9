"""CloudTrail in every form that it comes in."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from vedette.events.schema import EventClass
from vedette.sources.cloudtrail import CloudTrail
from vedette.testing.laws.source import read_all, tables

RECORDS: list[dict[str, Any]] = json.loads(CloudTrail.example().data)["Records"]


def _rows(records: list[dict[str, Any]]) -> dict[EventClass, list[dict[str, Any]]]:
    data = "\n".join(map(json.dumps, records)).encode()
    return {k: f.to_dicts() for k, f in tables(read_all(CloudTrail, io.BytesIO(data))).items()}


@pytest.mark.parametrize(
    "data",
    [
        json.dumps(RECORDS),
        json.dumps({"Records": RECORDS}, indent=2),
        "\n".join(map(json.dumps, RECORDS)),
        "\n".join(json.dumps({"detail-type": "AWS API Call via CloudTrail", "detail": r}) for r in RECORDS),
        json.dumps({"Events": [{"EventId": r["eventID"], "CloudTrailEvent": json.dumps(r)} for r in RECORDS]}),
    ],
    ids=["array", "delivered", "lines", "EventBridge", "lookup-events"],
)
def test_every_form_gives_the_same(data: str) -> None:
    assert CloudTrail.sniff(data.encode()[:4096], "")
    got = tables(read_all(CloudTrail, io.BytesIO(data.encode())))
    assert got[EventClass.API_ACTIVITY]["api.operation"].to_list() == ["ListBuckets", "StopLogging"]
    assert got[EventClass.AUTHENTICATION]["user.name"].to_list() == ["root"]


def test_what_a_call_says() -> None:
    first, second = _rows(RECORDS)[EventClass.API_ACTIVITY]
    assert first["actor.user.name"] == "ada"
    assert first["actor.user.credential_uid"] == "AKIAEXAMPLE"
    assert (first["activity_id"], first["status_id"], first["cloud.region"]) == (2, 1, "eu-west-1")
    assert second["actor.user.name"] == "bob@shop.example", "a session named after a person is that person"
    assert second["actor.session.issuer"].endswith("role/Deploy")
    assert (second["activity_id"], second["status_id"], second["status_code"]) == (3, 2, "AccessDenied")
    assert second["resources.name"] == ["main"]
    assert second["unmapped.userIdentity.sessionContext.sessionIssuer.userName"] == "Deploy"


def test_a_sign_in_is_an_authentication() -> None:
    (row,) = _rows(RECORDS)[EventClass.AUTHENTICATION]
    assert (row["user.name"], row["is_mfa"], row["status_id"], row["src_endpoint.ip"]) == (
        "root",
        False,
        1,
        "198.51.100.9",
    )


@pytest.mark.parametrize(
    ("identity", "name"),
    [
        ({"type": "AWSService", "invokedBy": "ec2.amazonaws.com"}, "ec2.amazonaws.com"),
        ({"type": "AssumedRole", "arn": "arn:aws:sts::1:assumed-role/Build/i-0abc"}, "Build"),
        ({"type": "AWSAccount", "accountId": "222233334444"}, "222233334444"),
        ({"type": "Root", "arn": "arn:aws:iam::1:root"}, "root"),
    ],
)
def test_who_acts(identity: dict[str, str], name: str) -> None:
    (row,) = _rows([{**RECORDS[0], "userIdentity": identity}])[EventClass.API_ACTIVITY]
    assert row["actor.user.name"] == name


def test_a_service_in_place_of_an_address() -> None:
    (row,) = _rows([{**RECORDS[0], "sourceIPAddress": "ec2.amazonaws.com"}])[EventClass.API_ACTIVITY]
    assert row["src_endpoint.hostname"] == "ec2.amazonaws.com"
    assert "src_endpoint.ip" not in row


def test_strangers_are_rejected() -> None:
    got = _rows([{"hello": "world"}, RECORDS[0]])
    assert len(got[EventClass.API_ACTIVITY]) == 1
    assert "no record of this log" in got[EventClass.REJECT][0]["status_detail"]
