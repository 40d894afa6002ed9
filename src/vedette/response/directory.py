r"""Accounts of a directory (LDAP): found by an exact name, changed by one attribute, compared before it is written.

The name comes from an event. It is taken only where it says whose it is: a local account ``WEB1\Administrator`` must never lead to the
directory's Administrator.
"""

from __future__ import annotations

import re
import ssl
import warnings
from abc import abstractmethod
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, ClassVar, Literal, Self
from urllib.parse import urlsplit

from pydantic import SecretStr, field_validator

from vedette.errors import ActionError, ConfigError, Refused
from vedette.incidents.words import visible
from vedette.model import Entity, EntityKind, Plan, Receipt
from vedette.response import names
from vedette.response.hook import HookAction, HookSettings
from vedette.response.secret import secret

SECONDS = 10
_LOCAL = ("localhost", "127.0.0.1", "::1")
_PORTS = {"ldaps": 636, "ldap": 389}
_URL = re.compile(r"ldaps?://[A-Za-z0-9\[\]:._-]+")
_ATTRIBUTES = (
    *("userAccountControl", "pwdLastSet", "adminCount"),  # Active Directory
    *("pwdAccountLockedTime", "pwdReset"),  # OpenLDAP's password policy
)
_TWO = 2


class DirectorySettings(HookSettings):
    """Which directory; without ``server``, who is asked by webhook."""

    server: str = ""
    """The directory: ``ldaps://dc1.corp.example``. With ``ldap://`` the connection must begin TLS, except to this machine."""

    bind: str = ""
    """Who we are to it: a distinguished name, or in Active Directory ``vedette@corp.example``. It needs the right to write one attribute
    of users, and no more."""

    password: SecretStr = SecretStr("")
    """Its password."""

    password_env: str = ""
    """Environment variable that holds the password."""

    password_file: str = ""
    """File that holds the password."""

    base: str = ""
    """Where accounts are looked for: ``OU=People,DC=corp,DC=example``. What lies elsewhere is never touched."""

    flavour: Literal["active_directory", "openldap"] = "active_directory"
    """Which attributes it has: those of Active Directory, or of OpenLDAP with the password policy overlay."""

    domains: tuple[str, ...] = ()
    """Names of the domain that stand in events: ``["CORP", "corp.example"]``. An account of any other is not this directory's."""

    bare_names: bool = False
    """Take names without a domain for accounts of this directory: only where no host has accounts of its own."""

    @field_validator("server")
    @classmethod
    def _url(cls, value: str) -> str:
        if value and not _URL.fullmatch(value):
            raise ValueError(f"should be like 'ldaps://dc1.corp.example', not {value!r}")
        return value


@dataclass(frozen=True, slots=True)
class Account:
    """An account that was found: where it is, and what its attributes say (text; several values are several)."""

    dn: str
    attributes: dict[str, tuple[str, ...]]

    def number(self, name: str) -> int | None:
        """Return a whole number; None where the attribute is absent or none."""
        values = self.attributes.get(name, ())
        return int(values[0]) if values and re.fullmatch(r"-?\d{1,20}", values[0]) else None


class Directory:
    """An open connection.

    Args:
        settings: which one.
        where: the name of the action, for errors.

    Raises:
        Refused: a secret is absent; nothing was sent.
        ActionError: it does not answer, or does not let us in.
    """

    def __init__(self, settings: DirectorySettings, where: str) -> None:
        self._settings = settings
        self._where = where
        try:
            password = secret(settings, "password", where)
        except ConfigError as error:
            raise Refused(error.message, where=where) from error
        self._ldap = _ldap3()
        try:
            self._connection = self._made(password)
        except (self._ldap.core.exceptions.LDAPException, OSError) as error:
            raise Refused(f"it cannot be called: {visible(str(error), 200)}", where=where) from error
        try:
            self._bind()
        except ActionError:
            self.__exit__(None, None, None)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        held = self._connection.socket
        with suppress(self._ldap.core.exceptions.LDAPException, OSError):
            self._connection.unbind()
        if held is not None:  # ldap3 leaves a socket open whose connection failed
            held.close()

    def account(self, name: str) -> Account:
        """Return the one account of a name.

        Raises:
            Refused: there is none, or several.
        """
        word = self._ldap.utils.conv.escape_filter_chars(_bare(name))
        which = {"active_directory": ("sAMAccountName", "user"), "openldap": ("uid", "*")}[self._settings.flavour]
        key = "userPrincipalName" if "@" in name and which[1] == "user" else which[0]
        value = self._ldap.utils.conv.escape_filter_chars(name) if key == "userPrincipalName" else word
        self._asked(
            "search",
            self._settings.base,
            f"(&(objectClass={which[1]})({key}={value}))",
            attributes=list(_ATTRIBUTES),
            size_limit=_TWO,
            time_limit=SECONDS,
        )
        found = [e for e in self._connection.response or () if e.get("type") == "searchResEntry"]
        if len(found) != 1:
            how = "no account" if not found else "several accounts"
            raise Refused(f"{how} of the directory is called {visible(name, 80)!r}", where=self._where)
        raw = {k.lower(): v for k, v in found[0]["raw_attributes"].items()}
        texts = {n: tuple(v.decode("utf-8", "replace") for v in raw.get(n.lower(), ())) for n in _ATTRIBUTES}
        return Account(found[0]["dn"], texts)

    def write(self, account: Account, name: str, value: str | None) -> None:
        """Put one value (None: no value) in the place of those that were read; somebody else's change in between makes it fail.

        Raises:
            ActionError: the directory did not take it.
        """
        before = account.attributes.get(name, ())
        changes: list[tuple[str, Sequence[str]]] = [(self._ldap.MODIFY_DELETE, before)] if before else []
        changes += [(self._ldap.MODIFY_ADD, [value])] if value is not None else []
        if not changes:
            return
        self._asked("modify", account.dn, {name: changes})
        if self._connection.result["result"] != 0:
            told = visible(str(self._connection.result.get("message") or self._connection.result["description"]), 200)
            raise ActionError(f"the directory did not change {name}: {told}", where=self._where)

    def _made(self, password: str) -> Any:  # noqa: ANN401 - ldap3 has no types
        ldap, parts = self._ldap, urlsplit(self._settings.server)
        tls = ldap.Tls(validate=ssl.CERT_REQUIRED, ca_certs_file=self._settings.ca or None)
        server = ldap.Server(
            parts.hostname,
            parts.port or _PORTS[parts.scheme],
            use_ssl=parts.scheme == "ldaps",
            tls=tls,
            connect_timeout=SECONDS,
            get_info=ldap.NONE,
        )
        return ldap.Connection(
            server,
            self._settings.bind,
            password,
            receive_timeout=SECONDS,
            auto_referrals=False,
            check_names=False,
        )

    def _bind(self) -> None:
        parts = urlsplit(self._settings.server)
        self._asked("open")
        if parts.scheme == "ldap" and parts.hostname not in _LOCAL:
            self._asked("start_tls")
        self._asked("bind")
        if not self._connection.bound:
            told = visible(str(self._connection.result.get("description", "")), 200)
            raise ActionError(f"the directory does not let us in: {told}", where=self._where)

    def _asked(self, what: str, *args: Any, **named: Any) -> None:  # noqa: ANN401 - ldap3 has no types
        try:
            getattr(self._connection, what)(*args, **named)
        except (self._ldap.core.exceptions.LDAPException, OSError, ssl.SSLError) as error:
            raise ActionError(f"no answer from the directory: {visible(str(error), 200)}", where=self._where) from error


class DirectoryAction(HookAction):
    """Changes one attribute of an account of a directory, or asks another system by webhook to do as much."""

    options: ClassVar[type[DirectorySettings]] = DirectorySettings
    settings: DirectorySettings
    targets = (EntityKind.USER, EntityKind.EMAIL)
    reversible = True
    disruptive = True
    example: ClassVar[dict[str, Any]] = {
        "server": "ldaps://dc1.corp.example",
        "bind": "vedette@corp.example",
        "password_env": "LDAP_PASSWORD",
        "base": "OU=People,DC=corp,DC=example",
        "domains": ["CORP", "corp.example"],
        "bare_names": True,
    }
    words: ClassVar[tuple[str, str]]
    """What is done, and what takes it back, for a person."""

    def ready(self) -> str:
        if not self.settings.server:
            return super().ready()
        missing = [n for n in ("bind", "base") if not getattr(self.settings, n)]
        if not (self.settings.domains or self.settings.bare_names):
            missing.append("domains")
        return f"actions.{self.name}.{missing[0]} is not set" if missing else ""

    @abstractmethod
    def holds(self, account: Account) -> bool:
        """Say whether it is in force."""

    @abstractmethod
    def changed(self, account: Account, *, there: bool) -> tuple[str, str | None]:
        """Return which attribute gets which value, None for none.

        Raises:
            Refused: it would have no effect.
        """

    def named(self, target: Entity) -> str:
        name = names.account(target, self.name)
        if not self.settings.server:
            return name
        prefix, _, rest = name.rpartition("\\")
        suffix = rest.partition("@")[2]
        known = {d.casefold() for d in self.settings.domains}
        if any(d and d.casefold() not in known for d in (prefix, suffix)) or (prefix and suffix):
            raise Refused(f"{visible(name, 80)!r} is not of a domain of this directory", where=self.name)
        if not (prefix or suffix or self.settings.bare_names):
            raise Refused(f"{visible(name, 80)!r} does not say whose account it is", where=self.name)
        return name

    def apply(self, plan: Plan) -> Receipt:
        if not self.settings.server:
            return super().apply(plan)
        with Directory(self.settings, self.name) as directory:
            account = directory.account(self.named(plan.target))
            if account.number("adminCount") == 1:
                raise Refused(f"{plan.target} is, or was, in a group that the directory protects", where=self.name)
            if self.holds(account):
                raise Refused(f"{plan.target}: it is so already", where=self.name)
            directory.write(account, *self.changed(account, there=True))
        return Receipt(plan, "done", {"dn": account.dn})

    def undo(self, receipt: Receipt) -> Receipt:
        if not self.settings.server:
            return super().undo(receipt)
        try:
            with Directory(self.settings, self.name) as directory:
                account = directory.account(self.named(receipt.plan.target))
                if self.holds(account):
                    directory.write(account, *self.changed(account, there=False))
        except Refused as error:
            raise ActionError(f"it could not be taken back: {error.message}", where=self.name) from error
        return Receipt(receipt.plan, "undone")

    def in_force(self, plan: Plan) -> bool | None:
        if not self.settings.server:
            return super().in_force(plan)
        try:
            with Directory(self.settings, self.name) as directory:
                return self.holds(directory.account(self.named(plan.target)))
        except (ActionError, Refused):
            return None

    def _shown(self, do: str, value: str) -> str:
        if not self.settings.server:
            return super()._shown(do, value)
        return f"{self.settings.server}: {value}: {self.words[do == 'undo']}"


def _bare(name: str) -> str:
    return name.rpartition("\\")[2].partition("@")[0]


def _ldap3() -> Any:  # noqa: ANN401 - ldap3 has no types
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # it imports old names of pyasn1
        import ldap3  # noqa: PLC0415
        import ldap3.utils.conv  # noqa: PLC0415
    return ldap3
