"""What another program writes into this one."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import ClassVar, cast

from pydantic import Field

from vedette.abc import Chunk, Inlet, Rehearsal, Settings, Transport
from vedette.errors import TransportError
from vedette.transports.keeping import keep
from vedette.transports.parts import STILL_SECONDS, Parts
from vedette.transports.source_name import SourceName

READ_BYTES = 1 << 18


class StdinSettings(Settings):
    """What is read."""

    source: SourceName = ""
    """The source that reads it; by default the first bytes tell it."""

    descriptor: int = Field(default=0, ge=0)
    """The descriptor that is read: 0 is standard input; another one is for whoever starts the service with it open."""


class Stdin(Transport):
    """Reads records from standard input until its end: `journalctl -f -o json | vedette serve`.

    It ends when its input does; the service goes on. A header goes with every part, a line over 1 MB is cut and counted. What the other
    program has written and was not read when the service was killed is lost; while the log is full nothing is read, so the other program
    waits.
    """

    name = "stdin"
    options: ClassVar[type[Settings]] = StdinSettings
    lossless: ClassVar[bool] = False

    @classmethod
    def rehearsal(cls, folder: Path) -> Rehearsal:
        pipe = folder / "pipe"
        os.mkfifo(pipe)
        descriptor = os.open(pipe, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)

        async def send(records: Sequence[bytes]) -> None:
            rest = b"".join(r + b"\n" for r in records)
            while rest:
                with suppress(BlockingIOError):
                    rest = rest[os.write(descriptor, rest) :]
                await asyncio.sleep(0.001)

        return Rehearsal(StdinSettings(descriptor=descriptor), send)

    async def run(self, inlet: Inlet) -> None:
        settings = cast("StdinSettings", self.settings)
        parts = Parts(settings.source)
        try:
            os.fstat(settings.descriptor)
        except OSError as error:
            raise TransportError(f"descriptor {settings.descriptor} is not open") from error
        while True:
            data = await self._read(settings.descriptor, STILL_SECONDS if parts.waits else None)
            parts.feed(data or b"")
            while part := parts.take(still=data is None, last=data == b""):
                chunk = Chunk("stdin", part[1], parts.source, "stdin", part[0])
                await keep(inlet, self.name, [chunk])
            if parts.cut:
                inlet.dropped(self.name, parts.cut)
                parts.cut = 0
            if data == b"":
                inlet.say(self.name, "its input ended")
                return

    async def _read(self, descriptor: int, seconds: float | None) -> bytes | None:
        """Return what is there, nothing at the end; None where nothing came for so long."""
        loop, ready = asyncio.get_running_loop(), asyncio.Event()
        try:
            loop.add_reader(descriptor, ready.set)
        except PermissionError:  # a plain file: always ready
            return await asyncio.to_thread(os.read, descriptor, READ_BYTES)
        try:
            async with asyncio.timeout(seconds):
                await ready.wait()
        except TimeoutError:
            return None
        finally:
            loop.remove_reader(descriptor)
        with suppress(BlockingIOError):
            return os.read(descriptor, READ_BYTES)
        return None
