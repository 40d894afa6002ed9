from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.sources.mail.mail_headers import (
    FIELD_LIMIT,
    FIELDS_LIMIT,
    MAILBOXES_LIMIT,
    fields,
    mailboxes,
    parameters,
    split_head,
    value_of,
)


@pytest.mark.parametrize(
    ("data", "head", "body"),
    [
        (b"A: b\n\nbody", b"A: b\n", b"body"),
        (b"A: b\r\nC: d\r\n e\r\n\r\nbody", b"A: b\nC: d\n e\n", b"body"),
        (b"A: b\rC: d\r\rbody", b"A: b\nC: d\n", b"body"),
        (b"A: b\nDear Sir\n\nbody", b"A: b\n", b"Dear Sir\n\nbody"),
        (b"A: b\r\nDear Sir\r\n", b"A: b\n", b"Dear Sir\r\n"),
        (b"From me Thu\nA: b\n\nbody", b"A: b\n", b"body"),
        (b">From me Thu\nA: b\n\nbody", b"A: b\n", b"body"),
        (b"A: b", b"A: b", b""),
        (b"\n\nbody", b"", b"\nbody"),
        (b"no field here\n\nbody", b"", b"no field here\n\nbody"),
        (b"A: one\rtwo\nB: c\n\n", b"A: one two\nB: c\n", b""),
        (b"", b"", b""),
    ],
)
def test_a_head_ends_where_its_fields_end(data: bytes, head: bytes, body: bytes) -> None:
    found, start = split_head(data, 0, len(data))
    assert (found, data[start:]) == (head, body)


def test_fields_are_unfolded_and_repeated_ones_kept_in_order() -> None:
    head = fields("Received: one\n two\nSubject:  x \nreceived: three\nEmpty:\nno colon\n")
    assert head == {"received": ["one two", "three"], "subject": ["x "], "empty": [""]}
    assert value_of(head, "received") == "one two"
    assert value_of(head, "absent") == ""


def test_a_head_has_bounded_fields() -> None:
    assert sum(len(v) for v in fields("A: b\n" * 5000).values()) == FIELDS_LIMIT
    assert len(fields("A: " + "b" * 10**6)["a"][0]) == FIELD_LIMIT


@pytest.mark.parametrize(
    ("value", "word", "told"),
    [
        ("text/plain", "text/plain", {}),
        ("Text/HTML ; Charset=UTF-8;", "text/html", {"charset": "UTF-8"}),
        ('multipart/mixed; boundary="a;b\\"c"', "multipart/mixed", {"boundary": 'a;b"c'}),
        ("a/b; name*=utf-8''%e2%82%ac.exe", "a/b", {"name": "€.exe"}),
        ("a/b; name*1=b; name*0=a", "a/b", {"name": "ab"}),
        ("a/b; x=1; x=2", "a/b", {"x": "1"}),
        ('a/b; name="not closed', "a/b", {"name": "not closed"}),
        ("", "", {}),
    ],
)
def test_parameters_are_read(value: str, word: str, told: dict[str, str]) -> None:
    assert parameters(value) == (word, told)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a@b.example", [("", "a@b.example")]),
        ("Ada <A@B.example>", [("Ada", "a@b.example")]),
        ('"support@bank.example" <x@evil.example>', [("support@bank.example", "x@evil.example")]),
        ('"Last, First" <a@b.example>, c@d.example', [("Last, First", "a@b.example"), ("", "c@d.example")]),
        ("=?utf-8?q?a=40b=2Eexample?= <x@evil.example>", [("a@b.example", "x@evil.example")]),
        ("=?utf-8?q?Ada_=3Ca=40b.example=3E?=", [("Ada", "a@b.example")]),
        ("a@b.example (Ada)", [("", "a@b.example")]),
        ("team: a@b.example, c@d.example;", [("", "a@b.example"), ("", "c@d.example")]),
        ("nobody", [("nobody", "")]),
        ("<>", []),
        ("Ada <not an address>", [("Ada", "not an address")]),
        ("", []),
        (", ,;", []),
    ],
)
def test_mailboxes_are_read(value: str, expected: list[tuple[str, str]]) -> None:
    assert [tuple(m) for m in mailboxes(value)] == expected


def test_mailboxes_are_bounded() -> None:
    assert len(mailboxes("a@b.example, " * 5000)) == MAILBOXES_LIMIT


@given(st.text(alphabet='ab@.<>",;:()\\ =?utf-8q\t', max_size=120))
def test_any_field_is_read(text: str) -> None:
    mailboxes(text)
    parameters(text)
    fields(text)


@given(st.binary(max_size=120))
def test_any_bytes_have_a_head(data: bytes) -> None:
    _, start = split_head(data, 0, len(data))
    assert 0 <= start <= len(data)


@pytest.mark.parametrize("piece", ['"', "(", "<", "\\", ";", ":", "a@", '"\\', "; a=", '; a="', "a*0*=x;", " "])
def test_hostile_fields_cost_no_time(piece: str) -> None:
    start = time.process_time()
    text = piece * FIELD_LIMIT
    mailboxes(text[:FIELD_LIMIT])
    parameters(text[:FIELD_LIMIT])
    fields(text)
    assert time.process_time() - start < 2
