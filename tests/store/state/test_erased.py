from __future__ import annotations

import pytest

from vedette.errors import QueryError
from vedette.model import EntityKind
from vedette.store.state import erased
from vedette.store.state.state import State


def test_an_erasure_waits_until_it_is_done_and_then_its_name_is_forgotten(state: State) -> None:
    one = state.begin_erasure(EntityKind.USER, "victoria")
    assert state.begin_erasure(EntityKind.USER, "victoria") == one
    two = state.begin_erasure(EntityKind.HOST, "web1")
    assert state.erasures() == [one, two]
    state.erase(EntityKind.USER, "victoria")
    assert state.erasures() == [two]
    state.erase(EntityKind.HOST, "web1")
    assert state.erasures() == []
    with state.database.read() as connection:
        kept = erased.done(connection)
    assert len(kept.hashes) == 2
    assert "victoria" not in repr(kept)


def test_the_token_that_was_told_is_the_one_that_is_stored(state: State) -> None:
    state.note("ann", "looked", "victoria")
    token = state.begin_erasure(EntityKind.USER, "victoria").token
    state.erase(EntityKind.USER, "Victoria")
    assert state.audit().items[0].about != token, "another spelling is another erasure"
    state.note("ann", "looked", "victoria")
    state.erase(EntityKind.USER, "victoria")
    assert state.audit().items[0].about == token


def test_nobody_cannot_be_erased(state: State) -> None:
    with pytest.raises(QueryError):
        state.begin_erasure(EntityKind.USER, " ")


def test_erasures_that_are_remembered_are_bounded(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erased, "MOST", 3)
    for n in range(5):
        state.erase(EntityKind.USER, f"user{n}")
    with state.database.read() as connection:
        assert len(erased.done(connection).hashes) == 3
