from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from tests.transports.syslog.clients import Open, clients

from vedette.testing.transports import FakeInlet
from vedette.transports.syslog.connections import Bounds, Connections
from vedette.transports.syslog.gather import GATHER_BYTES, Gather

Play = Callable[[Open], Awaitable[None]]


def served(inlet: FakeInlet, bounds: Bounds, play: Play) -> None:
    """Serve connections on a port of loopback while ``play`` runs."""

    async def run() -> None:
        gather = Gather(inlet, "syslog", "syslog tcp", "")
        connections = Connections(gather, inlet, "syslog", bounds)
        server = await asyncio.start_server(connections.connected, "127.0.0.1", 0, limit=1 << 16)
        putting = asyncio.create_task(gather.put_on())
        try:
            async with clients(server.sockets[0].getsockname()[1]) as opened:
                await asyncio.wait_for(play(opened), 20)
        finally:
            server.close()
            await connections.close()
            putting.cancel()
            await asyncio.wait([putting])

    asyncio.run(run())


async def is_closed(reader: asyncio.StreamReader) -> bool:
    try:
        return await asyncio.wait_for(reader.read(1), 5) == b""
    except ConnectionError:
        return True


def test_connections_of_one_sender_are_one_input() -> None:
    inlet = FakeInlet()

    async def play(opened: Open) -> None:
        for text in (b"<13>one\n<13>tw", b"9 <14>three"):
            _, writer = await opened()
            writer.write(text)
            await writer.drain()
            writer.close()
        await inlet.until(3)

    served(inlet, Bounds(), play)
    assert sorted(inlet.of("syslog tcp 127.0.0.1").splitlines()) == [b"<13>one", b"<13>tw", b"<14>three"]


def test_a_slow_sender_is_cut_off_and_what_it_said_is_kept() -> None:
    inlet = FakeInlet()

    async def play(opened: Open) -> None:
        reader, writer = await opened()
        writer.write(b"<13>whole\n")

        async def drip() -> None:
            while True:
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(0.02)

        dripping = asyncio.create_task(drip())
        assert await is_closed(reader)
        dripping.cancel()
        await asyncio.gather(dripping, return_exceptions=True)

    served(inlet, Bounds(message_seconds=0.3), play)
    assert inlet.lines[0] == b"<13>whole"
    assert set(inlet.lines[1]) == {ord("x")}


def test_a_silent_sender_is_closed() -> None:
    async def play(opened: Open) -> None:
        reader, _ = await opened()
        assert await is_closed(reader)

    served(FakeInlet(), Bounds(idle_seconds=0.1), play)


@pytest.mark.parametrize("bounds", [Bounds(connections=2), Bounds(per_sender=2)])
def test_connections_are_bounded_and_come_back(bounds: Bounds) -> None:
    inlet = FakeInlet()

    async def play(opened: Open) -> None:
        kept = [await opened() for _ in range(2)]
        for _, writer in kept:
            writer.write(b"<13>a\n")
        await inlet.until(2)
        reader, _ = await opened()
        assert await is_closed(reader)
        kept[0][1].close()
        await asyncio.sleep(0.1)
        _, writer = await opened()
        writer.write(b"<13>b\n")
        await inlet.until(3)

    served(inlet, bounds, play)
    assert inlet.said == [("syslog", "too many connections, the last from 127.0.0.1: it was closed")]


def test_nothing_is_read_while_the_log_is_full() -> None:
    inlet = FakeInlet()
    inlet.full = True
    sent = 0

    async def play(opened: Open) -> None:
        nonlocal sent
        _, writer = await opened()
        line = b"<13>" + b"x" * 996 + b"\n"

        async def push() -> None:
            nonlocal sent
            while sent < 40_000:
                writer.write(line * 100)
                await writer.drain()
                sent += 100

        pushing = asyncio.create_task(push())
        before = -1
        while sent != before:  # until it is held up: all of it would end this too
            before = sent
            await asyncio.sleep(0.3)
        assert sent < 40_000, "the sender was not held up"
        inlet.full = False
        await pushing
        await inlet.until(40_000)

    served(inlet, Bounds(), play)
    assert max(len(c.data) for c in inlet.chunks) < 2 * GATHER_BYTES


def test_who_may_not_send_is_closed() -> None:
    inlet = FakeInlet()

    async def play(opened: Open) -> None:
        reader, _ = await opened()
        assert await is_closed(reader)

    served(inlet, Bounds(allows=lambda address: address != "127.0.0.1"), play)
    assert "127.0.0.1 is not among those" in inlet.said[0][1]


def test_a_message_cut_is_counted() -> None:
    inlet = FakeInlet()

    async def play(opened: Open) -> None:
        _, writer = await opened()
        writer.write(b"<13>" + b"x" * 70_000 + b"\n<13>next\n")
        await inlet.until(2)

    served(inlet, Bounds(), play)
    assert [len(x) for x in inlet.lines] == [65_536, 8]
    assert inlet.lost == {"syslog": 1}
