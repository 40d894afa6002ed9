from __future__ import annotations

import asyncio
import threading
import time
from pathlib import Path

import pytest

from vedette.app.api import feed as feed_module
from vedette.app.api.feed import Feed
from vedette.app.api.refusals import Denied
from vedette.app.api.service import Condition, Health
from vedette.testing.made import NOON


def nothing() -> int:
    return 0


class Counting:
    """Changes when it is told to; counts how many wait on it."""

    baselines = Path()

    def __init__(self) -> None:
        self.last, self.waiting, self.most, self.broken = 5, 0, 0, 0
        self.moved = threading.Condition()

    def health(self) -> Health:
        return Health(Condition.OK, 0, 0, 0, NOON)

    def erase(self, value: str) -> int:
        return 0

    def change(self) -> None:
        with self.moved:
            self.last += 1
            self.moved.notify_all()

    def wait(self, change: int, timeout: float) -> int:
        if self.broken:
            self.broken -= 1
            raise RuntimeError("the store is gone")
        with self.moved:
            self.waiting += 1
            self.most = max(self.most, self.waiting)
            self.moved.wait_for(lambda: self.last > change, min(timeout, 0.1))
            self.waiting -= 1
            return self.last


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_module, "LOOK_SECONDS", 0.05)


def test_all_listeners_are_woken_by_one_thread() -> None:
    service = Counting()

    async def listen(feed: Feed) -> bool:
        with feed.listening():
            return await feed.wait(5, 10)

    async def run() -> list[bool]:
        feed = Feed(service, nothing)
        listeners = [asyncio.create_task(listen(feed)) for _ in range(20)]
        await asyncio.sleep(0.1)
        assert not any(t.done() for t in listeners), "nothing changed yet"
        service.change()
        return await asyncio.gather(*listeners)

    assert asyncio.run(run()) == [True] * 20
    assert service.most == 1


def test_without_a_change_time_goes_by() -> None:
    async def run() -> bool:
        feed = Feed(Counting(), nothing)
        with feed.listening():
            return await feed.wait(5, 0.2)

    assert asyncio.run(run()) is False


def test_what_is_behind_does_not_wait() -> None:
    async def run() -> float:
        feed = Feed(Counting(), nothing)
        with feed.listening():
            await feed.wait(4, 5)
            began = time.monotonic()
            assert await feed.wait(3, 5)
            return time.monotonic() - began

    assert asyncio.run(run()) < 1


def test_nobody_listens_nobody_waits() -> None:
    service = Counting()

    async def run() -> None:
        feed = Feed(service, nothing)
        for _ in range(3):  # one after the other: the watch begins anew each time
            with feed.listening():
                assert await feed.wait(4, 5)
            await asyncio.sleep(0.2)
            assert service.waiting == 0
            assert feed._pump is None

    asyncio.run(run())


def test_it_goes_on_after_the_store_broke(caplog: pytest.LogCaptureFixture) -> None:
    service = Counting()
    service.broken = 2

    async def run() -> bool:
        feed = Feed(service, nothing)
        with feed.listening():
            return await feed.wait(4, 5)

    assert asyncio.run(run())
    assert caplog.text.count("the feed of changes broke") == 2


def test_no_more_than_so_many() -> None:
    async def run() -> None:
        feed = Feed(Counting(), nothing, most=2)
        with feed.listening(), feed.listening(), pytest.raises(Denied, match="no more can listen"):
            feed.room()
        feed.room()

    asyncio.run(run())


def test_its_end_wakes_all_and_lets_nobody_in() -> None:
    async def run() -> None:
        feed = Feed(Counting(), nothing)
        with feed.listening():
            waits = asyncio.create_task(feed.wait(100, 30))
            await asyncio.sleep(0.05)
            await asyncio.to_thread(feed.close)
            assert await asyncio.wait_for(waits, 1)
            assert feed.closed
            with pytest.raises(Denied):
                feed.room()
        feed.open()
        feed.room()

    asyncio.run(run())
    feed = Feed(Counting(), nothing)
    feed.close()
    feed.close()


def test_a_change_that_the_service_does_not_make_is_told_too() -> None:
    newest = [5]

    async def run() -> bool:
        feed = Feed(Counting(), lambda: newest[0])
        with feed.listening():
            waits = asyncio.create_task(feed.wait(5, 10))
            await asyncio.sleep(0.1)
            assert not waits.done()
            newest[0] = 6
            return await waits

    assert asyncio.run(run())
