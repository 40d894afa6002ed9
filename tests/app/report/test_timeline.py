from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.app.report.timeline import BARS, LANES, NARROWEST, WIDTH, draw_timeline
from vedette.incidents.correlate import correlate
from vedette.model import Finding
from vedette.testing.made import finding

A, V = "203.0.113.7", "10.0.0.5"
TIMES = st.tuples(st.floats(0, 50), st.floats(0, 30), st.sampled_from("abcdefghijkl"))


def made(at: float, lasts: float, title: str) -> Finding:
    return finding(A, V, "T1046", at=at, lasts=lasts, title=title)


@settings(deadline=None)
@given(st.lists(TIMES, min_size=1, max_size=40, unique_by=lambda t: t[0]))
def test_bars_can_be_seen_and_stay_on_the_axis(times: list[tuple[float, float, str]]) -> None:
    for incident in correlate([made(*t) for t in times]):
        timeline = draw_timeline(incident)
        assert len(timeline.lanes) + timeline.left_out == len({f.title for f in incident.findings})
        assert len(timeline.lanes) <= LANES
        for mark in (m for lane in timeline.lanes for m in lane.marks):
            assert mark.width >= NARROWEST
            assert -0.1 <= mark.x <= mark.x + mark.width <= WIDTH + 0.2


def test_many_findings_share_bars_and_are_counted() -> None:
    (incident,) = correlate([made(n / 1000, 0, "a") for n in range(5000)])
    (lane,) = draw_timeline(incident).lanes
    assert lane.count == 5000
    assert len(lane.marks) <= BARS + 1
    assert lane.marks[0].hint.endswith("25 findings")


@pytest.mark.parametrize(
    ("minutes", "first", "last"),
    [
        (0, "12:00:00.000", "12:00:00.000"),
        (1 / 60, "12:00:00.000", "12:00:01.000"),
        (2, "12:00:00", "12:02:00"),
        (120, "12:00", "14:00"),
        (3 * 1440, "22 Nov 12:00", "25 Nov 12:00"),
    ],
)
def test_the_axis_is_as_exact_as_its_length_asks_for(minutes: float, first: str, last: str) -> None:
    (incident,) = correlate([made(0, minutes, "a")])
    ticks = draw_timeline(incident).ticks
    assert (ticks[0], ticks[-1]) == (first, last)
    assert incident.last_seen - incident.first_seen == timedelta(minutes=minutes)
