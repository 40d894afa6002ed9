"""Every law of sinks can fail."""

from __future__ import annotations

import itertools

import pytest

from vedette.abc import Sink
from vedette.events.batch import EventBatch
from vedette.testing.laws import broken

_COUNTER = itertools.count()


class Lines(Sink):
    """A line per row, of escaped text."""

    name = "lines"
    media_type = "text/plain"

    def encode(self, batch: EventBatch) -> bytes:
        rows = batch.frame.select("time", "metadata.log_name", "message").rows()
        return b"".join(ascii(row).encode() + b"\n" for row in rows)

    def frames(self, data: bytes) -> int:
        return data.count(b"\n")


class Raw(Lines):
    """Trusts the values."""

    def encode(self, batch: EventBatch) -> bytes:
        return b"".join(f"{row[0]}\n".encode() for row in batch.frame.select("message").rows())


class Numbered(Lines):
    """Counts its calls."""

    def encode(self, batch: EventBatch) -> bytes:
        rows = batch.frame.height
        return b"".join(b"%d\n" % next(_COUNTER) for _ in range(rows))


@pytest.mark.parametrize(
    ("sink", "breaks"),
    [(Lines, set()), (Raw, {"frames_survive_hostile_values"}), (Numbered, {"encoding_is_pure"})],
)
def test_each_law_can_fail(sink: type[Sink], breaks: set[str]) -> None:
    assert broken(sink) == breaks
