"""Serves an ASGI application by uvicorn, inside the loop of the service, with what uvicorn does not bound by itself.

A connection in no request is closed within twice ``header_seconds``, so that neither silence nor headers that come byte by byte hold it;
beyond ``connections`` new ones are not taken. Signals are the service's, not uvicorn's.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Callable, Iterator
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from vedette.errors import TransportError

HEADER_BYTES = 32 << 10
BACKLOG = 256
STOP_SECONDS = 3


def bound(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Raises:
        TransportError: the port is taken, or the address is none of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise TransportError(
            f"cannot listen on {host} port {port}: {error.strerror or error}", where="http.listen"
        ) from error


def certified(certificate: str, key: str, client_ca: str = "") -> ssl.SSLContext:
    """Return the context of a server with TLS 1.2 or later; with ``client_ca`` clients must show a certificate of it.

    Raises:
        TransportError: a file cannot be read, or is not what it should be.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(certificate, key)
        if client_ca:
            context.load_verify_locations(client_ca)
            context.verify_mode = ssl.CERT_REQUIRED
    except (OSError, ssl.SSLError) as error:
        raise TransportError(f"the certificate or its key cannot be used: {error}", where="http.certificate") from error
    return context


async def serve(
    app: Callable[..., Any], sock: socket.socket, context: ssl.SSLContext | None, most: int, seconds: float
) -> None:
    """Serve until cancelled; then let requests end for a moment, and close everything.

    Args:
        app: an ASGI application.
        sock: that listens; closed at the end.
        context: for TLS.
        most: connections at the same time.
        seconds: in which a connection must bring a whole head.
    """
    config = uvicorn.Config(
        app,
        http=_patient(most, seconds),
        loop="none",
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        h11_max_incomplete_event_size=HEADER_BYTES,
        timeout_keep_alive=max(1, int(seconds)),
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    config.load()
    config.ssl = context
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[sock]))
    try:
        await asyncio.shield(task)
    finally:
        server.should_exit = True
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(task), STOP_SECONDS + 2)
        sock.close()


class _Server(uvicorn.Server):
    """Leaves signals alone."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _patient(most: int, seconds: float) -> type[H11Protocol]:
    """Return the protocol with bounds of its own; uvicorn takes a class."""

    class Patient(H11Protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._watch: asyncio.TimerHandle | None = None
            if len(self.connections) > most:
                transport.abort()
            else:
                self._watch = self.loop.call_later(seconds, self._look, None)

        def connection_lost(self, exc: Exception | None) -> None:
            if self._watch:
                self._watch.cancel()
            super().connection_lost(exc)

        def _look(self, before: object) -> None:
            idle = self.cycle is None or self.cycle.response_complete
            if idle and (self.cycle is before):
                self.transport.abort()
                return
            self._watch = self.loop.call_later(seconds, self._look, self.cycle if idle else self)

    return Patient
