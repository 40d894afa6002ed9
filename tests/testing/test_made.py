from __future__ import annotations

from datetime import timedelta

import pytest

from vedette.model import EntityKind, Severity
from vedette.testing.made import NOON, entity, finding


@pytest.mark.parametrize(
    ("word", "kind", "value"),
    [
        ("user:bob", EntityKind.USER, "bob"),
        ("user:NT\\a:b", EntityKind.USER, "NT\\a:b"),
        ("user:", EntityKind.USER, ""),
        ("host:web1", EntityKind.HOST, "web1"),
        ("domain:a.example", EntityKind.DOMAIN, "a.example"),
        ("file:C:\\x", EntityKind.FILE, "C:\\x"),
        ("203.0.113.7", EntityKind.ADDRESS, "203.0.113.7"),
        ("2001:db8::1", EntityKind.ADDRESS, "2001:db8::1"),
    ],
)
def test_a_word_is_an_entity(word: str, kind: EntityKind, value: str) -> None:
    assert (entity(word).kind, entity(word).value) == (kind, value)


def test_words_and_minutes_become_a_finding() -> None:
    made = finding("203.0.113.7", "10.0.0.5 user:bob", "T1110 T1078", at=5, lasts=2)
    assert [str(t) for t in made.targets] == ["10.0.0.5", "bob"]
    assert made.techniques == ("T1110", "T1078")
    assert made.last_seen - NOON == timedelta(minutes=7)
    assert made.first_seen - NOON == timedelta(minutes=5)
    assert sum(r.weight for r in made.reasons) == made.score  # as the contract of Reason has it


def test_nobody_is_nobody_and_what_is_given_wins() -> None:
    made = finding("", "", "", severity=Severity.LOW, uid="x")
    assert (made.actors, made.targets, made.techniques) == ((), (), ())
    assert (made.severity, made.uid) == (Severity.LOW, "x")


def test_findings_that_differ_have_ids_that_differ() -> None:
    cases = [("a", "b", "T1"), ("a b", "", "T1"), ("a", "", "b T1")]
    made = [finding(*case) for case in cases] + [finding("a", "b", "T1", at=1)]
    assert len({f.uid for f in made}) == len(made)
