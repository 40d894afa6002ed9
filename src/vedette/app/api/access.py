"""Who asks, and whether they may."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from ipaddress import ip_address
from typing import Annotated

from fastapi import Request, Security
from fastapi.security import HTTPBearer, SecurityScopes

from vedette.app.api.rates import Buckets, network_of
from vedette.app.api.refusals import Denied
from vedette.app.api.roles import Role
from vedette.app.api.secrets import Proofs, parts
from vedette.config.service import Api
from vedette.store.state.state import State
from vedette.store.state.stored import StoredToken

LOG = logging.getLogger("vedette.live")
FAILURES_PER_MINUTE = 10.0
"""Refused logins of one address; beyond, it must wait, whatever it brings."""
EMPTY_HANDED = "without a token"
"""Who brings none guesses none, and is counted apart: pages in a browser here could else make those with tokens wait."""
_BURST_SHARE, _BURST_LEAST = 10, 10
"""At once, a tenth of what a minute allows."""
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
"""A request with one of these went through a proxy: it does not come from this machine, whatever its address says."""
_AT_HOME = ("same-origin", "none")
_CHALLENGE = {"WWW-Authenticate": "Bearer"}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks.

    Attributes:
        name: of the token; ``loopback`` for who needs none.
        role: what they may do.
        uid: of the token; empty without.
        address: where the request comes from.
    """

    name: str
    role: Role
    uid: str
    address: str


@dataclass(slots=True)
class Access:
    """Lets requests in.

    Args:
        state: keeps tokens, and the audit log.
        settings: of the API.
    """

    state: State
    settings: Api
    proofs: Proofs = field(default_factory=Proofs)
    asked: Buckets = field(init=False)
    failed: Buckets = field(init=False)

    def __post_init__(self) -> None:
        per_minute = self.settings.per_minute
        self.asked = Buckets(per_minute, max(_BURST_LEAST, per_minute / _BURST_SHARE))
        self.failed = Buckets(FAILURES_PER_MINUTE, FAILURES_PER_MINUTE)

    def admit(self, request: Request, least: Role) -> Caller:
        """Return who asks.

        Raises:
            Denied: they are nobody, may not, or ask too often.
        """
        address = request.client.host if request.client else ""
        caller = self._caller(request, address)
        if seconds := self.asked.take(caller.uid or network_of(address)):
            raise _slower(seconds)
        if not caller.role.may(least):
            self._failing(address)
            self._refused(request, caller.name, address, f"needs the role {least}, has {caller.role}")
            if not caller.uid:
                raise Denied(
                    HTTPStatus.UNAUTHORIZED, f"this needs a token with the role {least}", hint=_HINT, headers=_CHALLENGE
                )
            raise Denied(HTTPStatus.FORBIDDEN, f"this needs the role {least}, and your token has {caller.role}")
        return caller

    def _caller(self, request: Request, address: str) -> Caller:
        given = request.headers.getlist("authorization")
        if not given and self._at_home(request, address):
            return Caller("loopback", Role.VIEWER, "", address)
        scheme, _, text = given[0].partition(" ") if len(given) == 1 else ("", "", "")
        found = parts(text) if scheme.lower() == "bearer" else None
        token = self.state.token(found[0]) if found else None
        why = "a token is needed" if not given else "this token is not known"
        if found and self._proved(found[1], token, address):
            why = _fault(token)
        elif not found:
            self._failing(address if given else f"{EMPTY_HANDED} {network_of(address)}")
        if why or token is None:
            self._refused(request, token.name if token else "", address, why)
            raise Denied(HTTPStatus.UNAUTHORIZED, why, where="header.authorization", hint=_HINT, headers=_CHALLENGE)
        return Caller(token.name, Role(token.role), token.uid, address)

    def _proved(self, secret: str, token: StoredToken | None, address: str) -> bool:
        """Say whether the secret is that of the token; as slowly where there is none.

        Raises:
            Denied: this address failed too often.
        """
        if token is not None and self.proofs.known(secret, token.secret_hash):
            return True
        self._failing(address)
        proved = self.proofs.prove(secret, token.secret_hash if token else None)
        if proved:
            self.failed.give(network_of(address))
        return proved

    def _failing(self, address: str) -> None:
        """Count a failure of an address, before it is known that it is one.

        Raises:
            Denied: there were too many.
        """
        if seconds := self.failed.take(network_of(address)):
            raise _slower(seconds)

    def _at_home(self, request: Request, address: str) -> bool:
        """Say whether a request without a token comes from this machine, and from no page of another site in its browser."""
        headers = request.headers
        return (
            self.settings.tokens == "loopback"
            and not self.settings.behind_proxy
            and is_loopback(address)
            and not any(name in headers for name in _FORWARDED)
            and headers.get("sec-fetch-site", "none") in _AT_HOME
            and ("origin" not in headers or headers["origin"].partition("://")[2] == headers.get("host"))
        )

    def _refused(self, request: Request, who: str, address: str, why: str) -> None:
        detail = f"{request.method} {request.url.path[:200]}: {why}"
        LOG.warning("refused: %s", detail, extra={"who": who, "address": address})
        self.state.note(who or "nobody", "refused", address, detail)


TOKEN = HTTPBearer(auto_error=False, scheme_name="token", description="A token: `vedette token add NAME --role ROLE`.")


def admit(request: Request, scopes: SecurityScopes, _: Annotated[object, Security(TOKEN)]) -> Caller:
    """Return who asks, if they have at least the role that the endpoint names; what ``TOKEN`` reads is for the schema alone.

    Raises:
        Denied: they have not.
    """
    access: Access = request.app.state.parts.access
    return access.admit(request, Role(scopes.scopes[0]))


Viewer = Annotated[Caller, Security(admit, scopes=[Role.VIEWER.value])]
Analyst = Annotated[Caller, Security(admit, scopes=[Role.ANALYST.value])]
Responder = Annotated[Caller, Security(admit, scopes=[Role.RESPONDER.value])]
Admin = Annotated[Caller, Security(admit, scopes=[Role.ADMIN.value])]

_HINT = "an administrator makes one: vedette token add NAME --role ROLE"


def is_loopback(address: str) -> bool:
    """Say whether an address is of this machine alone."""
    try:
        found = ip_address(address)
    except ValueError:
        return address == "localhost"
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_loopback


def _fault(token: StoredToken | None) -> str:
    """Say why a token that was proved counts no more; empty where it does."""
    if token is None or token.revoked is not None:
        return "this token was revoked"
    if token.role not in list(Role):
        return "this token has a role that is not known here"
    return "this token is over" if token.expires is not None and token.expires <= datetime.now(UTC) else ""


def _slower(seconds: float) -> Denied:
    return Denied(
        HTTPStatus.TOO_MANY_REQUESTS, "too many requests", hint="wait", headers={"Retry-After": str(int(seconds) + 1)}
    )
