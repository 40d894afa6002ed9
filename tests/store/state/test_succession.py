from __future__ import annotations

from dataclasses import replace

import pytest

from vedette.model import Plan, Severity
from vedette.store.state.state import State
from vedette.store.state.stored import IncidentFilter
from vedette.store.state.work import Work
from vedette.testing.incidents import some_incident

HIGH, CRITICAL = Severity.HIGH, Severity.CRITICAL


@pytest.mark.parametrize(
    ("before", "severity", "after"),
    [
        ([("", "new")], HIGH, ("", "new")),
        ([("benign", "closed")], HIGH, ("benign", "closed")),
        ([("benign", "closed")], CRITICAL, ("", "new")),
        ([("false_positive", "in_progress")], CRITICAL, ("", "in_progress")),
        ([("true_positive", "in_progress")], CRITICAL, ("true_positive", "in_progress")),
        ([("true_positive", "closed")], CRITICAL, ("true_positive", "new")),
        ([("benign", "closed"), ("benign", "closed")], HIGH, ("benign", "closed")),
        ([("benign", "closed"), ("", "new")], HIGH, ("", "new")),
        ([("benign", "closed"), ("false_positive", "closed")], HIGH, ("", "new")),
        ([("true_positive", "closed"), ("", "new")], HIGH, ("true_positive", "new")),
    ],
)
def test_what_people_said_goes_over_where_it_still_holds(
    state: State, before: list[tuple[str, str]], severity: Severity, after: tuple[str, str]
) -> None:
    uids = [f"old{n}" for n in range(len(before))]
    state.commit(Work(1, incidents=[some_incident(uid) for uid in uids]))
    for uid, (verdict, status) in zip(uids, before, strict=True):
        if verdict:
            state.verdict(uid, verdict, "ann", f"on {uid}")
        state.status(uid, status, "ann")
    state.commit(
        Work(2, incidents=[replace(some_incident("fresh"), severity=severity)], replaced=dict.fromkeys(uids, "fresh"))
    )
    found = state.incident("old0")
    assert found is not None
    assert (found.verdict, found.status, found.incident.uid) == (*after, "fresh")
    assert [v.incident for v in state.verdicts("fresh")] == [u for u, b in zip(uids, before, strict=True) if b[0]]


def test_an_incident_that_was_there_takes_over_true_alone(state: State) -> None:
    state.commit(Work(1, incidents=[some_incident(u) for u in ("there", "benign", "real")]))
    state.verdict("benign", "benign", "ann", "")
    state.verdict("real", "true_positive", "ann", "")
    state.commit(Work(2, replaced={"benign": "there"}))
    found = state.incident("there")
    assert found is not None
    assert found.verdict == ""
    state.commit(Work(3, replaced={"real": "there"}))
    found = state.incident("there")
    assert found is not None
    assert found.verdict == "true_positive"


def test_a_verdict_that_is_there_stays(state: State) -> None:
    state.commit(Work(1, incidents=[some_incident(u) for u in ("there", "real")]))
    state.verdict("there", "benign", "bob", "")
    state.verdict("real", "true_positive", "ann", "")
    state.commit(Work(2, replaced={"real": "there"}))
    found = state.incident("there")
    assert found is not None
    assert found.verdict == "benign"
    assert len(state.verdicts("there")) == 2, "and whoever looks sees that somebody said otherwise"


def test_the_same_again_changes_nothing(state: State) -> None:
    work = Work(2, incidents=[some_incident("b")], replaced={"a": "b"})
    state.commit(Work(1, incidents=[some_incident("a")]))
    assert state.commit(work) == state.commit(work)


def test_little_stays_of_what_another_tells_now_and_all_of_it_comes_back(state: State) -> None:
    whole = some_incident("a")
    plan = Plan("block_address", whole.actors[0], ("nft",))
    state.commit(Work(1, incidents=[whole], plans={"a": [plan]}))
    state.commit(Work(2, incidents=[some_incident("b")], replaced={"a": "b"}))
    (left,) = [i for i in state.incidents(IncidentFilter(gone=True)).items if i.gone]
    assert (left.incident.uid, left.incident.title, left.incident.severity) == ("a", whole.title, whole.severity)
    assert (left.incident.story, left.incident.actors, left.plans) == ((), (), ())
    state.commit(Work(3, incidents=[whole], plans={"a": [plan]}, replaced={"b": "a"}))
    found = state.incident("a")
    assert found is not None
    assert (found.incident, found.plans) == (whole, (plan,))


def test_what_nothing_follows_keeps_its_story(state: State) -> None:
    state.commit(Work(1, incidents=[some_incident("a")]))
    state.commit(Work(2, replaced={"a": ""}))
    found = state.incident("a")
    assert found is not None
    assert found.incident.story == some_incident().story
