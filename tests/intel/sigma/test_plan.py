"""A plan finds what asking every rule of every event, one by one, finds."""

from __future__ import annotations

import re

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from vedette.events.schema import EventClass
from vedette.intel.sigma.plan import Plan
from vedette.intel.sigma.rule import Logsource, Rule
from vedette.intel.sigma.scene import Scene, tables
from vedette.intel.sigma.tree import (
    Absent,
    And,
    Atom,
    Compare,
    Node,
    Not,
    Or,
    Pattern,
    Present,
    SameAs,
    Test,
    Text,
    Wild,
)

SCENE = Scene(
    EventClass.PROCESS_ACTIVITY,
    "Microsoft-Windows-Sysmon",
    channel="microsoft-windows-sysmon/operational",
    code="1",
)
FIELDS = ("Image", "CommandLine", "Odd")
COLUMNS = {"Image": "process.file.path", "CommandLine": "process.cmd_line", "Odd": "unmapped.Odd"}

_PIECES = st.sampled_from(["a", "b", "ab", "A", Wild.MANY, Wild.ONE])
_TESTS = st.one_of(
    st.builds(lambda p, c: Text(tuple(p), c), st.lists(_PIECES, max_size=4), st.booleans()),
    st.builds(Pattern, st.sampled_from(["^a", "b$", "a+b"]), st.sampled_from(["", "i"])),
    st.just(Present()),
    st.just(Absent()),
    st.builds(Compare, st.sampled_from(["<", ">="]), st.just(2.0)),
    st.builds(SameAs, st.sampled_from(FIELDS), st.booleans(), st.booleans()),
)
_ATOMS = st.builds(Atom, st.sampled_from([*FIELDS, "Nowhere"]), _TESTS) | st.builds(
    Atom, st.sampled_from(["EventID"]), st.builds(lambda v: Text((v,)), st.sampled_from(["1", "2"]))
)
_TREES: st.SearchStrategy[Node] = st.recursive(
    _ATOMS,
    lambda inner: st.one_of(
        st.builds(lambda n: And(tuple(n)), st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda n: Or(tuple(n)), st.lists(inner, min_size=1, max_size=3)),
        st.builds(Not, inner),
    ),
    max_leaves=6,
)
_VALUES = st.none() | st.text("abA3", max_size=3)
_ROWS = st.lists(st.fixed_dictionaries(dict.fromkeys(FIELDS, _VALUES)), min_size=1, max_size=8)


def _passes(test: Test, value: str | None, event: dict[str, str | None]) -> bool:
    if isinstance(test, (Present, Absent)):
        return (value is not None) is isinstance(test, Present)
    if value is None:
        return False
    if isinstance(test, SameAs):
        return _same(test, value.lower(), event.get(test.field))
    return _alone(test, value)


def _alone(test: Test, value: str) -> bool:
    if isinstance(test, Text):
        parts = (".*" if p is Wild.MANY else "." if p is Wild.ONE else re.escape(str(p)) for p in test.parts)
        return re.fullmatch("".join(parts), value, re.DOTALL | (0 if test.cased else re.IGNORECASE)) is not None
    if isinstance(test, Pattern):
        return re.search(test.regex, value, re.IGNORECASE if test.flags else 0) is not None
    assert isinstance(test, Compare)
    return value.isdigit() and (float(value) < 2 if test.operator == "<" else float(value) >= 2)


def _same(test: SameAs, own: str, other: str | None) -> bool:
    theirs = (other or "").lower()
    alike = theirs in own if test.starts and test.ends else own == theirs
    if test.starts is not test.ends:
        alike = own.startswith(theirs) if test.starts else own.endswith(theirs)
    return other is not None and alike


def _holds(node: Node, event: dict[str, str | None]) -> bool:
    if isinstance(node, bool):
        return node
    if isinstance(node, Atom):
        return _passes(node.test, event.get(str(node.field)), event)
    if isinstance(node, Not):
        return not _holds(node.node, event)
    each = [_holds(n, event) for n in node.nodes]
    return all(each) if isinstance(node, And) else any(each)


def _frame(rows: list[dict[str, str | None]]) -> pl.DataFrame:
    return pl.DataFrame(
        {COLUMNS[f]: [r[f] for r in rows] for f in FIELDS}, schema=dict.fromkeys(COLUMNS.values(), pl.String)
    )


@given(st.lists(_TREES, min_size=1, max_size=4), _ROWS)
def test_all_rules_at_once_are_each_rule_alone(trees: list[Node], rows: list[dict[str, str | None]]) -> None:
    source = Logsource("windows", "process_creation")
    rules = {n: Rule(str(n), "r", tree, source) for n, tree in enumerate(trees)}
    found = Plan(SCENE, rules, tables()).match(_frame(rows))
    events: list[dict[str, str | None]] = [{**row, "EventID": "1"} for row in rows]
    for number, tree in enumerate(trees):
        expected = [n for n, event in enumerate(events) if _holds(tree, event)]
        assert list(found.get(number, ())) == expected


def test_a_rule_that_the_scene_rules_out_is_not_kept() -> None:
    never = Rule("x", "x", And((Atom("EventID", Text(("4688",))), Atom("Image", Present()))), Logsource("windows"))
    plan = Plan(SCENE, {0: never}, tables())
    assert len(plan) == 0
    assert plan.match(_frame([{"Image": "a", "CommandLine": None, "Odd": None}])) == {}


def test_a_keyword_is_looked_for_in_all_text() -> None:
    rule = Rule("x", "x", Atom(None, Text((Wild.MANY, "mimi", Wild.MANY))), Logsource("windows"))
    plan = Plan(SCENE, {0: rule}, tables())
    assert plan.columns is None
    rows: list[dict[str, str | None]] = [
        {"Image": "a", "CommandLine": "x", "Odd": "MIMIkatz"},
        {"Image": None, "CommandLine": None, "Odd": None},
    ]
    assert list(plan.match(_frame(rows))[0]) == [0]
