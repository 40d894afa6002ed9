from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any

import numpy as np
import polars as pl
import pytest

from vedette.detectors.flow_anomaly import FlowAnomaly
from vedette.events.batch import EventBatch
from vedette.testing.flows import START, flows
from vedette.testing.rows import hits_of, rows_of

LAST = 24 * 8 + 2
"""The hour of what is planted: after eight days."""


def made(hours: list[float], src: str = "10.0.0.5", **columns: object) -> EventBatch:
    """Return flows at these hours after the start."""
    given: dict[str, Any] = {"src": src, "direction": 2, "dst": "203.0.113.9", **columns}
    batch = flows(len(hours), **given)
    times = pl.Series("time", [START + timedelta(hours=h) for h in hours], dtype=batch.frame.schema["time"])
    return EventBatch(batch.kind, batch.frame.with_columns(times, start_time=times))


@cache
def office(days: int = 8, hosts: int = 8) -> EventBatch:
    """Return what hosts do by day: 30 to 200 connections an hour to some places."""
    rng, out = np.random.default_rng(3), []
    for n in range(hosts):
        counts = [(24 * d + h, int(rng.lognormal(4.2, 0.4))) for d in range(days) for h in range(9)]
        hours = [h + k / (c + 1) for h, c in counts for k in range(c)]
        places = [f"198.51.100.{k}" for k in rng.geometric(0.1, len(hours)).clip(1, 40)]
        sizes = [int(s) for s in rng.lognormal(8, 1.5, len(hours))]
        out.append(made(hours, f"10.0.0.{n + 1}", dst=places, bytes_in=sizes, bytes_out=[s // 8 for s in sizes]).frame)
    return EventBatch(made([0.0]).kind, pl.concat(out))


def _within(n: int) -> list[float]:
    return [LAST + k / (n + 1) for k in range(n)]


def scan() -> EventBatch:
    return made(_within(3000), dst=[f"203.0.{k // 250}.{k % 250}" for k in range(3000)], port=445, state="S0")


CASES: dict[str, tuple[Callable[[], EventBatch], bool]] = {
    "many, to many places, in vain": (scan, True),
    "an hour as always": (lambda: made(_within(90), dst=[f"198.51.100.{k % 30}" for k in range(90)]), False),
    "more than usual, to the usual places": (
        lambda: made(_within(400), dst=[f"198.51.100.{k % 30}" for k in range(400)]),
        False,
    ),
    "one large download": (lambda: made(_within(1), bytes_in=4_000_000_000), False),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    batch, notable = CASES[case]
    hits = hits_of(FlowAnomaly, office(), batch())
    assert bool(hits.height) is notable, hits.select("flows", "hosts", "failed", "score", "summary").to_dicts()
    assert set(hits["src_endpoint.ip"]) <= {"10.0.0.5"}


def test_it_says_what_is_unusual_and_what_is_normal() -> None:
    hit = hits_of(FlowAnomaly, office(), scan()).row(0, named=True)
    assert hit["summary"].startswith("10.0.0.5 had an hour unlike its others, from ")
    assert "3,000 connections, normal are " in hit["summary"]
    assert "3,000 connections that came to nothing, normal are 0 to " in hit["summary"]
    assert "bytes received" not in hit["summary"]


def test_it_never_alerts_by_itself() -> None:
    assert FlowAnomaly.corroborates


def test_without_a_past_nothing_is_unusual() -> None:
    assert hits_of(FlowAnomaly, scan()).height == 0


def test_reasons_add_up_to_the_score() -> None:
    detector = FlowAnomaly()
    rows = rows_of(FlowAnomaly.needs, office(), scan())
    hit = rows.filter(detector.score(rows) >= detector.threshold)
    reasons = detector.reasons(hit)[0]
    assert sum(r.weight for r in reasons) == pytest.approx(detector.score(hit)[0])
    assert "it never did as much" in [r.text for r in reasons]


def test_one_number_alone_is_not_enough() -> None:
    rows = rows_of(FlowAnomaly.needs, office(), scan())
    last = rows.filter(pl.col("src_endpoint.ip") == "10.0.0.5").tail(1)
    quiet = {f"normal.{f}.deviation": 0.0 for f in ("hosts", "ports", "failed", "sent", "got")}
    alone = last.with_columns(pl.lit(v).alias(k) for k, v in quiet.items())
    detector = FlowAnomaly()
    assert detector.score(last)[0] >= detector.threshold > detector.score(alone)[0]
