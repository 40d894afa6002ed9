from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from vedette.config import Config
from vedette.errors import ActionError, Refused
from vedette.model import Entity, EntityKind, Receipt
from vedette.response.actions.quarantine_message import MOST, MessageSettings, QuarantineMessage
from vedette.response.guard import Guard
from vedette.testing.incidents import some_incident
from vedette.testing.mail_server import MASTER, PASSWORD, available, dovecot, held, put
from vedette.testing.responses import there_and_back

BOB, EVE = "bob@corp.example", "eve@corp.example"
LURE = Entity(EntityKind.MESSAGE, "<lure@bad.example>")
ROWS: list[dict[str, Any]] = [
    {"email.to": [BOB, "Someone@Elsewhere.example"]},
    {"email.to": None, "email.cc": ["EVE@corp.example", "x*master@corp.example", "bob@corp.example\r\nA1 LOGOUT"]},
]


def made(port: int = 993, **settings: object) -> QuarantineMessage:
    base = {
        "server": "127.0.0.1",
        "port": port,
        "security": "none",
        "login": f"{{mailbox}}*{MASTER}",
        "password": PASSWORD,
    }
    return QuarantineMessage(MessageSettings.model_validate({**base, "domains": ["Corp.example"], **settings}))


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    if not available():
        pytest.skip("needs Dovecot and root")
    with dovecot() as number:
        yield number


@pytest.mark.slow
def test_out_of_every_mailbox_of_ours_and_back(port: int) -> None:
    for box, message in ((BOB, LURE.value), (EVE, LURE.value), (BOB, "<other@x>")):
        put(port, box, message)
    quarantine = made(port)
    plan = quarantine.plan(some_incident(), LURE, ROWS)
    assert plan.parameters == {"mailboxes": f"{BOB} {EVE}"}
    assert there_and_back(quarantine, plan).details == {BOB: "INBOX", EVE: "INBOX"}
    assert (held(port, BOB), held(port, EVE)) == ([LURE.value, "<other@x>"], [LURE.value])
    quarantine.apply(plan)
    assert (held(port, BOB), held(port, EVE)) == (["<other@x>"], [])
    assert held(port, BOB, "Quarantine") == [LURE.value]


@pytest.mark.slow
def test_what_lies_nowhere_any_more_is_refused(port: int) -> None:
    quarantine = made(port)
    with pytest.raises(Refused, match="in none of these"):
        quarantine.apply(quarantine.plan(some_incident(), Entity(EntityKind.MESSAGE, "<gone@x>"), ROWS))


def test_a_server_that_does_not_answer_is_a_doubt() -> None:
    quarantine = made(9)
    plan = quarantine.plan(some_incident(), LURE, ROWS)
    with pytest.raises(ActionError):
        quarantine.apply(plan)
    with pytest.raises(ActionError):
        quarantine.undo(Receipt(plan, "done"))
    assert quarantine.in_force(plan) is None


@pytest.mark.parametrize(
    "rows", [[], [{}], [{"email.to": ["x@elsewhere.example"]}], [{"email.to": ["x*y@corp.example"]}]]
)
def test_what_nobody_of_ours_got_is_refused(rows: list[dict[str, Any]]) -> None:
    with pytest.raises(Refused, match="nobody of ours"):
        made().plan(some_incident(), LURE, rows)


def test_mailboxes_are_bounded() -> None:
    rows = [{"email.to": [f"u{n:04}@corp.example" for n in range(500)]}]
    plan = made().plan(some_incident(), LURE, rows)
    assert len(plan.steps) == len(plan.undo) == MOST


@given(box=st.text(max_size=20) | st.from_regex(r"[a-z*%\"\\ \r\n(){}]{1,12}@corp\.example", fullmatch=True))
def test_whatever_an_address_is_it_opens_one_mailbox_or_none(box: str) -> None:
    try:
        plan = made().plan(some_incident(), LURE, [{"email.to": [box]}])
    except Refused:
        return
    (only,) = plan.parameters["mailboxes"].split()
    assert only == box.lower()
    assert not set(only) & set('*%"\\ \r\n(){}')


def test_a_protected_mailbox_forbids_the_whole() -> None:
    plan = made().plan(some_incident(), LURE, ROWS)
    assert Guard(Config()).kept_from(QuarantineMessage, plan) == ""
    for name in ("bob", "eve@corp.example", "corp.example"):
        guard = Guard(Config.model_validate({"response": {"protected": [name]}}))
        assert "is protected" in guard.kept_from(QuarantineMessage, plan)


def test_settings() -> None:
    assert "server" in QuarantineMessage().ready()
    assert "domains" in QuarantineMessage(MessageSettings(server="imap.corp.example")).ready()
    for bad in (
        {"login": "vedette"},
        {"login": '{mailbox}"'},
        {"login": "{mailbox.x}"},
        {"quarantine": 'a"b'},
        {"server": "a b"},
    ):
        with pytest.raises(ValidationError):
            MessageSettings.model_validate(bad)
