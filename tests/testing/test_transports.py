from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from vedette.abc import Chunk
from vedette.abc.transport import MOST_BYTES
from vedette.errors import InletError
from vedette.testing.transports import FakeInlet


def test_it_keeps_chunks_and_positions() -> None:
    inlet = FakeInlet({"old": "7", "a": "1"})

    async def put() -> None:
        await inlet.put(Chunk("a", b"one\ntwo\n", position="2"), Chunk("b", b"three\n"))
        await inlet.until(3)

    asyncio.run(put())
    assert inlet.offer(Chunk("a", b"four\n"))
    assert inlet.lines == [b"one", b"two", b"three", b"four"]
    assert inlet.of("a") == b"one\ntwo\nfour\n"
    assert inlet.positions == {"old": "7", "a": "2"}
    assert inlet.puts == 1


def test_a_full_one_lets_wait_and_says_no() -> None:
    inlet = FakeInlet()

    async def put() -> None:
        inlet.full = True
        waits = asyncio.create_task(inlet.put(Chunk("a", b"1\n")))
        await asyncio.sleep(0.03)
        assert not waits.done()
        assert not inlet.offer(Chunk("a", b"2\n"))
        inlet.full = False
        await waits

    asyncio.run(put())
    assert inlet.lines == [b"1"]


def test_a_broken_one_takes_nothing() -> None:
    inlet = FakeInlet()
    inlet.broken = True
    with pytest.raises(InletError):
        asyncio.run(inlet.put(Chunk("a", b"1\n")))
    assert not inlet.offer(Chunk("a", b"2\n"))
    assert (inlet.chunks, inlet.refused) == ([], 1)


@pytest.mark.parametrize(
    "chunk", [Chunk("", b"1"), Chunk("a"), Chunk("a", b"1", path=Path("x")), Chunk("a", bytes(MOST_BYTES + 1))]
)
def test_a_chunk_that_breaks_the_contract_is_found(chunk: Chunk) -> None:
    with pytest.raises(AssertionError):
        FakeInlet().offer(chunk)


def test_waiting_ends_with_what_was_said() -> None:
    inlet = FakeInlet()
    inlet.say("tail", "no such file")
    inlet.dropped("udp", 3)
    assert inlet.lost == {"udp": 3}
    with pytest.raises(AssertionError, match="no such file"):
        asyncio.run(inlet.until(1, seconds=0.05))
