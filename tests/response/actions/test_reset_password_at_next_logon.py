from __future__ import annotations

from pathlib import Path

import pytest

from vedette.errors import Refused
from vedette.model import Entity, EntityKind
from vedette.response.actions.reset_password_at_next_logon import NEVER_EXPIRES, ResetPasswordAtNextLogon
from vedette.response.directory import DirectorySettings
from vedette.testing.directory import ADMIN, PASSWORD, PEOPLE, available, slapd, value_of
from vedette.testing.incidents import some_incident
from vedette.testing.responses import there_and_back

pytestmark = pytest.mark.skipif(not available(), reason="needs slapd and ldap-utils")


def action(port: int, **settings: object) -> ResetPasswordAtNextLogon:
    base = {"server": f"ldap://127.0.0.1:{port}", "bind": ADMIN, "password": PASSWORD, "base": PEOPLE}
    return ResetPasswordAtNextLogon(DirectorySettings.model_validate({**base, "domains": ["CORP"], **settings}))


def user(name: str) -> Entity:
    return Entity(EntityKind.USER, f"CORP\\{name}")


def test_active_directory(tmp_path: Path) -> None:
    people = {
        "bob": {"sAMAccountName": "bob", "userAccountControl": "512", "pwdLastSet": "133000000000000000"},
        "svc": {"sAMAccountName": "svc", "userAccountControl": str(512 | NEVER_EXPIRES), "pwdLastSet": "133"},
    }
    with slapd(tmp_path, people) as port:
        reset = action(port)
        plan = reset.plan(some_incident(), user("bob"))
        there_and_back(reset, plan)
        reset.apply(plan)
        assert value_of(port, "bob", "pwdLastSet") == "0"
        with pytest.raises(Refused, match="never expires"):
            reset.apply(reset.plan(some_incident(), user("svc")))
        assert value_of(port, "svc", "pwdLastSet") == "133"


def test_openldap_with_a_password_policy(tmp_path: Path) -> None:
    with slapd(tmp_path, {"bob": {}}) as port:
        reset = action(port, flavour="openldap")
        plan = reset.plan(some_incident(), user("bob"))
        there_and_back(reset, plan)
        reset.apply(plan)
        assert value_of(port, "bob", "pwdReset") == "TRUE"
