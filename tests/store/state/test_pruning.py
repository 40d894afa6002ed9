from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from vedette.model import Finding, Incident
from vedette.store.state.pruning import KEPT_GONE
from vedette.store.state.state import State
from vedette.store.state.stored import FindingFilter, IncidentFilter
from vedette.store.state.work import Work
from vedette.testing.incidents import some_incident
from vedette.testing.made import NOON, finding

DAY = timedelta(days=1)


class Clock:
    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def aging(state: State, clock: Clock) -> State:
    """Return a store with a clock that the test moves."""
    return State(state.database, clock)


def seen(uid: str, days: float) -> Finding:
    """Return a finding that was last seen so many days after noon."""
    return finding(f"host:{uid}", "10.0.0.9", "T1110", at=days * 1_440, uid=uid)


def around(uid: str, *parts: Finding) -> Incident:
    first, last = min(p.first_seen for p in parts), max(p.last_seen for p in parts)
    return replace(some_incident(uid), findings=parts, first_seen=first, last_seen=last)


def left(state: State) -> tuple[set[str], set[str]]:
    incidents = state.incidents(IncidentFilter(gone=True), limit=1_000).items
    findings = (
        *state.findings(FindingFilter(), limit=1_000).items,
        *state.findings(FindingFilter(state="withdrawn")).items,
    )
    return {i.incident.uid for i in incidents}, {f.finding.uid for f in findings}


@pytest.mark.parametrize("batch", [1, 3, 1_000])
def test_what_is_older_goes_and_what_people_judged_stays_twice_as_long(aging: State, clock: Clock, batch: int) -> None:
    old, told, long_ago, young = (seen(u, d) for u, d in (("old", 60), ("told", 60), ("ancient", 10), ("young", 190)))
    alone, spread = seen("alone", 60), seen("spread", 60)
    incidents = [
        around("i-old", old),
        around("i-told", told),
        around("i-ancient", long_ago),
        around("i-spread", spread, young),
    ]
    aging.commit(Work(1, [old, told, long_ago, young, alone, spread], {"told": [{"a": 1}]}, incidents=incidents))
    for uid in ("i-told", "i-ancient"):
        aging.verdict(uid, "true_positive", "ann", "")
    clock.at = NOON + 200 * DAY
    removed = aging.prune(clock.at - 90 * DAY, batch)
    assert left(aging) == ({"i-told", "i-spread"}, {"told", "young", "spread"})
    assert removed == 5
    kept = aging.finding("told")
    assert kept is not None
    assert kept.evidence
    assert {e.entity.value for e in aging.entities().items} >= {"told", "young", "spread"}
    assert not {e.entity.value for e in aging.entities().items} & {"old", "ancient", "alone"}
    assert aging.verdicts("i-ancient") == []
    assert len(aging.verdicts("i-told")) == 1
    assert aging.prune(clock.at - 90 * DAY, batch) == 0


def test_what_is_gone_stays_a_week_for_those_who_follow(aging: State, clock: Clock) -> None:
    one = seen("one", 0)
    aging.commit(Work(1, [one], incidents=[around("a", one)]))
    aging.commit(Work(2, [one, seen("false", 0)], incidents=[around("b", one)], replaced={"a": "b"}))
    aging.commit(Work(3, withdrawn=["false"]))
    clock.at += KEPT_GONE
    assert aging.prune(NOON - DAY) == 0
    clock.at += timedelta(seconds=1)
    assert aging.prune(NOON - DAY) == 2
    assert left(aging) == ({"b"}, {"one"})


def test_nothing_young_goes_and_a_store_may_be_empty(aging: State) -> None:
    assert aging.prune(NOON) == 0
    aging.commit(Work(1, incidents=[some_incident()]))
    assert aging.prune(NOON) == 0
    assert len(aging.entities().items) == 2


def test_old_lines_of_the_audit_log_go(aging: State, clock: Clock) -> None:
    aging.note("ann", "looked")
    clock.at += DAY
    aging.note("bob", "looked")
    aging.prune(NOON + timedelta(hours=1))
    assert [n.who for n in aging.audit().items] == ["bob"]


def test_writers_may_write_between_batches(aging: State, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each batch is a transaction of its own: a writer that waits gets its turn after at most one."""
    aging.commit(Work(1, [seen(f"f{n}", 0) for n in range(25)]))
    sizes: list[int] = []
    write = aging.database.write

    def counted() -> object:
        sizes.append(len(aging.findings(FindingFilter(), limit=1_000).items))
        return write()

    monkeypatch.setattr(aging.database, "write", counted)
    assert aging.prune(NOON + DAY, batch=10) == 25
    assert {25, 15, 5} <= set(sizes)
