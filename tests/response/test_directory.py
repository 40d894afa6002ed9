from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from vedette.errors import ActionError, Refused
from vedette.model import Entity, EntityKind, Receipt
from vedette.response.actions.disable_account import DisableAccount
from vedette.response.directory import Account, Directory, DirectorySettings
from vedette.testing.directory import ADMIN, PASSWORD, PEOPLE, available, slapd, value_of
from vedette.testing.incidents import some_incident

pytestmark = pytest.mark.skipif(not available(), reason="needs slapd and ldap-utils")
NORMAL = {"userAccountControl": "512", "pwdLastSet": "133000000000000000"}
PERSONS = {
    "bob": {**NORMAL, "sAMAccountName": "bob", "userPrincipalName": "bob@corp.example"},
    "boss": {**NORMAL, "sAMAccountName": "boss", "adminCount": "1"},
    "two1": {**NORMAL, "sAMAccountName": "two"},
    "two2": {**NORMAL, "sAMAccountName": "two"},
    "web1": {**NORMAL, "sAMAccountName": "svc-web", "ou": "servers"},
}


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with slapd(tmp_path_factory.mktemp("slapd"), PERSONS) as number:
        yield number


def made(port: int, **settings: object) -> DirectorySettings:
    base = {"server": f"ldap://127.0.0.1:{port}", "bind": ADMIN, "password": PASSWORD, "base": PEOPLE}
    return DirectorySettings.model_validate({**base, "domains": ["CORP", "corp.example"], **settings})


def user(name: str) -> Entity:
    return Entity(EntityKind.USER, name)


def disable(port: int, name: str, **settings: object) -> Receipt:
    action = DisableAccount(made(port, **settings))
    return action.apply(action.plan(some_incident(), user(name)))


@pytest.mark.parametrize("name", ["CORP\\boss", "CORP\\nobody", "CORP\\two", "CORP\\svc-web", "nobody@corp.example"])
def test_who_is_protected_absent_double_or_elsewhere_is_refused(port: int, name: str) -> None:
    with pytest.raises(Refused):
        disable(port, name)


@pytest.mark.parametrize(
    "name", ["bob", "WEB1\\bob", "bob@other.example", "CORP\\bob@corp.example", "*", "b*", "bob)(uid=*)"]
)
def test_a_name_that_is_not_plainly_of_this_directory_is_refused_before_anything_is_asked(name: str) -> None:
    with pytest.raises(Refused):
        disable(9, name)


def test_what_changed_meanwhile_is_not_written_over(port: int) -> None:
    with Directory(made(port), "x") as directory:
        found = directory.account("CORP\\bob")
        stale = Account(found.dn, {**found.attributes, "userAccountControl": ("66048",)})
        with pytest.raises(ActionError, match="did not change userAccountControl"):
            directory.write(stale, "userAccountControl", "66050")
    assert value_of(port, "bob", "userAccountControl") == "512"


def test_wrong_password_and_nobody_there_are_errors_and_nothing_is_known(port: int) -> None:
    for settings in ({"password": "wrong"}, {"server": "ldap://127.0.0.1:9"}):
        action = DisableAccount(made(port, **settings))
        plan = action.plan(some_incident(), user("CORP\\bob"))
        with pytest.raises(ActionError):
            action.apply(plan)
        assert action.in_force(plan) is None


def test_without_tls_only_to_this_machine(port: int) -> None:
    action = DisableAccount(made(port, server=f"ldap://127.0.0.2:{port}"))
    with pytest.raises(ActionError):
        action.apply(action.plan(some_incident(), user("CORP\\bob")))


def test_an_absent_secret_stops_it(port: int) -> None:
    with pytest.raises(Refused, match="holds no secret"):
        disable(port, "CORP\\bob", password="", password_env="VEDETTE_NO_SUCH")  # noqa: S106 - made up


@given(value=st.text(max_size=30))
def test_a_search_finds_the_one_it_names_or_nobody(port: int, value: str) -> None:
    with Directory(made(port), "x") as directory:
        try:
            found = directory.account(value)
        except (Refused, ActionError):
            return
        assert value.rpartition("\\")[2].partition("@")[0].strip().casefold() in found.dn


def test_what_is_missing_is_said() -> None:
    for lacks in ("bind", "base", "domains"):
        settings = {**DisableAccount.example, "bare_names": False}
        settings.pop(lacks)
        assert lacks in DisableAccount(DirectorySettings.model_validate(settings)).ready()
    assert "url" in DisableAccount().ready()
    with pytest.raises(ValidationError, match="should be like"):
        DirectorySettings(server="ldap://x/??sub?(uid=*)")
