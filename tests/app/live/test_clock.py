from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from vedette.app.live.clock import AHEAD, MOST_INPUTS, EventClock

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
LATENESS, IDLE = timedelta(minutes=5), timedelta(seconds=30)


def _at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def _clock() -> EventClock:
    return EventClock(LATENESS, IDLE)


def test_the_slowest_input_is_waited_for_and_a_silent_one_is_not() -> None:
    clock = _clock()
    clock.saw("fast", _at(600), _at(600))
    clock.saw("slow", _at(300), _at(600))
    assert clock.moved(_at(600)) == _at(0)
    clock.saw("fast", _at(660), _at(660))
    assert clock.moved(_at(660)) == _at(360)  # slow was silent for a minute


def test_an_event_of_the_future_moves_nothing() -> None:
    clock = _clock()
    clock.saw("a", NOON, NOON)
    clock.saw("a", NOON + 10 * 365 * AHEAD, _at(1))
    assert clock.moved(_at(1)) == NOON - LATENESS
    assert clock.ahead == 1


def test_where_all_is_quiet_time_goes_on_by_itself() -> None:
    """Also of a recording of last year: as fast as time does, from where it stopped."""
    clock = _clock()
    last_year = NOON - timedelta(days=365)
    clock.saw("a", last_year, NOON)
    assert clock.moved(NOON) == last_year - LATENESS
    assert clock.moved(_at(20)) is None
    assert clock.moved(_at(30 + 120)) == last_year - LATENESS + timedelta(minutes=2)


def test_an_outage_of_ours_is_no_silence_of_theirs() -> None:
    clock = _clock()
    for name in ("a", "b"):
        clock.comes(NOON)
        clock.saw(name, NOON, NOON)
    clock.moved(NOON)
    clock.comes(_at(3600))
    clock.saw("a", _at(3600), _at(3600))  # what lay waiting in b comes next
    assert clock.moved(_at(3600)) is None


def test_inputs_are_bounded() -> None:
    clock = _clock()
    for n in range(MOST_INPUTS + 5):
        clock.saw(str(n), NOON, NOON)
    assert (len(clock.marks), "4" in clock.marks) == (MOST_INPUTS, False)


_EVENTS = st.lists(st.tuples(st.sampled_from("abc"), st.integers(-900, 900), st.integers(0, 120)), max_size=30)


@given(_EVENTS, st.integers(0, 30))
def test_it_never_goes_back_and_a_restart_changes_nothing(events: list[tuple[str, int, int]], stop: int) -> None:
    def run(stop: int) -> list[datetime]:
        clock, arrival, moves = _clock(), NOON, []
        for number, (name, late, pause) in enumerate(events):
            if number == stop:
                again = _clock()
                again.load(clock.dump(), clock.until, clock.last)
                clock = again
            arrival += timedelta(seconds=pause)
            clock.comes(arrival)
            clock.saw(name, arrival + timedelta(seconds=late), arrival)
            moves += [until] if (until := clock.moved(arrival)) else []
        return moves

    moves = run(99)
    assert moves == sorted(set(moves))
    assert run(stop) == moves
