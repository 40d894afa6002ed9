"""What the words of every step may be."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from vedette.app.drill.step import DomainName, Port, Range, Step, Who, Words, spoken

GOOD = [
    (Port, "1", 1),
    (Port, "65535", 65_535),
    (Range, ["3", "3"], (3, 3)),
    (Words, "COMMAND=/usr/bin/du -sh '/srv'", "COMMAND=/usr/bin/du -sh '/srv'"),
    (DomainName, "_ipp._tcp.local", "_ipp._tcp.local"),
    (DomainName, "a" * 63, "a" * 63),
    (Who, "pc", "pc"),
]
BAD = [
    (Port, "0"),
    (Port, "65536"),
    (Port, "1.5"),
    (Range, ["2", "1"]),
    (Range, ["1"]),
    (Words, "one\n"),
    (Words, "\x7f"),
    (DomainName, ""),
    (DomainName, "a.example."),
    (DomainName, "a.example\n"),
    (DomainName, "a" * 64),
    (DomainName, "a." * 126 + "aa"),
    (DomainName, "straße.example"),
    (Who, "nobody"),
    (Who, ""),
]


@pytest.mark.parametrize(("kind", "text", "value"), GOOD)
def test_words_that_mean_something(kind: type, text: object, value: object) -> None:
    assert TypeAdapter(kind).validate_python(text, context={"cast": {"pc": ()}}) == value


@pytest.mark.parametrize(("kind", "text"), BAD)
def test_words_that_do_not(kind: type, text: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(text, context={"cast": {"pc": ()}})


def test_without_a_cast_nobody_is_known() -> None:
    with pytest.raises(ValidationError, match="nobody in the cast is called 'pc'"):
        TypeAdapter(Who).validate_python("pc")


def test_a_protocol_that_nobody_speaks_is_told_with_those_that_are() -> None:
    check = spoken({"tls": 1, "dns": 2}).func
    assert check("dns") == "dns"  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="'gopher'; there are: dns, tls"):
        check("gopher")  # type: ignore[call-arg]


def test_a_step_cannot_change_while_it_plays() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Step(title="t").title = "u"
