"""Clients of tests: every connection is closed at the end, as the suite allows no open ones."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Open = Callable[..., Awaitable[Streams]]


@asynccontextmanager
async def clients(port: int) -> AsyncIterator[Open]:
    """Give a function that connects to a port of loopback; close what it opened."""
    writers: list[asyncio.StreamWriter] = []

    async def opened(context: ssl.SSLContext | None = None) -> Streams:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
        writers.append(writer)
        return reader, writer

    try:
        yield opened
    finally:
        for writer in writers:
            writer.transport.abort()
        await asyncio.sleep(0.02)
