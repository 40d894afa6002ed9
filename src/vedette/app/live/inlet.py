"""What transports give to: chunks of many at once become one write to the log, and all are told when it is on disk."""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from vedette.abc import Chunk
from vedette.app.meters import Meters
from vedette.errors import InletError
from vedette.store.intake_log import IntakeLog

LOG = logging.getLogger("vedette.live")

WAITING_BYTES = 32 << 20
"""Of chunks that nobody waits for (UDP), in memory at the most."""

TOGETHER = 512
"""Chunks that are written at once, at the most."""

ASK_SECONDS = 0.05

_Done = asyncio.Future[None]
_Entry = tuple[tuple[Chunk, ...], asyncio.AbstractEventLoop | None, _Done | None]


class LogInlet:
    """An ``Inlet`` for one named input; all share one writer.

    Args:
        writer: writes for all.
        transport: the name that is counted under.
    """

    def __init__(self, writer: LogWriter, transport: str) -> None:
        self._writer, self._transport = writer, transport

    @property
    def positions(self) -> Mapping[str, str]:
        """Input -> the last position that is durable."""
        return dict(self._writer.log.positions)

    async def put(self, *chunks: Chunk) -> None:
        """Return once the chunks are durable."""
        while self._writer.full():
            await asyncio.sleep(ASK_SECONDS)
        loop = asyncio.get_running_loop()
        done: _Done = loop.create_future()
        self._writer.give((chunks, loop, done))
        await done
        self._note(chunks)

    def offer(self, chunk: Chunk) -> bool:
        """Take a chunk from a sender that cannot wait; False where there is no room."""
        if self._writer.full() or self._writer.waiting_bytes > WAITING_BYTES:
            return False
        self._writer.give(((chunk,), None, None))
        self._note((chunk,))
        return True

    def _note(self, chunks: tuple[Chunk, ...]) -> None:
        self._writer.heard[self._transport] = datetime.now(UTC)
        for chunk in chunks:
            self._writer.meters.chunk(self._transport, len(chunk.data))

    def dropped(self, transport: str, records: int) -> None:
        """Count records that could not be kept."""
        self._writer.meters.dropped(transport, records)
        self._writer.lost[transport] += records

    def say(self, transport: str, text: str) -> None:
        """Tell the operator something."""
        self._writer.said(transport, text)


class LogWriter:
    """Writes to the log in a thread of its own: what came while one write ran is the next.

    Args:
        log: the log.
        meters: what is counted.
        full: whether the log holds as much as it may.
    """

    def __init__(self, log: IntakeLog, meters: Meters, full: Callable[[], bool]) -> None:
        self.log, self.meters, self.full = log, meters, full
        self.lost: Counter[str] = Counter()
        self.heard: dict[str, datetime] = {}
        """Transport -> when something last came; ``lost``: how much could not be kept."""
        self.trouble = ""
        """Why the last write failed; empty: it did not."""
        self.notes: dict[str, str] = {}
        """Transport -> what it said last."""
        self.waiting_bytes = 0
        self._queue: queue.SimpleQueue[_Entry | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="vedette-log", daemon=True)
        self._thread.start()

    def inlet(self, transport: str) -> LogInlet:
        """Return what one transport gives to."""
        return LogInlet(self, transport)

    def give(self, entry: _Entry) -> None:
        """Queue chunks, and whom to tell."""
        self.waiting_bytes += _size(entry)
        self._queue.put(entry)

    def said(self, transport: str, text: str) -> None:
        """Put what a transport says into the service's log, where it is new."""
        if self.notes.get(transport) != text:
            self.notes[transport] = text
            LOG.info("%s: %s", transport, text)

    def close(self) -> None:
        """Write what waits, and end."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        open_ = True
        while open_:
            entries = [self._queue.get()]
            while len(entries) < TOGETHER:
                try:
                    entries.append(self._queue.get_nowait())
                except queue.Empty:
                    break
            open_ = None not in entries
            self._write([e for e in entries if e is not None])

    def _write(self, entries: list[_Entry]) -> None:
        if not entries:
            return
        began = datetime.now(UTC)
        error: InletError | None = None
        try:
            self.log.append([c for chunks, _, _ in entries for c in chunks], began)
            self.trouble = ""
        except InletError as problem:
            error, self.trouble = problem, problem.message
            silent = sum(len(chunks) for chunks, _, done in entries if done is None)
            if silent:
                self.lost["log"] += silent
                self.meters.dropped("log", silent)
        self.waiting_bytes -= sum(map(_size, entries))
        self.meters.took("log", (datetime.now(UTC) - began).total_seconds())
        for _, loop, done in entries:
            if loop is not None and done is not None and not loop.is_closed():
                loop.call_soon_threadsafe(_resolve, done, error)


def _resolve(done: _Done, error: InletError | None) -> None:
    if done.done():  # who waited went away
        return
    if error is None:
        done.set_result(None)
    else:
        done.set_exception(error)


def _size(entry: _Entry) -> int:
    return sum(len(c.data) + len(c.preamble) for c in entry[0])
