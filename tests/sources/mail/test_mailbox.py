from __future__ import annotations

import io
import time
from typing import BinaryIO, cast

import pytest

from vedette.errors import SourceError
from vedette.sources.mail import mailbox
from vedette.sources.mail.mailbox import is_envelope, letters, whole_letters
from vedette.testing.laws.source import ShortReads

LINE = b"From ada@b.example Thu Mar  5 08:01:12 2026\n"


def read(data: bytes) -> list[bytes]:
    return [it.data for it in letters(io.BytesIO(data))]


def test_a_file_of_one_message_is_one() -> None:
    assert read(b"Subject: x\n\nFrom here on\n\nFrom there 2026\n") == [
        b"Subject: x\n\nFrom here on\n\nFrom there 2026\n"
    ]
    assert read(b"") == []


def test_a_mailbox_is_split_at_the_lines_between_its_messages() -> None:
    data = (
        LINE
        + b"A: 1\n\none\n\n"
        + LINE
        + b"A: 2\n\ntwo\n\nFrom here on no year\n>From me\n>>From you\n\n"
        + LINE.replace(b"\n", b"\r\n")
    )
    assert read(data) == [b"A: 1\n\none\n", b"A: 2\n\ntwo\n\nFrom here on no year\nFrom me\n>From you\n", b""]


def test_offsets_and_sizes_add_up() -> None:
    data = b"".join(LINE + b"A: %d\n\n" % i + b"x" * i * 100 + b"\n\n" for i in range(50))
    for it in letters(io.BytesIO(data)):
        assert data[it.offset :].startswith(it.data)
        assert it.size_bytes == len(it.data)


@pytest.mark.parametrize("seed", range(5))
def test_it_is_split_alike_however_the_stream_splits(seed: int) -> None:
    data = b"".join(LINE + b"A: %d\n\nbody\n\n" % i for i in range(40))
    assert [it.data for it in letters(cast("BinaryIO", ShortReads(data, seed)))] == read(data)


def test_of_a_message_beyond_the_limit_the_rest_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "MESSAGE_LIMIT_BYTES", 5000)
    monkeypatch.setattr(mailbox, "READ_BYTES", 512)
    big = b"A: 1\n\n" + b"x" * 20_000 + b"\n"
    (one,) = letters(io.BytesIO(big))
    assert (len(one.data), one.size_bytes) == (5000, len(big))
    first, second = letters(io.BytesIO(LINE + big + b"\n" + LINE + b"A: 2\n\n"))
    assert (first.data, first.size_bytes) == (big[:5000], len(big))
    assert (second.data, second.offset) == (b"A: 2\n", 2 * len(LINE) + len(big) + 1)


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_the_last_message_is_as_it_would_be_before_another(end: bytes) -> None:
    last = list(letters(io.BytesIO(LINE + b"A: 1\n\none\n" + end)))
    before = list(letters(io.BytesIO(LINE + b"A: 1\n\none\n" + (end or b"\n") + LINE + b"A: 2\n")))
    assert last == before[:1]


def test_messages_are_whole_up_to_the_next_that_begins() -> None:
    box = LINE + b"A: 1\n\none\n\n" + LINE + b"A: 2\n\nFrom here on no date\n\nFrom here on too\n"
    assert whole_letters(box) == len(LINE) + 11
    assert whole_letters(LINE + b"A: 1\n\none\n") == 0


class Breaking(io.RawIOBase):
    """A stream that breaks off."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self._parts = [data]

    def read(self, size: int = -1) -> bytes:
        if not self._parts:
            raise SourceError("breaks off")
        return self._parts.pop()


@pytest.mark.parametrize("data", [b"A: 1\n\nx", LINE + b"A: 1\n\nx\n\n" + LINE + b"A: 2\n"])
def test_what_stands_before_a_break_is_read(data: bytes) -> None:
    found = letters(cast("BinaryIO", Breaking(data)))
    for expected in read(data):
        last = next(found)
        assert last.data == expected
    assert last.cut
    with pytest.raises(SourceError, match="breaks off"):
        next(found)


def test_a_line_between_messages_has_a_year() -> None:
    assert is_envelope(LINE)
    assert is_envelope(b"From - Thu Mar  5 08:01:12 2026 +0100\r\n")
    assert not is_envelope(b"From here on\n")
    assert not is_envelope(b"From: a@b.example 2026\n")
    assert not is_envelope(b"From " + b"x" * 1000 + b"2026\n")


@pytest.mark.parametrize(
    "piece", [b"\n\nFrom ", b"\n\nFrom 1234", b"\n\nFrom " + b"1" * 440 + b"x" * 60 + b"\n", b"\n\n", b"\n>From "]
)
def test_hostile_mailboxes_cost_no_time(piece: bytes) -> None:
    data = LINE + piece * (4_000_000 // len(piece))
    start = time.process_time()
    assert sum(it.size_bytes for it in letters(io.BytesIO(data))) <= len(data)
    assert time.process_time() - start < 5
