"""One mailbox by IMAP (RFC 3501, 6851): finds a message by its Message-ID, compared in full, and moves it between folders."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, Literal, Self

from vedette.errors import ActionError, ConfigError, Refused
from vedette.incidents.words import visible
from vedette.response.http import tls_of

SECONDS = 10
"""How long one command may take."""
MOST_FOUND = 20
"""Messages of one Message-ID in a folder that are looked at."""
_LOCAL = ("localhost", "127.0.0.1", "::1")
_HEADER = re.compile(rb"^message-id:[ \t\r\n]*(<[^<>\r\n]*>)[ \t\r\n]*$", re.IGNORECASE | re.MULTILINE)

Security = Literal["tls", "starttls", "none"]


class Mailbox:
    """An open mailbox.

    Args:
        where: host and port of the server.
        security: how the connection is protected; none at all only to this machine.
        ca: PEM file of the authorities to trust; empty: those of the system.
        login: name and password.
        action: the name of the action, for errors.

    Raises:
        Refused: it would be readable on the way; nothing was sent.
        ActionError: the server does not answer, or does not let us in.
    """

    def __init__(
        self, where: tuple[str, int], security: Security, ca: str, login: tuple[str, str], action: str
    ) -> None:
        self._action = action
        if security == "none" and where[0] not in _LOCAL:
            raise Refused(f"the connection to {where[0]} would not be protected", where=action)
        context = _context(ca, action) if security != "none" else None
        self._imap = self._asked(lambda: _connected(where, security, context))
        try:
            self._said("LOGIN", lambda: self._imap.login(quoted(login[0]), _text(login[1])))
            told = self._said("CAPABILITY", self._imap.capability)  # a server says more once it knows who asks
            self.able = frozenset(
                b" ".join(d for d in told if isinstance(d, bytes)).decode("ascii", "replace").upper().split()
            )
        except (ActionError, Refused):
            self.__exit__(None, None, None)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with suppress(imaplib.IMAP4.error, OSError):
            self._imap.logout()
        with suppress(OSError):
            self._imap.shutdown()

    def has(self, folder: str, message: str) -> bool:
        """Say whether a folder holds a message; a folder that is not there holds none."""
        return self._open(folder, write=False) and bool(self._found(message))

    def move(self, message: str, before: str, after: str) -> int:
        """Move every copy of a message from one folder to another, which is made where it is absent; return how many.

        Raises:
            ActionError: the server did not do it; it may have in part.
        """
        if not self._open(before, write=True):
            return 0
        found = self._found(message)
        if not found:
            return 0
        with suppress(ActionError):  # it is there already
            self._said("CREATE", lambda: self._imap.create(quoted(after)))
        uids = ",".join(found)
        if "MOVE" in self.able:
            self._said("MOVE", lambda: self._imap.uid("MOVE", uids, quoted(after)))
            return len(found)
        if "UIDPLUS" not in self.able:
            raise ActionError("the server can neither move a message nor remove a single one", where=self._action)
        self._said("COPY", lambda: self._imap.uid("COPY", uids, quoted(after)))
        self._said("STORE", lambda: self._imap.uid("STORE", uids, "+FLAGS.SILENT", "(\\Deleted)"))
        self._said("EXPUNGE", lambda: self._imap.uid("EXPUNGE", uids))
        return len(found)

    def _open(self, folder: str, *, write: bool) -> bool:
        status, _ = self._asked(lambda: self._imap.select(quoted(folder), readonly=not write))
        return bool(status == "OK")

    def _found(self, message: str) -> list[str]:
        """Return the numbers of the messages with this Message-ID: a search finds parts of it too, so each is compared."""
        data = self._said("SEARCH", lambda: self._imap.uid("SEARCH", "HEADER", "Message-ID", quoted(message)))
        numbers = [n for n in (data[0] or b"").decode("ascii", "replace").split() if n.isdecimal()][:MOST_FOUND]
        return [n for n in numbers if self._id(n) == message]

    def _id(self, number: str) -> str:
        part = "(BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])"
        data = self._said("FETCH", lambda: self._imap.uid("FETCH", number, part))
        header = b"".join(item[1] for item in data if isinstance(item, tuple))
        found = _HEADER.search(header)
        return found[1].decode("ascii", "replace") if found else ""

    def _said(self, what: str, ask: Callable[[], tuple[str, Any]]) -> Any:  # noqa: ANN401 - as imaplib has it
        status, data = self._asked(ask)
        if status != "OK":
            told = visible(b" ".join(d for d in data if isinstance(d, bytes)).decode("utf-8", "replace"), 200)
            raise ActionError(f"the mail server refuses {what}: {told}", where=self._action)
        return data

    def _asked(self, ask: Callable[[], Any]) -> Any:  # noqa: ANN401 - as imaplib has it
        try:
            return ask()
        except (imaplib.IMAP4.error, OSError, ssl.SSLError, EOFError) as error:
            raise ActionError(
                f"no answer from the mail server: {visible(str(error), 200)}", where=self._action
            ) from error


def quoted(text: str) -> str:
    """Return a quoted string of IMAP.

    Raises:
        Refused: it holds what cannot stand in one; names are checked before, so this is the last line.
    """
    if not text.isascii() or not text.isprintable() or '"' in text or "\\" in text:
        raise Refused(f"{visible(text, 80)!r} cannot be said to a mail server")
    return f'"{text}"'


def folders_are_plain(names: Sequence[str]) -> bool:
    """Say whether names of folders can be said."""
    return all(name and name.isascii() and name.isprintable() and not set(name) & set('"\\*%{}') for name in names)


def _text(password: str) -> str:
    """Return a password that stays one line; imaplib quotes it."""
    if not password.isascii() or not password.isprintable():
        raise Refused("this password cannot be said to a mail server: it holds more than plain ASCII")
    return password


def _context(ca: str, action: str) -> ssl.SSLContext:
    try:
        return tls_of(ca, where=action)
    except ConfigError as error:
        raise Refused(error.message, where=action) from error


def _connected(where: tuple[str, int], security: Security, context: ssl.SSLContext | None) -> imaplib.IMAP4:
    if security == "tls":
        return imaplib.IMAP4_SSL(*where, ssl_context=context, timeout=SECONDS)
    plain = imaplib.IMAP4(*where, timeout=SECONDS)
    if security == "starttls":
        try:
            plain.starttls(ssl_context=context)
        except (imaplib.IMAP4.error, OSError):
            with suppress(OSError):
                plain.shutdown()
            raise
    return plain
