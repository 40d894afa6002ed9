from __future__ import annotations

from datetime import timedelta

import pytest

from vedette.errors import QueryError
from vedette.store.state.state import State
from vedette.store.state.work import Work
from vedette.testing.incidents import some_incident


def now(state: State) -> tuple[str, str]:
    found = state.incident("i1")
    assert found is not None
    return found.status, found.verdict


def test_the_last_verdict_counts_and_all_are_kept(state: State) -> None:
    state.commit(Work(1, incidents=[some_incident()]))
    state.verdict("i1", "false_positive", "ann", "a scanner of ours")
    state.verdict("i1", "true_positive", "bob", "it is not ours")
    assert now(state) == ("new", "true_positive")
    said = state.verdicts("i1")
    assert [(v.verdict, v.who, v.note, v.incident) for v in said] == [
        ("false_positive", "ann", "a scanner of ours", "i1"),
        ("true_positive", "bob", "it is not ours", "i1"),
    ]
    assert said[0].at <= said[1].at <= said[0].at + timedelta(minutes=5)


def test_undecided_takes_a_verdict_back(state: State) -> None:
    state.commit(Work(1, incidents=[some_incident()]))
    state.verdict("i1", "benign", "ann", "")
    state.verdict("i1", "undecided", "ann", "not so sure")
    assert now(state) == ("new", "")
    assert len(state.verdicts("i1")) == 2


def test_a_status_is_changed_and_noted(state: State) -> None:
    state.commit(Work(1, incidents=[some_incident()]))
    state.status("i1", "in_progress", "ann")
    assert now(state) == ("in_progress", "")
    (note,) = state.audit().items
    assert (note.who, note.what, note.about, note.detail) == ("ann", "status", "i1", "in_progress")


def test_the_feed_tells_what_people_say(state: State) -> None:
    last = state.commit(Work(1, incidents=[some_incident()]))
    state.verdict("i1", "benign", "ann", "")
    assert [(c.uid, c.number) for c in state.changes(last)] == [("i1", last + 1)]
    state.verdict("i1", "benign", "bob", "I agree")
    assert state.last_change() == last + 1, "the same verdict again changes nothing that the feed tells"
    state.status("i1", "closed", "ann")
    assert state.last_change() == last + 2


def test_the_engine_does_not_undo_what_people_say(state: State) -> None:
    state.commit(Work(1, incidents=[some_incident()]))
    state.verdict("i1", "benign", "ann", "")
    state.status("i1", "closed", "ann")
    state.commit(Work(2, incidents=[some_incident(actor="10.0.0.77")]))
    assert now(state) == ("closed", "benign")


@pytest.mark.parametrize(("uid", "verdict"), [("i1", "maybe"), ("i1", ""), ("nobody", "benign")])
def test_nonsense_is_refused(state: State, uid: str, verdict: str) -> None:
    state.commit(Work(1, incidents=[some_incident()]))
    with pytest.raises(QueryError):
        state.verdict(uid, verdict, "ann", "")
    with pytest.raises(QueryError):
        state.status(uid, verdict, "ann")
    assert now(state) == ("new", "")
    assert state.verdicts("i1") == []


def test_hostile_words_are_bounded(state: State) -> None:
    state.commit(Work(1, incidents=[some_incident()]))
    state.verdict("i1", "benign", "\x00" * 5_000, "\ud800" * 1_000_000)
    (said,) = state.verdicts("i1")
    assert len(said.who) <= 1_000
    assert len(said.note) <= 10_000
