from __future__ import annotations

import os
from pathlib import Path

import orjson
import pytest

from vedette.errors import ActionError, Refused
from vedette.model import Entity, EntityKind, Receipt
from vedette.response.actions.end_sessions import EndSessions, SessionSettings
from vedette.testing.incidents import some_incident
from vedette.testing.receivers import http_receiver

BOB = Entity(EntityKind.USER, "bob")
HERE = EndSessions(SessionSettings(here=True))


@pytest.fixture
def loginctl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A made-up loginctl, which notes how it was called and answers with what lies beside it."""
    program = tmp_path / "loginctl"
    program.write_text('#!/bin/sh\nprintf "%s\\n" "$@" > "$0.argv"\ncat "$0.says" >&2\nexit "$(cat "$0.code")"\n')
    program.chmod(0o755)
    says(program, "", 0)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return program


def says(program: Path, text: str, code: int) -> None:
    program.with_name("loginctl.says").write_text(text)
    program.with_name("loginctl.code").write_text(str(code))


def test_here_by_loginctl(loginctl: Path) -> None:
    plan = HERE.plan(some_incident(), BOB)
    assert (plan.steps, plan.undo) == (("loginctl terminate-user bob",), ())
    assert HERE.apply(plan).status == "done"
    assert loginctl.with_name("loginctl.argv").read_text().splitlines() == ["terminate-user", "bob"]
    assert HERE.in_force(plan) is None
    with pytest.raises(ActionError, match="cannot be begun again"):
        HERE.undo(Receipt(plan, "done"))


def test_who_is_not_logged_in_has_no_sessions(loginctl: Path) -> None:
    says(loginctl, "Failed to look up user bob: User ID 1001 is not logged in or lingering\n", 1)
    assert HERE.apply(HERE.plan(some_incident(), BOB)).status == "done"


def test_what_loginctl_will_not_do_is_told(loginctl: Path) -> None:
    says(loginctl, "Access denied\n", 1)
    with pytest.raises(ActionError, match="did not end them: Access denied"):
        HERE.apply(HERE.plan(some_incident(), BOB))


@pytest.mark.parametrize("name", ["root", "0", "CORP\\bob", "bob@corp.example", "Bob", "--all", "bob carol", ""])
def test_here_only_plain_accounts_and_never_root(name: str) -> None:
    with pytest.raises(Refused):
        HERE.plan(some_incident(), Entity(EntityKind.USER, name))


def test_elsewhere_by_webhook() -> None:
    with http_receiver() as receiver:
        url = f"http://127.0.0.1:{receiver.port}/"
        action = EndSessions(SessionSettings.model_validate({"url": url}))
        action.apply(action.plan(some_incident(), Entity(EntityKind.USER, "CORP\\bob")))
        (request,) = receiver.requests
        assert orjson.loads(request.body)["target"] == {"kind": "user", "value": "CORP\\bob"}


def test_without_settings_it_is_not_ready() -> None:
    assert EndSessions().ready()
    assert not HERE.ready()
