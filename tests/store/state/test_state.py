from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from vedette.errors import QueryError, StoreError
from vedette.model import Entity, EntityKind, Finding, Incident, Plan, Severity
from vedette.store.state.state import State
from vedette.store.state.stored import FindingFilter, IncidentFilter
from vedette.store.state.work import Work
from vedette.testing.incidents import some_incident
from vedette.testing.made import NOON, finding

EVERY = IncidentFilter()


def story(uid: str, *findings: Finding, title: str = "A story") -> Incident:
    return replace(some_incident(uid), findings=findings, title=title)


def test_what_is_committed_is_read_back_whole(state: State) -> None:
    incident = some_incident()
    one = incident.findings[0]
    plan = Plan("block_address", Entity(EntityKind.ADDRESS, "198.51.100.7"), ("nft add ...",), why="it guesses")
    rows = [{"time": NOON, "src_endpoint.ip": "198.51.100.7", "count": 3}]
    work = Work(77, [one], {one.uid: rows}, incidents=[incident], plans={incident.uid: [plan]})
    assert state.commit(work) > 0
    assert state.position() == 77
    found = state.incident(incident.uid)
    assert found is not None
    assert found.incident == incident
    assert found.plans == (plan,)
    assert (found.status, found.verdict, found.gone, found.finding_count) == ("new", "", False, 1)
    kept = state.finding(one.uid)
    assert kept is not None
    assert (kept.finding, kept.state, kept.incident) == (one, "provisional", incident.uid)
    assert kept.evidence == ({"time": "2026-11-22T12:00:00Z", "src_endpoint.ip": "198.51.100.7", "count": 3},)
    assert state.provisional() == {one.uid}


def test_an_empty_store_says_so(state: State) -> None:
    assert (state.position(), state.last_change(), state.provisional()) == (0, 0, set())
    assert state.incident("nobody") is None
    assert state.finding("nobody") is None
    assert state.incidents(EVERY).items == ()
    assert state.entities().items == ()
    assert state.changes(0) == []
    assert state.verdicts("nobody") == []


def test_what_is_the_same_makes_no_change(state: State) -> None:
    incident = some_incident()
    work = Work(1, incident.findings, incidents=[incident], plans={"i1": []})
    first = state.commit(work)
    assert state.commit(replace(work, position=2)) == first
    assert state.position() == 2
    risen = replace(incident, risk=0.9)
    assert state.commit(Work(3, incident.findings, incidents=[risen])) == first + 1
    assert [(c.kind, c.number) for c in state.changes(first)] == [("incident", first + 1)]


def test_the_feed_tells_each_thing_once_with_its_last_change(state: State) -> None:
    a, b = finding("10.0.0.1", "10.0.0.2", "T1110"), finding("10.0.0.3", "10.0.0.4", "T1046")
    state.commit(Work(1, [a, b]))
    state.commit(Work(2, [replace(a, score=0.5)]))
    assert [(c.uid, c.gone) for c in state.changes(0)] == [(b.uid, False), (a.uid, False)]
    last = state.commit(Work(3, withdrawn=[b.uid], final=[a.uid]))
    told = state.changes(0)
    assert {c.uid: c.gone for c in told} == {a.uid: False, b.uid: True}
    assert [c.number for c in told] == sorted(c.number for c in told)
    assert told[-1].number == last == state.last_change()
    assert state.changes(last) == []
    assert len(state.changes(0, limit=1)) == 1


def test_numbers_of_the_feed_say_the_severity(state: State) -> None:
    state.commit(Work(1, [finding("10.0.0.1", "10.0.0.2", "T1110", severity=Severity.CRITICAL)]))
    assert [c.severity_id for c in state.changes(0)] == [5]


def test_findings_are_provisional_then_final_or_withdrawn(state: State) -> None:
    a, b, c = (finding(f"10.0.0.{n}", "10.0.0.9", "T1110") for n in range(3))
    state.commit(Work(1, [a, b, c]))
    state.commit(Work(2, final=[a.uid, "never seen"], withdrawn=[b.uid, "nor this"]))
    assert state.provisional() == {c.uid}
    listed = {f.finding.uid: f.state for f in state.findings(FindingFilter()).items}
    assert listed == {a.uid: "final", c.uid: "provisional"}
    gone = state.finding(b.uid)
    assert gone is not None
    assert gone.state == "withdrawn"
    assert [f.finding.uid for f in state.findings(FindingFilter(state="withdrawn")).items] == [b.uid]


def test_a_withdrawn_finding_may_come_back(state: State) -> None:
    one = finding("10.0.0.1", "10.0.0.2", "T1110")
    state.commit(Work(1, [one], {one.uid: [{"a": 1}]}))
    state.commit(Work(2, withdrawn=[one.uid]))
    assert state.entities().items == ()
    state.commit(Work(3, [one], {one.uid: [{"a": 1}]}))
    back = state.finding(one.uid)
    assert back is not None
    assert (back.state, back.evidence) == ("provisional", ({"a": 1},))
    assert len(state.entities().items) == 2


def test_a_final_finding_that_changes_is_provisional_again_unless_it_is_said(state: State) -> None:
    one = finding("10.0.0.1", "10.0.0.2", "T1110")
    state.commit(Work(1, [one], final=[one.uid]))
    assert state.provisional() == set()
    state.commit(Work(1, [one]))
    assert state.provisional() == set(), "the same again changes nothing"
    state.commit(Work(2, [replace(one, score=0.4)]))
    assert state.provisional() == {one.uid}
    state.commit(Work(3, [replace(one, score=0.6)], final=[one.uid]))
    assert state.provisional() == set()


def test_a_finding_keeps_its_evidence_when_none_comes_with_its_change(state: State) -> None:
    one = finding("10.0.0.1", "10.0.0.2", "T1110")
    state.commit(Work(1, [one], {one.uid: [{"n": 1}]}))
    state.commit(Work(2, [replace(one, score=0.4)]))
    kept = state.finding(one.uid)
    assert kept is not None
    assert kept.evidence == ({"n": 1},)
    state.commit(Work(3, [replace(one, score=0.5)], {one.uid: [{"n": 2}, {"n": 3}]}))
    kept = state.finding(one.uid)
    assert kept is not None
    assert kept.evidence == ({"n": 2}, {"n": 3})


def test_an_incident_brings_findings_that_are_not_there_and_changes_none(state: State) -> None:
    known, unknown = finding("10.0.0.1", "10.0.0.2", "T1110"), finding("10.0.0.1", "10.0.0.2", "T1046")
    state.commit(Work(1, [known]))
    state.commit(Work(2, incidents=[story("i1", replace(known, score=0.1), unknown)]))
    found = state.incident("i1")
    assert found is not None
    assert {f.uid: f.score for f in found.incident.findings} == {known.uid: 0.9, unknown.uid: 0.9}


def test_a_replaced_incident_leads_to_its_successor(state: State) -> None:
    a, b = finding("10.0.0.1", "10.0.0.2", "T1110"), finding("10.0.0.1", "10.0.0.2", "T1046", at=1)
    state.commit(Work(1, [a], incidents=[story("aaaa1", a)]))
    state.commit(Work(2, [b], incidents=[story("bbbb2", a, b)], replaced={"aaaa1": "bbbb2"}))
    state.commit(Work(3, incidents=[story("cccc3", a, b, title="All")], replaced={"bbbb2": "cccc3"}))
    for uid in ("aaaa1", "bbbb2", "cccc3", "aaaa"):
        found = state.incident(uid)
        assert found is not None
        assert (found.incident.uid, len(found.incident.findings)) == ("cccc3", 2)
    assert [i.incident.uid for i in state.incidents(EVERY).items] == ["cccc3"]
    assert {c.uid for c in state.changes(0) if c.gone} == {"aaaa1", "bbbb2"}
    kept = state.finding(a.uid)
    assert kept is not None
    assert kept.incident == "cccc3"


def test_an_incident_that_is_no_more_without_a_successor_is_gone(state: State) -> None:
    state.commit(Work(1, incidents=[some_incident()]))
    state.commit(Work(2, replaced={"i1": "", "unknown": "i1"}))
    found = state.incident("i1")
    assert found is not None
    assert (found.gone, found.successor, found.incident.findings) == (True, "", ())
    assert state.incidents(EVERY).items == ()
    assert len(state.incidents(IncidentFilter(gone=True)).items) == 1


def test_an_incident_may_come_back_and_no_circle_holds_a_reader(state: State) -> None:
    a = finding("10.0.0.1", "10.0.0.2", "T1110")
    state.commit(Work(1, incidents=[story("i1", a)]))
    state.commit(Work(2, incidents=[story("i2", a)], replaced={"i1": "i2"}))
    state.commit(Work(3, incidents=[story("i1", a)], replaced={"i2": "i1"}))
    found = state.incident("i2")
    assert found is not None
    assert (found.incident.uid, found.gone) == ("i1", False)
    state.commit(Work(4, replaced={"i1": "i2"}))
    assert state.incident("i1") is not None, "two that replace each other: one of them, and no end of looking"


def test_a_withdrawn_finding_leaves_its_incident(state: State) -> None:
    a, b = finding("10.0.0.1", "10.0.0.2", "T1110"), finding("10.0.0.1", "10.0.0.2", "T1046")
    state.commit(Work(1, incidents=[story("i1", a, b)]))
    state.commit(Work(2, withdrawn=[b.uid]))
    found = state.incident("i1")
    assert found is not None
    assert [f.uid for f in found.incident.findings] == [a.uid]


def test_a_commit_that_fails_leaves_nothing(state: State) -> None:
    good = finding("10.0.0.1", "10.0.0.2", "T1110")
    state.commit(Work(1, [good]))
    before = state.last_change()
    bad = replace(some_incident(), severity="no number")  # type: ignore[arg-type]
    with pytest.raises((ValueError, StoreError)):
        state.commit(Work(2, [replace(good, score=0.1)], incidents=[bad]))
    assert (state.position(), state.last_change()) == (1, before)
    kept = state.finding(good.uid)
    assert kept is not None
    assert kept.finding.score == 0.9
    assert state.commit(Work(2, [replace(good, score=0.1)])) == before + 1


def test_times_come_from_the_clock_it_is_given(new_url: Callable[[], str]) -> None:
    at = NOON + timedelta(days=3, microseconds=7)
    state = State.open(new_url(), clock=lambda: at)
    state.commit(Work(1, incidents=[some_incident()]))
    assert {c.at for c in state.changes(0)} == {at}
    state.close()


def test_a_store_is_opened_again_with_what_it_holds(url: str) -> None:
    state = State.open(url)
    state.commit(Work(9, incidents=[some_incident()]))
    state.close()
    again = State.open(url, create=False)
    assert again.position() == 9
    assert again.incident("i1") is not None
    again.close()


def test_small_values_are_kept_and_forgotten(state: State) -> None:
    assert state.value("x") == ""
    state.set_value("x", "1")
    state.set_value("x", "2")
    assert state.value("x") == "2"
    state.set_value("x", "")
    assert state.value("x") == ""


def test_a_place_that_no_list_gave_is_refused(state: State) -> None:
    for name in ("x", "!!!!", "bm8=", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5Ojc"):
        for ask in (
            lambda name: state.incidents(EVERY, after=name),
            lambda name: state.findings(FindingFilter(), after=name),
            lambda name: state.entities(after=name),
            lambda name: state.audit(after=name),
        ):
            with pytest.raises(QueryError, match="no place"):
                ask(name)
