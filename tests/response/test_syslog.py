from __future__ import annotations

import re

import pytest

from vedette.response.syslog import PRIORITIES, counted, head, lined, message


def test_a_line_gets_a_head() -> None:
    got = message(b"CEF:0|a|b\n", 5, "watch.example", "cef").decode()
    assert re.fullmatch(
        r"<130>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z watch\.example vedette - cef - CEF:0\|a\|b", got
    )


def test_a_message_gets_the_name_of_the_machine() -> None:
    line = f"{head('131', '2026-11-22T12:00:00Z', '-', 'scan')} {{}}\n".encode()
    assert message(line, 1, "watch", "x") == b"<131>1 2026-11-22T12:00:00Z watch vedette - scan - {}"


@pytest.mark.parametrize("line", [b"<script> vedette", b"CEF:0| - vedette ", b"", b"<1>", b"<1>1 x y vedette - - - z"])
def test_what_only_looks_like_a_head(line: bytes) -> None:
    assert message(line, 1, "h", "x").endswith(b" h vedette - x - " + line)


def test_a_message_has_one_line() -> None:
    assert b"\n" not in message(b"a\nb\n<1>1 evil\n", 1, "h", "x")


def test_in_a_stream_a_length_says_where_a_message_ends() -> None:
    assert counted([b"abc", b"", "é".encode()]) == b"3 abc0 2 \xc3\xa9"
    assert lined([b"abc", b"d"]) == b"abc\nd\n"


def test_what_is_graver_comes_first() -> None:
    assert [PRIORITIES[n] % 8 for n in (1, 2, 3, 4, 5)] == [6, 5, 4, 3, 2]
