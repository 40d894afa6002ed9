"""The laws of sources."""

from __future__ import annotations

import io
import random
from collections.abc import Iterable, Iterator
from typing import BinaryIO, cast

import polars as pl
from polars.testing import assert_frame_equal

from vedette.abc import Origin, Source
from vedette.errors import SourceError
from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.plugins import discover

HEAD_BYTES = 4096
MUTATIONS = 60


class ShortReads(io.RawIOBase):
    """A stream that gives fewer bytes than asked for, as pipes and sockets do."""

    def __init__(self, data: bytes, seed: int) -> None:
        super().__init__()
        self._rest = data
        self._random = random.Random(seed)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        n = len(self._rest) if size < 0 else min(size, self._random.choice((1, 2, 3, 7, 64, 500)))
        out, self._rest = self._rest[:n], self._rest[n:]
        return out

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast("bytearray", buffer))
        data = self.read(len(view))
        view[: len(data)] = data
        return len(data)


def read_all(source: type[Source], stream: BinaryIO | io.RawIOBase) -> list[EventBatch]:
    """Read a stream to its end as ``source``."""
    return list(source(Origin("example")).read(cast("BinaryIO", stream)))


def tables(batches: Iterable[EventBatch]) -> dict[EventClass, pl.DataFrame]:
    """Return the rows of each class in one frame, in the order they came."""
    frames: dict[EventClass, list[pl.DataFrame]] = {}
    for batch in batches:
        frames.setdefault(batch.kind, []).append(batch.frame)
    return {kind: pl.concat(parts, how="diagonal") for kind, parts in frames.items()}


def knows_its_own(source: type[Source]) -> None:
    """It sniffs its own example, also when all that is known is the bytes."""
    example = source.example()
    assert source.sniff(example.data[:HEAD_BYTES], example.filename)
    assert source.sniff(example.data[:HEAD_BYTES], "")


def knows_no_other(source: type[Source]) -> None:
    """It sniffs no other source's example, even under a name of its own."""
    own = source.example().filename
    for name, other in discover(Source).items():
        if other is not source and name != source.name:
            example = other.example()
            for filename in (example.filename, own):
                assert not source.sniff(example.data[:HEAD_BYTES], filename), f"takes {name} for its own"


def knows_no_noise(source: type[Source]) -> None:
    """It sniffs neither noise, nor zeros, nor nothing, nor plain words."""
    own = source.example().filename
    noise = [random.Random(seed).randbytes(HEAD_BYTES) for seed in range(20)]
    for head in (
        *noise,
        b"",
        bytes(HEAD_BYTES),
        b"It was a dark and stormy night.\n" * 100,
        b"{}\n[]\n",
        b"a,b,c\n1,2,3\n",
    ):
        assert not source.sniff(head, own), f"takes {head[:20]!r} for its own"


def reads_alike_however_the_stream_splits(source: type[Source]) -> None:
    """Splitting the input anywhere gives the same rows."""
    data = source.example().data
    whole = tables(read_all(source, io.BytesIO(data)))
    for seed in range(5):
        split = tables(read_all(source, ShortReads(data, seed)))
        assert split.keys() == whole.keys(), "classes differ when the stream splits"
        for kind, frame in whole.items():
            assert_frame_equal(frame, split[kind], check_column_order=False)


def reads_in_parts_what_it_reads_whole(source: type[Source]) -> None:
    """However an input grows: its whole records, each part behind what must stand before it, give the rows of the whole."""
    example = source.example()
    if source.cut(example.data) < 0:
        return
    at_once = read_all(source, io.BytesIO(example.data))
    whole, records = tables(at_once), sum(b.records for b in at_once)
    for seed in range(5):
        batches = [b for part in _parts(source, example.data, seed) for b in read_all(source, io.BytesIO(part))]
        assert sum(b.records for b in batches) == records, "parts have other records than the whole"
        split = tables(batches)
        assert split.keys() == whole.keys(), "classes differ when the input is read in parts"
        for kind, frame in whole.items():
            assert_frame_equal(_said(frame), _said(split[kind]), check_column_order=False)


def _parts(source: type[Source], data: bytes, seed: int) -> Iterator[bytes]:
    """Yield the parts of an input that grows by chance, as they would be read."""
    rng = random.Random(seed)
    before = held = b""
    at = 0
    while at < len(data):
        size = rng.choice((1, 30, 200, 1000))
        held, at = held + data[at : at + size], at + size
        end = source.cut(held)
        if end > 0:
            yield before + held[:end]
            before, held = source.preamble(before + held[:end]), held[end:]
    if held:
        yield before + held


def _said(frame: pl.DataFrame) -> pl.DataFrame:
    """Return what rows say, without the numbers of their records, which begin anew with each part."""
    return frame.select(c for c in frame if c.null_count() < len(c) and c.name != "metadata.sequence")


def loses_no_record(source: type[Source]) -> None:
    """Rows and rejects account for every record, and a valid example has no reject."""
    example = source.example()
    batches = read_all(source, io.BytesIO(example.data))
    assert sum(b.records for b in batches) == example.records, "rows and rejects do not add up to the records"
    assert not [b for b in batches if b.kind is EventClass.REJECT], "rejects a part of its own example"


def emits_what_it_says(source: type[Source]) -> None:
    """Classes are declared, rows carry their record's number, and no two records are one."""
    batches = read_all(source, io.BytesIO(source.example().data))
    got = {b.kind for b in batches}
    assert got, "makes nothing of its own example"
    assert got <= {*source.emits, EventClass.REJECT}, f"emits {got - set(source.emits)} undeclared"
    for batch in batches:
        assert "metadata.sequence" in batch.frame.columns, f"{batch.kind.name} rows have no metadata.sequence"
        assert batch.frame["metadata.sequence"].null_count() == 0, f"{batch.kind.name} rows lack metadata.sequence"


def survives_hostile_bytes(source: type[Source]) -> None:
    """On mutated, cut and stretched input it raises nothing but SourceError."""
    data = source.example().data
    for seed in range(MUTATIONS):
        try:
            read_all(source, io.BytesIO(mutated(data, seed)))
        except SourceError:
            continue


def mutated(data: bytes, seed: int) -> bytes:
    """Return ``data`` with bytes flipped, cut out, repeated or put in, and perhaps an early end."""
    rng = random.Random(seed)
    out = bytearray(data)
    for _ in range(rng.randint(1, 12)):
        at = rng.randrange(len(out) + 1)
        match rng.randrange(4):
            case 0 if at < len(out):
                out[at] = rng.choice((0, 10, 34, 255, rng.randrange(256)))
            case 1:
                del out[at : at + rng.randint(1, 40)]
            case 2:
                out[at:at] = out[at : at + rng.randint(1, 200)]
            case _:
                out[at:at] = rng.randbytes(rng.randint(1, 8))
    return bytes(out[: rng.randrange(len(out) + 1)] if rng.random() < 1 / 3 else out)


LAWS = (
    knows_its_own,
    knows_no_other,
    knows_no_noise,
    reads_alike_however_the_stream_splits,
    reads_in_parts_what_it_reads_whole,
    loses_no_record,
    emits_what_it_says,
    survives_hostile_bytes,
)
