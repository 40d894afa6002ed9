from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from vedette.errors import TransportError
from vedette.testing.transports import FakeInlet
from vedette.transports.stdin import Stdin, StdinSettings


def test_a_pipe_is_read_to_its_end() -> None:
    inlet = FakeInlet()
    reads, writes = os.pipe()

    async def play() -> None:
        task = asyncio.create_task(Stdin(StdinSettings(descriptor=reads)).run(inlet))
        os.write(writes, b"one\ntw")
        await inlet.until(1)
        os.write(writes, b"o\nno break")
        os.close(writes)
        await asyncio.wait_for(task, 5)

    asyncio.run(play())
    os.close(reads)
    assert inlet.lines == [b"one", b"two", b"no break"]
    assert {c.input for c in inlet.chunks} == {"stdin"}
    assert inlet.said == [("stdin", "its input ended")]
    assert inlet.positions == {}


def test_a_plain_file_is_read(tmp_path: Path) -> None:
    inlet = FakeInlet()
    (tmp_path / "a").write_bytes(b"1\n2\n" * 200_000)
    reads = os.open(tmp_path / "a", os.O_RDONLY)
    asyncio.run(asyncio.wait_for(Stdin(StdinSettings(descriptor=reads)).run(inlet), 20))
    os.close(reads)
    assert inlet.data == b"1\n2\n" * 200_000


def test_an_event_that_might_go_on_is_given_when_nothing_comes() -> None:
    inlet = FakeInlet()
    reads, writes = os.pipe()

    async def play() -> None:
        task = asyncio.create_task(Stdin(StdinSettings(descriptor=reads, source="auditd")).run(inlet))
        os.write(writes, b"type=SYSCALL msg=audit(1767261600.123:41): arch=c000003e syscall=59\n")
        await inlet.until(1)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(play())
    os.close(reads)
    os.close(writes)
    assert inlet.chunks[0].source == "auditd"


def test_nothing_is_read_while_the_log_is_full() -> None:
    inlet = FakeInlet()
    inlet.full = True
    reads, writes = os.pipe()
    os.set_blocking(writes, False)

    async def play() -> None:
        task = asyncio.create_task(Stdin(StdinSettings(descriptor=reads)).run(inlet))
        written, turns = 0, 0
        while turns < 100:
            try:
                written += os.write(writes, b"x" * 99 + b"\n")
            except BlockingIOError:
                turns += 1
                await asyncio.sleep(0.002)
        assert written < 1 << 20
        inlet.full = False
        await inlet.until(written // 100)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(play())
    os.close(reads)
    os.close(writes)


def test_a_descriptor_that_is_not_open_stops_the_start() -> None:
    with pytest.raises(TransportError, match="descriptor 777 is not open"):
        asyncio.run(Stdin(StdinSettings(descriptor=777)).run(FakeInlet()))


def test_bad_settings_are_told() -> None:
    with pytest.raises(ValidationError, match="no such source"):
        StdinSettings(source="nothing")
