from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest

from vedette.errors import ActionError, Refused
from vedette.model import Receipt
from vedette.response.actions.crowdsec_decision import CrowdsecDecision, CrowdsecSettings
from vedette.testing.incidents import some_incident
from vedette.testing.made import entity
from vedette.testing.receivers import HttpReceiver, Request, http_receiver
from vedette.testing.responses import there_and_back

NEEDED = {
    *("scenario", "scenario_hash", "scenario_version", "message", "events_count", "start_at", "stop_at", "capacity"),
    *("leakspeed", "simulated", "events", "source"),
}
"""What an alert must have (CrowdSec's localapi_swagger.yaml)."""


class LocalApi:
    """CrowdSec's local API, as its description has it: log in, add alerts with decisions, look for them, delete decisions."""

    def __init__(self) -> None:
        self.decisions: list[dict[str, Any]] = [{"scope": "Ip", "value": "203.0.113.7", "scenario": "ssh-bf"}]

    def __call__(self, request: Request) -> tuple[int, bytes]:
        if request.path == "/v1/watchers/login":
            said = orjson.loads(request.body)
            good = (said["machine_id"], said["password"]) == ("vedette", "pw")
            return (200, b'{"code": 200, "expire": "x", "token": "jwt"}') if good else (403, b'{"message": "no"}')
        if request.headers.get("authorization") != "Bearer jwt":
            return 401, b"{}"
        asked = {k: v[0] for k, v in parse_qs(urlsplit(request.path).query).items()}
        mine = [d for d in self.decisions if all(d[k] == asked.get(k, d[k]) for k in ("scope", "value", "scenario"))]
        if request.method == "GET":
            return 200, orjson.dumps([{"decisions": mine}] if mine else None)
        if request.method == "DELETE":
            self.decisions = [d for d in self.decisions if d not in mine]
            return 200, orjson.dumps({"nbDeleted": str(len(mine))})
        (alert,) = orjson.loads(request.body)
        assert alert.keys() >= NEEDED
        self.decisions += alert["decisions"]
        return 201, b'["1"]'


def decider(receiver: HttpReceiver, **settings: object) -> CrowdsecDecision:
    url = f"http://127.0.0.1:{receiver.port}"
    made = {"url": url, "machine": "vedette", "password": "pw", **settings}
    return CrowdsecDecision(CrowdsecSettings.model_validate(made))


@pytest.mark.parametrize("address", ["203.0.113.7", "2001:db8::7"])
def test_decided_and_taken_back_and_others_decisions_stay(address: str) -> None:
    api = LocalApi()
    with http_receiver() as receiver:
        receiver.answer = api
        action = decider(receiver, minutes=5)
        plan = action.plan(some_incident(), entity(address))
        there_and_back(action, plan)
        action.apply(plan)
        assert api.decisions[-1] == {
            "origin": "vedette",
            "type": "ban",
            "scope": "Ip",
            "value": address,
            "duration": "300s",
            "scenario": "vedette/incident",
        }
        action.undo(Receipt(plan, "done"))
        assert [d["scenario"] for d in api.decisions] == ["ssh-bf"]


def test_who_is_not_let_in_does_nothing() -> None:
    with http_receiver() as receiver:
        receiver.answer = LocalApi()
        action = decider(receiver, password="wrong")  # noqa: S106 - made up
        plan = action.plan(some_incident(), entity("203.0.113.7"))
        with pytest.raises(Refused, match="does not let us in"):
            action.apply(plan)
        assert action.in_force(plan) is None


def test_a_token_that_would_break_a_header_is_none() -> None:
    with http_receiver() as receiver:
        receiver.answers = [(200, orjson.dumps({"token": "a\r\nX: y"}))]
        action = decider(receiver)
        plan = action.plan(some_incident(), entity("203.0.113.7"))
        with pytest.raises(Refused):
            action.apply(plan)


def test_what_it_does_not_take_is_told() -> None:
    with http_receiver() as receiver:
        receiver.answers = [(200, b'{"token": "jwt"}'), (500, b"disk full")]
        action = decider(receiver)
        with pytest.raises(ActionError, match="disk full"):
            action.apply(action.plan(some_incident(), entity("203.0.113.7")))


@pytest.mark.parametrize("value", ["127.0.0.1", "10.0.0.0/8", "fe80::1%eth0", "user:bob", "0.0.0.0", "not"])
def test_what_is_nobodys_to_block_is_refused(value: str) -> None:
    action = CrowdsecDecision(CrowdsecSettings.model_validate(dict(CrowdsecDecision.example)))
    with pytest.raises(Refused):
        action.plan(some_incident(), entity(value))


def test_without_settings_it_is_not_ready() -> None:
    assert "url" in CrowdsecDecision().ready()
    assert "machine" in CrowdsecDecision(CrowdsecSettings.model_validate({"url": "https://x.example"})).ready()
