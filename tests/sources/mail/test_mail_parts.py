from __future__ import annotations

import base64
import binascii
import email
import email.message
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.sources.mail.mail_headers import fields, split_head
from vedette.sources.mail.mail_parts import DEPTH_LIMIT, PARTS_LIMIT, Part, Parts, parts
from vedette.sources.mail.mail_text import decoded

LINES = (
    b"From: a@b.example",
    b"Content-Type: multipart/mixed; boundary=m",
    b"",
    b"ignored",
    b"--m",
    b"Content-Type: multipart/alternative; boundary=\"a b\"",
    b"",
    b"--a b",
    b"Content-Type: text/plain; charset=koi8-r",
    b"",
    b"text",
    b"--a b",
    b"Content-Type: text/html",
    b"Content-Transfer-Encoding: quoted-printable",
    b"",
    b"<p>a=3Db=",
    b"c</p>",
    b"--a b--",
    b"",
    b"--m  ",
    b"Content-Type: application/pdf; name=\"=?utf-8?q?r=C3=A9sum=C3=A9?=.pdf\"",
    b"Content-Transfer-Encoding: base64",
    b"Content-Disposition: attachment",
    b"",
    b"JVBERi0x",
    b"--m",
    b"",
    b"a bare part",
    b"--m--",
    b"ignored too",
)  # fmt: skip
WHOLE = b"\n".join(LINES)


def read(data: bytes) -> Parts:
    head, start = split_head(data, 0, len(data))
    return parts(data, start, fields(decoded(head)))


@pytest.mark.parametrize("data", [WHOLE, WHOLE.replace(b"\n", b"\r\n")], ids=["lf", "crlf"])
def test_the_leaves_of_a_message(data: bytes) -> None:
    found = read(data)
    assert [(p.kind, p.charset, p.name, p.attached, p.alternative) for p in found.leaves] == [
        ("text/plain", "koi8-r", "", False, 0),
        ("text/html", "", "", False, 0),
        ("application/pdf", "", "résumé.pdf", True, -1),
        ("text/plain", "", "", False, -1),
    ]
    assert [p.body(data) for p in found.leaves] == [b"text", b"<p>a=bc</p>", b"%PDF-1", b"a bare part"]
    assert found.defects == []


@pytest.mark.parametrize(
    ("head", "body", "kinds", "defects"),
    [
        (b"", b"hello", ["text/plain"], []),
        (b"Content-Type: nonsense", b"hello", ["text/plain"], []),
        (b"Content-Type: multipart/mixed", b"hello", ["text/plain"], ["parts without a boundary"]),
        (b"Content-Type: multipart/mixed; boundary=b", b"hello", ["text/plain"], ["no parts where there should be"]),
        (b"Content-Type: multipart/mixed; boundary=b", b"--b\n\nx", ["text/plain"], ["no end of the parts"]),
        (b"Content-Type: multipart/mixed; boundary=b", b"--b\n--b\n--b--", ["text/plain"] * 2, []),
        (b"Content-Type: multipart/mixed; boundary=b", b"--bb\n\nx\n--b-- ", ["text/plain"], ["no parts where there should be"]),
        (b"Content-Type: message/rfc822", b"Subject: x\n\ny", ["message/rfc822"], []),
    ],
)  # fmt: skip
def test_what_is_broken_is_read_and_named(head: bytes, body: bytes, kinds: list[str], defects: list[str]) -> None:
    found = read(b"From: a\n" + head + b"\n\n" + body)
    assert [p.kind for p in found.leaves] == kinds
    assert found.defects == defects


def test_limits_hold() -> None:
    level = b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n"
    deep = read(b"".join(level % (i, i) for i in range(100)) + b"\nx")
    assert len(deep.leaves) == 1
    assert "parts nested too deep" in deep.defects
    wide = read(b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 5000)
    assert len(wide.leaves) <= PARTS_LIMIT
    assert DEPTH_LIMIT < PARTS_LIMIT


@pytest.mark.parametrize(
    "data",
    [
        b"Content-Type: multipart/mixed; boundary=b\n\n"
        + b"--b\nContent-Type: multipart/mixed; boundary=b\n\n" * 50_000,
        b"Content-Type: multipart/mixed; boundary=b\n\n" + b"\n--b0" * 2_000_000,
        b"Content-Type: multipart/mixed; boundary=-\n\n" + b"\n---" * 2_000_000,
        b"Content-Type: text/plain" + b"; a=b" * 500_000 + b"\n\nx",
        b"Content-Type: application/x; name*0=a" + b"; name*1=a" * 100_000 + b"\n\nx",
        b"Content-Type: application/x\nContent-Transfer-Encoding: x-uuencode\n\n" + b"M\n" * 2_000_000,
        b"Content-Type: application/x\nContent-Transfer-Encoding: base64\n\n" + b"=A!" * 2_000_000,
    ],
    ids=["nested alike", "false boundaries", "dashes", "parameters", "continued", "uuencode", "base64"],
)
def test_bombs_cost_no_time(data: bytes) -> None:
    start = time.process_time()
    for leaf in read(data).leaves:
        leaf.body(data)
    assert time.process_time() - start < 3


def test_encodings_are_undone() -> None:
    plain = bytes(range(256)) * 3
    uu = b"begin 644 x\n" + b"".join(_uu(plain[i : i + 45]) for i in range(0, len(plain), 45)) + b"`\nend\n"
    for encoding, raw in (("base64", base64.encodebytes(plain)), ("x-uuencode", uu), ("8bit", plain), ("", plain)):
        assert Part("a/b", "", "", True, 0, len(raw), encoding).body(raw) == plain
    assert len(Part("a/b", "", "", True, 0, len(plain), "").body(plain, 10)) >= 10


def _uu(data: bytes) -> bytes:
    return binascii.b2a_uu(data)


def test_the_standard_library_sees_the_same_parts() -> None:
    told = email.message_from_bytes(WHOLE)
    leaves = [part for part in told.walk() if not part.is_multipart()]
    found = read(WHOLE)
    assert [p.get_content_type() for p in leaves] == [p.kind for p in found.leaves]
    for leaf, part in zip(leaves, found.leaves, strict=True):
        assert leaf.get_payload(decode=True) == part.body(WHOLE)


@given(st.lists(st.sampled_from(LINES), max_size=40), st.sampled_from([b"\n", b"\r\n", b"\r"]))
def test_lines_in_any_order_are_read(lines: list[bytes], end: bytes) -> None:
    data = end.join(lines)
    for leaf in read(data).leaves:
        assert 0 <= leaf.start <= leaf.end <= len(data)
        leaf.body(data)
