from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.sources.mail import Mail
from vedette.sources.mail.mail_message import FILES_LIMIT, RAW_HEADER_KEPT, message, originating
from vedette.sources.mail.mail_page import HTML_LIMIT, LINKS_LIMIT, TEXT_KEPT

HEAD = b"From: Ada <ada@sender.example>\nSubject: x\nDate: Thu, 5 Mar 2026 09:01:12 +0100\n"


def alternative(plain: bytes, html: bytes) -> bytes:
    return (
        HEAD
        + b"Content-Type: multipart/alternative; boundary=m\n\n--m\n\n"
        + plain
        + b"\n--m\nContent-Type: text/html\n\n"
        + html
        + b"\n--m--\n"
    )


def test_html_stands_for_the_plain_text_beside_it() -> None:
    it = message(alternative(b"plain http://a.example http://b.example", b"<p>html <a href=http://a.example>x</a>"))
    assert (it.text, it.plain, it.html_size) == ("html x", "plain http://a.example http://b.example", 38)
    assert list(it.links) == [("http://a.example", "x"), ("http://b.example", "http://b.example")]


def test_texts_that_stand_after_each_other_are_all_read() -> None:
    it = message(
        HEAD + b"Content-Type: multipart/mixed; boundary=m\n\n--m\n\none\n--m\nContent-Type: text/html\n\n<p>two\n--m\n"
        b"Content-Transfer-Encoding: base64\n\ndGhyZWU=\n--m--\n"
    )
    assert (it.text, it.plain, it.base64_texts) == ("one\ntwo\nthree", "", 1)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"MZ\x90", "program"),
        (b"PK\x03\x04", "zip"),
        (b"%PDF-1.4", "pdf"),
        (b"  <!DOCTYPE html><p>", "html"),
        (b"\x00" * 0x8001 + b"CD001", "iso"),
        (b"Rar!\x1a", "rar"),
        (b"hello", ""),
        (b"", ""),
    ],
)
def test_an_attachment_is_what_its_first_bytes_say(body: bytes, kind: str) -> None:
    it = message(
        HEAD + b'Content-Type: image/png; name="a.png"\nContent-Disposition: attachment\nContent-Transfer-Encoding: base64\n\n'
        + base64.encodebytes(body)
    )  # fmt: skip
    assert [(f.name, f.mime_type, f.size_bytes, f.kind) for f in it.files] == [("a.png", "image/png", len(body), kind)]
    assert it.text == ""


def test_a_forwarded_message_is_an_attachment() -> None:
    it = message(HEAD + b"Content-Type: message/rfc822\n\nSubject: inner\n\nhttp://a.example\n")
    assert [f.mime_type for f in it.files] == ["message/rfc822"]
    assert not it.links


@pytest.mark.parametrize(
    ("value", "name", "address"),
    [
        (b"Ada <ada@a.example>", "Ada", "ada@a.example"),
        (b"Prizes , <x@a.example>", "Prizes", "x@a.example"),
        (b'"a@b.example" <x@a.example>', "a@b.example", "x@a.example"),
        (b"nobody", "nobody", ""),
    ],
)
def test_whom_it_is_from(value: bytes, name: str, address: str) -> None:
    it = message(b"From: " + value + b"\n\n")
    assert it.sender == (name, address)


def test_texts_and_lists_are_bounded() -> None:
    it = message(HEAD + b"X: " + b"y" * 20_000 + b"\n" * 2 + b"http://a.example/%d " * 20_000)
    assert len(it.raw_head) == RAW_HEADER_KEPT
    assert len(it.text) == TEXT_KEPT
    assert len(it.links) <= LINKS_LIMIT
    pages = b"--m\nContent-Type: text/html\n\n" + b"<p>" + b"x" * (HTML_LIMIT // 2) + b"\n"
    it = message(HEAD + b"Content-Type: multipart/mixed; boundary=m\n\n" + pages * 5)
    assert it.html_size == HTML_LIMIT
    files = b"--m\nContent-Type: a/b\n\nx\n"
    it = message(HEAD + b"Content-Type: multipart/mixed; boundary=m\n\n" + files * 1000)
    assert len(it.files) <= FILES_LIMIT


def test_originating_addresses() -> None:
    assert originating({"x-originating-ip": ["[192.0.2.1]", " 2001:DB8::1 ", "nothing"]}) == [
        "192.0.2.1",
        "2001:db8::1",
    ]
    assert originating({}) == []


def test_the_same_bytes_give_the_same_values() -> None:
    data = Mail.example().data
    assert message(data) == message(data)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_message(data: bytes) -> None:
    message(data)
    message(HEAD + data)
    message(HEAD + b"Content-Type: text/html\n\n" + data)
