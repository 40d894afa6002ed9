from __future__ import annotations

import numpy as np
import polars as pl
from tools.beacon_plans import EACH, INTERVALS, JITTERS, MIDNIGHT, Plan, flows_of, plans


def test_a_plan_is_kept() -> None:
    plan = Plan(300, 0.2, early=True, loss=0.0, sleeps=True, sizes=0.1, port=443, size=1000)
    at = plan.moments(np.random.default_rng(1))
    gaps = np.diff(at)
    assert at.min() >= 8 * 3600
    assert at.max() < 18 * 3600
    assert 239 <= gaps.min() <= gaps.max() <= 301


def test_lost_beats_leave_gaps() -> None:
    plan = Plan(60, 0.0, early=False, loss=0.4, sleeps=False, sizes=0.0, port=443, size=1000)
    at = plan.moments(np.random.default_rng(1))
    assert 0.55 < len(at) / 1440 < 0.65


def test_flows_are_of_one_day_and_one_place() -> None:
    plan = Plan(60, 0.3, early=False, loss=0.0, sleeps=False, sizes=0.0, port=8443, size=700)
    made = flows_of(300, plan, "10.0.0.5", np.random.default_rng(1))
    assert made["dst_endpoint.ip"].unique().to_list() == ["198.19.44.9"]
    assert made.filter(pl.col("time").dt.date() != MIDNIGHT.date()).height == 0
    assert made["traffic.bytes_out"].median() == 700


def test_every_interval_and_jitter_has_as_many() -> None:
    assert len(list(plans(np.random.default_rng(0)))) == len(INTERVALS) * len(JITTERS) * EACH
