"""One connection of a client: who opens one and says nothing, or says it a letter at a time, is not waited for (slow loris)."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

HEADER_SECONDS = 10.0
"""How long a request's headers may take, from the opening of the connection or from their first byte."""
MOST = 1_024
"""Connections at once; more are closed as they open: each costs a descriptor."""


class Connection(H11Protocol):
    """HTTP/1.1 as uvicorn speaks it, with patience for headers that ends; bodies are the wall's to wait for."""

    _hurry: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > MOST:
            transport.abort()
            return
        self._begin()

    def data_received(self, data: bytes) -> None:
        before = self.cycle
        super().data_received(data)
        if self.cycle is not before or (before is not None and not before.response_complete):
            self._end()  # the headers are here, or it is the body of a request that is being answered
        elif self._hurry is None:
            self._begin()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end()
        super().connection_lost(exc)

    def _begin(self) -> None:
        self._hurry = self.loop.call_later(HEADER_SECONDS, self.transport.abort)

    def _end(self) -> None:
        if self._hurry is not None:
            self._hurry.cancel()
            self._hurry = None
