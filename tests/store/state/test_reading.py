from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vedette.errors import QueryError
from vedette.model import EntityKind, Severity
from vedette.store.state.reading import place, placed
from vedette.store.state.state import State
from vedette.store.state.stored import FindingFilter, IncidentFilter, Page, StoredIncident
from vedette.store.state.work import Work
from vedette.testing.incidents import some_incident
from vedette.testing.made import NOON, finding

MARKS = count()


def commit_incidents(state: State, mark: str, minutes: list[int], first: int = 0) -> list[str]:
    """Store an incident for each minute, all with this title; return their uids."""
    made = [
        replace(some_incident(f"{mark}-{first + n}"), title=mark, last_seen=NOON + timedelta(minutes=m), findings=())
        for n, m in enumerate(minutes)
    ]
    state.commit(Work(1, incidents=made))
    return [i.uid for i in made]


def walk(ask: Callable[[str], Page[StoredIncident]], between: Callable[[], object]) -> list[str]:
    found, after = [], ""
    while True:
        page = ask(after)
        found += [i.incident.uid for i in page.items]
        if not page.next:
            return found
        after = page.next
        between()


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.integers(0, 5), min_size=1, max_size=12),
    st.lists(st.lists(st.integers(-3, 9), max_size=3), max_size=12),
    st.integers(1, 5),
)
def test_what_was_there_is_listed_once_in_order_whatever_is_added(
    state: State, there: list[int], added: list[list[int]], limit: int
) -> None:
    mark = f"mark {next(MARKS)}."
    uids = commit_incidents(state, mark, there)
    later, number = iter(added), count(100, 100)
    found = walk(
        lambda after: state.incidents(IncidentFilter(text=mark), after, limit),
        lambda: commit_incidents(state, mark, next(later, []), next(number)),
    )
    assert len(found) == len(set(found))
    assert [u for u in found if u in uids] == [
        uid
        for _, uid in sorted(zip(there, uids, strict=True), key=lambda p: (p[0], int(p[1].split("-")[1])), reverse=True)
    ]


def test_pages_are_bounded(state: State) -> None:
    commit_incidents(state, "m", [0] * 3)
    for limit in (-5, 0, 1):
        assert len(state.incidents(IncidentFilter(), limit=limit).items) == 1
    page = state.incidents(IncidentFilter(), limit=10**9)
    assert (len(page.items), page.next) == (3, "")


def test_findings_and_entities_have_pages_too(state: State) -> None:
    state.commit(Work(1, [finding(f"10.0.0.{n}", "10.9.9.9", "T1110", at=n) for n in range(7)]))
    found, after = [], ""
    while True:
        page = state.findings(FindingFilter(), after, 3)
        found += [f.finding.actors[0].value for f in page.items]
        if not (after := page.next):
            break
    assert found == [f"10.0.0.{n}" for n in range(6, -1, -1)]
    named, after = [], ""
    while True:
        some = state.entities(after, 3)
        named += [e.entity.value for e in some.items]
        if not (after := some.next):
            break
    assert sorted(named) == sorted([*found, "10.9.9.9"])


@pytest.mark.parametrize(
    ("wanted", "uids"),
    [
        (IncidentFilter(), "abc"),
        (IncidentFilter(severity=3), "bc"),
        (IncidentFilter(severity=5), "c"),
        (IncidentFilter(status="closed"), "b"),
        (IncidentFilter(verdict="false_positive"), "b"),
        (IncidentFilter(verdict="none"), "ac"),
        (IncidentFilter(entity="10.0.0.1"), "a"),
        (IncidentFilter(entity="bob", kind=EntityKind.USER), "c"),
        (IncidentFilter(entity="bob", kind=EntityKind.HOST), ""),
        (IncidentFilter(technique="T1110"), "ab"),
        (IncidentFilter(technique="T1110.001"), "b"),
        (IncidentFilter(technique="T11"), ""),
        (IncidentFilter(detector="sees_T1046"), "c"),
        (IncidentFilter(since=NOON + timedelta(minutes=30)), "bc"),
        (IncidentFilter(until=NOON + timedelta(minutes=30)), "a"),
        (IncidentFilter(since=NOON + timedelta(minutes=30), until=NOON + timedelta(minutes=90)), "b"),
        (IncidentFilter(text="STORY b"), "b"),
        (IncidentFilter(text="100%"), "c"),
        (IncidentFilter(text="_"), ""),
        (IncidentFilter(severity=3, technique="T1110", status="closed"), "b"),
    ],
)
def test_every_filter_chooses(state: State, wanted: IncidentFilter, uids: str) -> None:
    made = []
    for n, (uid, actors, technique, severity) in enumerate(
        [
            ("a", "10.0.0.1", "T1110", Severity.LOW),
            ("b", "10.0.0.2", "T1110.001", Severity.MEDIUM),
            ("c", "user:bob", "T1046", Severity.CRITICAL),
        ]
    ):
        one = finding(actors, "10.0.0.9", technique, at=60 * n)
        incident = replace(
            some_incident(uid),
            title=f"Story {uid} 100%" if uid == "c" else f"Story {uid} 1000",
            severity=severity,
            actors=one.actors,
            techniques=one.techniques,
            findings=(one,),
            first_seen=one.first_seen,
            last_seen=one.last_seen,
        )
        made.append(incident)
    state.commit(Work(1, incidents=made))
    state.verdict("b", "false_positive", "ann", "")
    state.status("b", "closed", "ann")
    assert sorted(i.incident.uid for i in state.incidents(wanted).items) == list(uids)


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (FindingFilter(), [0, 1, 2]),
        (FindingFilter(severity=4), [1]),
        (FindingFilter(detector="sees_T1046"), [2]),
        (FindingFilter(alert=True), [0, 1]),
        (FindingFilter(alert=False), [2]),
        (FindingFilter(state="final"), [1]),
        (FindingFilter(state="provisional"), [0, 2]),
        (FindingFilter(state="withdrawn"), [3]),
        (FindingFilter(incident="i1"), [1]),
        (FindingFilter(incident="other"), []),
        (FindingFilter(entity="10.0.0.9"), [0, 1, 2]),
        (FindingFilter(technique="T1110"), [0, 1]),
        (FindingFilter(text="case of t1046"), [2]),
        (FindingFilter(since=NOON + timedelta(hours=1)), [1, 2]),
        (FindingFilter(until=NOON + timedelta(hours=1)), [0]),
    ],
)
def test_every_filter_of_findings_chooses(state: State, wanted: FindingFilter, numbers: list[int]) -> None:
    made = [
        finding("10.0.0.1", "10.0.0.9", "T1110"),
        finding("10.0.0.2", "10.0.0.9", "T1110", at=60, severity=Severity.HIGH),
        finding("10.0.0.3", "10.0.0.9", "T1046", at=120, alert=False),
        finding("10.0.0.4", "10.0.0.9", "T1046", at=180),
    ]
    state.commit(
        Work(
            1,
            made,
            final=[made[1].uid],
            withdrawn=[made[3].uid],
            incidents=[replace(some_incident(), findings=(made[1],))],
        )
    )
    uids = [f.uid for f in made]
    assert sorted(uids.index(f.finding.uid) for f in state.findings(wanted).items) == numbers


def test_an_entity_tells_the_risk_of_its_open_incidents(state: State) -> None:
    calm, bad = replace(some_incident("i1"), risk=0.3), replace(some_incident("i2"), risk=0.8)
    state.commit(Work(1, incidents=[calm, bad]))
    (entity,) = state.entities(text="198.51").items
    assert (entity.risk, entity.incidents, entity.findings) == (0.8, 2, 1)
    assert entity.entity.kind is EntityKind.ADDRESS
    state.status("i2", "closed", "ann")
    assert [(e.risk, e.incidents) for e in state.entities(text="198.51").items] == [(0.3, 1)]
    state.commit(Work(2, replaced={"i1": ""}))
    assert [(e.risk, e.incidents) for e in state.entities(text="198.51").items] == [(0.0, 0)]


def test_an_entity_is_seen_from_its_first_to_its_last_time(state: State) -> None:
    state.commit(Work(1, [finding("10.0.0.1", "10.0.0.9", "T1", at=60)]))
    state.commit(Work(1, [finding("10.0.0.1", "10.0.0.8", "T1", at=0), finding("10.0.0.1", "10.0.0.8", "T1", at=90)]))
    (entity,) = state.entities(text="10.0.0.1").items
    assert (entity.first_seen, entity.last_seen) == (NOON, NOON + timedelta(minutes=91))


def test_a_beginning_is_enough_where_only_one_begins_so(state: State) -> None:
    state.commit(Work(1, incidents=[some_incident("abcdef01"), some_incident("abcdef99"), some_incident("abXdef")]))
    found = {
        p: state.incident(p)
        for p in ("abcdef0", "abcd", "abc", "abX", "ABCDEF0", "abcdef01", "abcdef01z", "%", "abcdef_1")
    }
    assert {p for p, i in found.items() if i is not None} == {"abcdef0", "abcdef01"}


@pytest.mark.parametrize("uid", ["", "\x00", "\ud800" * 8, "x" * 100_000, "'; DROP TABLE vedette_findings; --"])
def test_hostile_names_are_not_found(state: State, uid: str) -> None:
    state.commit(Work(1, incidents=[some_incident()]))
    assert state.incident(uid) is None
    assert state.finding(uid) is None
    word = uid or "?"
    assert state.incidents(IncidentFilter(text=word, entity=uid, technique=uid, detector=uid)).items == ()
    assert state.incidents(IncidentFilter(status=word, verdict=word)).items == ()
    assert state.findings(FindingFilter(text=word, state=word, detector=word, incident=uid)).items == ()
    assert state.entities(text=uid or "?").items == ()


@given(st.integers(-(1 << 63) + 1, (1 << 63) - 1), st.integers(0, (1 << 63) - 1))
def test_a_place_is_read_as_it_was_written(at: int, number: int) -> None:
    assert place(placed(at, number)) == (at, number)


@given(st.text(max_size=40))
def test_any_other_place_is_refused_in_words(name: str) -> None:
    try:
        at, number = place(name)
    except QueryError as error:
        assert error.where == "after"  # noqa: PT017 - either is right, and nothing else
    else:
        assert max(abs(at), abs(number)) < 1 << 63


def test_numbers_beyond_all_measure_find_nothing(state: State) -> None:
    last = state.commit(Work(1, incidents=[some_incident()]))
    assert state.changes(10**40) == []
    assert len(state.changes(-(10**40), 10**40)) == last
    assert state.incidents(IncidentFilter(severity=10**40)).items == ()
    assert state.findings(FindingFilter(severity=10**40)).items == ()
