from __future__ import annotations

import datetime as dt
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.errors import ActionError, Refused
from vedette.response.mailbox import Mailbox, Security, folders_are_plain, quoted
from vedette.testing.mail_server import MASTER, PASSWORD, available, dovecot, held, put

BOB = "bob@corp.example"
LOGIN = (f"{BOB}*{MASTER}", PASSWORD)
needs_dovecot = pytest.mark.skipif(not available(), reason="needs Dovecot and root")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tls")
    words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    words += ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", "key", "-out", "cert"]
    subprocess.run(words, cwd=folder, check=True, capture_output=True, timeout=30)  # noqa: S603 - the words are ours
    (folder / "both").write_text((folder / "key").read_text() + (folder / "cert").read_text())
    assert dt.datetime.now(dt.UTC).year > 2000
    return folder / "both"


@pytest.fixture(scope="module")
def port(certificate: Path) -> Iterator[int]:
    with dovecot(certificate) as number:
        yield number


def opened(
    port: int, security: Security = "none", host: str = "127.0.0.1", ca: str = "", login: tuple[str, str] = LOGIN
) -> Mailbox:
    return Mailbox((host, port), security, ca, login, "x")


@needs_dovecot
@pytest.mark.slow
def test_only_the_message_with_the_whole_id_is_moved(port: int) -> None:
    for message in ("<a1@x>", "<a1@x.example>", "<za1@x>"):
        put(port, BOB, message)
    with opened(port) as mailbox:
        assert mailbox.has("INBOX", "<a1@x>")
        assert not mailbox.has("Quarantine", "<a1@x>")
        assert mailbox.move("<a1@x>", "INBOX", "Quarantine") == 1
        assert mailbox.move("<a1@x>", "INBOX", "Quarantine") == 0
        assert mailbox.move("<a1@x>", "Absent", "Quarantine") == 0
    assert held(port, BOB, "Quarantine") == ["<a1@x>"]
    assert held(port, BOB) == ["<a1@x.example>", "<za1@x>"]


@needs_dovecot
@pytest.mark.slow
def test_a_server_that_cannot_move_copies_and_removes_that_one(port: int) -> None:
    for message in ("<b1@x>", "<b2@x>"):
        put(port, BOB, message)
    with opened(port) as mailbox:
        mailbox.able = frozenset({"IMAP4REV1", "UIDPLUS"})
        assert mailbox.move("<b1@x>", "INBOX", "Quarantine") == 1
        mailbox.able = frozenset({"IMAP4REV1"})
        with pytest.raises(ActionError, match="neither move"):
            mailbox.move("<b2@x>", "INBOX", "Quarantine")
    assert "<b1@x>" in held(port, BOB, "Quarantine")
    assert "<b1@x>" not in held(port, BOB)
    assert "<b2@x>" in held(port, BOB)


@needs_dovecot
@pytest.mark.slow
def test_the_certificate_is_verified(port: int, certificate: Path) -> None:
    with opened(port, "starttls", "localhost", str(certificate.parent / "cert")) as mailbox:
        assert not mailbox.has("INBOX", "<none@x>")
    with pytest.raises(ActionError, match="certificate"):
        opened(port, "starttls", "localhost")
    with pytest.raises(ActionError, match=r"certificate|match"):
        opened(port, "starttls", "127.0.0.1", str(certificate.parent / "cert"))


@needs_dovecot
@pytest.mark.slow
def test_who_is_not_let_in(port: int) -> None:
    with pytest.raises(ActionError, match="no answer from the mail server"):
        opened(port, login=(BOB, "wrong"))
    with pytest.raises(Refused):
        opened(port, login=(BOB, "new\nline"))


def test_nobody_there_and_no_protection_on_the_way() -> None:
    with pytest.raises(ActionError):
        opened(9)
    with pytest.raises(Refused, match="not be protected"):
        opened(9, host="imap.corp.example")


@given(text=st.text(max_size=30))
def test_what_is_quoted_stays_one_string(text: str) -> None:
    try:
        word = quoted(text)
    except Refused:
        return
    assert word[0] == word[-1] == '"'
    assert not set(word[1:-1]) & set('"\\\r\n\0')


def test_names_of_folders() -> None:
    assert folders_are_plain(["INBOX", "Junk/Phishing"])
    for bad in ("", 'a"b', "a\\b", "*", "a\nb", "Entwürfe"):
        assert not folders_are_plain([bad])
