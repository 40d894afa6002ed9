"""Every law of sources can fail: a good source passes, and one broken in a single point breaks that law."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

import polars as pl
import pytest

from vedette.abc import Example, Source
from vedette.errors import SourceError
from vedette.events.batch import EventBatch, Rejects
from vedette.events.lines import blocks
from vedette.events.schema import SCHEMAS, EventClass
from vedette.testing.laws import broken

_COLUMNS = ("time", "message", "metadata.sequence")
_SCHEMA = {c: SCHEMAS[EventClass.EVENT_LOG][c] for c in _COLUMNS}


class Ticks(Source):
    """Reads lines of microseconds and a word: ``tick 17 hello``."""

    name = "ticks"
    emits = (EventClass.EVENT_LOG,)

    @classmethod
    def example(cls) -> Example:
        return Example(b"tick 1 one\ntick 2 two\ntick 3 three\n", "a.ticks", 3)

    @classmethod
    def sniff(cls, head: bytes, filename: str) -> bool:
        return head.startswith(b"tick ")

    def read(self, stream: BinaryIO) -> Iterator[EventBatch]:
        rows, rejects = [], Rejects(self.name)
        for block in blocks(stream):
            for n, line in enumerate(block.lines(), block.sequence):
                parts = line.split(b" ", 2)
                if len(parts) == 3 and parts[0] == b"tick" and parts[1].isdigit() and len(parts[1]) < 15:
                    rows.append((int(parts[1]), parts[2].decode("utf-8", "replace"), n))
                else:
                    rejects.add(sequence=n, offset=block.offset, reason="not a tick", raw=line)
        frame = pl.DataFrame(rows, schema={**_SCHEMA, "time": pl.Int64}, orient="row")
        yield EventBatch(EventClass.EVENT_LOG, frame.with_columns(pl.col("time").cast(_SCHEMA["time"])))
        if rejects:
            yield rejects.batch()


class Stranger(Ticks):
    """Does not know its own."""

    @classmethod
    def sniff(cls, head: bytes, filename: str) -> bool:
        return False


class Greedy(Ticks):
    """Takes everything."""

    @classmethod
    def sniff(cls, head: bytes, filename: str) -> bool:
        return True


class Hasty(Ticks):
    """Takes what one read gives for the whole."""

    def read(self, stream: BinaryIO) -> Iterator[EventBatch]:
        import io  # noqa: PLC0415

        yield from super().read(io.BytesIO(stream.read(1 << 20)))


class Lossy(Ticks):
    """Drops a row."""

    def read(self, stream: BinaryIO) -> Iterator[EventBatch]:
        for batch in super().read(stream):
            known = batch.kind is EventClass.EVENT_LOG
            yield EventBatch(batch.kind, batch.frame.filter(pl.col("message") != "two")) if known else batch


class Undeclared(Ticks):
    """Emits what it does not declare."""

    emits = (EventClass.DNS_ACTIVITY,)


class Nameless(Ticks):
    """Gives rows without a number."""

    def read(self, stream: BinaryIO) -> Iterator[EventBatch]:
        for batch in super().read(stream):
            yield replace(batch, frame=batch.frame.drop("metadata.sequence"))


class Fragile(Ticks):
    """Falls over a line that is not UTF-8 or not a tick."""

    def read(self, stream: BinaryIO) -> Iterator[EventBatch]:
        for batch in super().read(stream):
            if batch.kind is EventClass.REJECT:
                raise ValueError("boom")
            yield batch


class Torn(Ticks):
    """Takes half a line for a whole record."""

    @classmethod
    def cut(cls, data: bytes) -> int:
        return data.rfind(b" ") + 1


class Late(Ticks):
    """Takes what stood before for a record."""

    @classmethod
    def preamble(cls, data: bytes) -> bytes:
        return data


class Document(Ticks):
    """Is never read in parts: allowed."""

    @classmethod
    def cut(cls, data: bytes) -> int:
        return -1


class Strict(Ticks):
    """Gives up at the first bad line, in words: allowed."""

    def read(self, stream: BinaryIO) -> Iterator[EventBatch]:
        for batch in super().read(stream):
            if batch.kind is EventClass.REJECT:
                raise SourceError("not ticks")
            yield batch


@pytest.mark.parametrize(
    ("source", "breaks"),
    [
        (Ticks, set()),
        (Strict, set()),
        (Stranger, {"knows_its_own"}),
        (Greedy, {"knows_no_other", "knows_no_noise"}),
        (Hasty, {"reads_alike_however_the_stream_splits"}),
        (Lossy, {"loses_no_record"}),
        (Torn, {"reads_in_parts_what_it_reads_whole"}),
        (Late, {"reads_in_parts_what_it_reads_whole"}),
        (Document, set()),
        (Undeclared, {"emits_what_it_says"}),
        (Nameless, {"emits_what_it_says"}),
        (Fragile, {"survives_hostile_bytes"}),
    ],
)
def test_each_law_can_fail(source: type[Source], breaks: set[str]) -> None:
    assert broken(source) == breaks
