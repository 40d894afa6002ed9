"""How the tests of this folder read frames they made."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import polars as pl
import pytest

from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass
from vedette.sources.pcap import Pcap
from vedette.testing.packets import PcapWriter

START_US = 1_700_000_000_000_000
Reader = Callable[..., pl.DataFrame]


def capture(frames: Sequence[bytes | tuple[float, bytes]], link: int = 1) -> bytes:
    """Return a classic capture; a frame without a time comes a millisecond after the one before."""
    stream = io.BytesIO()
    writer = PcapWriter(stream, link=link)
    for number, item in enumerate(frames):
        seconds, frame = item if isinstance(item, tuple) else (number / 1000, item)
        writer.write(START_US + round(seconds * 1_000_000), frame)
    return stream.getvalue()


def read(data: bytes, chunk_bytes: int = 1 << 24) -> list[EventBatch]:
    """Read a capture in chunks of the given size."""
    source = Pcap()
    source.chunk_bytes = chunk_bytes  # type: ignore[misc]
    return list(source.read(io.BytesIO(data)))


def rows(batches: Sequence[EventBatch], kind: EventClass = EventClass.NETWORK_ACTIVITY) -> pl.DataFrame:
    """Return the rows of one class."""
    frames = [b.frame for b in batches if b.kind is kind]
    return pl.concat(frames, how="diagonal") if frames else pl.DataFrame(schema=SCHEMAS[kind])


@pytest.fixture(name="capture", scope="session")
def _capture() -> Callable[..., bytes]:
    return capture


@pytest.fixture(name="read", scope="session")
def _read() -> Callable[..., list[EventBatch]]:
    return read


@pytest.fixture(name="rows", scope="session")
def _rows() -> Callable[..., pl.DataFrame]:
    return rows


@pytest.fixture(scope="session")
def flows() -> Reader:
    """Return a function from frames (and a link type) to flows, which sees to it that every packet is accounted for."""

    def flows_of(frames: Sequence[bytes | tuple[float, bytes]], link: int = 1) -> pl.DataFrame:
        batches = read(capture(frames, link))
        assert sum(b.records for b in batches) == len(frames)
        return rows(batches)

    return flows_of
