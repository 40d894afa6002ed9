"""HTTP/1 heads and lengths."""

from __future__ import annotations

import pytest

from vedette.sources.pcap.http_head import Head, body_length, chunked_length, read_head

WHOLE = b"GET /path HTTP/1.1\r\nHost: a\r\nHost: b\r\nX: y\r\n\r\n"


def test_a_head_is_waited_for() -> None:
    assert all(read_head(WHOLE[:n], final=False) is None for n in range(len(WHOLE)))


def test_a_head() -> None:
    head = Head((b"GET", b"/path", b"HTTP/1.1"), {b"host": b"a"}, len(WHOLE), ("several host headers",))
    assert read_head(WHOLE + b"body", final=False) == head
    assert read_head(b"\r\n" + WHOLE, final=False) == head._replace(size=len(WHOLE) + 2)


@pytest.mark.parametrize(
    ("headers", "length"),
    [
        ({b"content-length": b"7"}, 7),
        ({}, 0),
        ({b"content-length": b"x"}, None),
        ({b"transfer-encoding": b"chunked"}, 1),
    ],
)
def test_lengths(headers: dict[bytes, bytes], length: int | None) -> None:
    head = Head((b"POST", b"/", b"HTTP/1.1"), headers, 4, ())
    assert body_length(head, b"head1\r\nx\r\n0\r\n\r\n")[0] == length


@pytest.mark.parametrize(
    ("body", "length", "passed"),
    [
        (b"0\r\n\r\nrest", 0, 5),
        (b"3;x=y\r\nabc\r\n0\r\nTrailer: x\r\n\r\n", 3, 29),
        (b"ff\r\nabc", None, 4 + 255 + 2),
        (b"zz\r\nabc", None, 7),
        (b"-1\r\nabc", None, 7),
        (b"fffffffff\r\n", None, 11),
        (b"", None, 0),
    ],
)
def test_chunks(body: bytes, length: int | None, passed: int) -> None:
    assert chunked_length(b"head" + body, 4) == (length, passed)
