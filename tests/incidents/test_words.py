from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.incidents.words import NAME_LIMIT, defanged, name, names, network, period, span, visible
from vedette.model import Entity, EntityKind
from vedette.testing.made import entity


@given(st.text())
def test_what_is_shown_is_printable_and_plain_text_stays(text: str) -> None:
    assert visible(text).isprintable()
    assert not text.isprintable() or visible(text) == text


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("a\x00", r"a\x00"),
        ("\u202egpj.exe", r"\u202egpj.exe"),
        ("a\nb", r"a\nb"),
        ("\udc80", r"\udc80"),
        ("Zoë", "Zoë"),
    ],
)
def test_hidden_characters_become_visible(text: str, want: str) -> None:
    assert visible(text) == want


def test_a_name_is_one_word_of_bounded_length() -> None:
    assert name(entity("user:a b")) == "a␣b"
    assert name(Entity(EntityKind.USER, "")) == "(empty)"
    assert len(name(Entity(EntityKind.USER, "x" * 999))) == NAME_LIMIT


@pytest.mark.parametrize(
    ("words", "sampled", "want"),
    [
        ("", False, "somebody"),
        ("10.0.0.5", False, "10.0.0.5"),
        ("10.0.0.5 user:bob user:eve", False, "10.0.0.5"),
        ("10.0.0.5 10.0.0.9", False, "10.0.0.0/24"),
        ("10.0.0.5 10.1.0.9", False, "2 addresses"),
        ("host:a host:b host:c", True, "many hosts"),
        ("2001:db8::1 2001:db8::2", False, "2001:db8::/64"),
    ],
)
def test_several_are_named_as_one(words: str, *, sampled: bool, want: str) -> None:
    assert names([entity(w) for w in words.split()], sampled=sampled) == want


def test_mail_addresses_of_one_domain_are_named_by_it() -> None:
    several = [Entity(EntityKind.EMAIL, v) for v in ("a@b.example", "c@B.example")]
    assert names(several, sampled=True) == "*@b.example"
    assert names([*several, Entity(EntityKind.EMAIL, "d@e.example")]) == "3 mail addresses"
    assert names([*several, Entity(EntityKind.EMAIL, "nobody")]) == "3 mail addresses"


def test_a_url_is_no_link() -> None:
    assert name(Entity(EntityKind.URL, "HTTP://1.2.3.4:8/x.exe")) == "hxxp://1[.]2[.]3[.]4:8/x.exe"
    assert defanged("bad.example") == "bad[.]example"
    assert defanged("javascript:alert(1)") == "javascript:alert(1)"


def test_no_addresses_share_no_network() -> None:
    assert network([]) == network([entity("host:a"), entity("host:b")]) == ""


@pytest.mark.parametrize(
    ("length", "want"),
    [
        (timedelta(0), "an instant"),
        (timedelta(milliseconds=52), "0.052 s"),
        (timedelta(seconds=12), "12 s"),
        (timedelta(seconds=60), "1 min"),
        (timedelta(days=3, hours=4, minutes=5), "3 days 4 h"),
    ],
)
def test_durations(length: timedelta, want: str) -> None:
    assert span(length) == want


def test_the_date_is_said_once_for_one_day_and_twice_for_two() -> None:
    start = datetime(2026, 11, 22, 23, 59, tzinfo=UTC)
    assert period(start, start) == "22 November 2026, 23:59:00 UTC"
    assert period(start, start + timedelta(minutes=2)) == (
        "22 November 2026, 23:59:00 to 23 November 2026, 00:01:00 UTC (2 min)"
    )


@pytest.mark.parametrize(
    ("words", "want"),
    [
        ("10.0.0.1 10.0.0.99", "10.0.0.0/24"),
        ("10.0.0.1 99.1.1.1", "many addresses"),
        ("10.0.0.1", "10.0.0.1"),
        ("host:a host:z", "many hosts"),
    ],
)
def test_the_first_and_the_last_of_many_speak_for_those_between(words: str, want: str) -> None:
    assert names([entity(w) for w in words.split()], ends=True) == want


def test_a_bare_number_of_an_account_says_what_it_is() -> None:
    assert name(Entity(EntityKind.ACCOUNT, "4547")) == "account 4547"
    assert name(Entity(EntityKind.COUNTERPARTY, "1611")) == "counterparty 1611"
    assert name(Entity(EntityKind.ACCOUNT, "card-17")) == "card-17"
