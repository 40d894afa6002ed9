from __future__ import annotations

from collections.abc import Iterator

import orjson
import pytest

from vedette.errors import ActionError, Refused
from vedette.model import Entity, EntityKind, Receipt
from vedette.response.actions.isolate_host import IsolateHost
from vedette.response.hook import HookSettings, parsed
from vedette.response.http import Answer
from vedette.response.signed import signature
from vedette.testing.incidents import some_incident
from vedette.testing.receivers import HttpReceiver, http_receiver

HOST = Entity(EntityKind.HOST, "web1")


@pytest.fixture
def receiver() -> Iterator[HttpReceiver]:
    with http_receiver() as kept:
        yield kept


def isolate(receiver: HttpReceiver, **settings: object) -> IsolateHost:
    url = f"http://127.0.0.1:{receiver.port}/secret/path"
    return IsolateHost(HookSettings.model_validate({"url": url, **settings}))


def test_a_call_says_what_is_wanted_and_is_signed(receiver: HttpReceiver) -> None:
    action = isolate(receiver, secret="shared", token="t0k", minutes=30)  # noqa: S106 - made up
    plan = action.plan(some_incident(), HOST)
    where = f"http://127.0.0.1:{receiver.port}"
    assert plan.steps == (f'POST {where} {{"do": "apply", "action": "isolate_host", "target": "web1"}}',)
    receipt = action.apply(plan)
    action.undo(receipt)
    done, undone = receiver.requests
    assert orjson.loads(done.body) == {
        "do": "apply",
        "action": "isolate_host",
        "target": {"kind": "host", "value": "web1"},
        "ttl_seconds": 1800,
        "why": "Password guessing by 198.51.100.7 (high, 90% sure).",
        "parameters": {"incident": "i1"},
        "notes": {},
    }
    assert orjson.loads(undone.body)["do"] == "undo"
    head = done.headers
    assert head["webhook-signature"] == signature("shared", head["webhook-id"], head["webhook-timestamp"], done.body)
    assert (head["authorization"], done.path) == ("Bearer t0k", "/secret/path")


def test_the_same_asked_again_has_the_same_id_and_a_question_a_new_one(receiver: HttpReceiver) -> None:
    action = isolate(receiver, answers=True)
    plan = action.plan(some_incident(), HOST)
    for _ in range(2):
        action.apply(plan)
        action.in_force(plan)
    one, asked, again, asked_again = (r.headers["webhook-id"] for r in receiver.requests)
    assert one == again
    assert len({one, asked, asked_again}) == 3


@pytest.mark.parametrize(
    ("status", "error"),
    [(403, Refused), (404, Refused), (409, ActionError), (429, ActionError), (500, ActionError), (301, ActionError)],
)
def test_only_a_plain_no_means_that_nothing_was_done(
    receiver: HttpReceiver, status: int, error: type[Exception]
) -> None:
    action = isolate(receiver)
    receiver.answers = [(status, b"no\x1b[31m")]
    with pytest.raises(error) as caught:
        action.apply(action.plan(some_incident(), HOST))
    assert f"HTTP {status} no\\x1b[31m" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_what_is_gone_already_is_undone(receiver: HttpReceiver) -> None:
    action = isolate(receiver)
    plan = action.plan(some_incident(), HOST)
    receiver.answers = [404, 500]
    assert action.undo(Receipt(plan, "done")).status == "undone"
    with pytest.raises(ActionError, match="did not take it back"):
        action.undo(Receipt(plan, "done"))


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ((200, b'{"in_force": true}'), True),
        ((200, b'{"in_force": false}'), False),
        ((200, b'{"in_force": "yes"}'), None),
        ((200, b"[]"), None),
        ((200, b"\xff"), None),
        (500, None),
    ],
)
def test_what_is_in_force_is_what_the_answer_says(
    receiver: HttpReceiver, answer: int | tuple[int, bytes], told: bool | None
) -> None:
    action = isolate(receiver, answers=True)
    receiver.answers = [answer]
    assert action.in_force(action.plan(some_incident(), HOST)) is told


def test_who_does_not_answer_is_a_doubt(receiver: HttpReceiver) -> None:
    action = IsolateHost(HookSettings.model_validate({"url": "http://127.0.0.1:9/", "answers": True}))
    plan = action.plan(some_incident(), HOST)
    assert action.in_force(plan) is None
    assert isolate(receiver).in_force(plan) is None
    assert receiver.requests == []
    with pytest.raises(ActionError, match="no answer"):
        action.apply(plan)


def test_without_a_url_it_is_not_ready_and_one_that_may_not_be_called_gives_no_plan(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "url" in IsolateHost().ready()
    for url in ("http://edr.example/", "file:///etc/passwd", "https://user:pw@edr.example/"):
        action = IsolateHost(HookSettings.model_validate({"url": url}))
        with pytest.raises(Refused):
            action.plan(some_incident(), HOST)
    metadata = IsolateHost(HookSettings.model_validate({"url": "https://169.254.169.254/"}))
    with pytest.raises((Refused, ActionError), match="never called"):
        metadata.apply(metadata.plan(some_incident(), HOST))


def test_a_secret_that_is_absent_stops_it_before_anything_is_sent(receiver: HttpReceiver) -> None:
    action = isolate(receiver, secret_env="VEDETTE_NO_SUCH_SECRET")  # noqa: S106 - a name
    with pytest.raises(Refused, match="holds no secret"):
        action.apply(action.plan(some_incident(), HOST))
    assert receiver.requests == []


def test_an_answer_is_an_object_or_nothing() -> None:
    assert parsed(Answer(200, b"[1]")) == {}
    assert parsed(Answer(200, b"{")) == {}
    assert parsed(Answer(200, b'{"a": 1}')) == {"a": 1}
