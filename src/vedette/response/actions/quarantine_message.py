"""Takes a mail out of the mailboxes that it lies in."""

from __future__ import annotations

import time
from typing import Any, ClassVar

from pydantic import Field, SecretStr, field_validator

from vedette.abc import Action
from vedette.abc.response import Rows
from vedette.abc.settings import Settings
from vedette.errors import ActionError, ConfigError, Refused
from vedette.model import Entity, EntityKind, Incident, Plan, Receipt
from vedette.response import names
from vedette.response.because import because
from vedette.response.mailbox import Mailbox, Security, folders_are_plain
from vedette.response.secret import secret

MOST = 50
"""Mailboxes that one plan looks into."""
SECONDS = 120
"""How long all of them may take together."""
_TO = ("email.to", "email.cc")


class MessageSettings(Settings):
    """The mail server, and how its mailboxes are opened."""

    server: str = Field(default="", pattern=r"^[A-Za-z0-9:.-]*$")
    """Host of the IMAP server."""

    port: int = Field(default=993, ge=1, le=65_535)
    """Its port."""

    security: Security = "tls"
    """``tls``, ``starttls``, or ``none``: to this machine alone."""

    ca: str = ""
    """PEM file of the authorities to trust, in place of those of the system."""

    login: str = "{mailbox}"
    """Name to log in with; ``{mailbox}`` stands for the address. With a master user of Dovecot: ``{mailbox}*vedette``."""

    password: SecretStr = SecretStr("")
    """Its password."""

    password_env: str = ""
    """Environment variable that holds the password."""

    password_file: str = ""
    """File that holds the password."""

    domains: tuple[str, ...] = ()
    """Mail domains that are yours: only their mailboxes are opened."""

    folders: tuple[str, ...] = ("INBOX",)
    """Folders that are looked into."""

    quarantine: str = "Quarantine"
    """Folder that messages are moved to; it is made where it is absent."""

    minutes: int = Field(default=1_440, ge=1, le=525_600)
    """After this it no longer counts as in force; it stays there until a person takes it back."""

    @field_validator("login")
    @classmethod
    def _template(cls, value: str) -> str:
        if (
            value.count("{") != 1
            or "{mailbox}" not in value
            or not folders_are_plain([value.replace("{mailbox}", "").replace("*", "") or "x"])
        ):
            raise ValueError(f"should hold {{mailbox}} once, and no quotes, not {value!r}")
        return value

    @field_validator("folders", "quarantine")
    @classmethod
    def _sayable(cls, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
        if not folders_are_plain((value,) if isinstance(value, str) else value):
            raise ValueError(f"should be plain names of folders, not {value!r}")
        return value


class QuarantineMessage(Action):
    """Moves a mail, by its Message-ID, out of the folders of everybody who got it into a folder of quarantine; undoing moves it back.

    Who got it is what the events say (``email.to``, ``email.cc``), as far as it is of your ``domains``; blind copies and lists are not
    seen there. One protected mailbox among them (``response.protected``) forbids the whole. Each mailbox is opened by itself, with a
    master user or the like, and only messages whose Message-ID is the same in full are moved. Someone who knows the folder can still open
    the mail: use one that your users do not see.

    Refused: what is no plain Message-ID, and mails that nobody of yours got.
    """

    name = "quarantine_message"
    targets = (EntityKind.MESSAGE,)
    reversible = True
    disruptive = True
    stays = True
    options = MessageSettings
    settings: MessageSettings
    example: ClassVar[dict[str, Any]] = {
        "server": "imap.corp.example",
        "login": "{mailbox}*vedette",
        "password_env": "IMAP_PASSWORD",
        "domains": ["corp.example"],
    }

    def ready(self) -> str:
        missing = next((n for n in ("server", "domains") if not getattr(self.settings, n)), "")
        return f"actions.{self.name}.{missing} is not set" if missing else ""

    def plan(self, incident: Incident, target: Entity, rows: Rows = ()) -> Plan:
        message, mailboxes = names.message(target, self.name), self._mailboxes(rows)
        if not mailboxes:
            raise Refused("nobody of ours is known to have got it", where=self.name)
        said = self.settings
        return Plan(
            action=self.name,
            target=target,
            steps=tuple(
                f"{box}: move {message} from {', '.join(said.folders)} to {said.quarantine}" for box in mailboxes
            ),
            undo=tuple(f"{box}: move {message} from {said.quarantine} back" for box in mailboxes),
            disruptive=self.disruptive,
            ttl_seconds=said.minutes * 60,
            why=because(incident),
            parameters={"mailboxes": " ".join(mailboxes)},
        )

    @classmethod
    def reaches(cls, plan: Plan) -> tuple[Entity, ...]:
        return (plan.target, *(Entity(EntityKind.EMAIL, box) for box in _boxes(plan)))

    def apply(self, plan: Plan) -> Receipt:
        message, until = names.message(plan.target, self.name), time.monotonic() + SECONDS
        password = self._password()
        moved: dict[str, str] = {}
        for box in _boxes(plan):
            self._in_time(until)
            with self._opened(box, password) as mailbox:
                for folder in self.settings.folders:
                    if mailbox.move(message, folder, self.settings.quarantine):
                        moved[box] = folder
        if not moved:
            raise Refused("it lies in none of these mailboxes any more", where=self.name)
        return Receipt(plan, "done", moved)

    def undo(self, receipt: Receipt) -> Receipt:
        message, until = names.message(receipt.plan.target, self.name), time.monotonic() + SECONDS
        try:
            password = self._password()
        except Refused as error:
            raise ActionError(error.message, where=self.name) from error
        for box in _boxes(receipt.plan):
            self._in_time(until)
            home = receipt.details.get(box, self.settings.folders[0])
            with self._opened(box, password) as mailbox:
                mailbox.move(message, self.settings.quarantine, home)
        return Receipt(receipt.plan, "undone")

    def in_force(self, plan: Plan) -> bool | None:
        message, until = names.message(plan.target, self.name), time.monotonic() + SECONDS
        try:
            password = self._password()
            for box in _boxes(plan):
                self._in_time(until)
                with self._opened(box, password) as mailbox:
                    if mailbox.has(self.settings.quarantine, message):
                        return True
        except (ActionError, Refused):
            return None
        return False

    def _mailboxes(self, rows: Rows) -> list[str]:
        """Return who of ours got it, in order; what is no plain address is passed over."""
        ours, found = {d.casefold() for d in self.settings.domains}, set()
        for word in (str(word) for row in rows for column in _TO for word in row.get(column) or ()):
            try:
                box = names.mailbox(word, self.name)
            except Refused:
                continue
            if box.rpartition("@")[2] in ours:
                found.add(box)
        return sorted(found)[:MOST]

    def _opened(self, box: str, password: str) -> Mailbox:
        said = self.settings
        login = (said.login.replace("{mailbox}", names.mailbox(box, self.name)), password)
        return Mailbox((said.server, said.port), said.security, said.ca, login, self.name)

    def _password(self) -> str:
        try:
            return secret(self.settings, "password", self.name)
        except ConfigError as error:
            raise Refused(error.message, where=self.name) from error

    def _in_time(self, until: float) -> None:
        if time.monotonic() > until:
            raise ActionError("the mail server takes too long", where=self.name)


def _boxes(plan: Plan) -> list[str]:
    return plan.parameters["mailboxes"].split()
