from __future__ import annotations

import polars as pl
import pytest

from vedette.sources.weblog.request_line import split_requests, unescaped


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("GET / HTTP/1.1", ("GET", "/", "1.1")),
        ("GET /", ("GET", "/", None)),
        ("GET /a b c HTTP/1.0", ("GET", "/a b c", "1.0")),
        ("get / http/1.1", ("get", "/", "1.1")),
        ("OPTIONS / RTSP/1.0", ("OPTIONS", "/", "1.0")),
        ("CONNECT mail.example:25 HTTP/1.1", ("CONNECT", "mail.example:25", "1.1")),
        ("VERSION-CONTROL /x HTTP/1.1", ("VERSION-CONTROL", "/x", "1.1")),
    ],
)
def test_parts(line: str, parts: tuple[str | None, ...]) -> None:
    assert split_requests(pl.DataFrame({"line": [line]})).row(0) == (None, *parts)


@pytest.mark.parametrize("line", ["", "-", "\\x16\\x03\\x01 \\x00", "GET", "GET ", " / HTTP/1.1", "M" * 40 + " /"])
def test_what_is_no_request_stays(line: str) -> None:
    assert split_requests(pl.DataFrame({"line": [line]})).row(0) == (line, None, None, None)


@pytest.mark.parametrize(
    ("logged", "sent"),
    [
        (r"a\"b", 'a"b'),
        (r"a\x22b", 'a"b'),
        (r"a\\b", r"a\b"),
        (r"a\x5Cb", r"a\b"),
        (r"a\\x22", r"a\x22"),
        (r"a\\\"b", 'a\\"b'),
        ("a\0\\\\", "a\0\\\\"),
        (r"\x16", r"\x16"),
        ("plain", "plain"),
    ],
)
def test_quotes_and_backslashes_as_they_were_sent(logged: str, sent: str) -> None:
    assert pl.DataFrame({"v": [logged]}).select(unescaped("v")).item() == sent
