from __future__ import annotations

import asyncio
import email
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from vedette.errors import ConfigError, DeliveryError
from vedette.plugins import checked
from vedette.response.deliveries.email import MOST_BYTES, Email, letter
from vedette.testing.messages import message


class Mailbox:
    """Keeps mails; refuses as it is told."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.tos: list[list[str]] = []
        self.refuse: dict[str, str] = {}
        self.answer = "250 OK"

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: ANN401, N802
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: ANN401, N802
        if self.answer.startswith("250"):
            parsed = email.message_from_bytes(envelope.content, policy=default)
            assert isinstance(parsed, EmailMessage)
            self.mails.append(parsed)
            self.tos.append(envelope.rcpt_tos)
        return self.answer


def _authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:  # noqa: ANN401
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (b"vedette", b"secret")
    return AuthResult(success=good, handled=False)


@contextmanager
def mail_server(implicit: ssl.SSLContext | None = None, **settings: Any) -> Iterator[tuple[Mailbox, int]]:  # noqa: ANN401
    """Run a mail server on a free port of 127.0.0.1, with the settings of aiosmtpd; ``implicit``: TLS from the first byte."""
    box = Mailbox()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def begin() -> asyncio.Server:
        return await loop.create_server(lambda: SMTP(box, loop=loop, **settings), "127.0.0.1", 0, ssl=implicit)

    async def end() -> None:
        server.close()
        await server.wait_closed()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0.05)  # transports close in the next turns of the loop

    server = asyncio.run_coroutine_threadsafe(begin(), loop).result(10)
    try:
        yield box, server.sockets[0].getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(end(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


def sender(port: int, **changes: Any) -> Email:  # noqa: ANN401 - settings
    part = {
        "host": "127.0.0.1",
        "port": port,
        "tls": "none",
        "sender": "vedette@corp.example",
        "to": ["soc@corp.example"],
        "timeout_seconds": 5,
        **changes,
    }
    return Email(checked(Email, part, "sinks[0]"))


def words(mail: EmailMessage) -> str:
    return str(mail.get_content()).replace("\r\n", "\n")


TEXT = message("k1", b"Heading\n\nWords\n\f\n", media_type="text/plain", title="Scan of 10.0.0.5")


def test_a_mail_arrives() -> None:
    with mail_server() as (box, port):
        sender(port, to=["soc@corp.example", "boss@corp.example"]).send([TEXT])
    (mail,) = box.mails
    assert box.tos == [["soc@corp.example", "boss@corp.example"]]
    assert mail["Subject"] == "[Vedette] Scan of 10.0.0.5"
    assert mail["To"] == "soc@corp.example, boss@corp.example"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert words(mail) == "Heading\n\nWords\n"


def test_several_messages_are_one_mail() -> None:
    with mail_server() as (box, port):
        sender(port).send([TEXT, message("k2", b"Other\n\f\n")])
    (mail,) = box.mails
    assert mail["Subject"] == "[Vedette] Scan of 10.0.0.5 and 1 more"
    assert words(mail) == "Heading\n\nWords\n\n" + "-" * 72 + "\n\nOther\n"


def test_no_title_becomes_a_header() -> None:
    evil = message("k\r\nX-Evil: 1", b"x", title="Scan\r\nBcc: eve@bad.com\r\n\r\nbody\u2028\x00\U0001f600" + "y" * 500)
    raw = letter([evil], "vedette@corp.example", ["soc@corp.example"]).as_bytes()
    parsed = email.message_from_bytes(raw, policy=default)
    assert set(parsed.keys()) == {
        "Subject",
        "From",
        "To",
        "Date",
        "Message-ID",
        "Auto-Submitted",
        "Importance",
        "Content-Type",
        "Content-Transfer-Encoding",
        "MIME-Version",
    }
    assert parsed["Subject"].startswith("[Vedette] Scan\\r\\nBcc: eve@bad.com")
    assert len(parsed["Subject"]) < 200


def test_the_same_messages_have_the_same_id() -> None:
    def named(*keys: str) -> str:
        return str(letter([message(k) for k in keys], "a@b.example", ["c@d.example"])["Message-ID"])

    assert named("a", "b") == named("a", "b")
    assert named("a", "b") != named("ab")


def test_what_does_not_fit_is_counted() -> None:
    huge = [message(str(n), b"x" * (MOST_BYTES // 3)) for n in range(9)]
    text = letter(huge, "a@b.example", ["c@d.example"]).get_content()
    assert "6 more do not fit" in text
    assert len(text) < 2 * MOST_BYTES


# ------------------------------------------------------------------------------------------------------------ protection


def certificates(folder: Path) -> tuple[ssl.SSLContext, str]:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    return context, str(folder / "ca.pem")


def test_with_starttls_and_a_password(tmp_path: Path) -> None:
    context, ca = certificates(tmp_path)
    with mail_server(tls_context=context, require_starttls=True, authenticator=_authenticate, auth_required=True) as (
        box,
        port,
    ):
        tls = {"host": "localhost", "tls": "starttls", "user": "vedette"}
        sender(port, **tls, ca=ca, password="secret").send([TEXT])  # noqa: S106 - made up
        with pytest.raises(DeliveryError, match="535") as caught:
            sender(port, **tls, ca=ca, password="wrong").send([TEXT])  # noqa: S106 - made up
        with pytest.raises(DeliveryError, match="certificate"):
            sender(port, **tls, password="secret").send([TEXT])  # noqa: S106 - made up
    assert len(box.mails) == 1
    assert caught.value.again


def test_a_server_without_starttls_gets_nothing() -> None:
    with mail_server() as (box, port), pytest.raises(DeliveryError, match="STARTTLS"):
        sender(port, tls="starttls").send([TEXT])
    assert not box.mails


def test_tls_from_the_first_byte(tmp_path: Path) -> None:
    context, ca = certificates(tmp_path)
    with mail_server(context) as (box, port):
        sender(port, host="localhost", tls="tls", ca=ca).send([TEXT])
    assert len(box.mails) == 1


# --------------------------------------------------------------------------------------------------------------- failures


def test_some_who_do_not_get_it_are_told() -> None:
    with mail_server() as (box, port):
        box.refuse = {"gone@corp.example": "550 no such user"}
        with pytest.raises(DeliveryError, match=r"gone@corp\.example") as caught:
            sender(port, to=["soc@corp.example", "gone@corp.example"]).send([TEXT])
        assert not caught.value.again
        with pytest.raises(DeliveryError, match="nobody") as caught:
            sender(port, to=["gone@corp.example"]).send([TEXT])
    assert caught.value.again
    assert len(box.mails) == 1


@pytest.mark.parametrize(("answer", "again"), [("451 later", True), ("554 spam", False)])
def test_an_answer_says_whether_to_try_again(answer: str, again: bool) -> None:
    with mail_server() as (box, port):
        box.answer = answer
        with pytest.raises(DeliveryError, match=answer.replace(" ", ": ")) as caught:
            sender(port).send([TEXT])
    assert caught.value.again is again


@pytest.mark.parametrize(
    "bad",
    [
        {"host": "mail.corp.example"},
        {"sender": "vedette"},
        {"sender": "a@b.example\r\nBcc: x@y.example"},
        {"to": []},
        {"to": ["soc@corp.example, eve@bad.com"]},
        {"to": ["soc@corp.example\n"]},
        {"password_env": "VEDETTE_NO_SUCH_VARIABLE"},
    ],
)
def test_bad_settings_stop_the_start(bad: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        sender(25, **bad)
