from __future__ import annotations

from datetime import UTC, datetime

import polars as pl

from vedette.response.pairs import LINE_ENDS, Pair, by_family, lines, listed, milliseconds, pairs_of, text

ROWS = pl.DataFrame(
    {
        "ip": ["192.0.2.1", "2001:db8::1", None],
        "n": [1, None, 3],
        "who": [["a", None, "b=c"], [], None],
        "at": [datetime(2026, 11, 22, tzinfo=UTC), None, None],
    }
)


def test_pairs_that_say_nothing_are_left_out() -> None:
    pairs = (
        Pair("v4", by_family("ip", ipv6=False)),
        Pair("v6", by_family("ip", ipv6=True), label="Six"),
        Pair("n", text("n")),
        Pair("who", listed("who"), most=5),
        Pair("at", milliseconds("at")),
    )
    assert ROWS.select(pairs_of(pairs, {"=": "\\="}, " ")).to_series().to_list() == [
        "v4=192.0.2.1 n=1 who=a, b\\= at=1795305600000",
        "v6Label=Six v6=2001:db8::1",
        "n=3",
    ]


def test_a_line_per_row() -> None:
    assert lines(ROWS, pl.format('say "{}", y', text("n").fill_null(""))) == b'say "1", y\nsay "", y\nsay "3", y\n'
    assert lines(ROWS, text("n").fill_null("-")) == b"1\n-\n3\n"
    assert lines(ROWS.clear(), text("n")) == b""


def test_line_ends_are_those_that_readers_know() -> None:
    found = {chr(n) for n in range(0x11_0000) if n not in range(0xD800, 0xE000) and len(f"a{chr(n)}b".splitlines()) > 1}
    assert found <= set(LINE_ENDS)
