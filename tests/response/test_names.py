from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.errors import Refused
from vedette.model import Entity, EntityKind
from vedette.response import names

SYNTAX = set(" \t\r\n\0\"'`();|*\\&<>{}[]%,~^!?\u202e")
"""What is syntax somewhere; a back-slash stands in an account's name, and brackets around a message's."""


def mailbox(target: Entity, where: str) -> str:
    return names.mailbox(target.value, where)


GOOD: list[tuple[Callable[[Entity, str], object], EntityKind, str, str]] = [
    (names.host, EntityKind.HOST, "WEB-1.corp.example", "web-1.corp.example"),
    (names.host, EntityKind.HOST, "_gateway", "_gateway"),
    (names.host, EntityKind.ADDRESS, "10.0.0.5", "10.0.0.5"),
    (names.host, EntityKind.ADDRESS, "2001:db8::7", "2001:db8::7"),
    (names.account, EntityKind.USER, "bob", "bob"),
    (names.account, EntityKind.USER, "CORP\\bob", "CORP\\bob"),
    (names.account, EntityKind.USER, "WEB1$", "WEB1$"),
    (names.account, EntityKind.EMAIL, "bob@corp.example", "bob@corp.example"),
    (names.domain, EntityKind.DOMAIN, "Bad.Example.", "bad.example"),
    (names.domain, EntityKind.DOMAIN, "bücher.example", "xn--bcher-kva.example"),
    (names.domain, EntityKind.DOMAIN, "a._tcp.bad.example", "a._tcp.bad.example"),
    (mailbox, EntityKind.EMAIL, "Bob.B+x@corp.example", "bob.b+x@corp.example"),
    (names.message, EntityKind.MESSAGE, "<a1$b@x.example>", "<a1$b@x.example>"),
    (names.message, EntityKind.MESSAGE, " a1@x ", "<a1@x>"),
    (names.address, EntityKind.ADDRESS, "::ffff:203.0.113.7", "203.0.113.7"),
    (names.blockable, EntityKind.ADDRESS, "203.0.113.7", "203.0.113.7"),
]


@pytest.mark.parametrize(("check", "kind", "value", "taken"), GOOD)
def test_a_good_name_is_taken(check: Callable[[Entity, str], object], kind: EntityKind, value: str, taken: str) -> None:
    assert str(check(Entity(kind, value), "x")) == taken


BAD: list[tuple[Callable[[Entity, str], object], EntityKind, str]] = [
    (names.host, EntityKind.HOST, "-o"),
    (names.host, EntityKind.HOST, "a b"),
    (names.host, EntityKind.HOST, "a/b"),
    (names.host, EntityKind.USER, "web1"),
    (names.account, EntityKind.USER, "bob)(uid=*"),
    (names.account, EntityKind.USER, "a\\b\\c"),
    (names.account, EntityKind.USER, "-rf"),
    (names.account, EntityKind.USER, "böb"),
    (names.domain, EntityKind.DOMAIN, "example"),
    (names.domain, EntityKind.DOMAIN, "a..example"),
    (names.domain, EntityKind.DOMAIN, "x.example\nlocal-zone: . static"),
    (names.domain, EntityKind.DOMAIN, "10.0.0.1"),
    (names.domain, EntityKind.DOMAIN, "*.example"),
    (names.domain, EntityKind.DOMAIN, ("a" * 60 + ".") * 5 + "example"),
    (names.domain, EntityKind.DOMAIN, "\ud800.example"),
    (mailbox, EntityKind.EMAIL, "bob*master@corp.example"),
    (mailbox, EntityKind.EMAIL, "bob@corp.example\r\nA1 LOGOUT"),
    (mailbox, EntityKind.EMAIL, "bob"),
    (names.message, EntityKind.MESSAGE, '<a"@x>'),
    (names.message, EntityKind.MESSAGE, "<a@x> OR ALL"),
    (names.message, EntityKind.MESSAGE, "<a\\@x>"),
    (names.message, EntityKind.MESSAGE, "<a>"),
    (names.address, EntityKind.ADDRESS, "fe80::1%eth0"),
    (names.blockable, EntityKind.ADDRESS, "127.0.0.1"),
    (names.blockable, EntityKind.ADDRESS, "255.255.255.255"),
]


@pytest.mark.parametrize(("check", "kind", "value"), BAD)
def test_a_bad_one_is_refused(check: Callable[[Entity, str], object], kind: EntityKind, value: str) -> None:
    with pytest.raises(Refused):
        check(Entity(kind, value), "x")


CHECKS: list[tuple[Callable[[Entity, str], str], EntityKind, str]] = [
    (names.host, EntityKind.HOST, ""),
    (names.account, EntityKind.USER, "\\"),
    (names.domain, EntityKind.DOMAIN, ""),
    (mailbox, EntityKind.EMAIL, ""),
    (names.message, EntityKind.MESSAGE, "<>&'{}^!?|~%*`"),
]


@given(value=st.text(max_size=40) | st.from_regex(r"[a-z@.<>\\ \"'()*{}\n%-]{1,30}", fullmatch=True))
def test_what_passes_is_no_syntax_whatever_is_tried(value: str) -> None:
    for check, kind, allowed in CHECKS:
        try:
            passed = check(Entity(kind, value), "x")
        except Refused:
            continue
        assert passed.isascii()
        assert passed.isprintable()
        assert not set(passed) & (SYNTAX - set(allowed))
        assert not passed.startswith("-")
