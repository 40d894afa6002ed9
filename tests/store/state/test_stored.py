from __future__ import annotations

from vedette.store.state.state import State
from vedette.store.state.stored import STATUSES, VERDICTS, Cursor, FindingFilter, IncidentFilter, Page


def test_filters_left_empty_choose_everything_there_is(state: State) -> None:
    assert state.incidents(IncidentFilter()) == Page(())
    assert state.findings(FindingFilter()) == Page(())


def test_the_words_that_people_may_say_fit_their_columns() -> None:
    assert max(map(len, (*STATUSES, *VERDICTS))) <= 16
    assert "none" not in VERDICTS, "a filter says so of incidents without one"


def test_a_sink_that_was_never_seen_stands_at_the_beginning() -> None:
    assert Cursor("x") == Cursor("x", 0, 0, "", None)
