from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from vedette.abc import Chunk
from vedette.app.live import inlet as module
from vedette.app.live.inlet import LogWriter
from vedette.app.meters import Meters
from vedette.errors import InletError
from vedette.store.intake_log import IntakeLog


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[LogWriter]:
    log = IntakeLog(tmp_path)
    made = LogWriter(log, Meters(), lambda: log.bytes > 10_000)
    yield made
    made.close()
    log.close()


def _held(writer: LogWriter) -> list[bytes]:
    return [r.chunk.data for r in writer.log.read(0, 1 << 30)]


def test_what_was_put_is_on_disk_when_put_returns(writer: LogWriter) -> None:
    async def run() -> None:
        inlet = writer.inlet("tail")

        async def one(n: int) -> None:
            await inlet.put(Chunk("a", b"%d" % n, position=str(n)))
            assert b"%d" % n in _held(writer)

        await asyncio.gather(*(one(n) for n in range(50)))
        assert inlet.positions["a"] in {str(n) for n in range(50)}

    asyncio.run(run())
    assert len(_held(writer)) == 50
    assert 'vedette_chunks_total{transport="tail"} 50.0' in writer.meters.text().decode()


def test_a_full_log_makes_those_wait_who_can_and_refuses_those_who_cannot(
    writer: LogWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ASK_SECONDS", 0.005)

    async def run() -> None:
        inlet = writer.inlet("udp")
        await inlet.put(Chunk("a", b"x" * 20_000))
        assert not inlet.offer(Chunk("a", b"y"))
        waiting = asyncio.create_task(inlet.put(Chunk("a", b"z")))
        await asyncio.sleep(0.05)
        assert not waiting.done()
        writer.full = lambda: False
        await waiting
        assert inlet.offer(Chunk("a", b"w"))

    asyncio.run(run())
    writer.close()
    writer._thread.join()
    assert [d[:1] for d in _held(writer)] == [b"x", b"z", b"w"]


def test_a_full_disk_is_told_to_who_waits_and_counted_for_who_does_not(
    writer: LogWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    async def run() -> None:
        inlet = writer.inlet("udp")
        with monkeypatch.context() as patched:
            patched.setattr(os, "fdatasync", full)
            assert inlet.offer(Chunk("a", b"lost"))
            with pytest.raises(InletError, match="No space left"):
                await inlet.put(Chunk("a", b"refused"))
            assert "No space left" in writer.trouble
        await inlet.put(Chunk("a", b"kept"))
        assert writer.trouble == ""

    asyncio.run(run())
    assert _held(writer) == [b"kept"]
    assert writer.lost["log"] == 1


def test_the_same_word_is_said_once(writer: LogWriter, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "vedette.live")
    for text in ("no such file", "no such file", "it is there"):
        writer.inlet("tail").say("tail", text)
    assert [r.message for r in caplog.records] == ["tail: no such file", "tail: it is there"]


def test_a_slow_disk_makes_senders_wait_together_and_loses_nothing(
    writer: LogWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    syncs = []
    sync = os.fdatasync

    def slow(number: int) -> None:
        syncs.append(number)
        time.sleep(0.05)
        sync(number)

    monkeypatch.setattr(os, "fdatasync", slow)

    async def run() -> None:
        inlet = writer.inlet("tcp")
        await asyncio.gather(*(inlet.put(Chunk("a", b"%d" % n)) for n in range(100)))

    asyncio.run(run())
    assert len(_held(writer)) == 100
    assert len(syncs) < 20  # what came while one write ran is the next write
