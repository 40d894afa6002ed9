from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
import pytest

from vedette.detectors.beacon_slow import BeaconSlow
from vedette.events.batch import EventBatch
from vedette.testing.flows import flows
from vedette.testing.rows import hits_of

WEEK = 7 * 86_400.0
THURSDAY = 2 * 86_400 + 16 * 3600
"""Seconds from ``START``, a Monday morning, to the beginning of a week of windows."""
MASTER = "203.0.113.9"


def _at(moments: list[float], **columns: object) -> EventBatch:
    """Return flows at these seconds of the week."""
    given: dict[str, Any] = {"src": "10.0.0.5", "dst": MASTER, "direction": 2, **columns}
    batch = flows(len(moments), **given)
    offsets = pl.Series([round((THURSDAY + m) * 1e6) for m in moments], dtype=pl.Duration("us"))
    return EventBatch(batch.kind, batch.frame.with_columns(pl.col("time", "start_time") + offsets))


def beats(interval: float, jitter: float = 0.0, loss: float = 0.0, seed: int = 0) -> list[float]:
    """Return the seconds of a beacon."""
    rng = np.random.default_rng(seed)
    at = np.cumsum(interval * (1 + rng.uniform(-jitter, jitter, int(3 * WEEK / interval) + 9)))
    return list(at[(at < WEEK) & (rng.random(len(at)) >= loss)])


def office(hosts: int = 12) -> list[EventBatch]:
    """Return a week of other hosts that browse now and then, and have the same software."""
    rng, out = np.random.default_rng(7), []
    for n in range(hosts):
        src, visits = f"10.0.0.{100 + n}", sorted(rng.uniform(0, WEEK, 60).tolist())
        out += [_at(visits, src=src, dst=f"198.51.100.{n}"), _at(beats(14_400, 0.3, seed=n), src=src, dst="192.0.2.80")]
    return out


CASES: dict[str, tuple[Callable[[], EventBatch], bool]] = {
    "every four hours, half jitter": (lambda: _at(beats(14_400, 0.5)), True),
    "every hour, jitter and a third missing": (lambda: _at(beats(3600, 0.4, loss=0.33)), True),
    "every eight hours, a little jitter": (lambda: _at(beats(28_800, 0.15)), True),
    "every minute: for another detector": (lambda: _at(beats(60, 0.4)[:2000]), False),
    "random visits": (lambda: _at(list(np.random.default_rng(1).uniform(0, WEEK, 60))), False),
    "every morning": (lambda: _at([h * 3600.0 + 86_400 * d for d in range(7) for h in (8.0, 8.1)]), False),
    "every morning and every evening": (
        lambda: _at([h * 3600.0 + 86_400 * d + 900 * (d % 3) for d in range(7) for h in (8.0, 19.0)]),
        False,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    made, notable = CASES[case]
    hits = hits_of(BeaconSlow, *office(), made())
    assert bool(hits.height) is notable, hits.select("dst_endpoint.ip", "score", "summary").to_dicts()
    assert set(hits["dst_endpoint.ip"]) <= {MASTER}


def test_a_summary_says_who_and_how_often() -> None:
    hit = hits_of(BeaconSlow, *office(), _at(beats(14_400, 0.3))).row(0, named=True)
    assert hit["summary"].startswith("10.0.0.5 came back to port 443 of 203.0.113.9 4"), hit["summary"]
    assert hit["summary"].endswith("on 7 days of the week."), hit["summary"]
