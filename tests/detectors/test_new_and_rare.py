from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from vedette.detectors.new_and_rare import NewAndRare
from vedette.events.batch import EventBatch
from vedette.testing.flows import flows
from vedette.testing.rows import hits_of

DAY = 86_400.0
DAYS, LAST = 12, 11


def went(day: float, dst: str | list[str], port: int | list[int] = 443, src: str = "10.0.0.5") -> EventBatch:
    """Return contacts on a day, answered."""
    n = len(dst) if isinstance(dst, list) else len(port) if isinstance(port, list) else 1
    return flows(n, at=day * DAY, every=1.0, src=src, dst=dst, port=port, direction=2)


def office(hosts: int = 20, days: int = DAYS) -> EventBatch:
    """Return hosts that go to the same three places each day; the last five also to forty more, some of them new."""
    out = []
    for d in range(days):
        for n in range(hosts):
            to = [f"198.51.100.{k}" for k in range(3)]
            if n >= hosts - 5:
                to += [f"192.0.{(d + k) % 60}.{n}" for k in range(40)]
            out.append(went(d, to, src=f"10.0.0.{n + 5}"))
    return EventBatch(out[0].kind, pl.concat(b.frame for b in out))


CASES: dict[str, tuple[Callable[[], EventBatch], bool]] = {
    "a place of nobody's": (lambda: went(LAST, "203.0.113.9"), True),
    "a port of nobody's": (lambda: went(LAST, "198.51.100.1", 8081), True),
    "a place that others know": (lambda: went(LAST, "192.0.2.24"), False),
    "a new address where all go": (lambda: went(LAST, "198.51.100.77"), False),
    "a browser's new place": (lambda: went(LAST, "203.0.113.9", src="10.0.0.24"), False),
    "a scan": (lambda: went(LAST, "198.51.100.1", list(range(1, 60))), False),
    "before anything is known": (lambda: went(2, "203.0.113.9"), False),
    "a host that is new itself": (lambda: went(LAST, "203.0.113.9", src="10.0.0.200"), False),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    made, notable = CASES[case]
    hits = hits_of(NewAndRare, office(), made())
    assert bool(hits.height) is notable, hits.select("src_endpoint.ip", "score", "summary").to_dicts()


def test_it_is_news_on_one_day_only() -> None:
    hits = hits_of(NewAndRare, office(), went(9, "203.0.113.9"), went(10, "203.0.113.9"), went(11, "203.0.113.9"))
    assert hits.height == 1


def test_the_words() -> None:
    hit = hits_of(NewAndRare, office(), went(LAST, "203.0.113.9", 8081)).row(0, named=True)
    assert hit["summary"] == (
        "10.0.0.5 went to networks (203.0.113.0/24) and ports (8081/tcp) where neither it, in 11 days, nor any other host ever went."
    )


def test_it_never_alerts_alone_and_is_no_flood() -> None:
    assert NewAndRare.corroborates
    assert hits_of(NewAndRare, office()).height == 0
