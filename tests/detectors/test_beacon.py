from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
import pytest

from vedette.detectors.beacon import Beacon
from vedette.events.batch import EventBatch
from vedette.model import Severity
from vedette.testing.flows import flows
from vedette.testing.rows import hits_of, rows_of

DAY = 57_000.0
"""Seconds from ``START`` to the end of its day, nearly."""
MASTER = "203.0.113.9"


def _at(moments: list[float], **columns: object) -> EventBatch:
    """Return flows at these seconds."""
    given: dict[str, Any] = {"src": "10.0.0.5", "dst": MASTER, "direction": 2, **columns}
    batch = flows(len(moments), **given)
    offsets = pl.Series([round(m * 1e6) for m in moments], dtype=pl.Duration("us"))
    return EventBatch(batch.kind, batch.frame.with_columns(pl.col("time", "start_time") + offsets))


def beats(interval: float, jitter: float = 0.0, *, until: float = DAY, loss: float = 0.0, seed: int = 0) -> list[float]:
    """Return the seconds of a beacon."""
    rng = np.random.default_rng(seed)
    at = np.cumsum(interval * (1 + rng.uniform(-jitter, jitter, int(3 * until / interval) + 9)))
    return list(at[(at < until) & (rng.random(len(at)) >= loss)])


def office(hosts: int = 12) -> list[EventBatch]:
    """Return a day of other hosts: browsing in bursts, and software on all of them that keeps time."""
    rng, out = np.random.default_rng(7), []
    for n in range(hosts):
        src = f"10.0.0.{100 + n}"
        visits = sorted(float(s) for b in rng.uniform(0, DAY, 30) for s in b + rng.exponential(3, 20) if s < DAY)
        out += [_at(visits, src=src, dst=f"198.51.100.{n}"), _at(beats(300, seed=n), src=src, dst="192.0.2.80")]
    return out


SENT = [600, 610, 590, 605]

CASES: dict[str, tuple[Callable[[], EventBatch], bool]] = {
    "every minute, half jitter": (lambda: _at(beats(60, 0.5)), True),
    "every five minutes, jitter and a third missing": (lambda: _at(beats(300, 0.3, loss=0.33)), True),
    "every half hour, some jitter": (lambda: _at(beats(1800, 0.2)), True),
    "an odd port, exact": (lambda: _at(beats(60), port=4444), True),
    "nobody answers": (lambda: _at(beats(12, 0.3, until=3600), port=1177, state="S0"), True),
    "browsing in bursts": (lambda: office(1)[0], False),
    "random visits": (lambda: _at(list(np.cumsum(np.random.default_rng(1).exponential(200, 250)))), False),
    "a single download in chunks": (
        lambda: _at(beats(5, until=900), bytes_in=5_000_000, bytes_out=2000),
        False,
    ),
    "keep-alives of one connection": (lambda: _at(beats(60), sport=50_000, proto="udp", port=51_820), False),
    "pieces of one connection": (lambda: _at(beats(60, 0.4), state="OTH"), False),
    "a clock": (lambda: _at(beats(64, 0.2), proto="udp", port=123), False),
    "monitoring inside": (lambda: _at(beats(60, 0.3), dst="10.0.0.9", direction=3), False),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    made, notable = CASES[case]
    hits = hits_of(Beacon, *office(), made())
    assert bool(hits.height) is notable, hits.select("dst_endpoint.ip", "score", "summary").to_dicts()
    assert set(hits["dst_endpoint.ip"]) <= {MASTER}


def test_what_many_hosts_do_is_software() -> None:
    """The same beacon, jitter and all, to a place that a third of the hosts go to, is none."""
    batches = [_at(beats(300, 0.4, seed=n), src=f"10.0.0.{n}") for n in range(100, 104)]
    assert hits_of(Beacon, *office(8), batches[0]).height == 1
    assert hits_of(Beacon, *office(8), *batches).height == 0


def test_with_nobody_to_compare_an_exact_timer_is_not_enough() -> None:
    assert hits_of(Beacon, _at(beats(300))).height == 0
    assert hits_of(Beacon, _at(beats(300, 0.4))).height == 1


def test_in_a_network_of_a_large_provider_it_is_less_likely() -> None:
    around = [_at([60.0 * k], dst=f"203.0.113.{n}", src="10.0.0.100") for k, n in enumerate(range(100, 120))]
    alone, crowded = (
        rows_of(Beacon.needs, *office(), _at(beats(300, 0.4)), *more).filter(pl.col("dst_endpoint.ip") == MASTER)
        for more in ([], around)
    )
    assert Beacon().score(alone)[0] > Beacon().score(crowded)[0]


def test_grave_only_where_it_is_known_to_be_rare() -> None:
    compared = hits_of(Beacon, *office(), _at(beats(60, 0.4), port=4444))
    lone = hits_of(Beacon, _at(beats(60, 0.4), port=4444))
    assert [compared["severity"][0], lone["severity"][0]] == [Severity.HIGH, Severity.MEDIUM]


def test_the_sub_scores_are_shown() -> None:
    rows = rows_of(Beacon.needs, *office(), _at(beats(60, 0.3), bytes_out=600)).filter(
        pl.col("dst_endpoint.ip") == MASTER
    )
    texts = " | ".join(r.text for r in Beacon().reasons(rows)[0])
    for told in (
        "interval 1.0:",
        "jitter",
        "size 1.0: that share sends within a tenth of 600 bytes",
        "duration 0.67",
        "prevalence 1 of 13",
    ):
        assert told in texts, texts


def test_a_summary_says_who_and_how_often() -> None:
    hit = hits_of(Beacon, _at(beats(600, 0.3), port=8081)).row(0, named=True)
    assert hit["summary"].startswith("10.0.0.5 came back to port 8081 of 203.0.113.9 9"), hit["summary"]
    assert hit["summary"].endswith("in 16 hours of the day."), hit["summary"]
