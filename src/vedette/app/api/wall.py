"""What every request passes first: size, host name, security headers. Plain ASGI, so that streams stay streams."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vedette.app.api.refusals import answer

LOG = logging.getLogger("vedette.live")
LARGEST = 256 << 10
"""Bytes of a request's body: no request of ours needs more."""
PATIENCE_SECONDS = 20.0
"""How long a body may take to arrive."""
LOOPBACK_NAMES = re.compile(r"(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?", re.ASCII | re.IGNORECASE)
"""Host names by which a browser may reach a service on loopback. Any other is a page elsewhere whose name was made to lead here."""
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cache-Control": "no-store",
}
POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""Content security policy of everything but the console's page, which states its own."""
_YEAR_SECONDS = 31_536_000
_SHOWN = 200


def _nobody(_status: int) -> None:
    """Tell nobody."""


class Wall:
    """Stands before the application.

    Args:
        app: what is behind it.
        loopback: the service listens to this machine alone: no other host name than its own is let in (DNS rebinding).
        secure: the service speaks TLS itself: browsers are told to come back so only.
        largest: bytes of a body.
        patience_seconds: how long a body may take.
        told: is told the status of every answer.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        loopback: bool,
        secure: bool = False,
        largest: int = LARGEST,
        patience_seconds: float = PATIENCE_SECONDS,
        told: Callable[[int], None] = _nobody,
    ) -> None:
        self.app, self._loopback, self._largest, self._patience = app, loopback, largest, patience_seconds
        self._told = told
        self._headers = dict(HEADERS)
        if secure:
            self._headers["Strict-Transport-Security"] = f"max-age={_YEAR_SECONDS}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        begun = False

        async def sealed(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                self._told(message["status"])
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers[name] = value
                headers.setdefault("Content-Security-Policy", POLICY)
            await send(message)

        try:
            await self._pass(scope, receive, sealed)
        except Exception as error:  # the edge: whatever broke, its insides stay here, and the service goes on
            LOG.exception("a request broke: %s", type(error).__name__, extra={"path": scope["path"][:_SHOWN]})
            if not begun:
                await answer(*_BROKEN)(scope, receive, sealed)

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        refused = self._host(headers) or self._size(headers)
        if refused is not None:
            await answer(*refused)(scope, receive, send)
            return
        try:
            body = await asyncio.wait_for(self._body(receive), self._patience)
        except TimeoutError:
            await answer(HTTPStatus.REQUEST_TIMEOUT, "the request did not arrive in time")(scope, receive, send)
            return
        if body is None:
            await answer(*_TOO_LARGE)(scope, receive, send)
            return
        await self.app(scope, _replayed(body, receive), send)

    def _host(self, headers: Headers) -> tuple[int, str, str] | None:
        hosts = headers.getlist("host")
        if self._loopback and not (len(hosts) == 1 and LOOPBACK_NAMES.fullmatch(hosts[0])):
            return HTTPStatus.MISDIRECTED_REQUEST, "this service answers to localhost alone", "header.host"
        return None

    def _size(self, headers: Headers) -> tuple[int, str, str] | None:
        stated = headers.get("content-length", "0")
        if not (stated.isascii() and stated.isdigit()):
            return HTTPStatus.BAD_REQUEST, "the length is no number", "header.content-length"
        return _TOO_LARGE if len(stated) > 12 or int(stated) > self._largest else None  # noqa: PLR2004 - digits of a terabyte

    async def _body(self, receive: Receive) -> bytes | None:
        """Return the body, or None where it is too large; bounded whatever the headers say."""
        parts, size = list[bytes](), 0
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return b"".join(parts)  # who asked has left
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > self._largest:
                return None
            if not message.get("more_body", False):
                return b"".join(parts)


_BROKEN = (HTTPStatus.INTERNAL_SERVER_ERROR, "something broke inside", "", "the service's log says what")
_TOO_LARGE = (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "the request is too large", "body")


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Return a ``receive`` that gives the body first, and then what comes: that who asked has left."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
