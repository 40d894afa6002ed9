"""The laws of transports: those that can be rehearsed on this machine are run for real, against an inlet in memory."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from vedette.abc import Rehearsal, Transport
from vedette.testing.transports import FakeInlet

LEAVE_SECONDS = 10.0
COME_SECONDS = 20.0
LAW_SECONDS = 60.0
RECORDS = tuple(b"<13>Mar  5 08:01:12 mail sshd[%d]: record number %d" % (i, i) for i in range(30))
MANY = tuple(b"%06d " % i + b"x" * 2000 for i in range(3000))
"""6 MB: more than a chunk may hold."""

Play = Callable[[type[Transport], Rehearsal], Coroutine[Any, Any, None]]


def tells_its_settings(transport: type[Transport]) -> None:
    """Every setting has a sentence."""
    for name, field in transport.options.model_fields.items():
        assert (field.description or "").strip().endswith("."), f"{name} is not told"


def receives_what_is_sent(transport: type[Transport]) -> None:
    """Every record comes in, whole, in order, with a name of its input."""

    async def play(cls: type[Transport], rehearsal: Rehearsal) -> None:
        inlet = FakeInlet()
        async with _running(cls, rehearsal, inlet):
            await _sent(rehearsal, RECORDS)
            await _until(inlet, len(RECORDS))
        assert _records(inlet) == list(RECORDS)

    _rehearsed(transport, play)


def leaves_nothing_open(transport: type[Transport]) -> None:
    """Cancelled, it ends soon, with its ports and files released: it can begin again at once."""

    async def play(cls: type[Transport], rehearsal: Rehearsal) -> None:
        async with _running(cls, rehearsal, FakeInlet()):
            await _sent(rehearsal, RECORDS[:1])
        before = _descriptors()
        for _ in range(2):
            inlet = FakeInlet()
            async with _running(cls, rehearsal, inlet):
                await _sent(rehearsal, RECORDS[:1])
                await _until(inlet, 1)
        await asyncio.sleep(0.05)
        assert _descriptors() <= before, "descriptors stay open"

    _rehearsed(transport, play)


def goes_on_where_it_stopped(transport: type[Transport]) -> None:
    """Begun again with the positions that are durable, it gives what came since, and nothing twice."""

    async def play(cls: type[Transport], rehearsal: Rehearsal) -> None:
        inlet, due = FakeInlet(), 0
        for part in (RECORDS[:10], RECORDS[10:20], RECORDS[20:]):
            again = FakeInlet(inlet.positions)
            again.chunks, due = inlet.chunks, due + len(part)
            async with _running(cls, rehearsal, again):
                await _sent(rehearsal, part)
                await _until(again, due)
            inlet = again
        assert _records(inlet) == list(RECORDS)

    _rehearsed(transport, play)


def loses_nothing_when_the_disk_is_full(transport: type[Transport]) -> None:
    """What could not be kept comes again, or its sender is told so: then the sender brings it again."""
    if not transport.lossless:
        return

    async def play(cls: type[Transport], rehearsal: Rehearsal) -> None:
        inlet = FakeInlet()
        inlet.broken = True
        async with _running(cls, rehearsal, inlet):
            sending = asyncio.create_task(_told(rehearsal.send(RECORDS)))
            for _ in range(300):
                await asyncio.sleep(0.01)
                if inlet.refused:
                    break
            assert inlet.refused, "the inlet was never asked"
            assert not inlet.chunks
            inlet.broken = False
            if not await asyncio.wait_for(sending, 20):
                await _sent(rehearsal, RECORDS)
            await _until(inlet, len(RECORDS))
        assert set(_records(inlet)) >= set(RECORDS)

    _rehearsed(transport, play)


def keeps_its_chunks_small(transport: type[Transport]) -> None:
    """However much comes at once, no chunk is beyond the limit (the inlet asserts it), and what is lossless loses nothing."""

    async def play(cls: type[Transport], rehearsal: Rehearsal) -> None:
        inlet = FakeInlet()
        async with _running(cls, rehearsal, inlet):
            await _sent(rehearsal, MANY)
            if cls.lossless:
                await _until(inlet, len(MANY))
            else:
                await asyncio.sleep(0.3)
        found = _records(inlet)
        assert found == list(MANY) if cls.lossless else set(found) <= set(MANY)

    _rehearsed(transport, play)


# ----------------------------------------------------------------------------------------------------------------- stage


def _rehearsed(transport: type[Transport], play: Play) -> None:
    """Play a law in a folder of its own; nothing where the transport cannot be rehearsed."""
    with tempfile.TemporaryDirectory() as name:
        rehearsal = transport.rehearsal(Path(name))
        if rehearsal is not None:
            asyncio.run(asyncio.wait_for(play(transport, rehearsal), LAW_SECONDS))


@asynccontextmanager
async def _running(cls: type[Transport], rehearsal: Rehearsal, inlet: FakeInlet) -> AsyncIterator[None]:
    """Run a transport meanwhile, then cancel it; an error of its own is raised."""
    task = asyncio.create_task(cls(rehearsal.settings).run(inlet))
    try:
        yield
        if task.done():
            task.result()
    finally:
        task.cancel()
        done, _ = await asyncio.wait([task], timeout=LEAVE_SECONDS)
        assert done, f"still runs {LEAVE_SECONDS} s after it was cancelled"
        with suppress(asyncio.CancelledError):
            task.result()


async def _sent(rehearsal: Rehearsal, records: tuple[bytes, ...]) -> None:
    """Send records; a port that is not open yet is waited for."""
    for _ in range(500):
        if await _told(rehearsal.send(records)):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("nothing could be sent")


async def _told(sending: Awaitable[None]) -> bool:
    try:
        await sending
    except OSError:
        return False
    return True


async def _until(inlet: FakeInlet, records: int) -> None:
    """Wait for so many records."""
    last = asyncio.get_running_loop().time() + COME_SECONDS
    while len(_records(inlet)) < records:
        assert asyncio.get_running_loop().time() < last, f"{len(_records(inlet))} of {records} came; said: {inlet.said}"
        await asyncio.sleep(0.02)


def _records(inlet: FakeInlet) -> list[bytes]:
    """Return the records; a file that is named in place of data is read."""
    return [line for c in inlet.chunks for line in (c.path.read_bytes() if c.path else c.data).splitlines()]


def _descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


LAWS = (
    tells_its_settings,
    receives_what_is_sent,
    leaves_nothing_open,
    goes_on_where_it_stopped,
    loses_nothing_when_the_disk_is_full,
    keeps_its_chunks_small,
)
