"""Keeps the events of a run: in memory while they fit, then in temporary Arrow files, in the order they came."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Protocol

import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.events.size import memory_bytes


class Kept(Protocol):
    """Where the engine keeps the events that evidence is looked up in: a spool, or the lake of a live service."""

    def add(self, batch: EventBatch) -> None:
        """Keep a batch."""

    def read(
        self, kind: EventClass, since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[EventBatch]:
        """Yield the batches of one class, in the order they came; those without an event in the stretch of time may be left out."""

    def close(self) -> None:
        """Let go of them."""


class Spool:
    """A list of event batches that does not outgrow the memory.

    Args:
        memory_bytes: what may stay in memory; later batches go to files.
        folder: where the files go; removed by ``close``.
    """

    def __init__(self, memory_bytes: int, folder: Path | None = None) -> None:
        self._memory_bytes = memory_bytes
        self._folder = folder
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._held: list[EventBatch | tuple[EventClass, Path]] = []
        self._used = 0

    def add(self, batch: EventBatch) -> None:
        """Keep a batch."""
        size = memory_bytes(batch.frame)
        if self._used + size <= self._memory_bytes:
            self._used += size
            self._held.append(batch)
            return
        if self._temporary is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="vedette-", dir=self._folder)
        path = Path(self._temporary.name) / f"{len(self._held)}.arrow"
        batch.frame.write_ipc(path)
        self._held.append((batch.kind, path))

    def read(
        self, kind: EventClass, since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[EventBatch]:
        """Yield the batches of one class, in the order they came: all of them, whatever the stretch of time."""
        for held in self._held:
            if isinstance(held, EventBatch):
                if held.kind is kind:
                    yield held
            elif held[0] is kind:
                yield EventBatch(kind, pl.read_ipc(held[1]))

    def kinds(self) -> list[EventClass]:
        """Return the classes held, each once."""
        return sorted({h.kind if isinstance(h, EventBatch) else h[0] for h in self._held})

    def write_parquet(self, folder: Path) -> list[Path]:
        """Write a Parquet file per class and batch below ``folder``, as ``class=4001/part-00000.parquet``; return the files."""
        written = []
        for kind in self.kinds():
            target = folder / f"class={kind.value}"
            target.mkdir(parents=True, exist_ok=True)
            for number, batch in enumerate(self.read(kind)):
                path = target / f"part-{number:05}.parquet"
                batch.frame.write_parquet(path)
                written.append(path)
        return written

    def close(self) -> None:
        """Forget everything and remove the files."""
        self._held, self._used = [], 0
        if self._temporary is not None:
            self._temporary.cleanup()
            self._temporary = None
