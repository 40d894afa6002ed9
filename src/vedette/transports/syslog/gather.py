"""Messages of many senders, gathered for a moment, so that they reach the log in few writes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress

from vedette.abc import Chunk, Inlet
from vedette.transports.keeping import keep

GATHER_SECONDS = 0.05
GATHER_BYTES = 1 << 18
CHUNK_BYTES = 1 << 20
MOST_SENDERS = 4096
"""Senders with an input of their own: addresses of datagrams are forged with ease."""
LEAVE_SECONDS = 3.0


class Gather:
    """Gathers the messages of one listener.

    Args:
        inlet: where they go.
        transport: the name that drops are counted under.
        listener: ``syslog udp``: how inputs are called, before the sender's address.
        source: the source that reads them; empty: it is asked.
    """

    def __init__(self, inlet: Inlet, transport: str, listener: str, source: str) -> None:
        self._inlet, self._transport, self._listener, self._source = inlet, transport, listener, source
        self._lines: dict[str, list[bytes]] = {}
        self._size = 0
        self._senders: set[str] = set()
        self._due = asyncio.Event()
        self._full = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()

    @property
    def is_full(self) -> bool:
        """Whether as much is gathered as may be."""
        return self._size >= GATHER_BYTES

    def add(self, sender: str, messages: list[bytes]) -> None:
        """Take messages, each one line without its break."""
        if not messages:
            return
        self._lines.setdefault(self._named(sender), []).extend(messages)
        self._size += sum(map(len, messages)) + len(messages)
        self._due.set()
        if self.is_full:
            self._full.set()
            self._room.clear()

    async def room(self) -> None:
        """Wait while as much is gathered as may be: who can wait reads no more until then."""
        await self._room.wait()

    def _named(self, sender: str) -> str:
        if sender not in self._senders:
            if len(self._senders) >= MOST_SENDERS:
                self._inlet.say(self._transport, f"more than {MOST_SENDERS:,} senders: the others share an input")
                return f"{self._listener} others"
            self._senders.add(sender)
        return f"{self._listener} {sender}"

    def _taken(self) -> list[Chunk]:
        """Return what was gathered, a chunk for each sender (more where it is much), and gather anew."""
        lines, self._lines, self._size = self._lines, {}, 0
        self._due.clear()
        self._full.clear()
        return [
            Chunk(name, data, self._source, "syslog") for name, messages in lines.items() for data in _joined(messages)
        ]

    async def put_on(self) -> None:
        """Bring what was gathered to the log, again and again; what is still there at the end too."""
        putting: asyncio.Task[None] | None = None
        try:
            while True:
                await self._due.wait()
                with suppress(TimeoutError):
                    async with asyncio.timeout(GATHER_SECONDS):
                        await self._full.wait()
                putting = asyncio.create_task(keep(self._inlet, self._transport, chunks := self._taken()))
                await asyncio.shield(putting)
                putting = None
                self._room.set()
        finally:
            if putting:  # never cut short: nobody could say whether it was kept
                await self._leave(putting, chunks)
            if self._lines:
                chunks = self._taken()
                await self._leave(asyncio.create_task(keep(self._inlet, self._transport, chunks)), chunks)

    async def _leave(self, putting: asyncio.Task[None], chunks: list[Chunk]) -> None:
        """Wait a moment; what cannot be kept by then is counted as dropped: its senders are gone."""
        done, _ = await asyncio.wait([putting], timeout=LEAVE_SECONDS)
        if not done:
            putting.cancel()
            self._inlet.dropped(self._transport, sum(c.data.count(b"\n") for c in chunks))

    def offer_all(self) -> None:
        """Offer what was gathered; what is not taken is dropped and counted."""
        for chunk in self._taken():
            if not self._inlet.offer(chunk):
                self._inlet.dropped(self._transport, chunk.data.count(b"\n"))
        self._room.set()


def _joined(messages: list[bytes]) -> Iterator[bytes]:
    """Yield messages as lines, in pieces of about ``CHUNK_BYTES`` at the most."""
    begin = size = 0
    for end, message in enumerate(messages):
        if size > CHUNK_BYTES:
            yield b"\n".join(messages[begin:end]) + b"\n"
            begin, size = end, 0
        size += len(message) + 1
    yield b"\n".join(messages[begin:]) + b"\n"
