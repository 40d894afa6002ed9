from __future__ import annotations

import asyncio
import threading

import pytest

from vedette.abc import Chunk
from vedette.testing.transports import FakeInlet
from vedette.transports import keeping
from vedette.transports.keeping import Aside, keep


def test_what_cannot_be_kept_is_put_again_and_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "AGAIN_SECONDS", 0.01)
    inlet = FakeInlet()
    inlet.broken = True

    async def play() -> None:
        task = asyncio.create_task(keep(inlet, "tail", [Chunk("a", b"1\n"), Chunk("b", b"2\n")]))
        while inlet.refused < 3:
            await asyncio.sleep(0.001)
        inlet.broken = False
        await task

    asyncio.run(play())
    assert inlet.lines == [b"1", b"2"]
    assert inlet.said == [("tail", "waits: no space left on device")]


def test_work_aside_is_in_one_thread_and_left_by_it() -> None:
    names: list[str] = []

    async def play() -> None:
        async with Aside("files", lambda: names.append(threading.current_thread().name)) as aside:
            names.extend([await aside(lambda: threading.current_thread().name) for _ in range(2)])

    asyncio.run(play())
    assert len(names) == 3
    assert set(names) == {"files_0"}


def test_an_error_aside_is_raised_here_and_still_left() -> None:
    left: list[int] = []

    def fail() -> None:
        raise OSError("gone")

    async def play() -> None:
        async with Aside("files", lambda: left.append(1)) as aside:
            await aside(fail)

    with pytest.raises(OSError, match="gone"):
        asyncio.run(play())
    assert left == [1]


def test_a_file_system_that_hangs_does_not_hold_up_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "LEAVE_SECONDS", 0.05)
    hangs = threading.Event()

    async def play() -> None:
        async with Aside("files", lambda: None) as aside:
            await asyncio.wait_for(aside(lambda: hangs.wait(20)), 0.05)

    with pytest.raises(TimeoutError):
        asyncio.run(play())
    hangs.set()
