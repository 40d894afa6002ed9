"""Chunks become events: the same sources as for a file, chunk by chunk."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

import polars as pl

from vedette.abc import Chunk, Origin, Source
from vedette.app.intake import HEAD_BYTES, Input, open_descriptor
from vedette.app.limits import Limits
from vedette.app.walk import printable
from vedette.config import Config
from vedette.errors import SourceError
from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.plugins import discover, readers
from vedette.transports.links import open_below

MOST_INPUTS = 10_000
"""Inputs whose format and record numbers are remembered; of more, those that were silent for longest are forgotten."""

_NUMBER = "metadata.sequence"


class LiveReader:
    """Reads chunks; remembers of each input its source and how many records it had.

    Args:
        config: the settings: the zone of local times, the limits of archives.

    Attributes:
        troubles: input -> what was wrong with its last chunk, in words; removed when a chunk is read whole.
        rejects: records that could not be read, and chunks that no source reads, in all.
    """

    def __init__(self, config: Config, limits: Limits) -> None:
        self._zone, self._limits = config.time.tzinfo, limits
        self._inputs: dict[str, tuple[str, int]] = {}
        self.troubles: dict[str, str] = {}
        self.rejects = 0

    def read(self, chunk: Chunk, arrival: datetime) -> Iterator[tuple[str, EventBatch]]:
        """Yield input name and batch; what cannot be read is counted and told, and stops nothing."""
        self.troubles.pop(chunk.input, None)
        try:
            if chunk.path is not None:
                yield from self._file(chunk, chunk.path)
            elif chunk.data:
                yield from self._part(chunk, arrival)
        except SourceError as error:
            self._trouble(chunk.input, error.message)
        except Exception as error:  # noqa: BLE001 - the edge of plug-ins: the chunk is in the log, and others follow
            self._trouble(chunk.input, f"the source broke: {type(error).__name__}: {str(error)[:200]}")

    def _part(self, chunk: Chunk, arrival: datetime) -> Iterator[tuple[str, EventBatch]]:
        before, done = self._inputs.pop(chunk.input, ("", 0))
        source = self._source(chunk, before)
        if source is None:
            self._inputs[chunk.input] = (before, done)
            self._trouble(chunk.input, "no source reads this format")
            return
        read = 0
        try:
            stream = io.BytesIO(chunk.preamble + chunk.data)
            for batch in source(Origin(chunk.input, arrival, self._zone)).read(stream):
                read += batch.records
                yield chunk.input, self._counted(_numbered(batch, done))
        finally:
            self._inputs[chunk.input] = ("" if source.fallback else source.name, done + read)
            if len(self._inputs) > MOST_INPUTS:
                del self._inputs[next(iter(self._inputs))]

    def _source(self, chunk: Chunk, before: str) -> type[Source] | None:
        """Return who reads a chunk: whom the transport names, who knows it by its first bytes, or who read the input before."""
        known = discover(Source)
        if chunk.source in known:
            return known[chunk.source]
        takers = readers((chunk.preamble + chunk.data)[:HEAD_BYTES], chunk.filename)
        if takers and not takers[0].fallback:
            return known[before] if known.get(before) in takers else takers[0]
        return known.get(before) or (takers[0] if takers else None)

    def _file(self, chunk: Chunk, path: Path) -> Iterator[tuple[str, EventBatch]]:
        """Read a file where it lies; who may write its folder may have put anything in its place meanwhile."""
        folder = Path(chunk.input)
        try:
            descriptor = open_below(folder if path.is_relative_to(folder) else path.parent, path)
        except OSError as error:
            self._trouble(chunk.input, f"{printable(str(path))}: cannot be read: {error.strerror}")
            return
        try:
            yield from self._opened(chunk, open_descriptor(str(path), descriptor, self._limits))
        finally:
            os.close(descriptor)

    def _opened(self, chunk: Chunk, inputs: Iterator[Input]) -> Iterator[tuple[str, EventBatch]]:
        for item in inputs:
            if item.source is None:
                self._trouble(chunk.input, f"{item.name}: {item.skipped}")
            for batch in item.batches(self._zone):
                yield item.name, self._counted(batch)
            if item.account.error:
                self._trouble(chunk.input, f"{item.name}: {item.account.error}")

    def _counted(self, batch: EventBatch) -> EventBatch:
        if batch.kind is EventClass.REJECT:
            self.rejects += batch.records
        return batch

    def _trouble(self, name: str, why: str) -> None:
        self.rejects += 1
        if len(self.troubles) < MOST_INPUTS:
            self.troubles[name] = why

    def dump(self) -> dict[str, tuple[str, int]]:
        """Return input -> source and records so far."""
        return dict(self._inputs)

    def load(self, inputs: Mapping[str, tuple[str, int]]) -> None:
        """Take what ``dump`` returned."""
        self._inputs = {name: (source, number) for name, (source, number) in inputs.items()}


def _numbered(batch: EventBatch, done: int) -> EventBatch:
    """Return the batch with record numbers that go on where the input's last chunk ended."""
    if not done or _NUMBER not in batch.frame.columns:
        return batch
    return EventBatch(batch.kind, batch.frame.with_columns(pl.col(_NUMBER) + done), batch.records)
