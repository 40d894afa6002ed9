"""Connections are bounded in number and time; ports are given back."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

import pytest

from vedette.errors import TransportError
from vedette.transports.http.http_server import HEADER_BYTES, bound, certified, serve

ASKED = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


async def hello(
    scope: Mapping[str, Any],
    receive: Callable[[], Awaitable[Mapping[str, Any]]],
    send: Callable[[Mapping[str, Any]], Awaitable[None]],
) -> None:
    if scope["path"] == "/slow":
        await asyncio.sleep(0.7)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
    await send({"type": "http.response.body", "body": b"hello"})


@contextlib.asynccontextmanager
async def server(most: int = 10, seconds: float = 0.2) -> AsyncIterator[int]:
    sock = bound("127.0.0.1", 0)
    port = sock.getsockname()[1]
    task = asyncio.create_task(serve(hello, sock, None, most, seconds))
    await asyncio.sleep(0.1)
    try:
        yield port
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    bound("127.0.0.1", port).close()  # it is free again


@contextlib.asynccontextmanager
async def client(port: int) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


async def closed_after(reader: asyncio.StreamReader) -> float:
    began = time.monotonic()
    with contextlib.suppress(ConnectionError):
        while await asyncio.wait_for(reader.read(1000), 5):
            pass
    return time.monotonic() - began


def test_it_answers_and_keeps_a_connection_for_the_next() -> None:
    async def run() -> None:
        async with server(seconds=2) as port, client(port) as (reader, writer):
            for _ in range(3):
                writer.write(ASKED)
                assert b"200" in await reader.readuntil(b"hello")

    asyncio.run(run())


@pytest.mark.parametrize("first", [b"", b"GET / HT", ASKED, ASKED + b"GET /"])
def test_whoever_is_silent_is_closed(first: bytes) -> None:
    async def run() -> None:
        async with server() as port, client(port) as (reader, writer):
            writer.write(first)
            assert await closed_after(reader) < 2

    asyncio.run(run())


def test_a_head_that_comes_byte_by_byte_is_closed() -> None:
    async def run() -> None:
        async with server() as port, client(port) as (reader, writer):
            left = asyncio.create_task(closed_after(reader))
            writer.write(b"GET / HTTP/1.1\r\nX: ")
            for _ in range(50):
                writer.write(b"a")
                await asyncio.sleep(0.03)
            assert left.done(), "it would go on for ever"
            assert await left < 1

    asyncio.run(run())


def test_a_request_that_takes_longer_is_not_cut() -> None:
    async def run() -> None:
        async with server() as port, client(port) as (reader, writer):
            writer.write(ASKED.replace(b"/ ", b"/slow "))
            assert b"200" in await asyncio.wait_for(reader.readuntil(b"hello"), 5)

    asyncio.run(run())


def test_a_large_head_is_refused() -> None:
    async def run() -> None:
        async with server() as port, client(port) as (reader, writer):
            writer.write(b"GET / HTTP/1.1\r\nX: " + b"a" * (HEADER_BYTES + 1000))
            got = b""
            with contextlib.suppress(ConnectionError):
                got = await asyncio.wait_for(reader.read(1000), 5)
            assert not got or b" 400 " in got

    asyncio.run(run())


def test_connections_are_counted() -> None:
    async def run() -> None:
        async with server(most=2, seconds=2) as port, client(port):
            async with client(port):
                await asyncio.sleep(0.05)
                async with client(port) as (reader, _):
                    assert await closed_after(reader) < 1
            await asyncio.sleep(0.1)
            async with client(port) as (reader, writer):
                writer.write(ASKED)
                assert b"200" in await asyncio.wait_for(reader.readuntil(b"hello"), 5)

    asyncio.run(run())


def test_a_port_that_is_taken() -> None:
    with contextlib.closing(bound("127.0.0.1", 0)) as sock, pytest.raises(TransportError, match="cannot listen"):
        bound("127.0.0.1", sock.getsockname()[1])


def test_a_certificate_that_is_none() -> None:
    with pytest.raises(TransportError, match="cannot be used"):
        certified(__file__, __file__)
