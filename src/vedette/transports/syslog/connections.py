"""Syslog over TCP and TLS (RFC 6587, RFC 5425): bounded connections, and nothing is read while the log is full."""

from __future__ import annotations

import asyncio
import ssl
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from vedette.abc import Inlet
from vedette.transports.syslog.frames import Frames
from vedette.transports.syslog.gather import Gather

READ_BYTES = 1 << 16
HANDSHAKE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Bounds:
    """What connections may take.

    Attributes:
        connections: at the same time; per_sender: of them, from one address.
        idle_seconds: a connection that is silent for so long is closed.
        message_seconds: a message that has begun must be whole after so long.
        context: TLS, where it is spoken; a connection counts from before its handshake on.
        allows: says whether an address may send.
    """

    connections: int = 256
    per_sender: int = 64
    idle_seconds: float = 3600
    message_seconds: float = 30
    context: ssl.SSLContext | None = None
    allows: Callable[[str], bool] = lambda _: True


class Connections:
    """Reads every connection of one listener.

    Args:
        gather: where messages go.
        inlet: that the operator is told through.
        transport: the name that drops are counted under.
        bounds: what they may take.
    """

    def __init__(self, gather: Gather, inlet: Inlet, transport: str, bounds: Bounds) -> None:
        self._gather, self._inlet, self._transport = gather, inlet, transport
        self._bounds = bounds
        self._open: Counter[str] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read a connection to its end."""
        task, sender = asyncio.current_task(), str((writer.get_extra_info("peername") or ("?",))[0]).partition("%")[0]
        if task is None or not self._may(sender):
            writer.transport.abort()
            return
        self._tasks.add(task)
        self._open[sender] += 1
        frames = Frames()
        try:
            if await self._greeted(writer, sender):
                await self._read(reader, frames, sender)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # it was closed or reset, or the service stops: what came is kept
        finally:
            self._gather.add(sender, frames.rest())
            if frames.cut:
                self._inlet.dropped(self._transport, frames.cut)
            self._tasks.discard(task)
            self._open[sender] -= 1
            self._open += Counter()  # without those that are at 0
            writer.transport.abort()

    async def close(self) -> None:
        """End all connections; what was read of them is gathered."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(list(self._tasks))

    def _may(self, sender: str) -> bool:
        if not self._bounds.allows(sender):
            self._inlet.say(self._transport, f"{sender} is not among those that may send")
            return False
        if self._open.total() >= self._bounds.connections or self._open[sender] >= self._bounds.per_sender:
            self._inlet.say(self._transport, f"too many connections, the last from {sender}: it was closed")
            return False
        return True

    async def _greeted(self, writer: asyncio.StreamWriter, sender: str) -> bool:
        """Shake hands where TLS is spoken, and say whether that went well."""
        if self._bounds.context is None:
            return True
        try:
            await writer.start_tls(self._bounds.context, ssl_handshake_timeout=HANDSHAKE_SECONDS)
        except OSError as error:
            why = getattr(error, "reason", None) or error.strerror or "it took too long, or was broken off"
            self._inlet.say(self._transport, f"no TLS with {sender}: {why}")
            return False
        return True

    async def _read(self, reader: asyncio.StreamReader, frames: Frames, sender: str) -> None:
        loop = asyncio.get_running_loop()
        began: float | None = None
        while True:
            await self._gather.room()
            began = (began or loop.time()) if frames.waits else None
            last = began + self._bounds.message_seconds if began else loop.time() + self._bounds.idle_seconds
            data = b""
            with suppress(TimeoutError):
                async with asyncio.timeout_at(last):
                    data = await reader.read(READ_BYTES)
            if not data:
                return
            messages = frames.feed(data)
            began = None if messages else began
            self._gather.add(sender, messages)
            if frames.cut:
                self._inlet.dropped(self._transport, frames.cut)
                frames.cut = 0
