from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import pytest

from vedette.errors import ActionError, Refused
from vedette.model import Entity, EntityKind, Receipt
from vedette.response.actions.open_case import MOST_TEXT, CaseSettings, OpenCase
from vedette.testing.incidents import some_incident
from vedette.testing.made import entity
from vedette.testing.receivers import HttpReceiver, Request, http_receiver
from vedette.testing.responses import there_and_back

WHO = entity("198.51.100.7")


class Hive:
    """What TheHive 5 does with the calls that we make, as its documentation of the interface has it."""

    def __init__(self) -> None:
        self.cases: list[dict[str, Any]] = []

    def __call__(self, request: Request) -> tuple[int, bytes]:
        if request.headers.get("authorization") != "Bearer k3y":
            return 401, b'{"type": "AuthenticationError"}'
        body = orjson.loads(request.body)
        if request.path.startswith("/api/v1/query"):
            tag = body["query"][1]["_value"]
            return 200, orjson.dumps([case for case in self.cases if tag in case["tags"]])
        if (request.method, request.path) == ("POST", "/api/v1/case"):
            self.cases.append({**body, "_id": f"~{40_000 + len(self.cases)}", "stage": "New"})
            return 201, orjson.dumps(self.cases[-1])
        case = next(case for case in self.cases if request.path == f"/api/v1/case/{case['_id']}")
        case.update(body, stage="Closed")
        return 204, b""


def opener(receiver: HttpReceiver, **settings: object) -> OpenCase:
    url = f"http://127.0.0.1:{receiver.port}"
    made = {"system": "thehive", "url": url, "token": "k3y", **settings}
    return OpenCase(CaseSettings.model_validate(made))


def test_one_case_for_an_incident_opened_and_closed() -> None:
    hive = Hive()
    with http_receiver() as receiver:
        receiver.answer = hive
        action = opener(receiver)
        plan = action.plan(some_incident(), WHO)
        there_and_back(action, plan)
        (case,) = hive.cases
        assert (case["title"], case["severity"], case["status"]) == ("Password guessing by 198.51.100.7", 3, "Other")
        assert case["tags"] == ["vedette:i1", "vedette", "T1110.001"]
        assert "T1110.001 Password Guessing" in case["description"].replace("\\", "")
        action.apply(plan)  # a closed case of the same incident is found, not doubled
        assert len(hive.cases) == 1


def test_what_changes_as_an_incident_grows_is_no_other_plan() -> None:
    action = OpenCase(CaseSettings.model_validate({"url": "https://cases.example/"}))
    one = action.plan(some_incident(), WHO)
    grown = action.plan(replace(some_incident(), title="More of it", story=("More.",)), WHO)
    assert one.parameters == grown.parameters
    assert one.notes != grown.notes


def test_words_of_an_attacker_are_no_markdown_and_bounded() -> None:
    story = ("![x](http://evil.example/p.png) <img src=x> [click](https://evil.example) `x`\n# big", *["y" * 900] * 50)
    action = OpenCase(CaseSettings.model_validate({"url": "https://cases.example/"}))
    text = action.plan(replace(some_incident(), story=story), WHO).notes["description"]
    assert "![" not in text
    assert "](" not in text
    assert "<img" not in text
    assert "http://" not in text
    assert "\n#" not in text
    assert len(text) <= MOST_TEXT


@pytest.mark.parametrize("answer", [500, (200, b"nonsense"), (200, b'[{"_id": "../../user", "stage": "New"}]')])
def test_an_answer_that_is_none_is_an_error_and_never_a_path(answer: int | tuple[int, bytes]) -> None:
    with http_receiver() as receiver:
        receiver.answers = [answer]
        action = opener(receiver)
        with pytest.raises(ActionError):
            action.undo(Receipt(action.plan(some_incident(), WHO), "done"))
        assert len(receiver.requests) == 1


def test_a_wrong_key_is_told_and_nothing_is_known() -> None:
    with http_receiver() as receiver:
        receiver.answer = Hive()
        action = opener(receiver, token="other")  # noqa: S106 - made up
        plan = action.plan(some_incident(), WHO)
        with pytest.raises(ActionError, match="HTTP 401"):
            action.apply(plan)
        assert action.in_force(plan) is None


def test_by_webhook() -> None:
    with http_receiver() as receiver:
        action = opener(receiver, system="webhook")
        action.apply(action.plan(some_incident(), WHO))
        (request,) = receiver.requests
        said = orjson.loads(request.body)
        assert (said["do"], said["parameters"], said["notes"]["severity"]) == ("apply", {"incident": "i1"}, "4")


def test_a_case_about_nobody_is_refused_and_without_a_url_it_is_not_ready() -> None:
    assert OpenCase().ready()
    with pytest.raises(Refused):
        OpenCase().plan(some_incident(), Entity(EntityKind.USER, ""))
