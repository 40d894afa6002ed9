"""Mail."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import blake2b
from typing import ClassVar, Literal

from pydantic import Field, SecretStr, field_validator

from vedette.abc import Delivery, Message, Settings
from vedette.errors import ConfigError, DeliveryError
from vedette.incidents.words import visible
from vedette.response.http import tls_of
from vedette.response.secret import secret

SUBJECT_LIMIT = 150
MOST_BYTES = 1 << 20
"""Of a mail; what does not fit is counted in it."""
_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_ADDRESS = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}"
_LOCAL = ("localhost", "127.0.0.1", "::1")
_BAD = range(500, 600)


class EmailSettings(Settings):
    """Which server, from whom and to whom."""

    host: str = Field(min_length=1)
    """Name or address of the mail server."""

    port: int = Field(default=0, ge=0, le=65_535)
    """Its port; 0: 587 with STARTTLS, 465 with TLS from the first byte, else 25."""

    tls: Literal["starttls", "tls", "none"] = "starttls"
    """How the connection is protected; ``none`` only to this machine."""

    sender: str = Field(pattern=f"^{_ADDRESS}$")
    """The address that mails come from."""

    to: tuple[str, ...] = Field(min_length=1, max_length=50)
    """Who gets them."""

    user: str = ""
    """Name of an account, where the server wants one."""

    password: SecretStr = SecretStr("")
    """Its password."""

    password_env: str = ""
    """Environment variable that holds the password."""

    password_file: str = ""
    """File that holds the password."""

    ca: str = ""
    """PEM file of the authorities to trust, in place of those of the system."""

    timeout_seconds: float = Field(default=15, ge=1, le=120)
    """How long a step may take."""

    @field_validator("to")
    @classmethod
    def _addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        bad = [v for v in value if not re.fullmatch(_ADDRESS, v)]
        if bad:
            raise ValueError(f"not a mail address: {bad[0]!r}")
        return value


class Email(Delivery):
    """A mail of plain text for what is new; several messages at once are one mail.

    ``Message-ID`` is the same for the same messages, so a mail that is sent again can be told. Use ``least = "high"``, so that mails stay
    few. No name in an incident can become a header, and links are broken.
    """

    name = "email"
    formats = ("text",)
    options: ClassVar[type[Settings]] = EmailSettings

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        assert isinstance(settings, EmailSettings)  # noqa: S101 - for the reader of types
        self._own = settings
        if settings.tls == "none" and settings.host not in _LOCAL:
            raise ConfigError(
                f"mail to {settings.host} would be readable on the way", where=f"{self.name}.tls", hint="use starttls"
            )
        self._tls = tls_of(settings.ca, where=self.name)
        self._password()

    def send(self, messages: Sequence[Message]) -> None:
        mail = letter(messages, self._own.sender, self._own.to)
        where = f"{self._own.host}:{self._own.port or _PORTS[self._own.tls]}"
        try:
            with self._connected() as server:
                refused = server.send_message(mail, self._own.sender, list(self._own.to))
        except smtplib.SMTPResponseException as error:
            again = error.smtp_code not in _BAD or isinstance(error, smtplib.SMTPAuthenticationError)
            told = (
                error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else error.smtp_error
            )
            raise DeliveryError(f"{error.smtp_code}: {visible(told, 200)}", where=where, again=again) from error
        except smtplib.SMTPRecipientsRefused as error:
            raise DeliveryError(f"nobody is taken: {_who(error.recipients)}", where=where) from error
        except (smtplib.SMTPException, OSError) as error:
            raise DeliveryError(f"not sent: {visible(str(error), 200)}", where=where) from error
        if refused:
            raise DeliveryError(f"some do not get it: {_who(refused)}", where=where, again=False)

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        own = self._own
        port, seconds = own.port or _PORTS[own.tls], own.timeout_seconds
        if own.tls == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(own.host, port, timeout=seconds, context=self._tls)
        else:
            server = smtplib.SMTP(own.host, port, timeout=seconds)
        with server:
            if own.tls == "starttls":
                server.starttls(context=self._tls)
            if own.user:
                server.login(own.user, self._password())
            yield server

    def _password(self) -> str:
        return secret(self._own, "password", self.name)


def letter(messages: Sequence[Message], sender: str, to: Sequence[str]) -> EmailMessage:
    """Return one mail of all messages; its headers are ours, whatever stands in the messages."""
    mail = EmailMessage(policy=SMTP)
    first, more = messages[0], len(messages) - 1
    title = visible(first.title, SUBJECT_LIMIT)
    mail["Subject"] = f"[Vedette] {title}" + (f" and {more} more" if more else "")
    mail["From"] = sender
    mail["To"] = ", ".join(to)
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = f"<{_digest(messages)}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answers from machines
    if first.severity_id >= 4:  # noqa: PLR2004 - OCSF: high
        mail["Importance"] = "high"
    mail.set_content(_body(messages))
    return mail


def _body(messages: Sequence[Message]) -> str:
    parts: list[str] = []
    left = MOST_BYTES
    for number, message in enumerate(messages):
        left -= len(message.data)
        if left < 0 and parts:
            parts.append(f"{len(messages) - number} more do not fit into this mail.\n")
            break
        text = message.data[:MOST_BYTES].decode("utf-8", "replace").replace("\f", "").strip("\n")
        parts.append(text + "\n")
    return ("\n" + "-" * 72 + "\n\n").join(parts)


def _digest(messages: Sequence[Message]) -> str:
    return blake2b("\n".join(m.key for m in messages).encode("utf-8", "replace"), digest_size=16).hexdigest()


def _who(refused: dict[str, tuple[int, bytes]]) -> str:
    return visible(", ".join(f"{who} ({code})" for who, (code, _) in refused.items()), 200)
