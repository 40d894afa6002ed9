"""Acts by principal, topic and hour."""

from __future__ import annotations

from tests.detectors.made_cloud import call, calls

from vedette.events.schema import EventClass
from vedette.features.cloud_act import KEPT, CloudAct
from vedette.testing.rows import rows_of


def test_acts_of_an_hour_by_topic() -> None:
    rows = rows_of(
        CloudAct,
        calls(
            [
                call("StopLogging", to="main"),
                call("DeleteFlowLogs", minutes=5, status_id=2),
                call("CreateUser", minutes=6, to="eve"),
                call("DescribeInstances", minutes=7),
                call("StopLogging", minutes=70),
            ]
        ),
    )
    told = {(r["topic"], r["time"].hour): r for r in rows.to_dicts()}
    assert set(told) == {("logging", 8), ("logging", 9), ("rights", 8)}
    first = told["logging", 8]
    assert (first["done"], first["tried"]) == (["logging.trail-stopped"], ["logging.flow-logs-deleted"])
    assert (first["actions"], first["refusals"], first["targets"]) == (1, 1, ["main"])
    assert told["logging", 9]["had.done"] == [True]
    assert first["had.done"] == [False]


def test_the_cloud_itself_is_left_out() -> None:
    assert rows_of(CloudAct, calls([call("StopLogging", actor__user__type="AWSService")])).height == 0


def test_parameters_decide() -> None:
    closed = call(
        "AuthorizeSecurityGroupIngress", request='{"ipPermissions":{"items":[{"fromPort":22,"cidrIp":"10.0.0.0/8"}]}}'
    )
    opened = call(
        "AuthorizeSecurityGroupIngress", who="eve", request='{"items":[{"fromPort":22,"cidrIp":"0.0.0.0/0"}]}'
    )
    rows = rows_of(CloudAct, calls([closed, opened]))
    assert dict(rows.select("principal", "done").rows()) == {
        "ada": ["exposure.group-changed"],
        "eve": ["exposure.ports-open"],
    }


def test_to_oneself_is_not_to_another() -> None:
    rows = rows_of(
        CloudAct,
        calls([call("CreateLoginProfile", to="Ada"), call("CreateLoginProfile", who="eve", to="ada")]),
    )
    assert dict(rows.select("principal", "done").rows()) == {"eve": ["rights.console-password"]}


def test_classes_of_the_directory_say_it_too() -> None:
    row = call(
        "Add member to role.", log="m365", user__name="bob", unmapped='{"Role.DisplayName":"Global Administrator"}'
    )
    row.pop("api.operation")
    rows = rows_of(CloudAct, calls([row], EventClass.USER_ACCESS))
    assert rows["done"].to_list() == [["rights.admin-role"]]
    assert rows["targets"].to_list() == [["bob"]]


def test_it_is_bounded() -> None:
    many = [call(o, to=f"t{i}") for i, o in enumerate(["CreateUser", "CreateAccessKey", "PutUserPolicy"] * 200)]
    row = rows_of(CloudAct, calls(many)).to_dicts()[0]
    assert len(row["done"]) <= KEPT
    assert len(row["targets"]) <= 6
    assert row["target_count"] > 300
