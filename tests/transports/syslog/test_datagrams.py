from __future__ import annotations

import asyncio
import socket

import pytest

from vedette.testing.transports import FakeInlet
from vedette.transports.syslog import datagrams as module
from vedette.transports.syslog.datagrams import Datagrams, dropped, receive_buffer
from vedette.transports.syslog.gather import Gather


def opened() -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.setblocking(False)
    made.bind(("127.0.0.1", 0))
    return made


def test_the_system_gives_room_and_tells_what_it_dropped() -> None:
    with opened() as ear, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mouth:
        assert receive_buffer(ear, 8192) >= 4096
        for _ in range(200):
            mouth.sendto(b"x" * 1000, ear.getsockname())
        assert 100 < dropped(ear) < 200


def test_what_the_system_dropped_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "COUNT_SECONDS", 0.05)
    inlet = FakeInlet()

    async def play() -> None:
        with opened() as ear, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mouth:
            receive_buffer(ear, 8192)
            reads = Datagrams(ear, Gather(inlet, "syslog", "syslog udp", ""), inlet, "syslog", lambda _: True)
            for number in range(200):
                mouth.sendto(b"<13>%d " % number + b"x" * 1000, ear.getsockname())
            task = asyncio.create_task(reads.run())
            await asyncio.sleep(0.3)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    asyncio.run(play())
    assert inlet.lost["syslog"] > 100
    assert inlet.lost["syslog"] + len(inlet.lines) == 200
    assert len(inlet.said) == 1


def test_datagrams_are_messages_and_the_last_ones_are_kept() -> None:
    inlet = FakeInlet()

    async def play() -> None:
        with opened() as ear, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mouth:
            reads = Datagrams(ear, Gather(inlet, "syslog", "syslog udp", "authlog"), inlet, "syslog", lambda _: True)
            task = asyncio.create_task(reads.run())
            for data in (b"<13>one", b"<14>two\nmore\n", b"", b"\n", b"\xff\xfe"):
                mouth.sendto(data, ear.getsockname())
            await inlet.until(3)
            mouth.sendto(b"<15>last", ear.getsockname())
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    asyncio.run(play())
    assert inlet.lines == [b"<13>one", b"<14>two#012more", b"\xff\xfe", b"<15>last"]
    assert {(c.input, c.source) for c in inlet.chunks} == {("syslog udp 127.0.0.1", "authlog")}


def test_whom_it_does_not_allow_is_not_heard() -> None:
    inlet = FakeInlet()

    async def play() -> None:
        with opened() as ear, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mouth:
            reads = Datagrams(ear, Gather(inlet, "syslog", "syslog udp", ""), inlet, "syslog", lambda _: False)
            task = asyncio.create_task(reads.run())
            mouth.sendto(b"<13>one", ear.getsockname())
            await asyncio.sleep(0.1)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    asyncio.run(play())
    assert inlet.chunks == []
