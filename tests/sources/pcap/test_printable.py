"""Printable text from any bytes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.sources.pcap.printable import FIELD_LIMIT, printable


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"plain", "plain"),
        ("naïve ✓".encode(), "naïve ✓"),
        (b"a\x00\r\n\x1b[31m", "a\\x00\\x0d\\x0a\\x1b[31m"),
        (b"\xff\xfe", "\\xff\\xfe"),
        ("\u202e\U000e0041".encode(), "\\u202e\\U000e0041"),
        (b"", ""),
    ],
)
def test_printable(raw: bytes, text: str) -> None:
    assert printable(raw) == text


@settings(deadline=5_000)
@given(st.binary(max_size=2 * FIELD_LIMIT))
def test_always_printable_and_bounded(raw: bytes) -> None:
    text = printable(raw)
    assert text.isprintable()
    assert len(text) <= 4 * FIELD_LIMIT
