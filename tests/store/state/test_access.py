from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from vedette.errors import QueryError
from vedette.store.state.state import State
from vedette.store.state.stored import StoredToken
from vedette.testing.made import NOON

TOKEN = StoredToken("t1", "ann", "analyst", "$argon2id$...", NOON, NOON + timedelta(days=30))


def test_a_token_is_found_by_its_public_part_until_it_is_revoked_and_after(state: State) -> None:
    state.add_token(TOKEN)
    assert state.token("t1") == TOKEN
    assert state.token("t2") is None
    assert state.tokens() == [TOKEN]
    assert state.revoke_token("ann")
    assert not state.revoke_token("ann")
    found = state.token("t1")
    assert found is not None
    assert found.revoked is not None


def test_a_name_is_taken_until_it_is_revoked(state: State) -> None:
    state.add_token(TOKEN)
    with pytest.raises(QueryError, match="'ann'"):
        state.add_token(replace(TOKEN, uid="t2"))
    state.revoke_token("t1")
    state.add_token(replace(TOKEN, uid="t2"))
    with pytest.raises(QueryError):
        state.add_token(replace(TOKEN, name="other"))
    assert [t.uid for t in state.tokens()] == ["t1", "t2"]


def test_a_token_may_last_for_ever(state: State) -> None:
    state.add_token(replace(TOKEN, expires=None))
    assert state.tokens()[0].expires is None


def test_the_audit_log_is_read_in_pages_newest_first(state: State) -> None:
    for n in range(5):
        state.note("ann", "looked", f"i{n}", "why")
    first = state.audit(limit=2)
    assert [n.about for n in first.items] == ["i4", "i3"]
    state.note("bob", "looked", "later")
    second = state.audit(first.next, 2)
    third = state.audit(second.next, 2)
    assert [n.about for n in (*second.items, *third.items)] == ["i2", "i1", "i0"]
    assert third.next == ""


def test_hostile_words_are_bounded(state: State) -> None:
    state.note("\x00" * 9_000, "\ud800", "x" * 1_000_000, "y" * 1_000_000)
    (note,) = state.audit().items
    assert max(map(len, (note.who, note.what, note.about))) <= 1_000
    assert len(note.detail) <= 10_000
