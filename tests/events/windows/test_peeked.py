"""Looking at a stream before reading it."""

from __future__ import annotations

import io

import pytest

from vedette.events.windows.peeked import Peeked


@pytest.mark.parametrize("size", [1, 3, 100])
def test_every_byte_once(size: int) -> None:
    peeked = Peeked(io.BytesIO(b"abcdefgh"), 4)
    assert peeked.head == b"abcd"
    parts = []
    while part := peeked.read(size):
        parts.append(part)
    assert b"".join(parts) == b"abcdefgh"
    assert all(len(p) <= size for p in parts)
