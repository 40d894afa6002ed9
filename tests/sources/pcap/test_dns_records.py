"""Names and records: text for every type, an end to every loop."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.sources.pcap.dns_records import (
    ANSWER_LIMIT,
    class_name,
    rdata_text,
    read_answers,
    read_name,
    type_name,
    visible,
)
from vedette.testing.payloads import dns_name


@pytest.mark.parametrize(
    ("raw", "offset", "name", "after"),
    [
        (dns_name("a.B.example"), 0, "a.b.example", 13),
        (b"\0", 0, ".", 1),
        (b"\x03com\0\x01a\xc0\x00!", 5, "a.com", 9),
        (b"\x03a.b\0", 0, "a\\.b", 5),
        (b"\x03a\x00b\0", 0, "a\\x00b", 5),
        (b"\x02\xc3\xa9\0", 0, "\\xc3\\xa9", 4),
        (b"\x02a\\\0", 0, "a\\\\", 4),
        (b"\x05_ldap\0", 0, "_ldap", 7),
    ],
)
def test_names(raw: bytes, offset: int, name: str, after: int) -> None:
    assert read_name(raw, offset) == (name, after)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xc0\x00",
        b"\x01a\xc0\x00",
        b"\xc0\x02\xc0\x00",
        b"\xc0\xff",
        b"\xc0",
        b"\x05ab",
        b"\x40a\0",
        b"\x3f" * 300 + b"\0",
        (b"\x3f" + b"a" * 63) * 4 + b"\0",
        b"\x01a" * 200 + b"\0",
    ],
)
def test_malformed_names(raw: bytes) -> None:
    with pytest.raises(ValueError, match="malformed name"):
        read_name(raw, 0)


SOA = dns_name("ns.example") + dns_name("root.example") + struct.pack("!5I", 1, 2, 3, 4, 5)


@pytest.mark.parametrize(
    ("kind", "data", "text"),
    [
        (1, bytes((192, 0, 2, 1)), "192.0.2.1"),
        (1, b"abc", "616263"),
        (28, bytes.fromhex("20010db8" + "0" * 23 + "1"), "2001:db8::1"),
        (5, dns_name("a.example"), "a.example"),
        (15, b"\0\x0a" + dns_name("mail.example"), "10 mail.example"),
        (16, b"\x03one\x04two\x00", "one two\\x00"),
        (16, b"\xffcut", "cut"),
        (33, struct.pack("!HHH", 1, 2, 5060) + dns_name("sip.example"), "1 2 5060 sip.example"),
        (6, SOA, "ns.example root.example 1 2 3 4 5"),
        (257, b"\0\x05issueca.example", "0 issue ca.example"),
        (65, b"\0\x01\0\0\x01\0\x03\x02h2", "1 . 00010003026832"),
        (10, b"\x00\xff", "00ff"),
        (9_999, b"ab", "6162"),
    ],
)
def test_record_data(kind: int, data: bytes, text: str) -> None:
    assert rdata_text(data, kind, 0, len(data)) == text


def test_numbers_have_names() -> None:
    assert [type_name(n) for n in (1, 28, 65, 4_000)] == ["A", "AAAA", "HTTPS", "TYPE4000"]
    assert [class_name(n) for n in (1, 0x8001, 3, 9)] == ["IN", "IN", "CH", "CLASS9"]


def test_answers_are_bounded() -> None:
    record = b"\0" + struct.pack("!HHIH", 1, 1, 9, 4) + bytes(4)
    answers, whole = read_answers(record * 1_000, 0, 1_000)
    assert (len(answers[0].split("\x1f")), whole) == (ANSWER_LIMIT, False)


def test_compression_does_not_blow_up() -> None:
    name = (b"\x3f" + b"\xff" * 63) * 3 + b"\0"
    record = b"\0" + struct.pack("!HHIH", 5, 1, 9, 2) + b"\xc0\x00"
    answers, whole = read_answers(name + record * 200, len(name), 200)
    assert not whole
    assert len(answers[0]) <= 2 * len(name + record * 200) + 1_000


@settings(deadline=5_000)
@given(st.binary(max_size=600), st.integers(0, 600), st.integers(0, 65_535))
def test_noise_is_no_error(raw: bytes, offset: int, count: int) -> None:
    answers, _ = read_answers(raw, offset, count)
    assert len({text.count("\x1f") for text in answers}) == 1


@settings(deadline=5_000)
@given(st.binary())
def test_visible_is_printable_ascii(raw: bytes) -> None:
    text = visible(raw)
    assert text.isascii()
    assert text.isprintable()
