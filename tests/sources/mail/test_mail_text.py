from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.sources.mail.mail_text import base64_bytes, decoded, known, unworded


@pytest.mark.parametrize(
    ("data", "charset", "text"),
    [
        (b"plain", "", "plain"),
        ("Grüße".encode(), "utf-8", "Grüße"),
        ("Grüße".encode("cp1252"), "utf-8", "Grüße"),
        ("Grüße".encode(), "us-ascii", "Grüße"),
        (b"\x93quoted\x94", "iso-8859-1", "“quoted”"),
        ("привет".encode("koi8-r"), "KOI8-R", "привет"),
        ("你好".encode("gbk"), "gb2312", "你好"),
        ("你好世界".encode("big5"), '"Big5"', "你好世界"),
        ("안녕".encode("cp949"), "ks_c_5601-1987", "안녕"),
        ("こんにちは".encode("iso2022_jp"), "iso-2022-jp", "こんにちは"),
        (b"a\0b", "utf-8", "ab"),
        (b"x\x81", "", "x\x81"),
        (b"ab", "punycode", "ab"),
        (b"ab", "rot13", "ab"),
        (b"ab", "no such thing", "ab"),
        (b"+2AA-x", "utf-7", "\ufffdx"),
        (("ä" * 200).encode()[:-1], "utf-8", "ä" * 199 + "\ufffd"),
        (b"", "utf-16", ""),
    ],
)
def test_text_is_read_as_declared_or_as_it_can_be(data: bytes, charset: str, text: str) -> None:
    assert decoded(data, charset) == text


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("plain", "plain"),
        ("=?utf-8?q?a_b=3F?=", "a b?"),
        ("=?UTF-8?B?4oKs?= =?utf-8?B?NQ==?=", "€5"),
        ("=?utf-8?q?=E2=82?=\t=?utf-8?q?=AC?=", "€"),
        ("Re: =?iso-8859-1?q?caf=E9?= (x)", "Re: café (x)"),
        ("=?utf-8*en?q?a?=", "a"),
        ("=?utf-8?q?a b?=", "a b"),
        ("=?nonsense?q?=E9?=", "é"),
        ("=?utf-8?x?a?= =?", "=?utf-8?x?a?= =?"),
        ("=?utf-8?b?!!!?=", ""),
        ("a =?utf-8?q?b?= c =?utf-8?q?d?= e", "a b c d e"),
    ],
)
def test_encoded_words_are_decoded(written: str, text: str) -> None:
    assert unworded(written) == text


def test_a_charset_that_is_none_has_no_codec() -> None:
    assert known("UTF-8") == "utf-8"
    assert not any(known(name) for name in ("", "unicode_escape", "idna", "hex", "x" * 100, "utf-8\0", "../utf-8"))


@given(
    st.binary(max_size=200), st.sampled_from(["", "utf-8", "utf-7", "utf-16", "hz", "iso-2022-jp", "cp1252", "big5"])
)
def test_any_bytes_are_text_that_can_be_written(data: bytes, charset: str) -> None:
    decoded(data, charset).encode()
    base64_bytes(data)


@given(st.text(alphabet="=?utf-8qb +A?_\t\u00e9", max_size=200))
def test_any_words_are_decoded(text: str) -> None:
    unworded(text).encode()


@pytest.mark.parametrize("piece", ["=?", "=?utf-8?q?", "=?utf-8?q?a?= ", "=?a?b?" + "A" * 50 + "?= x "])
def test_abuse_of_encoded_words_costs_no_time(piece: str) -> None:
    start = time.process_time()
    unworded(piece * 20_000)
    assert time.process_time() - start < 2
