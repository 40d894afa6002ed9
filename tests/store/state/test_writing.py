from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vedette.model import Entity, EntityKind, Plan
from vedette.store.state.state import State
from vedette.store.state.stored import FindingFilter, IncidentFilter
from vedette.store.state.work import Work
from vedette.store.state.writing import MOST_LINKS
from vedette.testing.incidents import some_incident
from vedette.testing.made import finding

PARTS = 6
"""Findings of one commit, in the tests that look whether it is whole."""

COMMITS = """
import sys
from dataclasses import replace
from vedette.store.state.state import State
from vedette.store.state.work import Work
from vedette.testing.incidents import some_incident
from vedette.testing.made import finding
state = State.open(sys.argv[1])
number = state.position()
while True:
    number += 1
    parts = tuple(finding(f"10.0.{number % 200}.{n}", "10.9.9.9", "T1110", uid=f"f{number}-{n}") for n in range(6))
    evidence = {p.uid: [{"of": number}] for p in parts}
    incident = replace(some_incident(f"i{number}"), findings=parts)
    state.commit(Work(number, parts, evidence, [p.uid for p in parts], incidents=[incident]))
    sys.stdout.write(f"{number}\\n")
    sys.stdout.flush()
"""
"""Commits for ever, and says so after each."""


def whole(state: State, number: int) -> bool:
    """Return whether commit ``number`` is there as it was made; raise where a part of it is."""
    found = state.incident(f"i{number}")
    kept = [state.finding(f"f{number}-{n}") for n in range(PARTS)]
    if found is None:
        assert kept == [None] * PARTS
        return False
    assert len(found.incident.findings) == PARTS
    assert all(k is not None and k.state == "final" and k.evidence == ({"of": number},) for k in kept)
    return True


@pytest.mark.parametrize("kills", [5])
def test_what_a_commit_returned_for_is_whole_after_a_kill(new_url: Callable[[], str], kills: int) -> None:
    """Killed at any moment; what was said to be stored is stored, and nothing is there in part."""
    url, chance, said = new_url(), random.Random(5), 0
    State.open(url).close()
    for _ in range(kills):
        running = subprocess.Popen([sys.executable, "-c", COMMITS, url], stdout=subprocess.PIPE, text=True)  # noqa: S603
        assert running.stdout is not None
        first = running.stdout.readline()
        time.sleep(chance.random() * 0.15)
        running.send_signal(signal.SIGKILL)
        rest = running.communicate(timeout=60)[0]
        numbers = [int(n) for n in (first + rest).split("\n")[:-1] if n]
        said = max([said, *numbers])
        state = State.open(url, create=False)
        assert state.position() in (said, said + 1)
        assert all(whole(state, n) for n in range(max(1, said - 40), said + 1))
        assert whole(state, said + 1) == (state.position() == said + 1)
        assert state.last_change() == state.position() * (PARTS + 1)
        said = state.position()
        state.close()
    assert said >= kills


def look(state: State, last: int) -> tuple[int, int]:
    """Read what a console reads; return the last change, and how many incidents were seen, all of them whole."""
    seen = 0
    for stored in state.incidents(IncidentFilter(), limit=3).items:
        found = state.incident(stored.incident.uid)
        assert found is not None
        assert len(found.incident.findings) == PARTS
        seen += 1
    numbers = [c.number for c in state.changes(last)]
    assert numbers == list(range(last + 1, last + 1 + len(numbers))), "none is passed over"
    return last + len(numbers), seen


def test_readers_see_whole_commits_while_one_writes(state: State) -> None:
    """Four readers, one writer: every incident that is seen has all its findings, and numbers of the feed never go back."""
    stop, faults, seen = threading.Event(), [], [0] * 4

    def read(who: int) -> None:
        last = 0
        try:
            while not stop.is_set():
                last, more = look(state, last)
                seen[who] += more
        except BaseException as error:  # noqa: BLE001 - whatever it is, the test tells it
            faults.append(error)

    readers = [threading.Thread(target=read, args=(n,)) for n in range(4)]
    for reader in readers:
        reader.start()
    for number in range(25):
        parts = tuple(finding(f"10.0.{number}.{n}", "10.9.9.9", "T1110", uid=f"f{number}-{n}") for n in range(PARTS))
        state.commit(Work(number, parts, incidents=[replace(some_incident(f"i{number}"), findings=parts)]))
    until = time.monotonic() + 30
    while not all(seen) and not faults and time.monotonic() < until:
        time.sleep(0.01)
    stop.set()
    for reader in readers:
        reader.join(60)
    assert faults == []
    assert all(seen)


def test_several_may_write_at_once_and_no_number_is_given_twice(state: State) -> None:
    """The engine commits while people judge: the feed has every number once, in order."""
    state.commit(Work(0, incidents=[some_incident(f"i{n}") for n in range(8)]))
    begun = state.last_change()

    def judge(who: int) -> None:
        for n in range(8):
            state.verdict(f"i{n}", ("benign", "true_positive")[who % 2], f"person {who}", "")

    people = [threading.Thread(target=judge, args=(n,)) for n in range(3)]
    for person in people:
        person.start()
    for number in range(10):
        state.commit(Work(number, [finding(f"10.1.0.{number}", "10.9.9.9", "T1046")]))
    for person in people:
        person.join(60)
    changes = state.changes(0, 1_000)
    numbers = [c.number for c in changes]
    assert numbers == sorted(set(numbers))
    assert numbers[-1] == state.last_change() >= begun + 10
    assert sum(len(state.verdicts(f"i{n}")) for n in range(8)) == 24


def test_two_stores_of_one_database_agree(new_url: Callable[[], str]) -> None:
    """A command writes beside the service: another process, or another pool of connections."""
    url = new_url()
    one, two = State.open(url), State.open(url)
    one.commit(Work(1, incidents=[some_incident()]))
    two.verdict("i1", "benign", "ann", "")
    found = one.incident("i1")
    assert found is not None
    assert found.verdict == "benign"
    one.commit(Work(2, [finding("10.1.0.1", "10.9.9.9", "T1046")]))
    assert two.last_change() == one.last_change()
    one.close()
    two.close()


HOSTILE = st.text(st.characters(exclude_categories=[]), max_size=30)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(HOSTILE, HOSTILE, st.sampled_from(list(EntityKind)), st.floats(), HOSTILE)
def test_hostile_values_are_stored_and_found(
    state: State, title: str, value: str, kind: EntityKind, number: float, key: str
) -> None:
    one = replace(
        finding("10.0.0.1", "10.0.0.2", "T1110", uid="f1"),
        title=title,
        actors=(Entity(kind, value), Entity(kind, value + "\x00")),
        score=number,
        techniques=(value,),
    )
    incident = replace(
        some_incident("i1"), title=title, actors=one.actors, risk=number, story=(value,), findings=(one,)
    )
    state.commit(Work(1, [one], {"f1": [{key: value, "number": number}]}, incidents=[incident]))
    kept = state.finding("f1")
    assert kept is not None
    assert len(kept.evidence) == 1
    assert state.incident("i1") is not None
    if value:
        assert [f.finding.uid for f in state.findings(FindingFilter(entity=value, kind=kind)).items] == ["f1"]


@pytest.mark.parametrize("size", [1_000_000, 10_000_000])
def test_huge_values_are_bounded(state: State, size: int) -> None:
    huge = "x" * size
    one = replace(
        finding("10.0.0.1", "10.0.0.2", "T1110", uid="f1"),
        title=huge,
        summary=huge,
        actors=(Entity(EntityKind.URL, huge),),
    )
    incident = replace(some_incident("i1"), title=huge, story=(huge,) * 20, findings=(one,))
    state.commit(Work(1, [one], {"f1": [{"raw": huge}] * 5}, incidents=[incident]))
    kept, found = state.finding("f1"), state.incident("i1")
    assert kept is not None
    assert found is not None
    assert len(str(kept)) + len(str(found)) < 5_000_000
    (listed,) = state.entities(text="xxx").items
    assert len(listed.entity.value) <= 500
    assert state.findings(FindingFilter(entity=huge)).items != (), "the whole value still finds it"


def test_what_names_very_many_is_found_by_the_first_of_them(state: State) -> None:
    many = tuple(Entity(EntityKind.ADDRESS, f"10.1.{n >> 8}.{n & 255}") for n in range(MOST_LINKS + 50))
    state.commit(Work(1, [replace(finding("10.0.0.1", "10.0.0.2", "T1"), uid="f1", actors=many)]))
    assert len(state.findings(FindingFilter(entity=many[MOST_LINKS - 1].value)).items) == 1
    kept = state.finding("f1")
    assert kept is not None
    assert len(kept.finding.actors) == len(many)


def test_the_same_entity_twice_is_one(state: State) -> None:
    same = Entity(EntityKind.USER, "bob")
    state.commit(Work(1, [replace(finding("10.0.0.1", "10.0.0.2", "T1 T1"), actors=(same, same), targets=(same,))]))
    assert [(e.entity, e.findings) for e in state.entities().items] == [(same, 1)]


def test_one_name_of_two_kinds_is_two(state: State) -> None:
    state.commit(Work(1, [finding("user:web1", "host:web1", "T1")]))
    assert sorted(e.entity.kind for e in state.entities().items) == [EntityKind.HOST, EntityKind.USER]


def test_a_changed_finding_is_found_by_what_it_is_about_now(state: State) -> None:
    one = finding("10.0.0.1", "10.0.0.2", "T1110", uid="f1")
    state.commit(Work(1, [one]))
    state.commit(Work(2, [replace(one, actors=(Entity(EntityKind.USER, "bob"),), techniques=("T1046",))]))
    asked: dict[str, Any] = {"entity": "10.0.0.1"}
    assert state.findings(FindingFilter(**asked)).items == ()
    assert state.findings(FindingFilter(technique="T1110")).items == ()
    assert len(state.findings(FindingFilter(entity="bob", technique="T1046")).items) == 1


def test_plans_are_kept_until_others_come(state: State) -> None:
    plan = Plan("block_address", Entity(EntityKind.ADDRESS, "10.0.0.1"), ("nft",))
    state.commit(Work(1, incidents=[some_incident()], plans={"i1": [plan], "unknown": [plan]}))
    last = state.commit(Work(2, incidents=[some_incident(actor="10.7.7.7")]))
    found = state.incident("i1")
    assert found is not None
    assert found.plans == (plan,)
    assert state.commit(Work(3, plans={"i1": [plan]})) == last
    assert state.commit(Work(4, plans={"i1": []})) == last + 1
    found = state.incident("i1")
    assert found is not None
    assert found.plans == ()


def test_a_file_of_a_store_is_not_read_by_others(tmp_path: Path) -> None:
    state = State.open(f"sqlite:///{tmp_path}/x/state.db")
    state.commit(Work(1, incidents=[some_incident()]))
    assert {p.stat().st_mode & 0o077 for p in (tmp_path / "x").iterdir()} == {0}
    state.close()
