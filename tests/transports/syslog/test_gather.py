from __future__ import annotations

import asyncio

import pytest

from vedette.testing.transports import FakeInlet
from vedette.transports.syslog import gather as module
from vedette.transports.syslog.gather import CHUNK_BYTES, GATHER_BYTES, MOST_SENDERS, Gather


def made(inlet: FakeInlet) -> Gather:
    return Gather(inlet, "syslog", "syslog tcp", "")


async def ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def test_what_many_senders_say_in_a_moment_is_one_put() -> None:
    inlet = FakeInlet()

    async def play() -> None:
        gather = made(inlet)
        task = asyncio.create_task(gather.put_on())
        for number in range(20):
            gather.add(f"10.0.0.{number % 2}", [b"<13>%d" % number])
        await inlet.until(20)
        await ended(task)

    asyncio.run(play())
    assert inlet.puts == 1
    assert [c.input for c in inlet.chunks] == ["syslog tcp 10.0.0.0", "syslog tcp 10.0.0.1"]
    assert inlet.of("syslog tcp 10.0.0.1").startswith(b"<13>1\n<13>3\n")


def test_there_is_no_room_until_it_was_put() -> None:
    inlet = FakeInlet()
    inlet.full = True

    async def play() -> None:
        gather = made(inlet)
        task = asyncio.create_task(gather.put_on())
        gather.add("a", [b"x" * GATHER_BYTES])
        waits = asyncio.create_task(gather.room())
        await asyncio.sleep(0.02)
        assert not waits.done()
        inlet.full = False
        await asyncio.wait_for(waits, 5)
        await ended(task)

    asyncio.run(play())
    assert len(inlet.data) == GATHER_BYTES + 1


def test_the_end_puts_what_is_there() -> None:
    inlet = FakeInlet()

    async def play() -> None:
        gather = made(inlet)
        task = asyncio.create_task(gather.put_on())
        await asyncio.sleep(0)
        gather.add("a", [b"1"])
        await ended(task)

    asyncio.run(play())
    assert inlet.data == b"1\n"


def test_what_the_end_cannot_put_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LEAVE_SECONDS", 0.05)
    inlet = FakeInlet()
    inlet.broken = True

    async def play() -> None:
        gather = made(inlet)
        task = asyncio.create_task(gather.put_on())
        gather.add("a", [b"1", b"2"])
        while not inlet.refused:
            await asyncio.sleep(0.01)
        gather.add("a", [b"3"])
        await ended(task)

    asyncio.run(play())
    assert inlet.chunks == []
    assert inlet.lost == {"syslog": 3}


def test_what_is_put_while_it_ends_is_put_once() -> None:
    inlet = FakeInlet()
    inlet.full = True

    async def play() -> None:
        gather = made(inlet)
        task = asyncio.create_task(gather.put_on())
        gather.add("a", [b"1"])
        await asyncio.sleep(0.1)
        task.cancel()
        await asyncio.sleep(0.05)
        inlet.full = False
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(play())
    assert inlet.data == b"1\n"
    assert inlet.lost == {}


def test_offers_that_are_not_taken_are_counted() -> None:
    inlet = FakeInlet()

    async def play() -> None:
        gather = made(inlet)
        gather.add("a", [b"1", b"2"])
        inlet.full = True
        gather.offer_all()
        inlet.full = False
        gather.add("b", [b"3"])
        gather.offer_all()
        gather.offer_all()

    asyncio.run(play())
    assert inlet.data == b"3\n"
    assert inlet.lost == {"syslog": 2}


def test_forged_senders_share_an_input() -> None:
    inlet = FakeInlet()

    async def play() -> None:
        gather = made(inlet)
        for number in range(MOST_SENDERS + 50):
            gather.add(str(number), [b"1"])
        gather.offer_all()

    asyncio.run(play())
    assert len(inlet.chunks) == MOST_SENDERS + 1
    assert inlet.of("syslog tcp others").count(b"\n") == 50
    assert {text for _, text in inlet.said} == {f"more than {MOST_SENDERS:,} senders: the others share an input"}


def test_much_of_one_sender_is_several_chunks() -> None:
    inlet = FakeInlet()

    async def play() -> None:
        gather = made(inlet)
        gather.add("a", [b"%06d" % i + b"x" * 60_000 for i in range(100)])
        gather.offer_all()

    asyncio.run(play())
    assert all(len(c.data) < CHUNK_BYTES + 60_020 for c in inlet.chunks)
    assert [int(x[:6]) for x in inlet.lines] == list(range(100))
