from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.detectors.made_uploads import CLOUD, GB, MB, THIEF, office, sent

from vedette.detectors.exfiltration_slow import ExfiltrationSlow
from vedette.events.batch import EventBatch
from vedette.testing.rows import hits_of

DAYS = 18


def daily(first: int, start: float, growth: float = 1.0, dst: str | list[str] = THIEF) -> EventBatch:
    """Return six uploads in working hours each day, ``start`` bytes a day at first; of several addresses one after the other."""
    each = 6
    hours = [24.0 * d + 9 + n for d in range(first, DAYS) for n in range(each)]
    sizes = [start * growth ** (d - first) / each for d in range(first, DAYS) for _ in range(each)]
    turns = [dst] if isinstance(dst, str) else dst
    return sent(hours, sizes, dst=[turns[n % len(turns)] for n in range(len(hours))])


CASES: dict[str, tuple[Callable[[], EventBatch], bool]] = {
    "twelve megabytes, a little more each day": (lambda: daily(7, 12 * MB, 1.07), True),
    "forty megabytes a day": (lambda: daily(8, 40 * MB), True),
    "in turn to addresses of one network": (lambda: daily(8, 40 * MB, dst=["203.0.113.9", "203.0.113.77"]), True),
    "in turn to addresses of many": (lambda: daily(8, 40 * MB, dst=[f"203.0.{n}.9" for n in range(60)]), False),
    "from the first day on": (lambda: daily(0, 40 * MB), False),
    "to the office's cloud": (lambda: daily(7, 40 * MB, dst=CLOUD), False),
    "what a program measures": (lambda: daily(7, 100_000), False),
    "one day": (lambda: sent([24.0 * 12 + 10], 500 * MB), False),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    made, notable = CASES[case]
    hits = hits_of(ExfiltrationSlow, *office(DAYS), made())
    assert bool(hits.height) is notable, hits.select("network", "uploaded", "score", "summary").to_dicts()
    assert set(hits["src_endpoint.ip"]) <= {"10.0.0.5"}


def test_it_says_how_much_in_all_since_when_and_what_is_normal() -> None:
    hit = hits_of(ExfiltrationSlow, *office(DAYS), daily(7, 12 * MB, 1.07)).row(-1, named=True)
    assert hit["summary"].startswith("10.0.0.5 sent about 1")
    assert (
        " to 203.0.113.0/24 on 11 days since 2026-03-09, 23 MB on the last; normal for a place here are "
        in hit["summary"]
    )
    assert hit["summary"].endswith(" a day, and no other host sends there.")
    assert hit["addresses"] == [THIEF]


def test_what_begins_with_the_watch_is_normal() -> None:
    backup = sent([24.0 * d + 2 for d in range(DAYS)], 20 * GB, src="10.0.0.90")
    assert hits_of(ExfiltrationSlow, *office(DAYS), backup).height == 0


def test_the_more_is_gone_the_surer_it_is() -> None:
    little, much = (hits_of(ExfiltrationSlow, *office(DAYS), daily(7, n * MB)) for n in (15, 60))
    assert little["score"].is_sorted()
    assert much["score"][-1] > little["score"][-1]
    assert much["score"][-1] >= ExfiltrationSlow.alert_from
    assert much["time"][0] < little["time"][0]


def test_in_a_small_office_it_alerts_on_nothing_little() -> None:
    hits = hits_of(ExfiltrationSlow, *office(DAYS, hosts=4), daily(7, 12 * MB))
    assert hits.filter(hits["score"] >= ExfiltrationSlow.alert_from).height == 0
