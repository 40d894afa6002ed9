"""An inlet for tests of transports: keeps what is put in memory, can be full, and can fail as a full disk does."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping

from vedette.abc import Chunk
from vedette.abc.transport import MOST_BYTES
from vedette.errors import InletError


class FakeInlet:
    """Collects chunks; keeps the contract of ``Inlet`` and checks that a transport keeps its part.

    Args:
        positions: what an earlier run left: input -> position.

    Attributes:
        chunks: what was taken, in order.
        full: True: ``put`` waits and ``offer`` says no, until it is False again.
        broken: True: ``put`` raises ``InletError`` and ``offer`` says no, as with a full disk.
        puts: how often ``put`` returned; ``refused``: how often it raised.
        lost: transport -> records that it said it dropped.
        said: (transport, text) of what the operator was told.
    """

    def __init__(self, positions: Mapping[str, str] | None = None) -> None:
        self.chunks: list[Chunk] = []
        self.full = False
        self.broken = False
        self.puts = 0
        self.refused = 0
        self.lost: Counter[str] = Counter()
        self.said: list[tuple[str, str]] = []
        self._positions = dict(positions or {})

    @property
    def positions(self) -> Mapping[str, str]:
        """Input -> the last position put."""
        return dict(self._positions)

    async def put(self, *chunks: Chunk) -> None:
        """Take chunks, all or none."""
        while self.full and not self.broken:
            await asyncio.sleep(0.005)
        await asyncio.sleep(0)  # the real one writes to disk meanwhile
        if self.broken:
            self.refused += 1
            raise InletError("no space left on device", where="intake")
        self._take(*chunks)
        self.puts += 1

    def offer(self, chunk: Chunk) -> bool:
        """Take a chunk, or say no."""
        if self.full or self.broken:
            return False
        self._take(chunk)
        return True

    def dropped(self, transport: str, records: int) -> None:
        """Count."""
        self.lost[transport] += records

    def say(self, transport: str, text: str) -> None:
        """Keep the text."""
        self.said.append((transport, text))

    def _take(self, *chunks: Chunk) -> None:
        for chunk in chunks:
            assert chunk.input, "a chunk of no input"
            assert len(chunk.data) <= MOST_BYTES, f"a chunk of {len(chunk.data):,} bytes"
            assert not (chunk.data and chunk.path), "a chunk has data or a path"
            assert chunk.data or chunk.path or chunk.position, "a chunk of nothing"
        self.chunks += chunks
        self._positions |= {c.input: c.position for c in chunks if c.position}

    # ------------------------------------------------------------------------------------------------------- for tests

    @property
    def data(self) -> bytes:
        """What was taken, without preambles, in one piece."""
        return b"".join(c.data for c in self.chunks)

    @property
    def lines(self) -> list[bytes]:
        """The lines of what was taken."""
        return self.data.splitlines()

    def of(self, name: str) -> bytes:
        """Return what was taken of one input."""
        return b"".join(c.data for c in self.chunks if c.input == name)

    async def until(self, records: int, seconds: float = 10) -> None:
        """Wait until so many lines or files were taken.

        Raises:
            AssertionError: it took longer than ``seconds``.
        """
        loop = asyncio.get_running_loop()
        last = loop.time() + seconds
        while len(self.lines) + sum(c.path is not None for c in self.chunks) < records:
            assert loop.time() < last, f"{len(self.lines)} of {records} records after {seconds} s; said: {self.said}"
            await asyncio.sleep(0.01)
