from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from tests.app.api.served import Served, add_token

from vedette.app.api.roles import Role
from vedette.errors import ActionError, QueryError

PATH = "/api/v1/actions"
TARGET = "198.51.100.4"


@pytest.fixture
def responder(api: Served) -> TestClient:
    return api.client(Role.RESPONDER)


def proposed(client: TestClient) -> dict[str, Any]:
    plan = client.get("/api/v1/incidents/incident-0003").json()["plans"][0]["request"]
    answer = client.post(PATH, json={"incident": "incident-0003", "plan": plan})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    assert told["action"]["uid"] == plan
    return told


def test_a_plan_waits_is_approved_and_taken_back(api: Served, responder: TestClient) -> None:
    told = proposed(responder)
    uid = told["action"]["uid"]
    assert (told["verdict"], told["why"], told["action"]["status"]) == (
        "ask a person",
        "a person must approve",
        "proposed",
    )
    assert api.world.blocked == set()
    (listed,) = responder.get(PATH).json()["items"]
    assert (listed["uid"], listed["guard"], listed["plan"]["target"]["value"]) == (uid, "ask a person", TARGET)

    done = responder.post(f"{PATH}/{uid}/approve").json()
    assert (done["verdict"], done["action"]["status"], done["action"]["approved_by"]) == (
        "go",
        "in force",
        ["responder-token"],
    )
    assert api.world.blocked == {TARGET}
    assert done["action"]["until"] > done["action"]["since"]

    undone = responder.post(f"{PATH}/{uid}/undo", json={"why": "a mistake"}).json()
    assert undone["status"] == "undone"
    assert api.world.blocked == set()
    assert responder.get(PATH).json()["items"] == []
    assert len(responder.get(PATH, params={"all": True}).json()["items"]) == 1
    assert [n.what for n in api.state.audit().items] == ["undo", "approve", "propose"]
    assert b'vedette_actions_total{action="block",outcome="in force"} 1.0' in api.meters.text()


def test_what_is_rejected_stays_so(responder: TestClient) -> None:
    uid = proposed(responder)["action"]["uid"]
    assert responder.post(f"{PATH}/{uid}/reject", json={"why": "ours"}).json()["status"] == "rejected"
    refused = responder.post(f"{PATH}/{uid}/approve")
    assert refused.status_code == 409
    assert refused.json()["error"]["message"] == "it waits for nobody: it is rejected"


def test_the_switch_takes_everything_back(api: Served, responder: TestClient) -> None:
    uid = proposed(responder)["action"]["uid"]
    responder.post(f"{PATH}/{uid}/approve")
    assert responder.post(f"{PATH}/stop").json() == {"problems": []}
    assert api.world.blocked == set()
    assert responder.get(PATH).json()["stopped_by"] == "responder-token"
    assert responder.post(f"{PATH}/resume").status_code == 403
    assert api.client(Role.ADMIN).post(f"{PATH}/resume").status_code == 204
    assert responder.get(PATH).json()["stopped_by"] == ""


def test_what_fails_is_said_and_nothing_is_made_up(api: Served, responder: TestClient) -> None:
    uid = proposed(responder)["action"]["uid"]

    def fail() -> None:
        raise ActionError("the gateway does not answer")

    api.world.before = fail
    answer = responder.post(f"{PATH}/{uid}/approve")
    assert answer.status_code == 502
    assert answer.json()["error"]["message"] == "the gateway does not answer"
    assert responder.get(f"{PATH}/{uid}").json()["status"] == "failed"


@pytest.mark.parametrize("what", ["approve", "reject", "undo"])
def test_nothing_is_done_about_what_is_not_here(responder: TestClient, what: str) -> None:
    answer = responder.post(f"{PATH}/nobody/{what}", json={})
    assert answer.status_code == 404
    assert answer.json()["error"]["where"] == "path.uid"


def test_only_plans_of_the_incident_can_be_proposed(responder: TestClient) -> None:
    assert responder.post(PATH, json={"incident": "incident-0003", "plan": "other"}).status_code == 404
    assert responder.post(PATH, json={"incident": "nobody", "plan": "other"}).status_code == 404


def test_two_tokens_of_one_name_are_not_two_people(api: Served, responder: TestClient) -> None:
    with pytest.raises(QueryError, match="called 'responder-token' already"):
        add_token(api.state, "responder-token", Role.RESPONDER)
