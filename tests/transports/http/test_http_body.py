"""Bodies are received and unpacked, and none costs more than it may."""

from __future__ import annotations

import asyncio
import gzip
import tracemalloc
import zlib
from collections.abc import Callable, Mapping
from typing import Any

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from vedette.transports.http.http_body import Memory, Receive, received, unpacked
from vedette.transports.http.http_request import Trouble

MOST = 1 << 20


def raw_deflate(data: bytes) -> bytes:
    unit = zlib.compressobj(wbits=-15)
    return unit.compress(data) + unit.flush()


PACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "Deflate": raw_deflate,
    "zstd": zstandard.compress,
    "identity": bytes,
    "": bytes,
}


@pytest.mark.parametrize("encoding", PACK)
@pytest.mark.parametrize("size", [0, 1, 5000, MOST])
def test_unpacked(encoding: str, size: int) -> None:
    data = (b'{"a":1}\n' * (size // 8 + 1))[:size]
    assert unpacked(PACK[encoding](data), encoding, MOST) == data


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_pieces_one_behind_the_other(encoding: str) -> None:
    assert unpacked(PACK[encoding](b"a\n") + PACK[encoding](b"b\n"), encoding, MOST) == b"a\nb\n"


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "Deflate", "zstd"])
def test_a_bomb_does_not_go_off(encoding: str) -> None:
    bomb = PACK[encoding](bytes(60 << 20))
    tracemalloc.start()
    try:
        assert unpacked(bomb, encoding, MOST) is Trouble.TOO_LARGE
        assert tracemalloc.get_traced_memory()[1] < 12 << 20
    finally:
        tracemalloc.stop()


def test_many_small_bombs() -> None:
    assert unpacked(gzip.compress(bytes(MOST // 2)) * 3, "gzip", MOST) is Trouble.TOO_LARGE
    assert unpacked(zstandard.compress(bytes(MOST // 2)) * 3, "zstd", MOST) is Trouble.TOO_LARGE


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "zstd"])
def test_damaged(encoding: str) -> None:
    whole = PACK[encoding](bytes(range(256)) * 40)
    for data in (whole[:-9], b"not packed at all", whole[: len(whole) // 2]):
        assert unpacked(data, encoding, MOST) is Trouble.DAMAGED


@pytest.mark.parametrize("encoding", ["br", "snappy", "gzip, gzip", "x" * 1000])
def test_encodings_that_are_not_known(encoding: str) -> None:
    assert unpacked(b"", encoding, MOST) is Trouble.ENCODING


@given(st.sampled_from(["gzip", "deflate", "zstd"]), st.binary(max_size=200))
def test_any_bytes(encoding: str, data: bytes) -> None:
    found = unpacked(data, encoding, 1000)
    assert isinstance(found, Trouble) or len(found) <= 1000


def receiver(parts: list[bytes], *, wait: float = 0, cut: bool = False) -> Receive:
    rest = list(parts)

    async def receive() -> Mapping[str, Any]:
        await asyncio.sleep(wait)
        if not rest:
            assert cut
            return {"type": "http.disconnect"}
        part = rest.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(rest) or cut}

    return receive


def test_received() -> None:
    memory = Memory(100)
    assert asyncio.run(received(receiver([b"ab", b"", b"c"]), 10, 1, memory)) == b"abc"
    assert not memory.take(98), "what is returned stays taken"
    assert memory.take(97)


@pytest.mark.parametrize(
    ("receive", "trouble"),
    [
        (receiver([b"x" * 6, b"x" * 6]), Trouble.TOO_LARGE),
        (receiver([b"x"] * 9, wait=0.02), Trouble.SLOW),
        (receiver([b"x"], cut=True), Trouble.SLOW),
        (receiver([b"x" * 5, b"x" * 5]), Trouble.BUSY),
    ],
)
def test_not_received(receive: Receive, trouble: Trouble) -> None:
    memory = Memory(7)
    assert asyncio.run(received(receive, 10, 0.05, memory)) is trouble
    assert memory.take(7), "everything is given back"
