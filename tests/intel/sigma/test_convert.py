"""What pySigma makes of modifiers, in our words."""

from __future__ import annotations

import base64

import pytest

from vedette.intel.sigma.tree import (
    Absent,
    And,
    Atom,
    Compare,
    Network,
    Node,
    Not,
    Or,
    Pattern,
    Present,
    SameAs,
    Text,
    TimePart,
    Wild,
)
from vedette.testing.sigma import rule_text, rules_of

MANY, ONE = Wild.MANY, Wild.ONE


def _tree(detection: str, condition: str = "sel", **placeholders: tuple[str, ...]) -> Node:
    read = rules_of(rule_text(f"{detection}\ncondition: {condition}"), placeholders=placeholders)
    assert not read.issues, read.issues
    return read.rules[0].condition


@pytest.mark.parametrize(
    ("item", "test"),
    [
        ("F: abc", Text(("abc",))),
        ("F: 4688", Text(("4688",))),
        ("F: true", Text(("true",))),
        ("F: ''", Text(())),
        ("F: 'a*b?c'", Text(("a", MANY, "b", ONE, "c"))),
        (r"F: 'a\*b'", Text(("a*b",))),
        (r"F: 'c:\\x'", Text(("c:\\x",))),
        ("F|contains: abc", Text((MANY, "abc", MANY))),
        ("F|startswith: abc", Text(("abc", MANY))),
        ("F|endswith: abc", Text((MANY, "abc"))),
        ("F|cased: Abc", Text(("Abc",), cased=True)),
        ("F|contains|cased: Abc", Text((MANY, "Abc", MANY), cased=True)),
        ("F: null", Absent()),
        ("F|exists: true", Present()),
        ("F|exists: false", Absent()),
        ("F|cidr: 10.0.0.0/8", Network("10.0.0.0/8")),
        ("F|re: 'a.+b$'", Pattern("a.+b$")),
        ("F|re|i: 'a.+b'", Pattern("a.+b", "i")),
        ("F|re|i|m|s: 'a.+b'", Pattern("a.+b", "ims")),
        ("F|lt: 5", Compare("<", 5)),
        ("F|lte: 5", Compare("<=", 5)),
        ("F|gt: 5", Compare(">", 5)),
        ("F|gte: 5.5", Compare(">=", 5.5)),
        ("F|fieldref: G", SameAs("G")),
        ("F|fieldref|startswith: G", SameAs("G", starts=True)),
        ("F|fieldref|endswith: G", SameAs("G", ends=True)),
        ("F|hour: 3", TimePart("hour", 3)),
        ("F|base64: abc", Text((base64.b64encode(b"abc").decode(),))),
        ("F|wide|base64: ab", Text((base64.b64encode("ab".encode("utf-16-le")).decode(),))),
    ],
)
def test_a_modifier(item: str, test: Text) -> None:
    assert _tree(f"sel:\n    {item}") == Atom("F", test)


def test_lists_all_and_negation() -> None:
    a, b = Atom("F", Text((MANY, "a", MANY))), Atom("F", Text((MANY, "b", MANY)))
    assert _tree("sel:\n    F|contains: [a, b]") == Or((a, b))
    assert _tree("sel:\n    F|contains|all: [a, b]") == And((a, b))
    assert _tree("sel:\n    F|contains|neq: a") == Not(a)
    assert _tree("sel:\n    F|contains: a\nfilter:\n    F|contains: b", "sel and not filter") == And((a, Not(b)))
    assert _tree("s1:\n    F|contains: a\ns2:\n    F|contains: b", "1 of s*") == Or((a, b))
    assert _tree("s1:\n    F|contains: a\ns2:\n    F|contains: b", "all of them") == And((a, b))


def test_dashes_and_offsets_are_alternatives() -> None:
    dashes = _tree("sel:\n    F|windash|contains: ' -x'")
    assert isinstance(dashes, Or)
    assert {Atom("F", Text((MANY, f" {d}x", MANY))) for d in "-/\u2013\u2014\u2015"} == set(dashes.nodes)
    offsets = _tree("sel:\n    F|base64offset|contains: foobar")
    assert isinstance(offsets, Or)
    assert len(offsets.nodes) == 3


def test_keywords_are_looked_for_inside() -> None:
    assert _tree("keywords: [abc, 'd*']", "keywords") == Or(
        (Atom(None, Text((MANY, "abc", MANY))), Atom(None, Text((MANY, "d", MANY))))
    )


def test_placeholders_become_their_values() -> None:
    tree = _tree("sel:\n    F|expand: '%names%'", names=("ada", "b*"))
    assert tree == Or((Atom("F", Text(("ada",))), Atom("F", Text(("b", MANY)))))
    [issue] = rules_of(rule_text("sel:\n    F|expand: '%names%'\ncondition: sel")).issues
    assert "%names%" in issue.message


def test_placeholders_are_bounded() -> None:
    values = tuple(str(n) for n in range(40))
    read = rules_of(rule_text("sel:\n    F|expand: '%n%%n%'\ncondition: sel"), placeholders={"n": values})
    assert "1,000" in read.issues[0].message
