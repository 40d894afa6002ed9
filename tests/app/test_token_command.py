from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.app.api.served import APPROVE, URL, Served, served

from vedette.app import token_command
from vedette.app.api.roles import Role
from vedette.app.cli import main
from vedette.app.store_command import store_url
from vedette.config import Config
from vedette.errors import QueryError, StoreError
from vedette.store.state.state import State


@pytest.fixture(autouse=True)
def _site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VEDETTE_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)


def added(capsys: pytest.CaptureFixture[str], name: str = "ada", role: Role = Role.ANALYST) -> str:
    capsys.readouterr()
    assert token_command.add(name, role, None, None, as_json=True) == 0
    return str(json.loads(capsys.readouterr().out)["token"])


def over(path: Path) -> Served:
    """Return an API over the store that the command wrote to."""
    folder = path / "other"
    folder.mkdir()
    made = served(folder, APPROVE)
    made.app.state.parts.access.state = State.open(store_url(Config()))
    return made


def test_a_token_works_until_it_is_revoked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = added(capsys)
    api = over(tmp_path)
    client, headers = api.client(), {"Authorization": f"Bearer {text}"}
    assert client.get(f"{URL}/api/v1/me", headers=headers).json()["role"] == "analyst"
    assert token_command.revoke("ada", None) == 0
    assert client.get(f"{URL}/api/v1/me", headers=headers).status_code == 401


def test_the_secret_is_shown_once_and_kept_nowhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["token", "add", "ada", "--role", "admin", "--days", "2"])
    assert ended.value.code == 0
    said = capsys.readouterr()
    secret = said.out.strip().split("_")[2]
    assert said.out.startswith("ved_")
    assert "It is shown this once" in said.err.replace("\n", "")
    assert not [p for p in tmp_path.rglob("*") if p.is_file() and secret.encode() in p.read_bytes()]
    assert token_command.show(None, as_json=False) == 0
    assert secret not in capsys.readouterr().out


def test_what_was_done_is_in_the_audit_log(capsys: pytest.CaptureFixture[str]) -> None:
    added(capsys)
    token_command.revoke("ada", None)
    state = State.open(store_url(Config()))
    assert [(n.what, n.about) for n in state.audit().items] == [("token revoked", "ada"), ("token added", "ada")]
    state.close()


def test_the_list_says_which_count(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("ada", "bob"):
        added(capsys, name)
    token_command.revoke("ada", None)
    capsys.readouterr()
    token_command.show(None, as_json=True)
    assert [(t["name"], t["role"], t["counts"]) for t in json.loads(capsys.readouterr().out)] == [
        ("ada", "analyst", False),
        ("bob", "analyst", True),
    ]
    token_command.show(None, as_json=False)
    assert "no: revoked" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["", "loopback", "nobody", "a b", "a\nb", "x" * 65, "-x", "a\x1b[31m"])
def test_names_that_are_none(name: str) -> None:
    with pytest.raises(QueryError, match="no name for a token"):
        token_command.add(name, Role.VIEWER, None, None, as_json=False)


def test_a_name_is_that_of_one_token_in_use(capsys: pytest.CaptureFixture[str]) -> None:
    added(capsys)
    with pytest.raises(QueryError, match="called 'ada' already"):
        token_command.add("ada", Role.VIEWER, None, None, as_json=False)
    token_command.revoke("ada", None)
    added(capsys)


def test_what_is_not_there_cannot_be_revoked(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(StoreError, match="there is no store"):
        token_command.revoke("ada", None)
    added(capsys)
    with pytest.raises(QueryError, match="no token in use is called 'bob'"):
        token_command.revoke("bob", None)


def test_where_there_is_none_the_way_out_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    State.open(store_url(Config())).close()
    assert token_command.show(None, as_json=False) == 0
    assert "vedette token add NAME" in capsys.readouterr().out
