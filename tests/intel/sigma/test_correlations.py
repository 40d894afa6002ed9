from __future__ import annotations

from datetime import timedelta

import pytest

from vedette.intel.sigma.rule import Correlation
from vedette.testing.sigma import rule_text, rules_of

BASE = rule_text("sel:\n    F: 1\ncondition: sel", title="Base", more="name: base")
OTHER = rule_text("sel:\n    F: 2\ncondition: sel", title="Other", more="name: other")


def _correlation(kind: str, condition: str = "", rules: str = "[base, other]", more: str = "") -> str:
    asked = f"    condition: {condition}\n" if condition else ""
    return (
        f"title: Together\nlevel: high\ncorrelation:\n    type: {kind}\n    rules: {rules}\n    group-by: [User]\n"
        f"    timespan: 5m\n{asked}{more}"
    )


@pytest.mark.parametrize(
    ("kind", "condition", "low", "high"),
    [
        ("event_count", "{gte: 3}", 3, None),
        ("event_count", "{gt: 3}", 4, None),
        ("event_count", "{lte: 3}", None, 3),
        ("event_count", "{lt: 3}", None, 2),
        ("event_count", "{eq: 3}", 3, 3),
        ("value_count", "{gte: 3, field: Image}", 3, None),
        ("temporal", "", 2, None),
        ("temporal_ordered", "", 2, None),
    ],
)
def test_kinds_and_bounds(kind: str, condition: str, low: int | None, high: int | None) -> None:
    read = rules_of(BASE, OTHER, _correlation(kind, condition))
    assert not read.issues
    [made] = read.correlations
    assert isinstance(made, Correlation)
    assert (made.kind, made.low, made.high, made.span) == (kind, low, high, timedelta(minutes=5))
    assert made.group_by == ("User",)
    assert made.counted == ("Image" if "field" in condition else "")
    assert [r.silent for r in read.rules] == [True, True]
    assert set(made.rules) == {r.uid for r in read.rules}


def test_rules_that_are_to_give_hits_of_their_own() -> None:
    read = rules_of(BASE, OTHER, _correlation("temporal", more="    generate: true\n"))
    assert [r.silent for r in read.rules] == [False, False]


def test_aliases_name_a_field_per_rule() -> None:
    more = "    aliases:\n        who: {base: User, other: SourceUser}\n"
    read = rules_of(BASE, OTHER, _correlation("temporal", more=more))
    by_name = {r.name: r.uid for r in read.rules}
    assert read.correlations[0].aliases == {"who": {by_name["base"]: "User", by_name["other"]: "SourceUser"}}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (_correlation("event_count", "{gte: 1}", "[absent]"), "absent"),
        (_correlation("value_sum", "{gte: 1, field: F}"), "value_sum"),
        (_correlation("event_count", "{gte: 1}").replace("5m", "5q"), "5q"),
    ],
    ids=["rule", "kind", "timespan"],
)
def test_what_cannot_be_matched_is_told(text: str, words: str) -> None:
    read = rules_of(BASE, OTHER, text)
    assert not read.correlations
    assert words in read.issues[0].message
    assert len(read.rules) == 2


def test_a_correlation_of_correlations_is_told() -> None:
    first = _correlation("event_count", "{gte: 2}", "[base]") + "name: first\n"
    second = _correlation("event_count", "{gte: 2}", "[first]")
    read = rules_of(BASE, first, second)
    assert len(read.correlations) == 1
    assert "first" in read.issues[0].message
