"""Listens: the API behind a socket, in a thread of its own."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from vedette.app.api.access import is_loopback
from vedette.app.api.connection import Connection
from vedette.app.api.parts import Parts
from vedette.config.service import Api
from vedette.errors import ConfigError, TransportError

REQUESTS = 512
"""At once; more are answered with 503."""
IDLE_SECONDS = 15
FAREWELL_SECONDS = 3
"""How long open requests may take when the service ends."""
HEADER_BYTES = 16 << 10
_BACKLOG = 128
_START_SECONDS = 20.0


def check(settings: Api) -> None:
    """See that the API may listen where the settings say.

    Raises:
        ConfigError: tokens would cross a network in the clear, or the certificate cannot be used.
    """
    if bool(settings.certificate) != bool(settings.key):
        given, lacks = ("certificate", "key") if settings.certificate else ("key", "certificate")
        raise ConfigError(f"api.{given} is set, and api.{lacks} is not", where=f"api.{lacks}")
    if settings.certificate:
        _check_certificate(settings)
    elif not is_loopback(settings.host) and not settings.behind_proxy:
        raise ConfigError(
            f"tokens would cross the network in the clear: {settings.host} is not loopback",
            where="api.host",
            hint="set api.certificate and api.key, or api.behind_proxy if a proxy that speaks TLS stands before it",
        )


def _check_certificate(settings: Api) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    for name in ("certificate", "key"):
        path = Path(getattr(settings, name)).expanduser()
        if not path.is_file():
            raise ConfigError(f"there is no such file: {path}", where=f"api.{name}")
    try:
        context.load_cert_chain(Path(settings.certificate).expanduser(), Path(settings.key).expanduser(), lambda: "")
    except (OSError, ValueError) as error:
        raise ConfigError(f"this certificate and key cannot be used: {error}", where="api.certificate") from error


class Listener:
    """Serves an application until it is stopped.

    Args:
        app: of ``create``.
        settings: where to listen.

    Attributes:
        url: where it is reached; after ``start``.

    Raises:
        ConfigError: the settings are wrong; see ``check``.
    """

    def __init__(self, app: FastAPI, settings: Api) -> None:
        check(settings)
        self._app, self._settings, self.url = app, settings, ""
        secure = bool(settings.certificate)
        self._server = uvicorn.Server(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=settings.behind_proxy,  # from this machine alone; others' word on who asks is not taken
                ssl_certfile=str(Path(settings.certificate).expanduser()) if secure else None,
                ssl_keyfile=str(Path(settings.key).expanduser()) if secure else None,
                limit_concurrency=REQUESTS,
                timeout_keep_alive=IDLE_SECONDS,
                timeout_graceful_shutdown=FAREWELL_SECONDS,
                h11_max_incomplete_event_size=HEADER_BYTES,
                http=Connection,
                ws="none",
                loop="asyncio",
                lifespan="on",
            )
        )
        self._socket: socket.socket | None = None
        self._thread = threading.Thread(target=self._serve, name="api", daemon=True)

    def start(self) -> str:
        """Begin to listen, and return the URL.

        Raises:
            TransportError: the address or port cannot be had.
        """
        self._socket = _bound(self._settings)
        host, port = self._socket.getsockname()[:2]
        named = f"[{host}]" if ":" in host else host
        self.url = f"{'https' if self._settings.certificate else 'http'}://{named}:{port}"
        self._thread.start()
        until = time.monotonic() + _START_SECONDS
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > until:
                self.stop()
                raise TransportError("the API did not start", where="api", hint="the log says why")
            time.sleep(0.01)
        return self.url

    def stop(self) -> None:
        """Let open requests end, for a while, and stop."""
        parts: Parts = self._app.state.parts
        parts.feed.close()
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join(FAREWELL_SECONDS + 5)
        if self._socket is not None:
            self._socket.close()

    def alive(self) -> bool:
        """Say whether it still serves."""
        return self._thread.is_alive()

    def _serve(self) -> None:
        with contextlib.suppress(SystemExit):  # uvicorn's word for a start that failed; ``start`` says so
            self._server.run(sockets=[self._socket] if self._socket else None)


def _bound(settings: Api) -> socket.socket:
    try:
        found = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP, flags=socket.AI_PASSIVE
        )
        family, kind, protocol, _, address = found[0]
        made = socket.socket(family, kind, protocol)  # with its protocol: asyncio else leaves Nagle on, 40 ms an answer
    except OSError as error:
        raise TransportError(f"no such address: {settings.host!r}", where="api.host") from error
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        made.listen(_BACKLOG)
    except OSError as error:
        made.close()
        raise TransportError(
            f"cannot listen on {settings.host} port {settings.port}: {error.strerror}",
            where="api.port",
            hint="another service may be there: choose another api.port",
        ) from error
    return made
