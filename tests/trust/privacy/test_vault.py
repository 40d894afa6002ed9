from __future__ import annotations

import shutil
import stat
from pathlib import Path

import pytest

from vedette.errors import PrivacyError
from vedette.trust.privacy.vault import AUDIT, NAMES, READER, SEAL, TOKEN_KEY, Vault

WHY = "case 7: account taken over"


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    made = Vault(tmp_path / "privacy")
    made.open()
    return made


def test_secrets_are_made_once_and_are_the_owner_s(vault: Vault) -> None:
    assert vault.open() == vault.open() == Vault(vault.folder).open()
    vault.remember({"user-a": "alice"})
    vault.note(("user-a",), WHY)
    for name in (TOKEN_KEY, SEAL, READER, NAMES, AUDIT):
        assert stat.S_IMODE((vault.folder / name).stat().st_mode) == 0o600, name


def test_a_name_comes_back_and_the_question_is_written_down(vault: Vault) -> None:
    vault.remember({"user-a": "alice", "user-b": "bob"})
    Vault(vault.folder).remember({"user-b": "bob", "user-c": "carol"})
    assert vault.names(("user-a", "user-c", "user-x"), WHY) == {"user-a": "alice", "user-c": "carol"}
    [asked] = vault.questions()
    assert (asked.tokens, asked.reason) == (("user-a", "user-c", "user-x"), WHY)


def test_the_list_tells_no_name(vault: Vault) -> None:
    vault.remember({"user-a": "alice"})
    vault.remember({"user-a": "alice"})
    data = (vault.folder / NAMES).read_bytes()
    assert b"alice" not in data
    assert data.count(b"\n") == 1


def test_the_reader_s_key_may_be_elsewhere(vault: Vault, tmp_path: Path) -> None:
    vault.remember({"user-a": "alice"})
    elsewhere = tmp_path / "safe"
    shutil.move(vault.folder / READER, elsewhere)
    with pytest.raises(PrivacyError, match="cannot read the reader's key"):
        vault.names(("user-a",), WHY)
    assert not vault.questions()
    assert vault.names(("user-a",), WHY, elsewhere) == {"user-a": "alice"}
    vault.remember({"user-b": "bob"})  # writing needs no reader
    elsewhere.write_bytes(bytes(32))
    with pytest.raises(PrivacyError, match="does not open the list"):
        vault.names(("user-a",), WHY, elsewhere)


@pytest.mark.parametrize("reason", ["", "   ", "why"])
def test_no_name_without_a_reason(vault: Vault, reason: str) -> None:
    vault.remember({"user-a": "alice"})
    with pytest.raises(PrivacyError, match="for a reason only"):
        vault.names(("user-a",), reason)


def test_a_changed_audit_log_is_told(vault: Vault) -> None:
    for n in range(3):
        vault.note((f"user-{n}",), WHY)
    path = vault.folder / AUDIT
    lines = path.read_text().splitlines()
    path.write_text("\n".join([lines[0], lines[2]]) + "\n")
    with pytest.raises(PrivacyError, match="changed or taken out"):
        vault.questions()
    path.write_text("{oops\n")
    with pytest.raises(PrivacyError, match="damaged"):
        vault.questions()


def test_damage_is_told(vault: Vault) -> None:
    (vault.folder / NAMES).write_text('{"tokens": 1}\n')
    with pytest.raises(PrivacyError, match="list of pseudonyms is damaged"):
        vault.remember({"user-a": "alice"})
    (vault.folder / TOKEN_KEY).write_bytes(b"short")
    with pytest.raises(PrivacyError, match="damaged"):
        vault.open()
