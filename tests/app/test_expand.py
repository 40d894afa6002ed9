from __future__ import annotations

import bz2
import gzip
import io
import lzma
from collections.abc import Callable, Iterator
from typing import BinaryIO, cast

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.app.expand import CODECS, Codec, Pour, codec, expand
from vedette.app.limits import Budget, Limits
from vedette.errors import LimitError, SourceError

PACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstd": zstandard.ZstdCompressor(write_checksum=True).compress,
}
EACH = pytest.mark.parametrize("how", CODECS, ids=lambda c: c.name)


def unpacked(data: bytes, how: Codec, limits: Limits | None = None) -> Iterator[bytes]:
    return expand(io.BytesIO(data), how, Budget(limits or Limits(), packed_bytes=len(data)))


@EACH
def test_it_is_told_by_its_magic(how: Codec) -> None:
    assert codec(PACK[how.name](b"x")) is how
    assert codec(b"plain") is None


@EACH
@settings(max_examples=25, deadline=None)
@given(st.lists(st.binary(max_size=300), min_size=1, max_size=4), st.integers(0, 3000))
def test_all_members_come_out_with_padding_or_without(how: Codec, parts: list[bytes], repeat: int) -> None:
    parts = [p * (repeat % 500) for p in parts]
    padding = b"\0" * 8 if how.name in ("gzip", "xz") else b""
    packed = b"".join(map(PACK[how.name], parts))
    assert b"".join(unpacked(packed + padding, how)) == b"".join(parts)


@EACH
def test_an_early_end_comes_after_what_was_readable(how: Codec) -> None:
    data = bytes(range(256)) * 50_000
    packed = PACK[how.name](data)
    stream = Pour(unpacked(packed[:-6], how))
    got = stream.read()
    assert data.startswith(got)
    with pytest.raises(SourceError, match=r"compressed data end early|damaged"):
        stream.read(1)


@EACH
def test_damage_is_an_error_of_the_input(how: Codec) -> None:
    packed = bytearray(PACK[how.name](bytes(range(256)) * 500))
    packed[20:60] = bytes(40)
    with pytest.raises(SourceError):
        list(unpacked(bytes(packed), how))


@EACH
def test_pieces_stay_small_and_the_limit_stops_them(how: Codec) -> None:
    packed = PACK[how.name](bytes(1 << 26))
    pieces: list[int] = []
    with pytest.raises(LimitError, match="more than 1,000,000 bytes"):
        pieces.extend(map(len, unpacked(packed, how, Limits(max_member_bytes=1_000_000))))
    assert sum(pieces) <= 1_000_000


@given(st.lists(st.binary(max_size=9)), st.lists(st.integers(1, 20)), st.integers(0, 30))
def test_a_pour_is_its_chunks_however_it_is_read(chunks: list[bytes], sizes: list[int], peek: int) -> None:
    whole = b"".join(chunks)
    stream = Pour(iter(chunks))
    assert stream.peek(peek) == whole[:peek]
    got = b"".join(stream.read(size) for size in sizes)
    assert got == whole[: sum(sizes)]
    assert stream.given_bytes == len(got)
    assert stream.read() == whole[len(got) :]
    assert cast("BinaryIO", stream).read() == b""
