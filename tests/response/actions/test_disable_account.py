from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from vedette.errors import Refused
from vedette.model import Entity, EntityKind, Receipt
from vedette.response.actions.disable_account import DISABLED, LOCKED, DisableAccount
from vedette.response.directory import DirectorySettings
from vedette.testing.directory import ADMIN, PASSWORD, PEOPLE, available, slapd, value_of
from vedette.testing.incidents import some_incident
from vedette.testing.receivers import http_receiver
from vedette.testing.responses import there_and_back

BOB = Entity(EntityKind.USER, "CORP\\bob")
needs_slapd = pytest.mark.skipif(not available(), reason="needs slapd and ldap-utils")


def action(port: int, **settings: object) -> DisableAccount:
    base = {"server": f"ldap://127.0.0.1:{port}", "bind": ADMIN, "password": PASSWORD, "base": PEOPLE}
    return DisableAccount(DirectorySettings.model_validate({**base, "domains": ["CORP", "corp.example"], **settings}))


@needs_slapd
@pytest.mark.parametrize("target", [BOB, Entity(EntityKind.EMAIL, "bob@corp.example")])
def test_active_directory_one_flag_and_no_other(tmp_path: Path, target: Entity) -> None:
    bob = {"sAMAccountName": "bob", "userPrincipalName": "bob@corp.example", "userAccountControl": "66048"}
    with slapd(tmp_path, {"bob": bob}) as port:
        disable = action(port)
        plan = disable.plan(some_incident(), target)
        receipt = there_and_back(disable, plan)
        assert receipt.details["dn"] == f"uid=bob,{PEOPLE}"
        assert value_of(port, "bob", "userAccountControl") == "66048"
        disable.apply(plan)
        assert value_of(port, "bob", "userAccountControl") == str(66048 | DISABLED)
        with pytest.raises(Refused, match="so already"):
            disable.apply(plan)


@needs_slapd
def test_openldap_with_a_password_policy(tmp_path: Path) -> None:
    with slapd(tmp_path, {"bob": {}}) as port:
        disable = action(port, flavour="openldap")
        plan = disable.plan(some_incident(), BOB)
        there_and_back(disable, plan)
        disable.apply(plan)
        assert value_of(port, "bob", "pwdAccountLockedTime") == LOCKED


def test_steps_for_a_person() -> None:
    plan = action(636).plan(some_incident(), BOB)
    assert plan.steps == ("ldap://127.0.0.1:636: CORP\\bob: disable the account",)
    assert plan.undo == ("ldap://127.0.0.1:636: CORP\\bob: enable the account",)


def test_by_webhook() -> None:
    with http_receiver() as receiver:
        disable = DisableAccount(DirectorySettings.model_validate({"url": f"http://127.0.0.1:{receiver.port}/"}))
        plan = disable.plan(some_incident(), Entity(EntityKind.USER, "bob"))
        disable.apply(plan)
        disable.undo(Receipt(plan, "done"))
        assert disable.in_force(plan) is None
        assert [orjson.loads(r.body)["do"] for r in receiver.requests] == ["apply", "undo"]
