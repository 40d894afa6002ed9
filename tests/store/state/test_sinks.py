from __future__ import annotations

from datetime import timedelta

from vedette.store.state.state import State
from vedette.store.state.stored import Cursor
from vedette.testing.made import NOON


def test_a_sink_begins_at_the_beginning_and_moves_on(state: State) -> None:
    assert state.cursor("siem") == Cursor("siem")
    state.move("siem", 7)
    assert state.cursor("siem") == Cursor("siem", 7)
    assert state.cursor("chat") == Cursor("chat")


def test_a_sink_never_goes_back(state: State) -> None:
    state.move("siem", 7)
    state.move("siem", 3)
    assert state.cursor("siem").number == 7


def test_failures_are_counted_until_it_moves_again(state: State) -> None:
    state.move("siem", 7)
    for n in (1, 2):
        state.failed("siem", f"refused {n}", NOON + timedelta(seconds=n))
    assert state.cursor("siem") == Cursor("siem", 7, 2, "refused 2", NOON + timedelta(seconds=2))
    state.move("siem", 7)
    assert state.cursor("siem") == Cursor("siem", 7)


def test_hostile_words_are_bounded(state: State) -> None:
    state.failed("siem\x00", "\x00" + "x" * 1_000_000, NOON)
    assert len(state.cursor("siem\x00").why) <= 1_000
